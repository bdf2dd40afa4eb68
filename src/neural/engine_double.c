// The kernels in float64: for checks, proofs and models whose numbers need it. Sizes are not constants here, and only the forward pass,
// which sums are decoded with, comes in more than one version.
#define LANES_DOUBLE
#include "neural/engine_backward.h"

VECTOR_KERNEL_SMALL
static void forward(void *opaque, const uint8_t *tokens, size_t from, size_t to, size_t output_from)
{
    struct state *state = opaque;
    forward_positions(state, tokens, from, to, output_from, sizes_of(&state->plan.shape));
}

static double loss(void *opaque, const uint8_t *tokens, uint32_t *wrong)
{
    struct state *state = opaque;
    return loss_of_answers(state, tokens, wrong, state->plan.shape.vocabulary);
}

static void backward(void *opaque, const uint8_t *tokens, double scale)
{
    struct state *state = opaque;
    backward_positions(state, tokens, scale, sizes_of(&state->plan.shape));
}

static void collect(void *opaque, double *dense)
{
    sum_lanes(opaque, dense);
}

const struct engine_kernels engine_kernels_double = {
    .new_state = new_state,
    .free_state = free_state,
    .set_weights = set_weights,
    .forward = forward,
    .loss = loss,
    .backward = backward,
    .clear = clear,
    .collect = collect,
    .logit = logit,
    .attention = attention,
};
