// What models say of a dataset: classes meet by name, unknown ones have no probability, and cross-validation holds out what it says.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/scored_dataset.h"

static bantam_dataset *make_dataset(const char *const (*rows)[2], size_t n_rows)
{
    bantam_dataset *dataset;
    assert_int_equal(bantam_dataset_new(&dataset, NULL, NULL), BANTAM_OK);
    for (size_t i = 0; i < n_rows; i++) {
        const bantam_text label = {rows[i][1], strlen(rows[i][1])};
        const bantam_record record = {.text = {rows[i][0], strlen(rows[i][0])},
                                      .labels = &label,
                                      .n_labels = 1,
                                      .weight = 1,
                                      .group = {"", 0}};
        assert_int_equal(bantam_dataset_add(dataset, &record, NULL), BANTAM_OK);
    }
    assert_int_equal(bantam_dataset_finish(dataset, NULL), BANTAM_OK);
    return dataset;
}

static const char *const training[][2] = {
    {"red apple", "fruit"},   {"green apple", "fruit"}, {"yellow pear", "fruit"},
    {"ripe pear", "fruit"},   {"fast car", "vehicle"},  {"red car", "vehicle"},
    {"green bus", "vehicle"}, {"late bus", "vehicle"},
};
static const char *const testing[][2] = {
    {"apple", "fruit"}, {"bus", "vehicle"}, {"grey stone", "mineral"}};

static bantam_classifier_options plain_options(void)
{
    bantam_classifier_options options = bantam_classifier_options_default();
    options.calibration = BANTAM_CALIBRATE_NONE;
    return options;
}

static void test_classes_meet_by_name(void **state)
{
    (void)state;
    bantam_dataset *train = make_dataset(training, 8), *test = make_dataset(testing, 3);
    const bantam_classifier_options options = plain_options();
    bantam_classifier *classifier;
    bantam_scored_dataset *scored;
    assert_int_equal(bantam_classifier_train(&classifier, train, &options, NULL, NULL), BANTAM_OK);
    const bantam_classifier *both[] = {classifier, classifier};
    assert_int_equal(bantam_scored_dataset_new(&scored, test, both, 2, 2, NULL), BANTAM_OK);
    const bantam_predictions *said = bantam_scored_dataset_predictions(scored, 0);
    assert_int_equal(said->n_classes, 3);
    assert_string_equal(said->names[0], "fruit");
    assert_string_equal(said->names[1], "mineral");
    assert_string_equal(said->names[2], "vehicle");
    static const uint32_t labels[] = {0, 2, 1};
    assert_memory_equal(said->labels, labels, sizeof labels);
    assert_true(said->probabilities[0] > 0.5F && said->probabilities[3 + 2] > 0.5F);
    for (size_t row = 0; row < 3; row++) {
        const float *p = said->probabilities + row * 3;
        assert_true(fabsf(p[0] + p[2] - 1) < 1e-6F);
        assert_true(p[1] <= 0);
    }
    assert_int_equal(bantam_scored_dataset_n_unknown(scored, 1), 1);
    assert_memory_equal(bantam_scored_dataset_predictions(scored, 1)->probabilities,
                        said->probabilities, 9 * sizeof(float));
    assert_null(said->groups);
    assert_memory_equal(said->texts[2].bytes, "grey stone", 10);

    bantam_evaluation *evaluation;
    assert_int_equal(bantam_evaluate(&evaluation, said, NULL, NULL), BANTAM_OK);
    assert_true(fabs(evaluation->accuracy.value - 2.0 / 3) < 1e-12);
    bantam_evaluation_free(&evaluation);
    bantam_scored_dataset_free(&scored);
    assert_null(scored);
    bantam_classifier_free(&classifier);
    bantam_dataset_free(&train);
    bantam_dataset_free(&test);
}

// What cross-validation says of a fold is what a model says that was trained on the other one.
static void test_cross_validation_holds_out(void **state)
{
    (void)state;
    bantam_dataset *all = make_dataset(training, 8);
    static const int folds[8] = {0, 0, 1, 1, 1, 1, 0, 0};
    const char *other[4][2];
    for (size_t i = 0, n = 0; i < 8; i++) {
        if (folds[i] == 1) {
            memcpy(other[n++], training[i], sizeof training[i]);
        }
    }
    bantam_dataset *part = make_dataset((const char *const(*)[2])other, 4);
    const bantam_classifier_options options = plain_options();
    bantam_scored_dataset *scored, *expected;
    bantam_classifier *classifier;
    assert_int_equal(bantam_scored_dataset_cross_validate(&scored, all, folds, 2, &options, NULL),
                     BANTAM_OK);
    assert_int_equal(bantam_classifier_train(&classifier, part, &options, NULL, NULL), BANTAM_OK);
    const bantam_classifier *one[] = {classifier};
    assert_int_equal(bantam_scored_dataset_new(&expected, all, one, 1, 1, NULL), BANTAM_OK);
    for (size_t i = 0; i < 8; i++) {
        const float *got = bantam_scored_dataset_predictions(scored, 0)->probabilities + i * 2;
        const float *want = bantam_scored_dataset_predictions(expected, 0)->probabilities + i * 2;
        assert_int_equal(memcmp(got, want, 2 * sizeof *got) == 0, folds[i] == 0);
    }
    bantam_scored_dataset_free(&scored);
    bantam_scored_dataset_free(&expected);
    bantam_classifier_free(&classifier);
    bantam_dataset_free(&part);
    bantam_dataset_free(&all);
}

static void test_refused(void **state)
{
    (void)state;
    bantam_dataset *all = make_dataset(training, 8), *none = make_dataset(training, 0);
    const bantam_classifier_options options = plain_options();
    static const int folds[8] = {0, 1, 2, 0, 1, 2, 0, 1};
    bantam_scored_dataset *scored = (bantam_scored_dataset *)&options;
    bantam_error error;
    assert_int_equal(bantam_scored_dataset_cross_validate(&scored, all, folds, 2, &options, &error),
                     BANTAM_ERROR_ARGUMENT);
    assert_null(scored);
    assert_int_equal(bantam_scored_dataset_new(&scored, all, NULL, 0, 1, &error),
                     BANTAM_ERROR_ARGUMENT);
    bantam_classifier *classifier;
    assert_int_equal(bantam_classifier_train(&classifier, all, &options, NULL, NULL), BANTAM_OK);
    const bantam_classifier *one[] = {classifier};
    assert_int_equal(bantam_scored_dataset_new(&scored, none, one, 1, 1, &error),
                     BANTAM_ERROR_ARGUMENT);
    assert_string_equal(error.message, "the data have no rows");
    bantam_classifier_free(&classifier);
    bantam_dataset_free(&all);
    bantam_dataset_free(&none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classes_meet_by_name),
        cmocka_unit_test(test_cross_validation_holds_out),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
