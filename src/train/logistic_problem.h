// The objective of logistic_learner.h over rows laid out for speed: its value, gradient and products with its Hessian.
//
// In: rows, labels, options. Rows of weight 0 are left out and rows of one label stand together; columns are sorted by how many
// rows have them, and columns that stand in the same rows with the same values become one (under a ridge penalty the optimum is
// the same, by rotation: the weight of the one is shared out), as do all columns of a single row. A text's rare n-grams are mostly
// such. Parameters are (n_columns + 1, width): V = W − prior by column, and last the intercepts (less their prior); width is n_outputs
// filled up to whole lanes, or 1. Every sum has a fixed order that knows nothing of threads.
#ifndef BANTAM_TRAIN_LOGISTIC_PROBLEM_H
#define BANTAM_TRAIN_LOGISTIC_PROBLEM_H

#include "train/logistic_learner.h"

enum {
    LOGISTIC_ROWS_A_PIECE = 128 // of work; a multiple of the lanes
};

struct logistic_problem {
    enum logistic_form form;
    size_t n_rows, n_columns, n_outputs, width;
    double ridge, lasso;   // factors of ‖V‖²/2 and ‖V‖₁
    bool intercepts_fixed; // their parameters stay 0, the offsets hold them
    int n_threads;
    struct sparse_matrix by_row;    // (n_rows, n_columns)
    struct sparse_matrix by_column; // the same, transposed
    float *row_weights;             // (n_rows) C · s_i
    size_t *target_starts;          // (n_rows + 1)
    uint32_t *targets;              // outputs that are 1 in a row
    float *target_scores;           // of each target, while a row is worked on
    float *positive, *negative; // (width) factors of an output's loss where it is 1, where it is 0
    float *offsets;             // (n_rows, width) scores that the priors give; NULL: 0
    float *support;     // (n_columns, width) 1 where V may differ from 0, else 0; NULL: everywhere
    float *curvature;   // (n_rows, width) softmax: p; logistic: weight · p (1 − p)
    float *residuals;   // (n_rows, width) weight · (p − y); and room for products
    float *piece_sums;  // (pieces of rows, width)
    float *column_sums; // (n_column_chunks, width)
    size_t *column_chunks; // (n_column_chunks + 1) pieces of work of about the same size
    size_t n_column_chunks;
    double *partial;  // (max of chunks) sums that are then added in order
    uint32_t *merged; // (n_features) the column that a feature became; UINT32_MAX: in no row
    float *shares;    // (n_features) its weight per weight of the column
    size_t n_features;
    size_t n_passes;
    void *support_memory;
    void *memory; // of the aligned arrays
};

BANTAM_MUST_CHECK bantam_status logistic_problem_init(struct logistic_problem *problem,
                                                      const struct sparse_matrix *rows,
                                                      const struct logistic_labels *labels,
                                                      const float *row_weights,
                                                      const struct logistic_options *options,
                                                      bantam_error *error);
void logistic_problem_release(struct logistic_problem *problem);

// Number of floats of the parameters, (n_columns + 1) · width filled up to whole lanes.
size_t logistic_n_parameters(const struct logistic_problem *problem);

// Cleared parameters on a boundary of lanes; free `*memory`. NULL when memory is out.
float *logistic_allocate(const struct logistic_problem *problem, size_t n_vectors, void **memory);

// Terms of a sum: rows `indices` of `dense` (…, width), each times its value, or its value squared.
struct logistic_terms {
    const uint32_t *indices; // (n)
    const float *values;     // (n)
    size_t n;
    const float *dense;
    size_t width;
    bool squared;
};

// Adds the terms to `sums` (width).
void logistic_add_terms(float *sums, const struct logistic_terms *terms);

// The loss at the parameters, without penalty; fills `curvature` and `residuals`.
double logistic_loss(struct logistic_problem *problem, const float *parameters);

// Of the loss, after logistic_loss: gradient (n_columns + 1, width).
void logistic_gradient(struct logistic_problem *problem, float *gradient);

// What a ridge penalty's optimum is away at most, after logistic_loss: ‖∇_W‖² / (2 · ridge) of the whole objective, without keeping
// the gradient. `intercept_slope`: the largest |∂/∂b|.
double logistic_gap(struct logistic_problem *problem, const float *parameters,
                    double *intercept_slope);

// Enters gap and slope in the report, whose objective is known, and whether they are within the tolerance: the gap as a share of the
// objective, the slope of the intercepts as a mean over rows.
void logistic_judge(const struct logistic_problem *problem, double gap, double intercept_slope,
                    double tolerance, struct logistic_report *report);

// The diagonal of the loss's Hessian, after logistic_loss. Overwrites `residuals`.
void logistic_diagonal(struct logistic_problem *problem, float *diagonal);

// The loss's Hessian times `direction`, after logistic_loss. Overwrites `residuals`.
void logistic_product(struct logistic_problem *problem, const float *direction, float *product);

// ridge / 2 · ‖V‖² + lasso · ‖V‖₁
double logistic_penalty(struct logistic_problem *problem, const float *parameters);

// Between the caller's (n_features, n_outputs) and parameters.
void logistic_pack(const struct logistic_problem *problem, const float *weights,
                   const float *intercepts, const struct logistic_options *options,
                   float *parameters);
void logistic_unpack(const struct logistic_problem *problem, const float *parameters,
                     const struct logistic_options *options, float *weights, float *intercepts);

#endif
