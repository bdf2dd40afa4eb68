// A classifier as source: for a microcontroller, a program without libraries, another language.
#ifndef BANTAM_EXPORT_H
#define BANTAM_EXPORT_H

#include "buffer.h"
#include "classifier.h"
#include "status.h"

// Appends one C99 file that predicts as the classifier does: tokeniser, hashes, weights and calibration, without a library but the
// C standard's and without allocating. Its functions and constants begin with `name` (letters, digits, '_'; not a digit first),
// and its first comment says how to use it. It names no n-grams, so texts that it was trained on can't be read from it.
//
// An n-gram counts at most 32,767 times in a text. An unknown n-gram passes for a known one once in 2^48 / n_features, or as often
// as in the model where that has no names of n-grams.
//
// Errors: BANTAM_ERROR_ARGUMENT (name), BANTAM_ERROR_MEMORY (also when the buffer's maximum is reached).
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_classifier_export_c(
    const bantam_classifier *classifier, const char *name, bantam_buffer *out, bantam_error *error);

// Appends a JSON object with all that a prediction needs: labels, intercepts, calibration, options of each part of the features, and
// each feature's n-gram (or its hash), idf and weights, for those who write a predictor in another language. Errors:
// BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_classifier_export_json(
    const bantam_classifier *classifier, bantam_buffer *out, bantam_error *error);

#endif
