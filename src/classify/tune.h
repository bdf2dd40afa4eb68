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

// Everything of one call.
struct tune_task {
    const bantam_classifier *base;
    const bantam_tune_options *options;
    struct training_rows own;
    struct tune_labels labels;
    struct sparse_matrix matrix;    // the tuning rows, then the texts that the base kept
    size_t n_rows;                  // of the matrix
    uint32_t *label_list;           // new numbers
    size_t *label_starts;           // (n_rows + 1)
    float *row_weights;             // (n_rows)
    struct logistic_labels targets; // of the matrix's rows
    size_t n_outputs;
    float *scaled_values;                // of the matrix, divided by the temperature
    float *scaled_intercepts;            // (n_outputs) likewise
    float *prior, *weights;              // (n_features, n_outputs)
    float *intercept_prior, *intercepts; // (n_outputs)
};

// Fits all rows whose weight is not 0. The loss is that of the calibrated probabilities, so that an example asks for no more than it
// takes to be sure of it: scores, and so rows and intercepts, are divided by the temperature. Intercepts stay: without rows of the other
// labels those of the examples would rise and rise.
BANTAM_MUST_CHECK bantam_status tune_fit(struct tune_task *task, const float *row_weights,
                                         bantam_error *error);

// tune_measure.c: fits folds to see what tuning is worth on its own rows, then all rows, whose fit it leaves in the task, and measures
// what that does to the texts that the base kept. Errors: those of the fits, BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status tune_measure(struct tune_task *task, bantam_tune_report *report,
                                             bantam_error *error);

// tune_build.c: makes a cleared classifier the tuned one, with what of the base stays. Errors: BANTAM_ERROR_MEMORY; the caller frees it.
BANTAM_MUST_CHECK bantam_status tune_build(bantam_classifier *classifier,
                                           const struct tune_task *task,
                                           const bantam_tune_report *report, bantam_error *error);

#endif
