// Curves over a falling threshold, and the area under one.
#ifndef BANTAM_EVALUATE_CURVES_H
#define BANTAM_EVALUATE_CURVES_H

#include "evaluate/scored_rows.h"

enum {
    CURVE_POINTS = 201 // at most, of one curve
};

// Average precision of each class: Σ_n (R_n − R_{n−1}) P_n over distinct probabilities (scikit-learn's average_precision_score); 0
// where the class has no rows. `out` (n_classes). Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status curve_average_precision(double *out,
                                                        const struct scored_rows *scored,
                                                        int n_threads, bantam_error *error);

// Precision (y) over recall (x) of all (row, class) pairs; probabilities are rounded to 2^-16 first. Writes at most CURVE_POINTS
// and returns how many through *n.
BANTAM_MUST_CHECK bantam_status curve_precision_recall(bantam_curve_point points[CURVE_POINTS],
                                                       size_t *n, const struct scored_rows *scored,
                                                       bantam_error *error);

// Accuracy (y) of the likeliest class over the share of rows answered (x) when answers below the threshold are kept back.
BANTAM_MUST_CHECK bantam_status curve_coverage(bantam_curve_point points[CURVE_POINTS], size_t *n,
                                               const struct scored_rows *scored,
                                               bantam_error *error);

#endif
