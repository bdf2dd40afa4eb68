// Any bytes may be given as a text classifier: used in every way, or refused with a reason; never a wild read.
#include "fuzz_target.h"

#include <stdlib.h>
#include <string.h>

#include <bantam/bantam.h>

static const bantam_text texts[] = {{"Error: Missing dependency", 25},
                                    {"", 0},
                                    {"\xff\xfe\0 build", 9},
                                    {"Where is my parcel, please?", 27}};

static void predict(const bantam_classifier *classifier)
{
    size_t n_labels = bantam_classifier_n_labels(classifier);
    float *probabilities = calloc(n_labels, sizeof *probabilities);
    uint32_t *ranked = calloc(n_labels, sizeof *ranked);
    bantam_predictor *predictor;
    bantam_decision_options options = bantam_decision_options_default();
    if (probabilities && ranked &&
        bantam_predictor_new(&predictor, classifier, NULL) == BANTAM_OK) {
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
            bantam_decision decision;
            options.set_coverage = i % 2 == 0 ? 0.9 : 0;
            if (bantam_predictor_run(predictor, texts[i].bytes, texts[i].size, probabilities,
                                     NULL) == BANTAM_OK &&
                bantam_classifier_decide(classifier, probabilities, &options, ranked, &decision,
                                         NULL) == BANTAM_OK &&
                (decision.n_labels > n_labels || decision.n_set > n_labels)) {
                abort(); // more labels than there are
            }
        }
        bantam_predictor_free(&predictor);
    }
    free(probabilities);
    free(ranked);
}

static void explain(const bantam_classifier *classifier)
{
    bantam_explainer *explainer;
    if (bantam_explainer_new(&explainer, classifier, NULL)) {
        return;
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        bantam_explanation *explanation;
        if (bantam_explain(&explanation, explainer, texts[i].bytes, texts[i].size, NULL, NULL) ==
            BANTAM_OK) {
            bantam_buffer out;
            bantam_explanation_options options = bantam_explanation_options_default();
            options.color = true;
            bantam_buffer_init(&out, 1 << 20);
            bantam_explanation_text(&out, classifier, explanation, texts[i], &options);
            bantam_explanation_json(&out, classifier, explanation, texts[i]);
            bantam_buffer_release(&out);
            bantam_explanation_free(&explanation);
        }
    }
    bantam_explainer_free(&explainer);
}

static void inspect(const bantam_classifier *classifier)
{
    bantam_inspection_options options = bantam_inspection_options_default();
    bantam_buffer out;
    options.n_ngrams = 2;
    bantam_buffer_init(&out, 1 << 24);
    if (bantam_inspection_text(&out, classifier, &options, NULL) == BANTAM_OK &&
        bantam_inspection_json(&out, classifier, &options, NULL) == BANTAM_OK && out.size == 0) {
        abort(); // told nothing
    }
    bantam_buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bantam_error error = {0};
    bantam_classifier *classifier;
    if (bantam_classifier_load(&classifier, data, size, &error)) {
        if (classifier || error.code == BANTAM_OK ||
            !memchr(error.message, '\0', sizeof error.message) || !error.message[0]) {
            abort(); // refused without a reason
        }
        return 0;
    }
    predict(classifier);
    explain(classifier);
    inspect(classifier);
    bantam_buffer file;
    bantam_buffer_init(&file, 1 << 28);
    if (bantam_classifier_save(classifier, &file, &error) == BANTAM_OK) {
        bantam_classifier *again;
        if (bantam_classifier_load(&again, file.data, file.size, &error) == BANTAM_ERROR_MODEL) {
            abort(); // what it wrote it cannot read
        }
        bantam_classifier_free(&again);
    }
    bantam_buffer_release(&file);
    bantam_classifier_free(&classifier);
    return 0;
}
