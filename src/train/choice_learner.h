// Which of a few alternatives is right: a conditional logit (McFadden 1974), weights shared by all alternatives.
//
// minimise Σ_e weight_e · −ln Σ_{right i} p_i + l2/2 · Σ_f (deviation_f · w_f)² + l2_own/2 · Σ_k own_k²,
// p = softmax_i(w · x_i + own[kind_i])
//
// Features are weighed in units of their deviation over all rows, so that one penalty fits them all. Alternatives may be of kinds
// that recur, each with a weight of its own.
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
    const uint32_t *kinds; // (n_alternatives) below n_kinds; NULL where there are none
};

// Fills weights (n_features). Examples that are all right or all wrong teach nothing; without any other the weights are 0. A
// feature that is the same in all rows gets weight 0. Deterministic. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status choice_learner_fit(float *weights, size_t n_features,
                                                   const struct choice_example *examples,
                                                   size_t n_examples, double l2,
                                                   bantam_error *error);

// The same with own (n_kinds) weights of the kinds, which `l2_own` keeps small.
BANTAM_MUST_CHECK bantam_status choice_learner_fit_kinds(float *weights, size_t n_features,
                                                         float *own, size_t n_kinds,
                                                         const struct choice_example *examples,
                                                         size_t n_examples, double l2,
                                                         double l2_own, bantam_error *error);

#endif
