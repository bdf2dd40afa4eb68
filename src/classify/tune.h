// The pieces of tuning: a base's weights as a prior over old and new labels.
#ifndef BANTAM_CLASSIFY_TUNE_H
#define BANTAM_CLASSIFY_TUNE_H

#include "classify/classifier.h"
#include "classify/training_rows.h"

// Old and new labels in one order, and the base's weights in it.
struct tune_labels {
    const char **names; // (n_labels) borrowed from base and rows, sorted by their bytes
    size_t n_labels, n_new;
    uint32_t *of_base; // (base's labels) their new numbers
    uint32_t *of_rows; // (the rows' labels) likewise
};

// Errors: BANTAM_ERROR_MEMORY; *labels is then empty.
BANTAM_MUST_CHECK bantam_status tune_labels_init(struct tune_labels *labels,
                                                 const bantam_classifier *base,
                                                 const struct training_rows *rows,
                                                 bantam_error *error);
void tune_labels_release(struct tune_labels *labels);

// Writes the base's weights (n_features, n_outputs) and intercepts (n_outputs) for the labels; n_outputs is that of
// logistic_n_outputs. A new label has no weights and the mean of the base's intercepts.
BANTAM_MUST_CHECK bantam_status tune_prior(float *weights, float *intercepts, size_t n_outputs,
                                           const bantam_classifier *base,
                                           const struct tune_labels *labels, bantam_error *error);

#endif
