// Which class does this text belong to? A trained model, a text in, calibrated probabilities out.
//
// A bantam_classifier is a loaded model: immutable, and one serves any number of threads. A bantam_predictor is what one thread
// needs to ask it; asking allocates nothing once its memory has grown to the longest text.
//
//     bantam_classifier_load(&classifier, bytes, size, &error)      a model file that `bantam train` wrote
//     bantam_predictor_new(&predictor, classifier, &error)
//     bantam_predictor_run(predictor, text, text_size, probabilities, &error)
#ifndef BANTAM_CLASSIFIER_H
#define BANTAM_CLASSIFIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "dataset.h"
#include "status.h"

#define BANTAM_CLASSIFIER_KIND "text-classifier" // __metadata__["kind"] of its model files

typedef struct bantam_classifier bantam_classifier;

// Opens a model file from memory; copies what it needs. `*out` is NULL on failure.
//
// Errors: BANTAM_ERROR_MODEL (damaged, or a model of another kind), BANTAM_ERROR_VERSION, BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_classifier_load(bantam_classifier **out,
                                                                  const void *bytes, size_t size,
                                                                  bantam_error *error);

BANTAM_API void bantam_classifier_free(bantam_classifier **classifier);

// Appends the model file's bytes; the same classifier gives the same bytes. Errors: BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_classifier_save(
    const bantam_classifier *classifier, bantam_buffer *out, bantam_error *error);

BANTAM_API size_t bantam_classifier_n_labels(const bantam_classifier *classifier);

// The name of label i below n_labels, terminated; sorted by their bytes. Borrowed.
BANTAM_API const char *bantam_classifier_label(const bantam_classifier *classifier, size_t i);

// Whether a text may have any number of labels: each probability then stands alone and they do not sum to 1.
BANTAM_API bool bantam_classifier_is_multi_label(const bantam_classifier *classifier);

// How many n-grams (or hash buckets) have weights.
BANTAM_API size_t bantam_classifier_n_features(const bantam_classifier *classifier);

// A record from the model file: "options" and "measured" are JSON objects, "data_digest" and "calibration" plain text. NULL where
// there is none of that name. Borrowed.
BANTAM_API const char *bantam_classifier_record(const bantam_classifier *classifier,
                                                const char *name);

typedef struct bantam_predictor bantam_predictor;

// Borrows the classifier. `*out` is NULL on failure. Errors: BANTAM_ERROR_MEMORY. One thread at a time uses a predictor.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_predictor_new(bantam_predictor **out,
                                                                const bantam_classifier *classifier,
                                                                bantam_error *error);

BANTAM_API void bantam_predictor_free(bantam_predictor **predictor);

// Writes the probability of each label; `probabilities` is (n_labels). Any bytes are a text: NULs and damaged UTF-8 are no errors
// (what cannot be decoded counts as U+FFFD), nor is an empty text. Errors: BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_predictor_run(bantam_predictor *predictor,
                                                                const char *text, size_t text_size,
                                                                float *probabilities,
                                                                bantam_error *error);

// The same for many texts, on as many threads as there are predictors, all of one classifier. `probabilities` is (n_texts, n_labels);
// it does not depend on the number of threads. Errors: BANTAM_ERROR_ARGUMENT (no predictor), BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_predictors_run(
    bantam_predictor *const *predictors, size_t n_predictors, const bantam_text *texts,
    size_t n_texts, float *probabilities, bantam_error *error);

// The same where only the most likely label of each text is asked for, the first of equals: `labels` is (n_texts). It takes a third to
// half less time where there are many labels; of many texts it keeps rounded weights beside the classifier's for that, a quarter of their
// size, which change no answer.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_predictors_label(
    bantam_predictor *const *predictors, size_t n_predictors, const bantam_text *texts,
    size_t n_texts, uint32_t *labels, bantam_error *error);

typedef struct bantam_decision_options {
    double
        abstain_below; // the most likely label is not named below this probability; 0 to 1, default 0
    double
        set_coverage; // asks for a set of labels that holds the true one this often; 0 (default): no set, else below 1
    double threshold; // multi-label: a label is given from this probability on; 0 to 1, default 0.5
} bantam_decision_options;

BANTAM_API bantam_decision_options bantam_decision_options_default(void);

typedef struct bantam_decision {
    uint32_t best;     // the most likely label; of equals the first
    float probability; // its probability
    bool abstained;    // no label is named
    size_t n_labels; // how many of `ranked` are given: 1 or 0 (abstained); multi-label: any number
    size_t n_set;    // how many of `ranked` are in the set; 0 where none was asked for
} bantam_decision;

// Decides from the probabilities (n_labels) of a predictor. Writes all labels to `ranked` (n_labels), the most likely first; NULL where
// one label is enough: then n_set stays 0 and so, for several labels a text, does n_labels.
//
// The set is split-conformal (Vovk, Gammerman, Shafer 2005; threshold scores): over texts like those that the model was calibrated
// on it holds the true label with at least the asked probability, on average. Errors: BANTAM_ERROR_ARGUMENT (an option out of its
// range; a set of a model that was trained without calibration or of a multi-label one).
BANTAM_API BANTAM_MUST_CHECK bantam_status
bantam_classifier_decide(const bantam_classifier *classifier, const float *probabilities,
                         const bantam_decision_options *options, uint32_t *ranked,
                         bantam_decision *decision, bantam_error *error);

#endif
