// The metrics, curves' areas, folds and paired test against what scikit-learn says (evaluation_numbers.h, made by evaluation.py).
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/evaluate.h"
#include "evaluation_numbers.h"

static const char *const names[CLASSES] = {"a", "b", "c", "d", "e"};

static void expect_near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-6 * fmax(1, fabs(expected)))) {
        fail_msg("%.12g is not %.12g", got, expected);
    }
}

static void expect_averages(const bantam_evaluation *evaluation, const double *expected)
{
    const bantam_averages *got[] = {&evaluation->macro, &evaluation->micro, &evaluation->weighted};
    for (size_t i = 0; i < 3; i++) {
        expect_near(got[i]->precision, expected[i * 3]);
        expect_near(got[i]->recall, expected[i * 3 + 1]);
        expect_near(got[i]->f1, expected[i * 3 + 2]);
    }
}

static bantam_predictions single_predictions(const float *probabilities)
{
    return (bantam_predictions){.n_rows = ROWS,
                                .n_classes = CLASSES,
                                .names = names,
                                .probabilities = probabilities,
                                .labels = row_labels,
                                .weights = row_weights};
}

static void test_single_label(void **state)
{
    (void)state;
    const bantam_predictions predictions = single_predictions(first_probabilities);
    bantam_evaluation *evaluation;
    assert_int_equal(bantam_evaluate(&evaluation, &predictions, NULL, NULL), BANTAM_OK);
    expect_near(evaluation->accuracy.value, accuracies[0]);
    expect_near(evaluation->balanced_accuracy, accuracies[1]);
    expect_near(evaluation->log_loss.value, accuracies[2]);
    expect_near(evaluation->brier_score, accuracies[3]);
    expect_near(evaluation->calibration_error.value, accuracies[4]);
    expect_averages(evaluation, single_averages);
    double mean = 0;
    for (size_t c = 0; c < CLASSES; c++) {
        const bantam_class_result *class = &evaluation->classes[c];
        expect_near(class->precision, class_results[c * 4]);
        expect_near(class->recall, class_results[c * 4 + 1]);
        expect_near(class->f1, class_results[c * 4 + 2]);
        expect_near(class->support, class_results[c * 4 + 3]);
        expect_near(class->average_precision, average_precisions[c]);
        mean += average_precisions[c] / CLASSES;
    }
    expect_near(evaluation->mean_average_precision, mean);
    for (size_t i = 0; i < CLASSES * CLASSES; i++) {
        expect_near(evaluation->confusion[i], confusion[i]);
    }
    bantam_evaluation_free(&evaluation);
    assert_null(evaluation);
}

static void test_several_labels(void **state)
{
    (void)state;
    const bantam_predictions predictions = {.n_rows = ROWS,
                                            .n_classes = CLASSES,
                                            .names = names,
                                            .probabilities = sigmoids,
                                            .labels = several_labels,
                                            .label_starts = several_starts};
    bantam_evaluation *evaluation;
    assert_int_equal(bantam_evaluate(&evaluation, &predictions, NULL, NULL), BANTAM_OK);
    assert_true(evaluation->multi_label);
    expect_near(evaluation->accuracy.value, several_scores[0]);
    expect_near(evaluation->log_loss.value, several_scores[1]);
    expect_averages(evaluation, several_averages);
    for (size_t c = 0; c < CLASSES; c++) {
        expect_near(evaluation->classes[c].average_precision, several_precisions[c]);
    }
    assert_null(evaluation->confusion);
    bantam_evaluation_free(&evaluation);
}

static void test_paired(void **state)
{
    (void)state;
    const bantam_predictions first = single_predictions(first_probabilities);
    const bantam_predictions second = single_predictions(second_probabilities);
    bantam_comparison comparison;
    assert_int_equal(bantam_compare(&comparison, &first, &second, NULL, NULL), BANTAM_OK);
    expect_near(comparison.first_only_right, agreement[0]);
    expect_near(comparison.second_only_right, agreement[1]);
    expect_near(comparison.both_right, agreement[2]);
    expect_near(comparison.both_wrong, agreement[3]);
    expect_near(comparison.p_value, mcnemar[0]);
}

static int compare_sizes(const void *left, const void *right)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    return (a > b) - (a < b);
}

static void test_folds(void **state)
{
    (void)state;
    int folds[ROWS];
    assert_int_equal(bantam_folds_stratified(folds, row_labels, ROWS, CLASSES, FOLDS, 0, NULL),
                     BANTAM_OK);
    assert_memory_equal(folds, stratified_folds, sizeof folds);
    assert_int_equal(bantam_folds_grouped(folds, row_groups, ROWS, 9, FOLDS, NULL), BANTAM_OK);
    size_t sizes[FOLDS] = {0};
    int fold_of[9] = {-1, -1, -1, -1, -1, -1, -1, -1, -1};
    for (size_t i = 0; i < ROWS; i++) {
        sizes[folds[i]]++;
        int *fold = &fold_of[row_groups[i]];
        assert_true(*fold < 0 || *fold == folds[i]);
        *fold = folds[i];
    }
    qsort(sizes, FOLDS, sizeof *sizes, compare_sizes);
    assert_memory_equal(sizes, grouped_fold_sizes, sizeof sizes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_single_label),
        cmocka_unit_test(test_several_labels),
        cmocka_unit_test(test_paired),
        cmocka_unit_test(test_folds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
