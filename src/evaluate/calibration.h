// Scores → honest probabilities: temperature, sigmoid, isotonic, adaptive temperature.
//
// Fitted on scores of rows that the weights have not seen (held-out folds). Scores are those of a linear model: (n_rows, n_outputs)
// with one output (log-odds of class 1) for two classes; softmax over the outputs, or each output on its own where a row may
// have several labels. scikit-learn's CalibratedClassifierCV is the reference: one curve a class, then divided by their sum.
#ifndef BANTAM_EVALUATE_CALIBRATION_H
#define BANTAM_EVALUATE_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bantam/status.h"

enum calibration_method {
    CALIBRATION_NONE,        // as the model says
    CALIBRATION_TEMPERATURE, // scores divided by one number (Guo et al. 2017): decisions stay
    CALIBRATION_SIGMOID,     // 1 / (1 + exp(slope · score + offset)) for each output (Platt 1999)
    CALIBRATION_ISOTONIC,    // a rising curve for each output, by pooling adjacent violators
    CALIBRATION_ADAPTIVE, // scores divided by a number of each row's own (calibration_adaptive.h): decisions stay
};

// How scores become probabilities without calibration.
enum calibration_link {
    CALIBRATION_SOFTMAX,  // over the outputs; one output: the logistic function
    CALIBRATION_LOGISTIC, // each output on its own, divided by their sum (one-vs-rest)
    CALIBRATION_MULTI,    // each output on its own: several labels a row
};

// Standard deviations of rows' scores.
enum calibration_spreads {
    SPREAD_LEAST,
    SPREAD_TYPICAL, // the geometric mean
    SPREAD_MOST,
};

// A value; release it.
struct calibration {
    enum calibration_method method;
    enum calibration_link link;
    size_t n_outputs;
    float temperature; // > 0; adaptive: of a row of typical spread
    float exponent;    // adaptive: how the temperature grows with the spread of a row's scores
    float spreads[3];  // adaptive: of held-out rows, by enum calibration_spreads; > 0, not falling
    float *slopes;     // (n_outputs) sigmoid
    float *offsets;    // (n_outputs) sigmoid
    size_t *knot_starts; // (n_outputs + 1) isotonic: where an output's knots begin
    float *
        knot_scores; // rising within an output; between knots the curve is a straight line, beyond them level
    float *knot_values;
};

// Without calibration. Nothing is allocated.
struct calibration calibration_none(enum calibration_link link, size_t n_outputs);
void calibration_release(struct calibration *calibration);

// A copy for a model of `n_outputs` outputs, which may differ where there are no curves of outputs to be copied. Errors:
// BANTAM_ERROR_MEMORY; *out is then without calibration.
BANTAM_MUST_CHECK bantam_status calibration_copy(struct calibration *out,
                                                 const struct calibration *from, size_t n_outputs,
                                                 bantam_error *error);

// Fits to held-out `scores` (n_rows, n_outputs). `labels` and `starts` as struct logistic_labels has them; `weights` (n_rows) NULL: 1.
// Errors: BANTAM_ERROR_ARGUMENT (no rows, a label beyond the outputs, a score that is not finite), BANTAM_ERROR_MEMORY; *out is
// then without calibration.
BANTAM_MUST_CHECK bantam_status calibration_fit(struct calibration *out,
                                                enum calibration_method method,
                                                enum calibration_link link, const float *scores,
                                                size_t n_rows, size_t n_outputs,
                                                const uint32_t *labels, const size_t *starts,
                                                const float *weights, bantam_error *error);

// Number of probabilities a row: 2 for one output unless the link is CALIBRATION_MULTI, otherwise n_outputs.
size_t calibration_n_classes(const struct calibration *calibration);

// Whether a temperature of each row's own is to be told from its scores: of several outputs, for one label. calibration_fit fits one
// temperature instead where it is not.
bool calibration_adapts(enum calibration_link link, size_t n_outputs);

// What the row's scores (n_outputs) are divided by: the temperature, of each row its own where it is adaptive. > 0.
float calibration_temperature(const struct calibration *calibration, const float *scores);

// Writes the probabilities (n_classes) of one row's scores (n_outputs).
void calibration_apply(const struct calibration *calibration, const float *scores,
                       float *probabilities);

// Whether the class of the largest score is that of the largest probability, if it is ahead of all others by more than *ahead.
bool calibration_rises(const struct calibration *calibration, float *ahead);

// The class of the largest of those probabilities, the first of equals; `room` (n_classes) is written to. Where the scores alone
// tell, it makes no probabilities.
uint32_t calibration_likeliest(const struct calibration *calibration, const float *scores,
                               float *room);

#endif
