// From held-out scores to what makes a classifier honest: its calibration, its conformal sets, and figures of how good it is.
#ifndef BANTAM_CLASSIFY_CALIBRATE_H
#define BANTAM_CLASSIFY_CALIBRATE_H

#include "classify/classifier.h"
#include "classify/held_out.h"
#include "classify/training_rows.h"

// Fits what classifier->options ask for on rows that learners have not seen and measures it; `rows` are the training rows, made
// by `vectorizer`. Each figure is of rows that neither weights nor calibration have seen. Does nothing, and report->calibration
// says so, where there are fewer than CALIBRATE_ROWS rows, or no fold was done in time. `known` are scores of the same folds that were
// found before, or NULL. Errors: BANTAM_ERROR_MEMORY, BANTAM_ERROR_CANCELLED.
BANTAM_MUST_CHECK bantam_status classifier_calibrate(
    bantam_classifier *classifier, const struct vectorizer *vectorizer,
    const struct sparse_matrix *matrix, const struct training_rows *rows,
    const struct logistic_options *learner, const bantam_classifier_options *options,
    struct held_out_known *known, bantam_classifier_report *report, bantam_error *error);

// The same from `scores` (n_rows, n_outputs) of rows that the model has not learned; the folds are then of the calibration alone.
BANTAM_MUST_CHECK bantam_status classifier_calibrate_scores(
    bantam_classifier *classifier, const float *scores, const struct training_rows *rows,
    const bantam_classifier_options *options, bantam_classifier_report *report,
    bantam_error *error);

enum {
    CALIBRATE_ROWS =
        50 // with fewer, held-out figures are noise and a fitted temperature would be, too
};

#endif
