// What parity with scikit-learn does not cover: intervals, curves, mistakes, refusals, and that threads change nothing.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/evaluate.h"

enum {
    ROWS = 400,
    CLASSES = 3
};

static const char *const names[CLASSES] = {"a", "b", "c"};

struct sample {
    float probabilities[ROWS * CLASSES];
    uint32_t labels[ROWS], groups[ROWS];
};

// Three of four rows are right, at a probability of 0.8; the others are given the next class.
static bantam_predictions make_sample(struct sample *sample)
{
    for (size_t i = 0; i < ROWS; i++) {
        size_t guess = i % CLASSES;
        sample->labels[i] = (uint32_t)(i % 4 ? guess : (guess + 1) % CLASSES);
        sample->groups[i] = (uint32_t)(i / 40);
        for (size_t c = 0; c < CLASSES; c++) {
            sample->probabilities[i * CLASSES + c] = c == guess ? 0.8F : 0.1F;
        }
    }
    return (bantam_predictions){.n_rows = ROWS,
                                .n_classes = CLASSES,
                                .names = names,
                                .probabilities = sample->probabilities,
                                .labels = sample->labels};
}

static void expect_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance)) {
        fail_msg("%.12g is not %.12g", got, expected);
    }
}

static void test_intervals(void **state)
{
    (void)state;
    struct sample sample;
    const bantam_predictions predictions = make_sample(&sample);
    bantam_evaluation *evaluation;
    assert_int_equal(bantam_evaluate(&evaluation, &predictions, NULL, NULL), BANTAM_OK);
    expect_near(evaluation->accuracy.value, 0.75, 1e-12);
    // ±1.96 √(0.75 · 0.25 / 400), by the normal distribution.
    expect_near(evaluation->accuracy.low, 0.75 - 0.0424, 0.006);
    expect_near(evaluation->accuracy.high, 0.75 + 0.0424, 0.006);
    expect_near(evaluation->calibration_error.value, 0.05, 1e-7);
    assert_true(evaluation->log_loss.low < evaluation->log_loss.value);
    assert_true(evaluation->log_loss.value < evaluation->log_loss.high);
    bantam_evaluation_free(&evaluation);
}

static void test_groups_are_drawn_whole(void **state)
{
    (void)state;
    struct sample sample;
    bantam_predictions predictions = make_sample(&sample);
    predictions.groups = sample.groups; // each has the same accuracy: other groups change nothing
    bantam_evaluation *evaluation;
    assert_int_equal(bantam_evaluate(&evaluation, &predictions, NULL, NULL), BANTAM_OK);
    expect_near(evaluation->accuracy.low, 0.75, 1e-12);
    expect_near(evaluation->accuracy.high, 0.75, 1e-12);
    bantam_evaluation_free(&evaluation);
}

static void test_threads_change_nothing(void **state)
{
    (void)state;
    struct sample sample;
    const bantam_predictions predictions = make_sample(&sample);
    bantam_evaluate_options options = bantam_evaluate_options_default();
    bantam_evaluation *one, *many;
    assert_int_equal(bantam_evaluate(&one, &predictions, &options, NULL), BANTAM_OK);
    options.n_threads = 3;
    assert_int_equal(bantam_evaluate(&many, &predictions, &options, NULL), BANTAM_OK);
    assert_memory_equal(&one->accuracy, &many->accuracy, 4 * sizeof one->accuracy);
    options.seed = 2;
    bantam_evaluation_free(&many);
    assert_int_equal(bantam_evaluate(&many, &predictions, &options, NULL), BANTAM_OK);
    assert_memory_not_equal(&one->log_loss, &many->log_loss, sizeof one->log_loss);
    bantam_evaluation_free(&one);
    bantam_evaluation_free(&many);
}

static void test_mistakes_and_pairs(void **state)
{
    (void)state;
    struct sample sample;
    bantam_predictions predictions = make_sample(&sample);
    sample.probabilities[8 * CLASSES + 2] = 0.9F; // row 8 is of class 0 and most surely given 2
    bantam_text texts[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        texts[i] = (bantam_text){"text", i % 5};
    }
    predictions.texts = texts;
    bantam_evaluate_options options = bantam_evaluate_options_default();
    options.n_mistakes = 2;
    options.n_confused = 1;
    options.n_resamples = 0;
    bantam_evaluation *evaluation;
    assert_int_equal(bantam_evaluate(&evaluation, &predictions, &options, NULL), BANTAM_OK);
    assert_false(evaluation->has_intervals);
    assert_int_equal(evaluation->n_mistakes, 2);
    const bantam_mistake *first = &evaluation->mistakes[0];
    assert_int_equal(first->row, 8);
    assert_int_equal(first->truth, 0);
    assert_int_equal(first->guess, 2);
    expect_near(first->probability, 0.9, 1e-6);
    expect_near(first->truth_probability, 0.1, 1e-6);
    assert_int_equal(first->text_size, 3);
    assert_memory_equal(first->text, "tex", 3);
    assert_int_equal(evaluation->mistakes[1].row, 0);
    assert_int_equal(evaluation->n_confused, 1);
    assert_int_equal(evaluation->confused[0].truth, 1);
    assert_int_equal(evaluation->confused[0].guess, 0);
    expect_near(evaluation->confused[0].weight, 34, 0);
    bantam_evaluation_free(&evaluation);
}

static void test_curves(void **state)
{
    (void)state;
    struct sample sample;
    bantam_predictions predictions = make_sample(&sample);
    for (size_t i = 1; i < ROWS; i += 4) {
        sample.probabilities[i * CLASSES + i % CLASSES] = 1; // a third of what is right is sure
    }
    bantam_evaluation *evaluation;
    assert_int_equal(bantam_evaluate(&evaluation, &predictions, NULL, NULL), BANTAM_OK);
    assert_int_equal(evaluation->n_coverage, 2);
    expect_near(evaluation->coverage[0].x, 0.25, 1e-12);
    expect_near(evaluation->coverage[0].y, 1, 1e-12);
    expect_near(evaluation->coverage[1].x, 1, 1e-12);
    expect_near(evaluation->coverage[1].y, 0.75, 1e-12);
    assert_int_equal(evaluation->n_precision_recall, 3);
    expect_near(evaluation->precision_recall[1].x, 0.75, 1e-12);
    expect_near(evaluation->precision_recall[1].y, 0.75, 1e-12);
    expect_near(evaluation->precision_recall[2].y, 1.0 / CLASSES, 1e-12);
    bantam_evaluation_free(&evaluation);
}

static void test_refused(void **state)
{
    (void)state;
    struct sample sample;
    bantam_error error;
    bantam_evaluation *evaluation = (bantam_evaluation *)&sample;
    bantam_predictions predictions = make_sample(&sample);
    sample.labels[7] = CLASSES;
    assert_int_equal(bantam_evaluate(&evaluation, &predictions, NULL, &error),
                     BANTAM_ERROR_ARGUMENT);
    assert_null(evaluation);
    assert_string_equal(error.message, "label 3 is beyond the 3 classes");
    sample.labels[7] = 0;
    sample.probabilities[4 * CLASSES] = NAN;
    assert_int_equal(bantam_evaluate(&evaluation, &predictions, NULL, &error),
                     BANTAM_ERROR_ARGUMENT);
    assert_string_equal(error.message, "row 5 has a probability outside 0 to 1");
    predictions.n_rows = 0;
    assert_int_equal(bantam_evaluate(&evaluation, &predictions, NULL, &error),
                     BANTAM_ERROR_ARGUMENT);
    int folds[ROWS];
    assert_int_equal(bantam_folds_stratified(folds, sample.labels, 3, CLASSES, 4, 0, &error),
                     BANTAM_ERROR_ARGUMENT);
    assert_string_equal(error.message, "3 rows cannot make 4 folds");
}

static void test_shuffled_folds_stay_stratified(void **state)
{
    (void)state;
    struct sample sample;
    make_sample(&sample);
    int plain[ROWS], folds[ROWS];
    assert_int_equal(bantam_folds_stratified(plain, sample.labels, ROWS, CLASSES, 5, 0, NULL),
                     BANTAM_OK);
    assert_int_equal(bantam_folds_stratified(folds, sample.labels, ROWS, CLASSES, 5, 7, NULL),
                     BANTAM_OK);
    assert_memory_not_equal(plain, folds, sizeof folds);
    size_t counts[CLASSES][5] = {{0}};
    for (size_t i = 0; i < ROWS; i++) {
        counts[sample.labels[i]][folds[i]]++;
    }
    for (size_t c = 0; c < CLASSES; c++) {
        for (size_t f = 0; f < 5; f++) {
            assert_in_range(counts[c][f], 26, 27);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_intervals),
        cmocka_unit_test(test_groups_are_drawn_whole),
        cmocka_unit_test(test_threads_change_nothing),
        cmocka_unit_test(test_mistakes_and_pairs),
        cmocka_unit_test(test_curves),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_shuffled_folds_stay_stratified),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
