// A classifier from rows to answers: the smallest example, labels, several of them, threads, the model file, what is refused.
#include "classify/classifier_fixture.h"

// scikit-learn 1.2: TfidfVectorizer() and LogisticRegression() give 0.557630 and 0.429574 to class 1.
static void the_smallest_example_is_scikit_learns(void **state)
{
    (void)state;
    bantam_classifier_options options = bantam_classifier_options_default();
    options.calibration = BANTAM_CALIBRATE_NONE;
    bantam_classifier_report report;
    bantam_classifier *classifier = train(dataset_of(ci_lines, 4, NULL), &options, &report);
    float probabilities[2];
    predict(classifier, "Error: Invalid configuration", probabilities);
    assert_float_equal(probabilities[1], 0.557630, 1e-5);
    predict(classifier, "Build complete", probabilities);
    assert_float_equal(probabilities[1], 0.429574, 1e-5);
    assert_float_equal(probabilities[0] + probabilities[1], 1, 1e-6);
    assert_int_equal(report.n_features, 9);
    assert_true(report.converged && report.gap >= 0);
    assert_int_equal(report.n_held_out, 0);
    bantam_classifier_free(&classifier);
}

// However the probabilities are made, and on any number of threads.
static void asking_for_labels_gives_the_likeliest(void **state)
{
    (void)state;
    bantam_dataset *asked = topics(ROWS);
    bantam_text texts[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        const bantam_row *row = bantam_dataset_row(asked, i);
        texts[i] = (bantam_text){row->text, row->text_size};
    }
    for (int method = BANTAM_CALIBRATE_NONE; method <= BANTAM_CALIBRATE_ADAPTIVE; method++) {
        bantam_classifier_options options = bantam_classifier_options_default();
        options.calibration = (bantam_calibration)method;
        bantam_classifier *classifier = train(topics(ROWS), &options, NULL);
        bantam_predictor *predictors[2];
        uint32_t labels[ROWS];
        float probabilities[ROWS * TOPICS];
        bantam_decision decision;
        for (size_t i = 0; i < 2; i++) {
            assert_int_equal(bantam_predictor_new(&predictors[i], classifier, NULL), BANTAM_OK);
        }
        assert_int_equal(bantam_predictors_label(predictors, 2, texts, ROWS, labels, NULL),
                         BANTAM_OK);
        assert_int_equal(bantam_predictors_run(predictors, 1, texts, ROWS, probabilities, NULL),
                         BANTAM_OK);
        bantam_decision_options deciding = bantam_decision_options_default();
        for (size_t i = 0; i < ROWS; i++) {
            assert_int_equal(bantam_classifier_decide(classifier, probabilities + i * TOPICS,
                                                      &deciding, NULL, &decision, NULL),
                             BANTAM_OK);
            assert_int_equal(labels[i], decision.best);
        }
        assert_int_equal(bantam_predictors_label(NULL, 0, texts, ROWS, labels, NULL),
                         BANTAM_ERROR_ARGUMENT);
        for (size_t i = 0; i < 2; i++) {
            bantam_predictor_free(&predictors[i]);
        }
        bantam_classifier_free(&classifier);
    }
    bantam_dataset_free(&asked);
}

// Of so many classes that weights of eight bits find the label: by words and by characters, with labels that are hard to tell apart, and
// by predictors that are then asked for probabilities.
static void labels_of_many_classes_are_the_likeliest(void **state)
{
    (void)state;
    enum {
        CLASSES = 60,
        EACH = 10,
        TEXTS = CLASSES * EACH,
    };
    static char words[TEXTS][64], names[TEXTS][8];
    static struct example examples[TEXTS];
    static bantam_text texts[TEXTS];
    static float probabilities[TEXTS * CLASSES];
    struct random random = {5};
    for (size_t i = 0; i < TEXTS; i++) {
        size_t class = i % CLASSES;
        snprintf(words[i], sizeof words[i], "about%zu either%zu filler%zu filler%zu", class,
                 class / 2, random_below(&random, 20), random_below(&random, 20));
        snprintf(names[i], sizeof names[i], "c%02zu", class);
        examples[i] = (struct example){words[i], names[i]};
        texts[i] = (bantam_text){words[i] + (i % 3 ? 0 : strlen("about00 ")), strlen(words[i]) / 2};
    }
    for (int analyzer = BANTAM_ANALYZER_WORD; analyzer <= BANTAM_ANALYZER_CHAR_WB; analyzer++) {
        bantam_classifier_options options = bantam_classifier_options_default();
        options.parts[0].analyzer = (bantam_analyzer)analyzer;
        options.calibration = analyzer == BANTAM_ANALYZER_CHAR ? BANTAM_CALIBRATE_ADAPTIVE
                                                               : BANTAM_CALIBRATE_TEMPERATURE;
        bantam_classifier *classifier = train(dataset_of(examples, TEXTS, NULL), &options, NULL);
        bantam_predictor *predictors[2];
        for (size_t i = 0; i < 2; i++) {
            assert_int_equal(bantam_predictor_new(&predictors[i], classifier, NULL), BANTAM_OK);
        }
        for (int round = 0; round < 6; round++) {
            uint32_t labels[TEXTS];
            assert_int_equal(bantam_predictors_label(predictors, 2, texts, TEXTS, labels, NULL),
                             BANTAM_OK);
            assert_int_equal(
                bantam_predictors_run(predictors, 2, texts, TEXTS, probabilities, NULL), BANTAM_OK);
            for (size_t i = 0; i < TEXTS; i++) {
                const float *p = probabilities + i * CLASSES;
                size_t best = 0;
                for (size_t c = 1; c < CLASSES; c++) {
                    best = p[c] > p[best] ? c : best;
                }
                assert_int_equal(labels[i], best);
            }
        }
        for (size_t i = 0; i < 2; i++) {
            bantam_predictor_free(&predictors[i]);
        }
        bantam_classifier_free(&classifier);
    }
}

static void several_labels_a_text(void **state)
{
    static const struct example examples[] = {
        {"cheap and good", "price|quality"},
        {"cheap", "price"},
        {"good", "quality"},
        {"nothing to say", ""},
        {"so cheap", "price"},
        {"really good", "quality"},
        {"good and cheap", "price|quality"},
        {"no words", ""},
    };
    (void)state;
    bantam_classifier_options options = bantam_classifier_options_default();
    options.C = 100;
    bantam_classifier *classifier = train(dataset_of(examples, 8, "|"), &options, NULL);
    assert_true(bantam_classifier_is_multi_label(classifier));
    float probabilities[2];
    uint32_t ranked[2];
    bantam_decision decision;
    bantam_decision_options decide = bantam_decision_options_default();
    static const struct {
        const char *text;
        size_t n_labels;
    } wanted[] = {{"good cheap", 2}, {"cheap", 1}, {"nothing", 0}};
    for (size_t i = 0; i < 3; i++) {
        predict(classifier, wanted[i].text, probabilities);
        assert_int_equal(
            bantam_classifier_decide(classifier, probabilities, &decide, ranked, &decision, NULL),
            BANTAM_OK);
        assert_int_equal(decision.n_labels, wanted[i].n_labels);
    }
    bantam_classifier_free(&classifier);
}

static void threads_do_not_change_the_model(void **state)
{
    (void)state;
    bantam_buffer files[2];
    for (int i = 0; i < 2; i++) {
        bantam_classifier_options options = bantam_classifier_options_default();
        options.n_threads = i == 0 ? 1 : 3;
        bantam_classifier *classifier = train(topics(ROWS), &options, NULL);
        bantam_buffer_init(&files[i], 1 << 24);
        assert_int_equal(bantam_classifier_save(classifier, &files[i], NULL), BANTAM_OK);
        bantam_classifier_free(&classifier);
    }
    assert_int_equal(files[0].size, files[1].size);
    assert_memory_equal(files[0].data, files[1].data, files[0].size);
    bantam_buffer_release(&files[0]);
    bantam_buffer_release(&files[1]);
}

static void the_model_file_answers_as_the_model(void **state)
{
    (void)state;
    for (int method = BANTAM_CALIBRATE_NONE; method <= BANTAM_CALIBRATE_ADAPTIVE; method++) {
        bantam_classifier_options options = bantam_classifier_options_default();
        options.calibration = (bantam_calibration)method;
        options.keep_texts = true;
        bantam_classifier *classifier = train(topics(ROWS), &options, NULL), *loaded = NULL;
        bantam_buffer first, second;
        bantam_buffer_init(&first, 1 << 24);
        bantam_buffer_init(&second, 1 << 24);
        assert_int_equal(bantam_classifier_save(classifier, &first, NULL), BANTAM_OK);
        bantam_error error;
        if (bantam_classifier_load(&loaded, first.data, first.size, &error)) {
            fail_msg("%s", error.message);
        }
        float before[TOPICS], after[TOPICS];
        static const char *const texts[] = {"my team", "snow and wind in the bank", "", "unknown"};
        for (size_t i = 0; i < 4; i++) {
            predict(classifier, texts[i], before);
            predict(loaded, texts[i], after);
            assert_memory_equal(before, after, sizeof before);
        }
        assert_string_equal(bantam_classifier_record(loaded, "measured"),
                            bantam_classifier_record(classifier, "measured"));
        assert_int_equal(bantam_classifier_save(loaded, &second, NULL), BANTAM_OK);
        assert_int_equal(first.size, second.size);
        assert_memory_equal(first.data, second.data, first.size);
        bantam_classifier_free(&classifier);
        bantam_classifier_free(&loaded);
        bantam_buffer_release(&first);
        bantam_buffer_release(&second);
    }
}

static void what_has_no_answer_is_refused(void **state)
{
    static const struct example one_class[] = {{"a text", "x"}, {"another", "x"}};
    static const struct example no_ngram[] = {{"a", "x"}, {"", "y"}};
    static const struct example not_utf8[] = {{"some words", "\xff"}, {"other words", "y"}};
    const struct {
        const struct example *examples;
        size_t n;
        const char *told;
    } cases[] = {{one_class, 2, "two labels"},
                 {NULL, 0, "no rows"},
                 {no_ngram, 2, ""},
                 {not_utf8, 2, "UTF-8"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bantam_dataset *dataset = dataset_of(cases[i].examples, cases[i].n, NULL);
        bantam_classifier *classifier = NULL;
        bantam_error error;
        assert_int_equal(bantam_classifier_train(&classifier, dataset, NULL, NULL, &error),
                         BANTAM_ERROR_INPUT);
        assert_null(classifier);
        assert_non_null(strstr(error.message, cases[i].told));
        bantam_dataset_free(&dataset);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_example_is_scikit_learns),
        cmocka_unit_test(asking_for_labels_gives_the_likeliest),
        cmocka_unit_test(labels_of_many_classes_are_the_likeliest),
        cmocka_unit_test(several_labels_a_text),
        cmocka_unit_test(threads_do_not_change_the_model),
        cmocka_unit_test(the_model_file_answers_as_the_model),
        cmocka_unit_test(what_has_no_answer_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
