// Probabilities made honest on held-out rows, and what is decided by them: abstaining, ranking, sets.
#include "classify/classifier_fixture.h"

#include <math.h>

static void each_calibration_improves_on_none(void **state)
{
    (void)state;
    for (int method = BANTAM_CALIBRATE_TEMPERATURE; method <= BANTAM_CALIBRATE_ADAPTIVE; method++) {
        bantam_classifier_options options = bantam_classifier_options_default();
        options.calibration = (bantam_calibration)method;
        options.C = 0.01; // far from sure enough
        bantam_classifier_report report;
        bantam_classifier *classifier = train(topics(ROWS), &options, &report);
        assert_int_equal(report.calibration, method);
        assert_int_equal(report.n_held_out, ROWS);
        assert_true(report.accuracy > 0.7);
        assert_true(report.calibration_error < report.calibration_error_before);
        float probabilities[TOPICS];
        predict(classifier, "the team will ball", probabilities);
        assert_float_equal(probabilities[0] + probabilities[1] + probabilities[2], 1, 1e-5);
        assert_true(probabilities[1] > 0.6F); // money, sport, weather
        bantam_classifier_free(&classifier);
    }
}

// Auto takes the temperature of each text where log-loss and calibration error are both better by it, and rows are not few.
static void auto_takes_what_is_better_on_held_out_rows(void **state)
{
    (void)state;
    static const bantam_calibration methods[] = {BANTAM_CALIBRATE_TEMPERATURE,
                                                 BANTAM_CALIBRATE_ADAPTIVE, BANTAM_CALIBRATE_AUTO};
    static const size_t rows[][2] = {{ROWS_MAXIMUM, 0}, {ROWS_MAXIMUM, 2}, {900, 0}};
    size_t n_taken[2] = {0, 0};
    for (size_t k = 0; k < 3; k++) {
        bantam_classifier_report reports[3];
        for (size_t i = 0; i < 3; i++) {
            bantam_classifier_options options = bantam_classifier_options_default();
            options.calibration = methods[i];
            bantam_dataset *dataset = topics_with(rows[k][0], rows[k][1]);
            bantam_classifier *classifier = train(dataset, &options, &reports[i]);
            bantam_classifier_free(&classifier);
        }
        bool better = reports[1].log_loss < reports[0].log_loss &&
                      reports[1].calibration_error < reports[0].calibration_error;
        bool taken = reports[2].calibration == BANTAM_CALIBRATE_ADAPTIVE;
        assert_int_equal(taken, better && rows[k][0] >= 1000);
        n_taken[taken] += rows[k][0] >= 1000;
        const bantam_classifier_report *same = &reports[taken ? 1 : 0];
        assert_true(reports[2].log_loss == same->log_loss);
        assert_true(reports[2].calibration_error == same->calibration_error);
        assert_true(reports[2].temperature == same->temperature);
        assert_int_equal(reports[2].calibration, same->calibration);
    }
    assert_true(n_taken[0] > 0 && n_taken[1] > 0);
}

static void few_rows_are_not_calibrated(void **state)
{
    (void)state;
    bantam_classifier_report report;
    bantam_classifier *classifier = train(dataset_of(ci_lines, 4, NULL), NULL, &report);
    assert_int_equal(report.calibration, BANTAM_CALIBRATE_NONE);
    bantam_decision decision;
    bantam_decision_options options = bantam_decision_options_default();
    float probabilities[2] = {0.4F, 0.6F};
    uint32_t ranked[2];
    options.set_coverage = 0.9;
    assert_int_equal(
        bantam_classifier_decide(classifier, probabilities, &options, ranked, &decision, NULL),
        BANTAM_ERROR_ARGUMENT);
    bantam_classifier_free(&classifier);
}

static void decisions_abstain_rank_and_make_sets(void **state)
{
    (void)state;
    bantam_classifier *classifier = train(topics(ROWS), NULL, NULL);
    bantam_decision decision;
    bantam_decision_options options = bantam_decision_options_default();
    float probabilities[TOPICS] = {0.2F, 0.45F, 0.35F};
    uint32_t ranked[TOPICS];
    assert_int_equal(
        bantam_classifier_decide(classifier, probabilities, &options, ranked, &decision, NULL),
        BANTAM_OK);
    assert_int_equal(ranked[0], 1);
    assert_int_equal(ranked[1], 2);
    assert_int_equal(ranked[2], 0);
    assert_int_equal(decision.best, 1);
    assert_false(decision.abstained);
    assert_int_equal(decision.n_labels, 1);
    options.abstain_below = 0.5;
    options.set_coverage = 0.95;
    assert_int_equal(
        bantam_classifier_decide(classifier, probabilities, &options, ranked, &decision, NULL),
        BANTAM_OK);
    assert_true(decision.abstained && decision.n_labels == 0);
    assert_true(decision.n_set >= 1 && decision.n_set <= TOPICS);
    options.set_coverage = 0.9999; // more than so few rows can promise: every label
    assert_int_equal(
        bantam_classifier_decide(classifier, probabilities, &options, ranked, &decision, NULL),
        BANTAM_OK);
    assert_int_equal(decision.n_set, TOPICS);
    static const double outside[] = {-0.1, 1.0, NAN};
    for (size_t i = 0; i < 3; i++) {
        options.set_coverage = outside[i];
        assert_int_equal(
            bantam_classifier_decide(classifier, probabilities, &options, ranked, &decision, NULL),
            BANTAM_ERROR_ARGUMENT);
    }
    bantam_classifier_free(&classifier);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_calibration_improves_on_none),
        cmocka_unit_test(auto_takes_what_is_better_on_held_out_rows),
        cmocka_unit_test(few_rows_are_not_calibrated),
        cmocka_unit_test(decisions_abstain_rank_and_make_sets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
