// Making a text classifier smaller: fewer weights, rounded to eight or four bits, n-grams known by their hashes alone; and a table
// that says what each size costs in accuracy.
#ifndef BANTAM_CLASSIFIER_SHRINK_H
#define BANTAM_CLASSIFIER_SHRINK_H

#include "classifier_train.h"

typedef struct bantam_shrink_options {
    size_t max_size; // bytes of the model file; 0 (default): no limit
    double
        max_loss; // share of accuracy that may go, 0 to 1, default 0.005; ignored where max_size is given unless `strict`
    bool strict;  // refuse where max_size costs more than max_loss; default false
    bool
        keep_names; // n-grams stay readable, with their means over the rows, for explaining; default false
    int n_threads;            // default 1; the result does not depend on it
    bantam_progress progress; // may be NULL
    void *progress_context;
} bantam_shrink_options;

BANTAM_API bantam_shrink_options bantam_shrink_options_default(void);

typedef struct bantam_shrink_step {
    size_t size;      // bytes of the model file
    int bits;         // of a weight: 32, 8 or 4
    size_t n_weights; // that are not 0
    size_t n_features;
    double accuracy; // measured; several labels a row: of whole label sets
    bool chosen;
} bantam_shrink_step;

enum {
    BANTAM_SHRINK_STEPS = 16
};

typedef struct bantam_shrink_report {
    bantam_shrink_step
        steps[BANTAM_SHRINK_STEPS]; // the model as it was, and what was tried, from the largest
    size_t n_steps;
    size_t n_rows; // that accuracies speak of
    bool
        refitted; // the rows are those that the model was trained on: what stays was learned again, and accuracies are those of models
                  // that have not seen the row
} bantam_shrink_report;

// Shrinks with the help of labelled rows. Best are those that the model was trained on: each size is then cross-validated as a whole,
// from fitting to rounding, and the weights that stay are learned again without the others. Other rows serve to measure.
//
// Chosen is the most accurate model within max_size, or the smallest that loses at most max_loss. `report` may be NULL. `*out` is
// NULL on failure. Errors: BANTAM_ERROR_INPUT (no rows; none of their labels is the model's), BANTAM_ERROR_ARGUMENT (an option out of
// its range; max_size can't be had, or not at max_loss), BANTAM_ERROR_MEMORY, BANTAM_ERROR_CANCELLED.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_classifier_shrink(
    bantam_classifier **out, const bantam_classifier *base, const bantam_dataset *dataset,
    const bantam_shrink_options *options, bantam_shrink_report *report, bantam_error *error);

#endif
