// The parts of bantam_classifier_shrink: one attempt (shrink_attempt.c), what it is worth (shrink_measure.c), and which to take
// (shrink.c).
#ifndef BANTAM_CLASSIFY_SHRINK_H
#define BANTAM_CLASSIFY_SHRINK_H

#include "bantam/classifier_shrink.h"
#include "classify/classifier.h"
#include "classify/training_rows.h"

// One way to be smaller.
struct shrink_attempt {
    enum weight_format format;
    size_t n_kept; // weights
    double n_right;
    float
        *scores; // (n_rows, n_outputs) of models that have not seen the row; NULL without refitting
};

// A linear model over the base's features.
struct shrink_linear {
    float *weights, *intercepts; // (n_features, n_outputs), (n_outputs)
};

struct shrink {
    const bantam_classifier *base;
    const bantam_shrink_options *options;
    struct training_rows rows;
    struct sparse_matrix matrix; // of the rows, by the base's vectorizer
    const struct vectorizer *vectorizer;
    size_t n_features, n_outputs;
    uint32_t
        *labels; // (rows.labels.n_classes) the base's number of each label; UINT32_MAX: it has none
    bool refit;
    struct logistic_options learner;
    int *folds; // (n_rows)
    int n_folds;
    struct shrink_linear whole, attempted;
    float *lengths;     // (n_features)
    float *factors;     // (n_features) 1: the n-gram stays
    float *values;      // of the matrix, scratch
    float *row_weights; // (n_rows) scratch
    uint8_t *support;   // (n_features, n_outputs)
    float *scores;      // (n_outputs)
    struct shrink_attempt attempts[BANTAM_SHRINK_STEPS];
    size_t n_attempts;
    size_t beside;             // bytes that calibration and record will add, about
    size_t limit;              // bytes without these; 0: any
    double n_right, n_counted; // of the base
    size_t n_done, n_to_do;    // for progress
};

// Takes from the whole weights what a softmax does not see. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status shrink_centre(struct shrink *shrink, bantam_error *error);

// Makes `attempted` and `factors` of `whole`: chooses weights, scales the rows to the n-grams that stay, where `learn` is set learns
// those weights again from the rows of `row_weights` other than 0, and rounds. Errors: BANTAM_ERROR_MEMORY, BANTAM_ERROR_CANCELLED.
BANTAM_MUST_CHECK bantam_status shrink_attempt_make(struct shrink *shrink,
                                                    const struct shrink_attempt *tried,
                                                    const struct sparse_matrix *rows,
                                                    const float *row_weights, bool learn,
                                                    bantam_error *error);

// Builds what stands in `attempted`, with the base's calibration, and tells its size; the classifier is the caller's where `out` is not
// NULL. Errors: those of vectorizer_select.
BANTAM_MUST_CHECK bantam_status shrink_build(bantam_classifier **out, size_t *size,
                                             struct shrink *shrink, enum weight_format format,
                                             bantam_error *error);

// Bytes of the classifier's model file. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status classifier_size(size_t *size, const bantam_classifier *classifier,
                                                bantam_error *error);

// Fills what the base and each attempt get right. Errors: BANTAM_ERROR_MEMORY, BANTAM_ERROR_CANCELLED.
BANTAM_MUST_CHECK bantam_status shrink_measure(struct shrink *shrink, bantam_error *error);

#endif
