// The kernels in float32, with the sizes of common shapes as constants; other shapes take the general ones.
#include "neural/engine_backward.h"

#define SIZES_ADDER ((struct sizes){3, 1, 4, 3, 10})

static bool is_adder(const struct state *state)
{
    const struct neural_shape *shape = &state->plan.shape;
    return shape->width == 3 && shape->n_heads == 1 && shape->head_width == 4 &&
           shape->hidden == 3 && shape->vocabulary == 10;
}

VECTOR_KERNEL
static void forward_any(struct state *state, const uint8_t *tokens, size_t from, size_t to,
                        size_t output_from)
{
    forward_positions(state, tokens, from, to, output_from, sizes_of(&state->plan.shape));
}

VECTOR_KERNEL
static void forward_adder(struct state *state, const uint8_t *tokens, size_t from, size_t to,
                          size_t output_from)
{
    forward_positions(state, tokens, from, to, output_from, SIZES_ADDER);
}

static void forward(void *opaque, const uint8_t *tokens, size_t from, size_t to, size_t output_from)
{
    if (is_adder(opaque)) {
        forward_adder(opaque, tokens, from, to, output_from);
    } else {
        forward_any(opaque, tokens, from, to, output_from);
    }
}

VECTOR_KERNEL
static double loss(void *opaque, const uint8_t *tokens, uint32_t *wrong)
{
    struct state *state = opaque;
    if (state->plan.shape.vocabulary == 10) {
        return loss_of_answers(state, tokens, wrong, 10);
    }
    return loss_of_answers(state, tokens, wrong, state->plan.shape.vocabulary);
}

VECTOR_KERNEL
static void backward_any(struct state *state, const uint8_t *tokens, float scale)
{
    backward_positions(state, tokens, scale, sizes_of(&state->plan.shape));
}

VECTOR_KERNEL
static void backward_adder(struct state *state, const uint8_t *tokens, float scale)
{
    backward_positions(state, tokens, scale, SIZES_ADDER);
}

static void backward(void *opaque, const uint8_t *tokens, double scale)
{
    if (is_adder(opaque)) {
        backward_adder(opaque, tokens, (float)scale);
    } else {
        backward_any(opaque, tokens, (float)scale);
    }
}

VECTOR_KERNEL
static void collect(void *opaque, double *dense)
{
    sum_lanes(opaque, dense);
}

const struct engine_kernels engine_kernels_float = {
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
