// Makes every allocation fail once where texts are learned and classified: each call must then say so, free what it had, and leave its
// out parameter NULL. Leaks and wild reads are for the sanitizers to see. jansson's own allocations are left alone, as in
// fail_allocations.c.
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bantam/bantam.h>

#include "base/memory.h"

enum {
    ROWS = 60 // enough to be calibrated
};

static const char text[] = "where is my card";

// What the attempts work on; made before any allocation fails.
struct sample {
    bantam_dataset *dataset;
    bantam_classifier *classifier;
    bantam_classifier_options options;
    bantam_buffer file;
};

// One call with one failing allocation.
typedef bantam_status (*call)(const struct sample *sample, const char **wrong);

static const char *check_out(bantam_status status, const void *out)
{
    if (status && status != BANTAM_ERROR_MEMORY) {
        return "another error than memory";
    }
    return (status == BANTAM_OK) == (out != NULL) ? NULL : "out parameter";
}

static bantam_status fill(bantam_dataset *dataset)
{
    static const char *const words[] = {"card", "rain", "team"}, *labels[] = {"a", "b", "c"};
    for (size_t i = 0; i < ROWS; i++) {
        char row[64];
        snprintf(row, sizeof row, "the %s is number %zu", words[i % 3], i);
        bantam_text label = {labels[i % 3], 1};
        bantam_record record = {
            .text = {row, strlen(row)}, .labels = &label, .n_labels = 1, .weight = 1};
        bantam_status status = bantam_dataset_add(dataset, &record, NULL);
        if (status) {
            return status;
        }
    }
    return bantam_dataset_finish(dataset, NULL);
}

static bantam_status try_dataset(const struct sample *sample, const char **wrong)
{
    (void)sample;
    bantam_dataset *dataset = (bantam_dataset *)&dataset;
    bantam_status status = bantam_dataset_new(&dataset, NULL, NULL);
    *wrong = check_out(status, dataset);
    if (!status) {
        status = fill(dataset);
    }
    bantam_dataset_free(&dataset);
    return status;
}

static bantam_status try_train(const struct sample *sample, const char **wrong)
{
    bantam_classifier *classifier = (bantam_classifier *)&classifier;
    bantam_status status =
        bantam_classifier_train(&classifier, sample->dataset, &sample->options, NULL, NULL);
    *wrong = check_out(status, classifier);
    bantam_classifier_free(&classifier);
    return status;
}

static bantam_status try_tune(const struct sample *sample, const char **wrong)
{
    bantam_classifier *tuned = (bantam_classifier *)&tuned;
    bantam_status status =
        bantam_classifier_tune(&tuned, sample->classifier, sample->dataset, NULL, NULL, NULL);
    *wrong = check_out(status, tuned);
    bantam_classifier_free(&tuned);
    return status;
}

static bantam_status learn_rows(bantam_classifier_stream *stream)
{
    bantam_status status = BANTAM_OK;
    for (size_t i = 0; !status && i < 2 * ROWS; i++) {
        bantam_text label = {i % 2 ? "a" : "b", 1};
        bantam_record record = {
            .text = {text, strlen(text)}, .labels = &label, .n_labels = 1, .weight = 1};
        status = bantam_classifier_stream_learn(stream, &record, NULL);
    }
    return status;
}

static bantam_status try_stream(const struct sample *sample, const char **wrong)
{
    static const char *const labels[] = {"b", "a"};
    (void)sample;
    bantam_classifier_options options = bantam_classifier_options_default();
    options.parts[0].hash_bits = 8;
    options.parts[0].idf = false;
    bantam_classifier_stream *stream = (bantam_classifier_stream *)&stream;
    bantam_classifier *classifier = NULL;
    bantam_status status =
        bantam_classifier_stream_new(&stream, labels, 2, false, ROWS, &options, NULL);
    *wrong = check_out(status, stream);
    if (!status) {
        status = learn_rows(stream);
    }
    if (!status) {
        status = bantam_classifier_stream_finish(&classifier, stream, NULL, NULL);
        *wrong = check_out(status, classifier);
    }
    bantam_classifier_stream_free(&stream);
    bantam_classifier_free(&classifier);
    return status;
}

static bantam_status try_save(const struct sample *sample, const char **wrong)
{
    bantam_buffer out;
    bantam_buffer_init(&out, 1 << 24);
    bantam_status status = bantam_classifier_save(sample->classifier, &out, NULL);
    *wrong = !status || out.size == 0 ? NULL : "half a file was written";
    bantam_buffer_release(&out);
    return status;
}

static bantam_status try_load(const struct sample *sample, const char **wrong)
{
    bantam_classifier *classifier = (bantam_classifier *)&classifier;
    bantam_status status =
        bantam_classifier_load(&classifier, sample->file.data, sample->file.size, NULL);
    *wrong = check_out(status, classifier);
    bantam_classifier_free(&classifier);
    return status;
}

static bantam_status try_predict(const struct sample *sample, const char **wrong)
{
    float probabilities[3];
    bantam_predictor *predictor = (bantam_predictor *)&predictor;
    bantam_status status = bantam_predictor_new(&predictor, sample->classifier, NULL);
    *wrong = check_out(status, predictor);
    if (!status) {
        status = bantam_predictor_run(predictor, text, strlen(text), probabilities, NULL);
    }
    bantam_predictor_free(&predictor);
    return status;
}

static bantam_status try_explain(const struct sample *sample, const char **wrong)
{
    bantam_explanation *explanation = NULL;
    bantam_explainer *explainer = (bantam_explainer *)&explainer;
    bantam_status status = bantam_explainer_new(&explainer, sample->classifier, NULL);
    *wrong = check_out(status, explainer);
    if (!status) {
        explanation = (bantam_explanation *)&explanation;
        status = bantam_explain(&explanation, explainer, text, strlen(text), NULL, NULL);
        *wrong = check_out(status, explanation);
    }
    bantam_explanation_free(&explanation);
    bantam_explainer_free(&explainer);
    return status;
}

static bantam_status try_inspect(const struct sample *sample, const char **wrong)
{
    bantam_buffer out;
    bantam_inspection_options options = bantam_inspection_options_default();
    options.n_ngrams = 2;
    bantam_buffer_init(&out, 1 << 24);
    bantam_status status = bantam_inspection_text(&out, sample->classifier, &options, NULL);
    if (!status) {
        status = bantam_inspection_json(&out, sample->classifier, &options, NULL);
    }
    *wrong = status && status != BANTAM_ERROR_MEMORY ? "another error than memory" : NULL;
    bantam_buffer_release(&out);
    return status;
}

static void fail(const char *what, uint64_t allocation, const char *how)
{
    fprintf(stderr, "%s: allocation %" PRIu64 ": %s\n", what, allocation, how);
    exit(1);
}

static uint64_t fail_each(const char *what, call attempt, const struct sample *sample)
{
    for (uint64_t countdown = 0;; countdown++) {
        const char *wrong = NULL;
        memory_fail_after(countdown);
        bantam_status status = attempt(sample, &wrong);
        bool fired = !memory_fail_pending();
        memory_fail_after(UINT64_MAX);
        if (wrong) {
            fail(what, countdown, wrong);
        }
        if (fired == (status == BANTAM_OK)) {
            fail(what, countdown, fired ? "was not noticed" : "fails though no allocation did");
        }
        if (!fired) {
            printf("%s: %" PRIu64 " allocations\n", what, countdown);
            return countdown;
        }
    }
}

int main(void)
{
    static const struct {
        const char *name;
        call attempt;
    } calls[] = {
        {"bantam_dataset_new, _add, _finish", try_dataset},
        {"bantam_classifier_train", try_train},
        {"bantam_classifier_tune", try_tune},
        {"bantam_classifier_stream", try_stream},
        {"bantam_classifier_save", try_save},
        {"bantam_classifier_load", try_load},
        {"bantam_predictor_run", try_predict},
        {"bantam_explain", try_explain},
        {"bantam_inspection_text, _json", try_inspect},
    };
    struct sample sample = {.options = bantam_classifier_options_default()};
    sample.options.keep_texts = true;
    sample.options.folds = 2;
    sample.options.calibration = BANTAM_CALIBRATE_ADAPTIVE;
    bantam_buffer_init(&sample.file, 1 << 24);
    if (bantam_dataset_new(&sample.dataset, NULL, NULL) || fill(sample.dataset) ||
        bantam_classifier_train(&sample.classifier, sample.dataset, &sample.options, NULL, NULL) ||
        bantam_classifier_save(sample.classifier, &sample.file, NULL)) {
        fail("the sample", 0, "fails");
    }
    uint64_t total = 0;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        total += fail_each(calls[i].name, calls[i].attempt, &sample);
    }
    bantam_buffer_release(&sample.file);
    bantam_classifier_free(&sample.classifier);
    bantam_dataset_free(&sample.dataset);
    printf("%" PRIu64 " passed, 0 failed, 0 skipped\n", total);
    return 0;
}
