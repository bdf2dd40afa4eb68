// Learns a softmax_model: multinomial logistic regression with soft targets, each group of weights drawn to its prior.
//
// Loss: Σ_i w_i · CE(q_i, p_i) + l2_words/2 · ‖W‖² + l2_bias/2 · ‖bias‖² + l2_tied/2 · ‖tied − prior‖², by L-BFGS.
#ifndef BANTAM_TRAIN_SOFTMAX_LEARNER_H
#define BANTAM_TRAIN_SOFTMAX_LEARNER_H

#include "model/softmax_model.h"

struct softmax_example {
    struct softmax_input input;
    const float *target; // (n_classes) sums to 1
    float weight;        // ≥ 0
};

struct softmax_learner_options {
    size_t n_classes, n_tied;
    unsigned bits;
    double l2_words, l2_bias, l2_tied;
    const float *tied_prior; // (n_tied)
    size_t n_iterations;
};

// Fits into *model, quantised as a file would hold it; temperature 1, threshold, doubt and reliance 0. Errors: BANTAM_ERROR_MEMORY; *model is
// then empty.
BANTAM_MUST_CHECK bantam_status softmax_learner_fit(struct softmax_model *model,
                                                    const struct softmax_example *examples,
                                                    size_t n_examples,
                                                    const struct softmax_learner_options *options,
                                                    bantam_error *error);

// Sets the temperature, the doubt and the reliance with which the likeliest class of held-out examples is right as often as its probability says:
// those of least log loss of that one event, "the likeliest is right", on a grid, and of those that fit as well the middle. The log
// loss over all classes would ask for a temperature that is right on the mean and too sure at the top. `probabilities` is (n, n_classes) at temperature 1 without doubt, `reliabilities`
// (n) are those of the inputs, `classes` (n) the true ones, `weights` (n).
void softmax_calibrate(struct softmax_model *model, const float *probabilities,
                       const float *reliabilities, const size_t *classes, const float *weights,
                       size_t n);

// The objective over θ = tied, bias, words (2^bits, n_classes): for the gradient check. Returns its value.
double softmax_loss(const struct softmax_example *examples, size_t n_examples,
                    const struct softmax_learner_options *options, const double *theta,
                    double *gradient);

#endif
