// A classifier from rows to answers: the smallest example, calibration, decisions, explanations, the model file.
#include "bantam/bantam.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "classify/classifier.h"

struct example {
    const char *text, *label;
};

// (n) rows; of `n_labels` labels each where `second` is given. The caller frees.
static bantam_dataset *dataset_of(const struct example *examples, size_t n, const char *separator)
{
    bantam_dataset *dataset = NULL;
    bantam_dataset_options options = bantam_dataset_options_default();
    options.label_separator = separator;
    assert_int_equal(bantam_dataset_new(&dataset, &options, NULL), BANTAM_OK);
    for (size_t i = 0; i < n; i++) {
        bantam_text labels[8];
        size_t n_labels = 0;
        const char *at = examples[i].label;
        while (*at) {
            size_t size = separator ? strcspn(at, separator) : strlen(at);
            labels[n_labels++] = (bantam_text){at, size};
            at += size + (at[size] != '\0');
        }
        bantam_record record = {.text = {examples[i].text, strlen(examples[i].text)},
                                .labels = labels,
                                .n_labels = n_labels,
                                .weight = 1};
        assert_int_equal(bantam_dataset_add(dataset, &record, NULL), BANTAM_OK);
    }
    assert_int_equal(bantam_dataset_finish(dataset, NULL), BANTAM_OK);
    return dataset;
}

static const struct example ci_lines[] = {
    {"Build succeeded", "0"},
    {"Error: Missing dependency", "1"},
    {"Deployment failed", "1"},
    {"Test passed", "0"},
};

static bantam_classifier *train(bantam_dataset *dataset, const bantam_classifier_options *options,
                                bantam_classifier_report *report)
{
    bantam_classifier *classifier = NULL;
    bantam_error error;
    if (bantam_classifier_train(&classifier, dataset, options, report, &error)) {
        fail_msg("%s", error.message);
    }
    bantam_dataset_free(&dataset);
    return classifier;
}

static void predict(const bantam_classifier *classifier, const char *text, float *probabilities)
{
    bantam_predictor *predictor = NULL;
    assert_int_equal(bantam_predictor_new(&predictor, classifier, NULL), BANTAM_OK);
    assert_int_equal(bantam_predictor_run(predictor, text, strlen(text), probabilities, NULL),
                     BANTAM_OK);
    bantam_predictor_free(&predictor);
}

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

enum {
    TOPICS = 3,
    ROWS = 300,
    ROWS_MAXIMUM = 1500
};

// Rows of three topics, each with words of its own and words of all, some of them labelled wrongly.
// One in `n_strange` (0: none) has words of no other row.
static bantam_dataset *topics_with(size_t n, size_t n_strange)
{
    static const char *const words[TOPICS][4] = {{"card", "pin", "atm", "bank"},
                                                 {"rain", "wind", "snow", "sun"},
                                                 {"goal", "team", "match", "ball"}};
    static const char *const common[] = {"the", "a", "my", "is", "was", "will"};
    static const char *const labels[TOPICS] = {"money", "weather", "sport"};
    static char texts[ROWS_MAXIMUM][64];
    static struct example examples[ROWS_MAXIMUM];
    struct random random = {.state = 3};
    for (size_t i = 0; i < n; i++) {
        size_t topic = random_below(&random, TOPICS);
        size_t said = random_unit(&random) < 0.06 ? random_below(&random, TOPICS) : topic;
        // One draw a statement: the order in which arguments are computed is the compiler's.
        size_t other = random_unit(&random) < 0.9 ? topic : random_below(&random, TOPICS);
        const char *last = words[other][random_below(&random, 4)];
        const char *second = common[random_below(&random, 6)];
        const char *own = words[topic][random_below(&random, 4)];
        const char *first = common[random_below(&random, 6)];
        snprintf(texts[i], sizeof texts[i], "%s %s %s %s", first, own, second, last);
        if (n_strange && i % n_strange == 0) {
            snprintf(texts[i], sizeof texts[i], "strange%zu word%zu", i, i);
        }
        examples[i] = (struct example){texts[i], labels[said]};
    }
    return dataset_of(examples, n, NULL);
}

static bantam_dataset *topics(size_t n)
{
    return topics_with(n, 0);
}

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

static void contributions_add_up_to_the_score(void **state)
{
    (void)state;
    bantam_classifier_options options = bantam_classifier_options_default();
    options.keep_texts = true;
    assert_int_equal(bantam_classifier_option_set(&options, "analyzer", "word+char_wb", NULL),
                     BANTAM_OK);
    assert_int_equal(bantam_classifier_option_set(&options, "ngrams", "1-2+2-3", NULL), BANTAM_OK);
    bantam_classifier *classifier = train(topics(ROWS), &options, NULL);
    bantam_explainer *explainer = NULL;
    assert_int_equal(bantam_explainer_new(&explainer, classifier, NULL), BANTAM_OK);
    static const char text[] = "My TEAM, my ball: rain";
    for (uint32_t label = 0; label < TOPICS; label++) {
        for (int against = 0; against < 2; against++) {
            bantam_explain_options explain = bantam_explain_options_default();
            explain.label_given = true;
            explain.label = label;
            explain.against_given = against;
            explain.against = (label + 1) % TOPICS;
            bantam_explanation *explanation = NULL;
            assert_int_equal(
                bantam_explain(&explanation, explainer, text, sizeof text - 1, &explain, NULL),
                BANTAM_OK);
            double sum = explanation->base + explanation->absent;
            for (size_t i = 0; i < explanation->n_contributions; i++) {
                const bantam_contribution *contribution = &explanation->contributions[i];
                sum += contribution->value;
                assert_true(contribution->n_places > 0);
                for (size_t j = 0; j < contribution->n_places; j++) {
                    assert_true(contribution->places[j].start < contribution->places[j].end);
                    assert_true(contribution->places[j].end <= sizeof text - 1);
                }
            }
            assert_float_equal((float)sum, (float)explanation->score, 1e-5);
            assert_int_equal(explanation->n_neighbours, 3);
            assert_true(explanation->neighbours[0].similarity >=
                        explanation->neighbours[1].similarity);
            bantam_explanation_free(&explanation);
        }
    }
    bantam_explainer_free(&explainer);
    bantam_classifier_free(&classifier);
}

// Σ over the features that `explanation` does not name of −w · E[x], for the label of an output of its own.
static double absent_share(const bantam_classifier *classifier,
                           const bantam_explanation *explanation)
{
    double sum = 0;
    for (size_t i = 0; i < bantam_classifier_n_features(classifier); i++) {
        char name[64];
        size_t size =
            vectorizer_feature_name(text_model_vectorizer(classifier->text), i, name, sizeof name);
        bool present = false;
        for (size_t j = 0; j < explanation->n_contributions; j++) {
            present = present || (explanation->contributions[j].ngram_size == size &&
                                  memcmp(explanation->contributions[j].ngram, name, size) == 0);
        }
        float weights[TOPICS];
        text_model_weights(classifier->text, i, weights);
        sum -= present ? 0 : (double)weights[explanation->label] * (double)classifier->means[i];
    }
    return sum;
}

static void absent_ngrams_share_what_they_would_add(void **state)
{
    (void)state;
    bantam_classifier *classifier = train(topics(ROWS), NULL, NULL);
    bantam_explainer *explainer = NULL;
    assert_int_equal(bantam_explainer_new(&explainer, classifier, NULL), BANTAM_OK);
    static const char *const texts[] = {"", "my team", "unknown", "the ball was in the snow"};
    for (size_t i = 0; i < 4; i++) {
        bantam_explanation *explanation = NULL;
        assert_int_equal(
            bantam_explain(&explanation, explainer, texts[i], strlen(texts[i]), NULL, NULL),
            BANTAM_OK);
        assert_float_equal((float)explanation->absent, (float)absent_share(classifier, explanation),
                           1e-5);
        bantam_explanation_free(&explanation);
    }
    bantam_explainer_free(&explainer);
    bantam_classifier_free(&classifier);
}

static void the_most_telling_ngrams_are_a_topics_own(void **state)
{
    (void)state;
    bantam_classifier *classifier = train(topics(ROWS), NULL, NULL);
    bantam_telling_ngrams *telling = NULL;
    assert_int_equal(bantam_classifier_telling(&telling, classifier, 1, 3, NULL), BANTAM_OK);
    assert_int_equal(telling->n, 3);
    for (size_t i = 0; i < 3; i++) { // sport
        assert_non_null(strstr("goal team match ball", telling->ngrams[i].ngram));
        assert_true(i == 0 || telling->ngrams[i].weight <= telling->ngrams[i - 1].weight);
    }
    bantam_telling_ngrams_free(&telling);
    assert_int_equal(bantam_classifier_telling(&telling, classifier, TOPICS, 3, NULL),
                     BANTAM_ERROR_ARGUMENT);
    bantam_classifier_free(&classifier);
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
        cmocka_unit_test(each_calibration_improves_on_none),
        cmocka_unit_test(auto_takes_what_is_better_on_held_out_rows),
        cmocka_unit_test(asking_for_labels_gives_the_likeliest),
        cmocka_unit_test(labels_of_many_classes_are_the_likeliest),
        cmocka_unit_test(few_rows_are_not_calibrated),
        cmocka_unit_test(decisions_abstain_rank_and_make_sets),
        cmocka_unit_test(several_labels_a_text),
        cmocka_unit_test(contributions_add_up_to_the_score),
        cmocka_unit_test(absent_ngrams_share_what_they_would_add),
        cmocka_unit_test(the_most_telling_ngrams_are_a_topics_own),
        cmocka_unit_test(what_has_no_answer_is_refused),
        cmocka_unit_test(a_stream_learns_what_rows_teach),
        cmocka_unit_test(a_stream_refuses_what_it_cannot_do),
        cmocka_unit_test(tuning_adds_a_label_and_keeps_the_others),
        cmocka_unit_test(threads_do_not_change_the_model),
        cmocka_unit_test(the_model_file_answers_as_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
