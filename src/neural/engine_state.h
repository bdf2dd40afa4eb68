// What the kernels of one precision keep: weights, activations of sixteen sequences, and their adjoints.
//
// Included by engine_float.c and engine_double.c after lanes.h, never alone elsewhere. Arrays of lanes are (…, 16 sequences).
#ifndef BANTAM_NEURAL_ENGINE_STATE_H
#define BANTAM_NEURAL_ENGINE_STATE_H

#include "base/memory.h"
#include "neural/elementary.h"
#include "neural/engine.h"
#include "neural/lanes.h"

enum {
    STATE_MAXIMUM = 1 << 28 // bytes of one engine's lanes
};

struct state {
    struct engine_plan plan;
    real *weights;         // (n_numbers) the dense tensors
    real *cosines, *sines; // (n_inputs, head_width / 2) of the rotary angles
    void *memory;          // holds all lanes below
    lanes *
        x; // (n_layers + 1, n_inputs, width) the residual stream before each layer and after the last
    lanes *middle; // (n_layers, n_inputs, width) between attention and feed-forward
    lanes *attention_inverse, *feed_inverse; // (n_layers, n_inputs) 1 / √(mean x² + ε)
    lanes *query_raw, *key_raw; // (n_layers, n_inputs, heads · head_width) before their norm
    lanes *query_inverse, *key_inverse; // (n_layers, n_inputs, heads)
    lanes *query, *key, *value, *mixed; // (n_layers, n_inputs, heads · head_width)
    lanes *attention;                   // (n_layers, heads, n_inputs, n_inputs) [query][key]
    lanes *share;     // (n_layers, n_inputs, hidden) σ of the activation, kept for the way back
    lanes *gate, *up; // (n_layers, n_inputs, hidden)
    lanes *final_inverse; // (n_inputs)
    lanes *logits;        // (n_inputs, vocabulary); after the loss probabilities
    lanes *gradient;      // (n_numbers) gathered over positions and blocks
    lanes *x_adjoint;     // (n_inputs, width)
    lanes *query_adjoint, *key_adjoint, *value_adjoint,
        *mixed_adjoint;   // (n_inputs, heads · head_width)
    lanes *score_adjoint; // (n_inputs, n_inputs)
};

static void free_state(void *opaque)
{
    struct state *state = opaque;
    memory_free(state->weights);
    memory_free(state->cosines);
    memory_free(state->sines);
    memory_free(state->memory);
    memory_free(state);
}

struct piece {
    lanes **lanes;
    size_t n;
};

static size_t list_pieces(struct state *state, struct piece *pieces)
{
    const struct neural_shape *shape = &state->plan.shape;
    size_t inputs = state->plan.n_inputs, layers = shape->n_layers, heads = shape->n_heads;
    size_t in_layers = layers * inputs, all = heads * shape->head_width;
    size_t back = state->plan.gradients ? 1 : 0;
    const struct piece list[] = {
        {&state->x, (layers + 1) * inputs * shape->width},
        {&state->middle, in_layers * shape->width},
        {&state->attention_inverse, in_layers},
        {&state->feed_inverse, in_layers},
        {&state->query_raw, in_layers * all},
        {&state->key_raw, in_layers * all},
        {&state->query_inverse, in_layers * heads},
        {&state->key_inverse, in_layers * heads},
        {&state->query, in_layers * all},
        {&state->key, in_layers * all},
        {&state->value, in_layers * all},
        {&state->mixed, in_layers * all},
        {&state->attention, in_layers * heads * inputs},
        {&state->gate, in_layers * shape->hidden},
        {&state->up, in_layers * shape->hidden},
        {&state->share, in_layers * shape->hidden},
        {&state->final_inverse, inputs},
        {&state->logits, inputs * shape->vocabulary},
        {&state->gradient, back * state->plan.n_numbers},
        {&state->x_adjoint, back * inputs * shape->width},
        {&state->query_adjoint, back * inputs * all},
        {&state->key_adjoint, back * inputs * all},
        {&state->value_adjoint, back * inputs * all},
        {&state->mixed_adjoint, back * inputs * all},
        {&state->score_adjoint, back * inputs * inputs},
    };
    memcpy(pieces, list, sizeof list);
    return sizeof list / sizeof *list;
}

static bool allocate_lanes(struct state *state)
{
    struct piece pieces[32];
    size_t n_pieces = list_pieces(state, pieces), total = 1;
    for (size_t i = 0; i < n_pieces; i++) {
        total += pieces[i].n;
    }
    if (total > STATE_MAXIMUM / sizeof(lanes)) {
        return false;
    }
    state->memory = memory_allocate_array(total, sizeof(lanes));
    if (!state->memory) {
        return false;
    }
    uintptr_t aligned = ((uintptr_t)state->memory + sizeof(lanes) - 1) & ~(sizeof(lanes) - 1);
    lanes *at = (lanes *)aligned;
    for (size_t i = 0; i < n_pieces; i++) {
        *pieces[i].lanes = at;
        at += pieces[i].n;
    }
    return true;
}

static void turn_angles(struct state *state)
{
    size_t n_angles = state->plan.shape.head_width / 2;
    for (size_t i = 0; i < state->plan.n_inputs * n_angles; i++) {
        double sine, cosine, position = (double)(i / n_angles);
        double angle = state->plan.shape.rotary_angles[i % n_angles];
        elementary_sine_cosine(position * angle, &sine, &cosine);
        state->sines[i] = (real)sine;
        state->cosines[i] = (real)cosine;
    }
}

static bantam_status new_state(void **out, const struct engine_plan *plan)
{
    *out = NULL;
    struct state *state = memory_allocate_array(1, sizeof *state);
    if (!state) {
        return BANTAM_ERROR_MEMORY;
    }
    state->plan = *plan;
    size_t n_turns = plan->n_inputs * (plan->shape.head_width / 2);
    state->weights = memory_allocate_array(plan->n_numbers, sizeof *state->weights);
    state->cosines = memory_allocate_array(n_turns, sizeof *state->cosines);
    state->sines = memory_allocate_array(n_turns, sizeof *state->sines);
    if (!state->weights || !state->cosines || !state->sines || !allocate_lanes(state)) {
        free_state(state);
        return BANTAM_ERROR_MEMORY;
    }
    turn_angles(state);
    *out = state;
    return BANTAM_OK;
}

static void set_weights(void *opaque, const double *dense)
{
    struct state *state = opaque;
    for (size_t i = 0; i < state->plan.n_numbers; i++) {
        state->weights[i] = (real)dense[i];
    }
}

static void clear(void *opaque)
{
    struct state *state = opaque;
    memset(state->gradient, 0, state->plan.n_numbers * sizeof(lanes));
}

static inline double logit(const void *opaque, size_t position, size_t token, size_t lane)
{
    const struct state *state = opaque;
    return (double)state->logits[position * state->plan.shape.vocabulary + token][lane];
}

static inline double attention(const void *opaque, size_t layer, size_t head, size_t query,
                               size_t key, size_t lane)
{
    const struct state *state = opaque;
    size_t row = (layer * state->plan.shape.n_heads + head) * state->plan.n_inputs + query;
    return (double)state->attention[row * state->plan.n_inputs + key][lane];
}

// Sizes of the inner loops. Kernels are compiled with the common ones as constants, so that their loops unroll.
struct sizes {
    size_t width, n_heads, head_width, hidden, vocabulary;
};

static struct sizes sizes_of(const struct neural_shape *shape)
{
    return (struct sizes){shape->width, shape->n_heads, shape->head_width, shape->hidden,
                          shape->vocabulary};
}

// y (rows) = W (rows, columns) · x (columns)
VECTOR_INLINE void multiply(lanes *y, const real *w, const lanes *x, size_t n_rows,
                            size_t n_columns)
{
    for (size_t row = 0; row < n_rows; row++) {
        lanes sum = w[row * n_columns] * x[0];
        for (size_t column = 1; column < n_columns; column++) {
            sum += w[row * n_columns + column] * x[column];
        }
        y[row] = sum;
    }
}

// x̄ += Wᵀ·ȳ;  W̄ += ȳ·xᵀ
VECTOR_INLINE void multiply_back(lanes *x_adjoint, lanes *w_adjoint, const real *w, const lanes *x,
                                 const lanes *y_adjoint, size_t n_rows, size_t n_columns)
{
    for (size_t column = 0; column < n_columns; column++) {
        lanes sum = x_adjoint[column];
        for (size_t row = 0; row < n_rows; row++) {
            sum += w[row * n_columns + column] * y_adjoint[row];
            w_adjoint[row * n_columns + column] += y_adjoint[row] * x[column];
        }
        x_adjoint[column] = sum;
    }
}

// h = g·x / √(mean x² + ε); returns the inverse root.
VECTOR_INLINE lanes normalise(lanes *h, const real *gain, const lanes *x, double epsilon, size_t n)
{
    lanes sum = x[0] * x[0];
    for (size_t i = 1; i < n; i++) {
        sum += x[i] * x[i];
    }
    lanes inverse = lanes_inverse_root(sum * ((real)1 / (real)n) + (real)epsilon);
    for (size_t i = 0; i < n; i++) {
        h[i] = gain[i] * (x[i] * inverse);
    }
    return inverse;
}

// With n = x·r: x̄ += r·(ḡn − n·mean(ḡn·n)), ḡn = g·h̄;  ḡ += h̄·n
VECTOR_INLINE void normalise_back(lanes *x_adjoint, lanes *gain_adjoint, const real *gain,
                                  const lanes *x, lanes inverse, const lanes *h_adjoint, size_t n)
{
    lanes mean = lanes_all(0);
    for (size_t i = 0; i < n; i++) {
        lanes normal = x[i] * inverse;
        gain_adjoint[i] += h_adjoint[i] * normal;
        mean += gain[i] * h_adjoint[i] * normal;
    }
    mean *= (real)1 / (real)n;
    for (size_t i = 0; i < n; i++) {
        x_adjoint[i] += inverse * (gain[i] * h_adjoint[i] - x[i] * inverse * mean);
    }
}

// Turns each plane (2i, 2i + 1) by the position's angle, or back with the sines' sign turned.
VECTOR_INLINE void turn(lanes *x, const real *cosines, const real *sines, real sign, size_t n)
{
    for (size_t i = 0; i + 1 < n; i += 2) {
        lanes first = x[i], second = x[i + 1];
        real sine = sign * sines[i / 2], cosine = cosines[i / 2];
        x[i] = cosine * first - sine * second;
        x[i + 1] = sine * first + cosine * second;
    }
}

#endif
