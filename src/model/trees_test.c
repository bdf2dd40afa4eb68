// Walking trees, and model files that lie about them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "model/trees.h"

enum {
    TREES = 2,
    SPLITS = 3,
    LEAVES = 4,
    FEATURES = 3,
};

// Tree 0 asks feature 2, then 0 (left) or 1 (right); tree 1 sends everything left.
static const uint8_t good_splits[TREES][SPLITS][2] = {{{2, 10}, {0, 5}, {1, 0}},
                                                      {{0, 255}, {0, 255}, {0, 255}}};
static const float good_leaves[TREES][LEAVES] = {{1, 2, 3, 4}, {0.5F, 100, 100, 100}};

struct file {
    bantam_buffer bytes;
    bantam_model *model;
};

static struct file write_file(const bantam_tensor *tensors, size_t n)
{
    struct file file;
    bantam_buffer_init(&file.bytes, 1 << 16);
    assert_int_equal(bantam_model_write(&file.bytes, tensors, n, NULL, 0, NULL), BANTAM_OK);
    assert_int_equal(bantam_model_load(&file.model, file.bytes.data, file.bytes.size, NULL),
                     BANTAM_OK);
    return file;
}

static void release_file(struct file *file)
{
    bantam_model_free(&file->model);
    bantam_buffer_release(&file->bytes);
}

static bantam_tensor splits_of(const void *splits)
{
    return (bantam_tensor){"t.splits",         BANTAM_U8, 3,
                           {TREES, SPLITS, 2}, splits,    sizeof good_splits};
}

static bantam_tensor good_leaves_tensor(void)
{
    return (bantam_tensor){"t.leaves",      BANTAM_F32,  2,
                           {TREES, LEAVES}, good_leaves, sizeof good_leaves};
}

static void rows_reach_their_leaves(void **state)
{
    (void)state;
    bantam_tensor tensors[] = {splits_of(good_splits), good_leaves_tensor()};
    struct file file = write_file(tensors, 2);
    struct tree_model model;
    assert_int_equal(tree_model_load(&model, file.model, "t", FEATURES, NULL), BANTAM_OK);
    release_file(&file); // the trees own what they need
    assert_int_equal(model.depth, 2);
    static const struct {
        uint8_t row[FEATURES];
        size_t leaf;
    } cases[] = {
        {{5, 9, 10}, 0}, {{6, 9, 10}, 1}, {{6, 0, 11}, 2}, {{6, 1, 255}, 3}, {{255, 255, 255}, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(tree_model_leaf(&model, 0, cases[i].row), cases[i].leaf);
        assert_int_equal(tree_model_leaf(&model, 1, cases[i].row), 0);
        assert_true(tree_model_score(&model, cases[i].row) ==
                    good_leaves[0][cases[i].leaf] + good_leaves[1][0]);
    }
    tree_model_release(&model);
    assert_null(model.splits);
}

static void rows_scored_together_have_the_scores_they_have_alone(void **state)
{
    (void)state;
    enum {
        N_ROWS = 2 * TREE_ROWS + 7, // whole blocks, and one that is filled up
        N_FEATURES = 9,
        N_TREES = 20,
    };
    struct random random = {7};
    uint8_t rows[N_ROWS][N_FEATURES];
    for (size_t i = 0; i < sizeof rows; i++) {
        rows[i / N_FEATURES][i % N_FEATURES] = (uint8_t)random_next(&random);
    }
    for (size_t depth = 0; depth <= TREE_DEPTH_MAXIMUM; depth++) {
        struct tree_model model;
        assert_int_equal(tree_model_init(&model, N_TREES, depth, N_FEATURES, NULL), BANTAM_OK);
        for (size_t i = 0; i < N_TREES * (((size_t)1 << depth) - 1); i++) {
            model.splits[2 * i] = (uint8_t)random_below(&random, N_FEATURES);
            model.splits[2 * i + 1] = (uint8_t)random_next(&random);
        }
        for (size_t i = 0; i < (size_t)N_TREES << depth; i++) {
            model.leaves[i] = (float)random_unit(&random);
        }
        assert_int_equal(tree_model_index(&model, NULL), BANTAM_OK);
        for (size_t n = 0; n <= N_ROWS; n++) {
            float scores[N_ROWS];
            tree_model_score_rows(&model, rows[0], n, scores);
            for (size_t i = 0; i < n; i++) {
                assert_true(scores[i] == tree_model_score(&model, rows[i]));
            }
        }
        tree_model_release(&model);
    }
}

static void assert_refused(const bantam_tensor *tensors, size_t n)
{
    struct file file = write_file(tensors, n);
    struct tree_model model;
    bantam_error error;
    assert_int_equal(tree_model_load(&model, file.model, "t", FEATURES, &error),
                     BANTAM_ERROR_MODEL);
    assert_non_null(strstr(error.message, "\"t\""));
    assert_null(model.splits);
    assert_null(model.leaves);
    release_file(&file);
}

static void a_split_on_a_feature_out_of_range_is_refused(void **state)
{
    (void)state;
    uint8_t splits[TREES][SPLITS][2];
    memcpy(splits, good_splits, sizeof splits);
    splits[1][2][0] = FEATURES;
    bantam_tensor tensors[] = {splits_of(splits), good_leaves_tensor()};
    assert_refused(tensors, 2);
    splits[1][2][0] = 255;
    assert_refused(tensors, 2);
}

static void shapes_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    bantam_tensor good[] = {splits_of(good_splits), good_leaves_tensor()};
    assert_refused(good, 1);
    assert_refused(good + 1, 1);
    for (int damage = 0; damage < 6; damage++) {
        bantam_tensor tensors[] = {good[0], good[1]};
        switch (damage) {
        case 0: // one tree fewer in the leaves
            tensors[1].shape[0] = 1;
            tensors[1].size /= 2;
            break;
        case 1: // no power of two
            tensors[1].shape[0] = TREES;
            tensors[1].shape[1] = 3;
            tensors[1].size = sizeof(float) * TREES * 3;
            break;
        case 2: // two splits for four leaves
            tensors[0].shape[1] = 2;
            tensors[0].size = TREES * 2 * 2;
            break;
        case 3:
            tensors[0].dtype = BANTAM_I8;
            break;
        case 4: // triples
            tensors[0].shape[1] = 2;
            tensors[0].shape[2] = 3;
            break;
        default: // flat
            tensors[0].n_dimensions = 1;
            tensors[0].shape[0] = sizeof good_splits;
            break;
        }
        assert_refused(tensors, 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_reach_their_leaves),
        cmocka_unit_test(rows_scored_together_have_the_scores_they_have_alone),
        cmocka_unit_test(a_split_on_a_feature_out_of_range_is_refused),
        cmocka_unit_test(shapes_that_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
