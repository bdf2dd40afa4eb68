// Logistic regression on sparse rows to a stated optimum: multinomial, one-vs-rest, several labels a row.
//
// Minimises  C · Σ_i s_i · loss_i(W, b)  +  (1 − l1_ratio)/2 · ‖W − prior‖²  +  l1_ratio · ‖W − prior‖₁
// over W (n_features, n_outputs) and intercepts b that are not penalised (and may be fixed): scikit-learn's and LIBLINEAR's objective, with
// loss_i the cross-entropy of softmax (multinomial) or the sum of the outputs' logistic losses (one-vs-rest). With two classes
// and one label a row there is one output, the log-odds of class 1.
//
// The same bits on any number of threads. Method: logistic_newton.h; certificate: struct logistic_report.
#ifndef BANTAM_TRAIN_LOGISTIC_LEARNER_H
#define BANTAM_TRAIN_LOGISTIC_LEARNER_H

#include <stdbool.h>

#include "bantam/train.h"
#include "features/sparse_matrix.h"

enum logistic_form {
    LOGISTIC_MULTINOMIAL, // one label a row
    LOGISTIC_ONE_VS_REST, // each class against all others; any number of labels a row
};

// What the rows are labelled with.
struct logistic_labels {
    size_t n_classes;       // ≥ 2
    const uint32_t *labels; // (n_rows), or (starts[n_rows]) rising within a row; below n_classes
    const size_t *starts;   // (n_rows + 1) where a row's labels begin; NULL: one label a row
};

struct logistic_options {
    enum logistic_form form;    // default multinomial; with several labels a row always one-vs-rest
    double strength;            // C > 0, default 1: the larger, the closer to the training rows
    double l1_ratio;            // 0 (default) ridge to 1 lasso
    const float *class_weights; // (n_classes) factors of the rows' weights by their label; NULL: 1
    bool balanced; // weigh classes as if they were equally frequent, as scikit-learn does
    // Stops where the duality gap is below this share of the objective, default 1e-6; without a ridge part, where the bound is one
    // of first order, below the share's root.
    double tolerance;
    size_t n_iterations; // most Newton steps, default 200
    const float *prior;  // (n_features, n_outputs) what W is drawn to; NULL: 0
    const float
        *fixed_intercepts; // (n_outputs) b stays as it is; under a ridge alone; NULL: b is free
    // (n_features, n_outputs) where W may differ from the prior: other than 0; NULL: everywhere. For a ridge penalty from no start.
    const uint8_t *support;
    bool start_given;         // weights and intercepts hold a start; otherwise 0, or the prior
    int n_threads;            // default 1
    bantam_progress progress; // may be NULL; returning false cancels
    void *progress_context;
};

// The proof that comes with the weights.
//
// `gap` bounds objective − optimum from above, by the dual point that the residuals give (for ridge ‖∇_W‖²/2), up to the slope that
// is left in the intercepts, which is `intercept_slope`.
struct logistic_report {
    double objective, gap;
    double intercept_slope; // largest |∂/∂b|
    size_t n_iterations;    // Newton steps
    size_t n_passes;        // times that the rows were read, forwards or backwards
    bool converged;         // to the tolerance
};

struct logistic_options logistic_options_default(void);

// 1 for two classes with one label a row, otherwise n_classes.
size_t logistic_n_outputs(const struct logistic_labels *labels);

// Fits `weights` (n_features, n_outputs) and `intercepts` (n_outputs). `row_weights` (n_rows) ≥ 0, NULL: 1; a row of weight 0 does
// not take part, which is how folds leave rows out. `report` may be NULL. Errors: BANTAM_ERROR_ARGUMENT (an option or a label out
// of range; nothing to learn from), BANTAM_ERROR_MEMORY, BANTAM_ERROR_CANCELLED (the weights then hold the best so far).
BANTAM_MUST_CHECK bantam_status logistic_fit(float *weights, float *intercepts,
                                             const struct sparse_matrix *rows,
                                             const struct logistic_labels *labels,
                                             const float *row_weights,
                                             const struct logistic_options *options,
                                             struct logistic_report *report, bantam_error *error);

#endif
