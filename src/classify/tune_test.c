// A classifier tuned on a few rows of a new label.
#include "classify/classifier_fixture.h"

// Twenty rows of a new label are learned, the old labels keep their answers.
static void tuning_adds_a_label_and_keeps_the_others(void **state)
{
    static const struct example job[] = {{"a card to play", "game"},
                                         {"the team will play", "game"},
                                         {"play my match", "game"},
                                         {"play is a ball", "game"}};
    (void)state;
    bantam_dataset *known = topics(ROWS), *mine = dataset_of(job, 4, NULL);
    bantam_classifier *base = NULL, *tuned = NULL;
    assert_int_equal(bantam_classifier_train(&base, known, NULL, NULL, NULL), BANTAM_OK);
    bantam_tune_options options = bantam_tune_options_default();
    bantam_tune_report report;
    options.known = known;
    assert_int_equal(bantam_classifier_tune(&tuned, base, mine, &options, &report, NULL),
                     BANTAM_OK);
    assert_int_equal(bantam_classifier_n_labels(tuned), TOPICS + 1);
    assert_string_equal(bantam_classifier_label(tuned, 0), "game");
    assert_int_equal(report.n_new_labels, 1);
    assert_int_equal(report.n_rows, 4);
    assert_int_equal(report.n_known, ROWS);
    assert_true(report.own_before == 0);
    assert_true(report.known_after > report.known_before - 0.1);
    float before[TOPICS], after[TOPICS + 1];
    predict(base, "rain wind", before);
    predict(tuned, "rain wind", after);
    assert_true(after[3] > 0.8F * before[2]); // weather
    options.C = 1e-9;                         // as good as nothing may change
    bantam_classifier *same = NULL;
    bantam_dataset *again = topics(60);
    assert_int_equal(bantam_classifier_tune(&same, base, again, &options, &report, NULL),
                     BANTAM_OK);
    float unchanged[TOPICS];
    predict(same, "rain wind", unchanged);
    for (size_t i = 0; i < TOPICS; i++) {
        assert_float_equal(unchanged[i], before[i], 1e-5);
    }
    bantam_dataset_free(&again);
    bantam_dataset_free(&known);
    bantam_dataset_free(&mine);
    bantam_classifier_free(&same);
    bantam_classifier_free(&tuned);
    bantam_classifier_free(&base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tuning_adds_a_label_and_keeps_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
