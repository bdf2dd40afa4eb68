// One layer's transformer taken apart for a proof: what each token at each position adds to an attention sum, and what follows it.
//
// An attention head answers N / D with N = Σ_i e_i·v_i and D = Σ_i e_i over the positions i read so far, e_i = exp(score_i). With the
// query's token and position known, e_i depends on position i's own token alone, and so does v_i, here already multiplied by the
// output matrix: what it adds to the residual stream.
#ifndef BANTAM_NEURAL_PROOF_MODEL_H
#define BANTAM_NEURAL_PROOF_MODEL_H

#include "neural/adder.h"
#include "neural/interval.h"
#include "neural/network.h"

enum {
    PROOF_TOKENS = 10,
};

struct proof_model {
    const bantam_adder *adder;
    const struct neural_shape *shape;
    const struct layer_tensors *tensors;
    struct interval *stream; // (n_inputs, PROOF_TOKENS, width) embedding + position
    struct interval *keys;   // (n_inputs, PROOF_TOKENS, n_heads·head_width), turned
    struct interval *values; // (n_heads, n_inputs, PROOF_TOKENS, width)
};

// Errors: BANTAM_ERROR_ARGUMENT (more than one layer), BANTAM_ERROR_MEMORY; nothing is then held. Borrows the adder.
BANTAM_MUST_CHECK bantam_status proof_model_init(struct proof_model *model,
                                                 const bantam_adder *adder, bantam_error *error);
void proof_model_release(struct proof_model *model);

// e_i up to a factor common to the head, for the query `token` at `position`: (n_heads, n_inputs, PROOF_TOKENS), positions
// up to `position`.
void proof_weights(struct interval *weights, const struct proof_model *model, size_t position,
                   size_t token);

static inline const struct interval *proof_value(const struct proof_model *model, size_t head,
                                                 size_t position, size_t token)
{
    size_t n_inputs = shape_inputs(model->shape);
    return model->values +
           ((head * n_inputs + position) * PROOF_TOKENS + token) * model->shape->width;
}

static inline const struct interval *proof_stream(const struct proof_model *model, size_t position,
                                                  size_t token)
{
    return model->stream + (position * PROOF_TOKENS + token) * model->shape->width;
}

// A lower bound on the least of logit[right] − logit[other] over the others, for every stream x (width) after attention.
double proof_margin(const struct proof_model *model, const struct interval *x, size_t right);

#endif
