// Logistic regression that sees each row once (or a few times) and keeps nothing of it: for training data larger than memory.
//
// AdaGrad (Duchi, Hazan, Singer 2011) with a rate for each weight, on rows as they come; an l2 penalty is paid when a weight is
// next touched, so that a step costs only the row's entries. Memory: two floats for each of n_features · n_outputs.
// The order of the rows decides the result; the number of threads does not occur.
#ifndef BANTAM_TRAIN_STOCHASTIC_LEARNER_H
#define BANTAM_TRAIN_STOCHASTIC_LEARNER_H

#include "train/logistic_learner.h"

struct stochastic_options {
    enum logistic_form form; // default multinomial
    size_t n_outputs;        // 1: two classes, the log-odds of class 1
    double rate;             // AdaGrad's step, > 0, default 0.5
    double l2; // of the mean loss: 1 / (C · number of rows) compares with logistic_fit; default 0
};

struct stochastic_learner;

struct stochastic_options stochastic_options_default(void);

// Starts from zero. Errors: BANTAM_ERROR_ARGUMENT, BANTAM_ERROR_MEMORY; *out is then NULL.
BANTAM_MUST_CHECK bantam_status stochastic_learner_new(struct stochastic_learner **out,
                                                       size_t n_features,
                                                       const struct stochastic_options *options,
                                                       bantam_error *error);
void stochastic_learner_free(struct stochastic_learner **learner);

// Learns one row of `n_entries` entries (columns below n_features, none twice). `labels` (n_labels): one for multinomial and for
// a single output, any number for one-vs-rest; each below the number of classes. Returns the row's loss before the step.
double stochastic_learner_step(struct stochastic_learner *learner, const uint32_t *columns,
                               const float *values, size_t n_entries, const uint32_t *labels,
                               size_t n_labels, float row_weight);

// Writes what was learned so far: `weights` (n_features, n_outputs) and `intercepts` (n_outputs).
void stochastic_learner_weights(const struct stochastic_learner *learner, float *weights,
                                float *intercepts);

#endif
