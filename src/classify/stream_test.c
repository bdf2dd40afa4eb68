// A classifier learnt from a stream of rows.
#include "classify/classifier_fixture.h"

// Hands the rows of a dataset to a stream `n_passes` times.
static bantam_classifier *train_stream(const bantam_dataset *dataset, size_t n_passes,
                                       const bantam_classifier_options *options,
                                       bantam_classifier_report *report)
{
    static const char *const labels[TOPICS] = {"weather", "money", "sport"};
    bantam_classifier_stream *stream = NULL;
    bantam_classifier *classifier = NULL;
    assert_int_equal(bantam_classifier_stream_new(&stream, labels, TOPICS, false,
                                                  bantam_dataset_n_rows(dataset), options, NULL),
                     BANTAM_OK);
    for (size_t pass = 0; pass < n_passes; pass++) {
        bantam_classifier_stream_rewind(stream);
        for (size_t i = 0; i < bantam_dataset_n_rows(dataset); i++) {
            const bantam_row *row = bantam_dataset_row(dataset, i);
            const char *name = bantam_dataset_label(dataset, row->labels[0]);
            bantam_text label = {name, strlen(name)};
            bantam_record record = {.text = {row->text, row->text_size},
                                    .labels = &label,
                                    .n_labels = 1,
                                    .weight = row->weight,
                                    .row = i + 1};
            assert_int_equal(bantam_classifier_stream_learn(stream, &record, NULL), BANTAM_OK);
        }
    }
    assert_int_equal(bantam_classifier_stream_finish(&classifier, stream, report, NULL), BANTAM_OK);
    bantam_classifier_stream_free(&stream);
    return classifier;
}

static void a_stream_learns_what_rows_teach(void **state)
{
    (void)state;
    bantam_classifier_options options = bantam_classifier_options_default();
    options.parts[0].hash_bits = 12;
    options.parts[0].idf = false;
    bantam_dataset *dataset = topics(ROWS);
    bantam_classifier_report report;
    bantam_classifier *classifier = train_stream(dataset, 5, &options, &report);
    assert_string_equal(bantam_classifier_label(classifier, 1), "sport");
    static const char *const texts[] = {"card bank", "goal match", "rain snow"};
    for (size_t i = 0; i < TOPICS; i++) {
        float probabilities[TOPICS];
        predict(classifier, texts[i], probabilities);
        assert_true(probabilities[i] > 0.5F);
    }
    assert_int_equal(report.calibration, BANTAM_CALIBRATE_NONE); // one row in twenty is too few
    assert_int_equal(bantam_classifier_n_features(classifier), 1 << 12);
    bantam_classifier_free(&classifier);
    bantam_dataset_free(&dataset);
}

static void a_stream_refuses_what_it_cannot_do(void **state)
{
    static const char *const two[] = {"x", "y"}, *const twice[] = {"x", "x"};
    bantam_classifier_options options = bantam_classifier_options_default();
    bantam_classifier_stream *stream = NULL;
    (void)state;
    assert_int_equal(bantam_classifier_stream_new(&stream, two, 2, false, 0, &options, NULL),
                     BANTAM_ERROR_ARGUMENT); // no hashing
    options.parts[0].hash_bits = 8;
    assert_int_equal(bantam_classifier_stream_new(&stream, two, 2, false, 0, &options, NULL),
                     BANTAM_ERROR_ARGUMENT); // idf
    options.parts[0].idf = false;
    assert_int_equal(bantam_classifier_stream_new(&stream, twice, 2, false, 0, &options, NULL),
                     BANTAM_ERROR_INPUT);
    assert_int_equal(bantam_classifier_stream_new(&stream, two, 1, false, 0, &options, NULL),
                     BANTAM_ERROR_INPUT);
    assert_int_equal(bantam_classifier_stream_new(&stream, two, 2, false, 0, &options, NULL),
                     BANTAM_OK);
    bantam_text label = {"z", 1};
    bantam_record record = {.text = {"words", 5}, .labels = &label, .n_labels = 1, .weight = 1};
    bantam_error error;
    assert_int_equal(bantam_classifier_stream_learn(stream, &record, &error), BANTAM_ERROR_INPUT);
    assert_non_null(strstr(error.message, "\"z\""));
    bantam_classifier *classifier = NULL;
    assert_int_equal(bantam_classifier_stream_finish(&classifier, stream, NULL, NULL),
                     BANTAM_ERROR_INPUT);
    bantam_classifier_stream_free(&stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_learns_what_rows_teach),
        cmocka_unit_test(a_stream_refuses_what_it_cannot_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
