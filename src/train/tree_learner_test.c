// A step and an exclusive-or are learnt, the loss falls with every tree, the same seed gives the same trees.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "train/tree_learner.h"

enum {
    ROWS = 400,
    FEATURES = 4,
};

struct problem {
    uint8_t rows[ROWS][FEATURES];
    float targets[ROWS];
    double losses[64]; // before each tree
    size_t n_losses;
};

// Half the squared error: gradient s − t, hessian 1.
static void squared(void *context, const float *scores, float *gradients, float *hessians,
                    size_t n_rows)
{
    struct problem *problem = context;
    double loss = 0;
    for (size_t i = 0; i < n_rows; i++) {
        gradients[i] = scores[i] - problem->targets[i];
        hessians[i] = 1;
        loss += 0.5 * (double)(gradients[i] * gradients[i]);
    }
    problem->losses[problem->n_losses++] = loss;
}

static void make_rows(struct problem *problem)
{
    memset(problem, 0, sizeof *problem);
    uint32_t random = 7;
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t f = 0; f < FEATURES; f++) {
            random = random * 1664525U + 1013904223U;
            problem->rows[i][f] = (uint8_t)(random >> 24);
        }
    }
}

static const struct tree_learner_options exact = {.n_trees = 1,
                                                  .depth = 1,
                                                  .rate = 1,
                                                  .l2 = 0,
                                                  .least_weight = 1,
                                                  .column_share = 1,
                                                  .row_share = 1,
                                                  .seed = 1};

static void fit(struct tree_model *model, struct problem *problem,
                const struct tree_learner_options *options, float *scores)
{
    memset(scores, 0, ROWS * sizeof *scores);
    assert_int_equal(tree_learner_fit(model, &problem->rows[0][0], ROWS, FEATURES, scores, squared,
                                      problem, options, NULL),
                     BANTAM_OK);
}

static void one_split_fits_a_step_exactly(void **state)
{
    (void)state;
    static struct problem problem;
    make_rows(&problem);
    for (size_t i = 0; i < ROWS; i++) {
        problem.targets[i] = problem.rows[i][2] > 99 ? 3.0F : -1.0F;
    }
    struct tree_model model;
    float scores[ROWS];
    fit(&model, &problem, &exact, scores);
    assert_int_equal(model.splits[0], 2);
    for (size_t i = 0; i < ROWS; i++) {
        assert_true(fabsf(scores[i] - problem.targets[i]) < 1e-4F);
        assert_true(tree_model_score(&model, problem.rows[i]) == scores[i]);
    }
    tree_model_release(&model);
}

static void boosting_lowers_the_loss_with_each_tree(void **state)
{
    (void)state;
    static struct problem problem;
    make_rows(&problem);
    for (size_t i = 0; i < ROWS; i++) {
        problem.targets[i] = (problem.rows[i][0] > 127) != (problem.rows[i][3] > 127) ? 1.0F : 0.0F;
    }
    struct tree_learner_options options = exact;
    options.n_trees = 40;
    options.depth = 3;
    options.rate = 0.3F;
    options.l2 = 1;
    struct tree_model model;
    float scores[ROWS];
    fit(&model, &problem, &options, scores);
    for (size_t i = 1; i < problem.n_losses; i++) {
        assert_true(problem.losses[i] <= problem.losses[i - 1] + 1e-4);
    }
    assert_true(problem.losses[39] < 0.1 * problem.losses[0]);
    tree_model_release(&model);
}

static void shrinkage_and_l2_are_in_the_leaves(void **state)
{
    (void)state;
    static struct problem problem;
    make_rows(&problem);
    for (size_t i = 0; i < ROWS; i++) {
        problem.targets[i] = 2;
    }
    struct tree_learner_options options = exact;
    options.rate = 0.5F;
    options.l2 = 100;
    struct tree_model model;
    float scores[ROWS];
    fit(&model, &problem, &options, scores);
    // Nothing to split: all rows in one leaf, −rate · G / (H + l2).
    float expected = 0.5F * 2 * ROWS / (ROWS + 100);
    for (size_t i = 0; i < ROWS; i++) {
        assert_true(fabsf(scores[i] - expected) < 1e-4F);
    }
    tree_model_release(&model);
}

static void the_same_seed_gives_the_same_trees(void **state)
{
    (void)state;
    static struct problem problem;
    make_rows(&problem);
    for (size_t i = 0; i < ROWS; i++) {
        problem.targets[i] = (float)(problem.rows[i][1] ^ problem.rows[i][2]) / 100;
    }
    struct tree_learner_options options = exact;
    options.n_trees = 10;
    options.depth = 3;
    options.column_share = 0.5F;
    options.row_share = 0.5F;
    struct tree_model model, again, other;
    float scores[ROWS], scores_again[ROWS];
    fit(&model, &problem, &options, scores);
    problem.n_losses = 0;
    fit(&again, &problem, &options, scores_again);
    assert_memory_equal(model.splits, again.splits, 10 * 7 * 2);
    assert_memory_equal(model.leaves, again.leaves, 10 * 8 * sizeof(float));
    assert_memory_equal(scores, scores_again, sizeof scores);
    options.seed = 2;
    problem.n_losses = 0;
    fit(&other, &problem, &options, scores_again);
    assert_true(memcmp(model.splits, other.splits, 10 * 7 * 2) != 0);
    tree_model_release(&model);
    tree_model_release(&again);
    tree_model_release(&other);
}

static void wrong_options_and_lack_of_memory_are_told(void **state)
{
    (void)state;
    static struct problem problem;
    make_rows(&problem);
    struct tree_learner_options options = exact;
    struct tree_model model;
    float scores[ROWS] = {0};
    for (size_t depth = 0; depth <= TREE_DEPTH_MAXIMUM; depth += TREE_DEPTH_MAXIMUM) {
        options.depth = depth;
        assert_int_equal(tree_learner_fit(&model, &problem.rows[0][0], ROWS, FEATURES, scores,
                                          squared, &problem, &options, NULL),
                         BANTAM_ERROR_ARGUMENT);
    }
    options = exact;
    bantam_status status = memory_can_fail() ? BANTAM_ERROR_MEMORY : BANTAM_OK;
    for (uint64_t after = 0; status; after++) {
        problem.n_losses = 0;
        memory_fail_after(after);
        status = tree_learner_fit(&model, &problem.rows[0][0], ROWS, FEATURES, scores, squared,
                                  &problem, &options, NULL);
        assert_int_equal(status, memory_fail_pending() ? BANTAM_OK : BANTAM_ERROR_MEMORY);
        assert_true(status == BANTAM_OK || !model.splits);
    }
    memory_fail_after(UINT64_MAX);
    tree_model_release(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_split_fits_a_step_exactly),
        cmocka_unit_test(boosting_lowers_the_loss_with_each_tree),
        cmocka_unit_test(shrinkage_and_l2_are_in_the_leaves),
        cmocka_unit_test(the_same_seed_gives_the_same_trees),
        cmocka_unit_test(wrong_options_and_lack_of_memory_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
