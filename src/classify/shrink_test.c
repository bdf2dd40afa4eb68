// Pruning keeps what counts; a shrunk classifier keeps to its limits and says what it lost.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bantam/bantam.h"
#include "base/random.h"
#include "classify/prune.h"

enum {
    FEATURES = 40,
    OUTPUTS = 5,
    ROWS = 400,
    LABELS = 4,
};

static void the_weights_that_count_most_are_kept(void **state)
{
    (void)state;
    float weights[FEATURES * OUTPUTS], lengths[FEATURES];
    uint8_t support[FEATURES * OUTPUTS];
    struct random random = {1};
    for (size_t i = 0; i < FEATURES * OUTPUTS; i++) {
        weights[i] = i % 10 == 3 ? 0 : (float)random_unit(&random) - 0.5F;
        lengths[i / OUTPUTS] = 1 + (float)(i / OUTPUTS % 3);
    }
    for (size_t n_kept = 1; n_kept < 200; n_kept += 33) {
        bantam_error error;
        assert_int_equal(prune_choose(support, weights, lengths, FEATURES, OUTPUTS, n_kept, &error),
                         BANTAM_OK);
        size_t n = 0;
        float least = INFINITY, most = 0; // of those that stay, of those that go
        for (size_t i = 0; i < FEATURES * OUTPUTS; i++) {
            float counts = fabsf(weights[i]) * lengths[i / OUTPUTS];
            n += support[i];
            least = support[i] ? fminf(least, counts) : least;
            most = support[i] ? most : fmaxf(most, counts);
        }
        assert_int_equal(n, n_kept < 180 ? n_kept : 180); // weights of 0 never stay
        assert_true(least >= most);
    }
}

static void of_equal_weights_the_first_are_kept(void **state)
{
    (void)state;
    float weights[6] = {1, -1, 1, 1, 2, 1}, lengths[2] = {1, 1};
    uint8_t support[6];
    const uint8_t expected[6] = {1, 1, 0, 0, 1, 0};
    bantam_error error;
    assert_int_equal(prune_choose(support, weights, lengths, 2, 3, 3, &error), BANTAM_OK);
    assert_memory_equal(support, expected, sizeof support);
}

static void centring_keeps_differences(void **state)
{
    (void)state;
    float weights[3] = {5, -1, 2};
    bantam_error error;
    assert_int_equal(prune_centre(weights, 1, 3, &error), BANTAM_OK);
    assert_true(weights[0] == 3 && weights[1] == -3 && weights[2] == 0);
}

static void rounded_weights_take_few_values(void **state)
{
    (void)state;
    static const struct {
        enum weight_format format;
        float most, error;
    } cases[] = {{WEIGHTS_INT4, 7, 0.09F}, {WEIGHTS_INT8, 127, 0.005F}};
    float weights[FEATURES], before[FEATURES], lengths[FEATURES];
    struct random random = {2};
    bantam_error error;
    for (size_t k = 0; k < 2; k++) {
        float least = INFINITY;
        for (size_t f = 0; f < FEATURES; f++) {
            before[f] = weights[f] = (float)random_unit(&random) - 0.5F;
            lengths[f] = 1;
        }
        assert_int_equal(prune_round(weights, lengths, FEATURES, 1, cases[k].format, &error),
                         BANTAM_OK);
        for (size_t f = 0; f < FEATURES; f++) {
            assert_true(fabsf(weights[f] - before[f]) < cases[k].error);
            least = weights[f] != 0 ? fminf(least, fabsf(weights[f])) : least;
        }
        for (size_t f = 0; f < FEATURES; f++) { // whole numbers of a scale
            float q = weights[f] / least;
            assert_true(fabsf(q) <= cases[k].most + 0.01F || cases[k].format == WEIGHTS_INT8);
            assert_true(fabsf(q - rintf(q)) < 0.01F || cases[k].format == WEIGHTS_INT8);
        }
    }
}

// Rows whose label shows in some of their words.
static bantam_dataset *make_dataset(uint64_t seed)
{
    static const char *const labels[LABELS] = {"cash", "card", "loan", "fees"};
    bantam_dataset *dataset = NULL;
    bantam_dataset_options options = bantam_dataset_options_default();
    struct random random = {seed};
    assert_int_equal(bantam_dataset_new(&dataset, &options, NULL), BANTAM_OK);
    for (size_t i = 0; i < ROWS; i++) {
        char text[200];
        size_t label = random_below(&random, LABELS), size = 0;
        for (int word = 0; word < 6; word++) {
            size_t shown = random_unit(&random) < 0.5 ? label : random_below(&random, LABELS);
            size += (size_t)snprintf(text + size, sizeof text - size, "w%zux%zu ", shown,
                                     random_below(&random, 40));
        }
        bantam_record record = {.text = {text, size},
                                .labels = &(bantam_text){labels[label], 4},
                                .n_labels = 1,
                                .weight = 1};
        assert_int_equal(bantam_dataset_add(dataset, &record, NULL), BANTAM_OK);
    }
    assert_int_equal(bantam_dataset_finish(dataset, NULL), BANTAM_OK);
    return dataset;
}

static bantam_classifier *make_classifier(const bantam_dataset *dataset)
{
    bantam_classifier *classifier = NULL;
    bantam_classifier_options options = bantam_classifier_options_default();
    options.parts[0].n_max = 2;
    options.C = 5;
    assert_int_equal(bantam_classifier_train(&classifier, dataset, &options, NULL, NULL),
                     BANTAM_OK);
    return classifier;
}

static const bantam_shrink_step *chosen(const bantam_shrink_report *report)
{
    const bantam_shrink_step *step = NULL;
    for (size_t i = 0; i < report->n_steps; i++) {
        assert_true(!step || !report->steps[i].chosen);
        step = report->steps[i].chosen ? &report->steps[i] : step;
    }
    assert_non_null(step);
    return step;
}

// Of the file that it saves, loaded again.
static double accuracy_of(const bantam_classifier *classifier, const bantam_dataset *dataset,
                          size_t expected_size)
{
    bantam_buffer bytes;
    bantam_classifier *loaded = NULL;
    bantam_predictor *predictor = NULL;
    double right = 0;
    bantam_buffer_init(&bytes, 1 << 24);
    assert_int_equal(bantam_classifier_save(classifier, &bytes, NULL), BANTAM_OK);
    assert_int_equal(bytes.size, expected_size);
    assert_int_equal(bantam_classifier_load(&loaded, bytes.data, bytes.size, NULL), BANTAM_OK);
    assert_int_equal(bantam_predictor_new(&predictor, loaded, NULL), BANTAM_OK);
    for (size_t i = 0; i < ROWS; i++) {
        const bantam_row *row = bantam_dataset_row(dataset, i);
        float p[LABELS];
        size_t best = 0;
        assert_int_equal(bantam_predictor_run(predictor, row->text, row->text_size, p, NULL),
                         BANTAM_OK);
        for (size_t c = 1; c < LABELS; c++) {
            best = p[c] > p[best] ? c : best;
        }
        right += best == row->labels[0];
    }
    bantam_predictor_free(&predictor);
    bantam_classifier_free(&loaded);
    bantam_buffer_release(&bytes);
    return right / ROWS;
}

static void a_size_is_kept_to_and_measured(void **state)
{
    (void)state;
    bantam_dataset *dataset = make_dataset(1), *fresh = make_dataset(2);
    bantam_classifier *base = make_classifier(dataset), *small = NULL;
    bantam_shrink_options options = bantam_shrink_options_default();
    bantam_shrink_report report;
    options.max_size = 6500;
    assert_int_equal(bantam_classifier_shrink(&small, base, dataset, &options, &report, NULL),
                     BANTAM_OK);
    const bantam_shrink_step *step = chosen(&report);
    assert_true(report.refitted && report.n_rows == ROWS);
    assert_true(step->size <= 6500 && step->size < report.steps[0].size);
    assert_true(fabs(accuracy_of(small, fresh, step->size) - step->accuracy) < 0.08);
    bantam_classifier_free(&small);
    options.n_threads = 3;
    bantam_shrink_report again;
    assert_int_equal(bantam_classifier_shrink(&small, base, dataset, &options, &again, NULL),
                     BANTAM_OK);
    assert_true(chosen(&again)->size == step->size && chosen(&again)->accuracy == step->accuracy);
    bantam_classifier_free(&small);
    bantam_classifier_free(&base);
    bantam_dataset_free(&dataset);
    bantam_dataset_free(&fresh);
}

static void other_rows_only_measure(void **state)
{
    (void)state;
    bantam_dataset *dataset = make_dataset(1), *fresh = make_dataset(3);
    bantam_classifier *base = make_classifier(dataset), *small = NULL;
    bantam_shrink_options options = bantam_shrink_options_default();
    bantam_shrink_report report;
    options.max_loss = 0.02;
    options.keep_names = true;
    assert_int_equal(bantam_classifier_shrink(&small, base, fresh, &options, &report, NULL),
                     BANTAM_OK);
    const bantam_shrink_step *step = chosen(&report);
    assert_false(report.refitted);
    assert_true(step->accuracy >= report.steps[0].accuracy - 0.02);
    double measured = accuracy_of(small, fresh, step->size);
    assert_true(fabs(measured - step->accuracy) < 1e-9); // the very same rows
    bantam_explainer *explainer;
    assert_int_equal(bantam_explainer_new(&explainer, small, NULL), BANTAM_OK); // names were kept
    bantam_explainer_free(&explainer);
    bantam_classifier_free(&small);
    bantam_classifier_free(&base);
    bantam_dataset_free(&dataset);
    bantam_dataset_free(&fresh);
}

static void what_cannot_be_had_is_refused(void **state)
{
    (void)state;
    bantam_dataset *dataset = make_dataset(1);
    bantam_classifier *base = make_classifier(dataset), *small = NULL;
    bantam_shrink_options options = bantam_shrink_options_default();
    bantam_error error;
    options.max_size = 100;
    assert_int_equal(bantam_classifier_shrink(&small, base, dataset, &options, NULL, &error),
                     BANTAM_ERROR_ARGUMENT);
    assert_null(small);
    options.max_size = 4200;
    options.strict = true;
    options.max_loss = 0;
    assert_int_equal(bantam_classifier_shrink(&small, base, dataset, &options, NULL, &error),
                     BANTAM_ERROR_ARGUMENT);
    assert_null(small);
    options.max_loss = 2;
    assert_int_equal(bantam_classifier_shrink(&small, base, dataset, &options, NULL, &error),
                     BANTAM_ERROR_ARGUMENT);
    bantam_classifier_free(&base);
    bantam_dataset_free(&dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_weights_that_count_most_are_kept),
        cmocka_unit_test(of_equal_weights_the_first_are_kept),
        cmocka_unit_test(centring_keeps_differences),
        cmocka_unit_test(rounded_weights_take_few_values),
        cmocka_unit_test(a_size_is_kept_to_and_measured),
        cmocka_unit_test(other_rows_only_measure),
        cmocka_unit_test(what_cannot_be_had_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
