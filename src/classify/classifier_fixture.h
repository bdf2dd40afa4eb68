// For unit tests: small datasets of made-up rows, a classifier trained on one, and its answer to a text.
#ifndef BANTAM_CLASSIFY_CLASSIFIER_FIXTURE_H
#define BANTAM_CLASSIFY_CLASSIFIER_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/bantam.h"
#include "base/random.h"

struct example {
    const char *text, *label;
};

// Lines of a log, 1: it tells of a failure.
static const struct example ci_lines[] = {
    {"Build succeeded", "0"},
    {"Error: Missing dependency", "1"},
    {"Deployment failed", "1"},
    {"Test passed", "0"},
};

// (n) rows; of `n_labels` labels each where `second` is given. The caller frees.
static inline bantam_dataset *dataset_of(const struct example *examples, size_t n,
                                         const char *separator)
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

static inline bantam_classifier *train(bantam_dataset *dataset,
                                       const bantam_classifier_options *options,
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

static inline void predict(const bantam_classifier *classifier, const char *text,
                           float *probabilities)
{
    bantam_predictor *predictor = NULL;
    assert_int_equal(bantam_predictor_new(&predictor, classifier, NULL), BANTAM_OK);
    assert_int_equal(bantam_predictor_run(predictor, text, strlen(text), probabilities, NULL),
                     BANTAM_OK);
    bantam_predictor_free(&predictor);
}

enum {
    TOPICS = 3,
    ROWS = 300,
    ROWS_MAXIMUM = 1500
};

// Rows of three topics, each with words of its own and words of all, some of them labelled wrongly.
// One in `n_strange` (0: none) has words of no other row.
static inline bantam_dataset *topics_with(size_t n, size_t n_strange)
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

static inline bantam_dataset *topics(size_t n)
{
    return topics_with(n, 0);
}

#endif
