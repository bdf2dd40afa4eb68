// Which of a few alternatives is right: a conditional logit (McFadden 1974), weights shared by all alternatives.
//
// minimise Σ_e weight_e · −ln Σ_{right i} p_i + l2/2 · Σ_f (deviation_f · w_f)²,  p = softmax_i(w · x_i)
//
// Features are weighed in units of their deviation over all rows, so that one penalty fits them all.
#ifndef BANTAM_TRAIN_CHOICE_LEARNER_H
#define BANTAM_TRAIN_CHOICE_LEARNER_H

#include <stddef.h>
#include <stdint.h>

#include "bantam/status.h"

struct choice_example {
    const float *rows;    // (n_alternatives, n_features)
    const uint8_t *right; // (n_alternatives) 1 where the alternative is right; several may be
    size_t n_alternatives;
    float weight;
};

// Fills weights (n_features). Examples that are all right or all wrong teach nothing; without any other the weights are 0. A
// feature that is the same in all rows gets weight 0. Deterministic. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status choice_learner_fit(float *weights, size_t n_features,
                                                   const struct choice_example *examples,
                                                   size_t n_examples, double l2,
                                                   bantam_error *error);

#endif
