// The backward pass for one precision: each function transposes the one of engine_forward.h whose name it carries.
//
// x̄ stands for ∂L/∂x. `x_adjoint` holds the residual stream's adjoint after the layer and is turned, in place, into that before it.
#ifndef BANTAM_NEURAL_ENGINE_BACKWARD_H
#define BANTAM_NEURAL_ENGINE_BACKWARD_H

#include "neural/engine_forward.h"

// Adds the adjoint of read_stream's input.
VECTOR_INLINE void read_stream_back(struct state *state, lanes *x_adjoint, size_t gain,
                                    const lanes *x, lanes inverse, const lanes *h_adjoint, size_t n)
{
    if (gain == NO_TENSOR) {
        for (size_t i = 0; i < n; i++) {
            x_adjoint[i] += h_adjoint[i];
        }
    } else {
        normalise_back(x_adjoint, state->gradient + gain, state->weights + gain, x, inverse,
                       h_adjoint, n);
    }
}

// What read_stream gave, from its inverse root.
VECTOR_INLINE void read_stream_again(const struct state *state, lanes *h, size_t gain,
                                     const lanes *x, lanes inverse, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        h[i] = gain == NO_TENSOR ? x[i] : state->weights[gain + i] * (x[i] * inverse);
    }
}

// From p − 1(right), times each lane's `scale`, to the residual stream after the last layer.
VECTOR_INLINE void head_back(struct state *state, lanes_mask targets, size_t position, lanes scale,
                             struct sizes size)
{
    const struct engine_plan *plan = &state->plan;
    lanes *logits = state->logits + position * size.vocabulary;
    const lanes *x = state->x + (plan->shape.n_layers * plan->n_inputs + position) * size.width;
    lanes h[NEURAL_WIDTH], h_adjoint[NEURAL_WIDTH];
    for (size_t token = 0; token < size.vocabulary; token++) {
        lanes right = lanes_select(lanes_of_token(targets, token), lanes_all(1), lanes_all(0));
        logits[token] = (logits[token] - right) * scale;
    }
    for (size_t i = 0; i < size.width; i++) {
        h_adjoint[i] = lanes_all(0);
    }
    lanes inverse = state->final_inverse[position];
    read_stream_again(state, h, plan->final_norm, x, inverse, size.width);
    multiply_back(h_adjoint, state->gradient + plan->head, state->weights + plan->head, h, logits,
                  size.vocabulary, size.width);
    read_stream_back(state, state->x_adjoint + position * size.width, plan->final_norm, x, inverse,
                     h_adjoint, size.width);
}

// ḡate and ūp from the adjoint of f(h); they overwrite `gate` and `up`.
VECTOR_INLINE void activate_back(lanes *gate, lanes *up, const lanes *share, const lanes *adjoint,
                                 enum feed_forward_kind kind, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (kind == FEED_FORWARD_SWIGLU) { // silu′(g) = σ + g·σ·(1 − σ)
            lanes silu = gate[i] * share[i];
            gate[i] = adjoint[i] * up[i] * (share[i] + silu * ((real)1 - share[i]));
            up[i] = adjoint[i] * silu;
        } else if (kind == FEED_FORWARD_RELU) {
            up[i] = lanes_select(up[i] > lanes_all(0), adjoint[i], lanes_all(0));
        } else if (kind == FEED_FORWARD_LOGISTIC) {
            up[i] = adjoint[i] * share[i] * ((real)1 - share[i]);
        } else { // (x·σ(z))′ = σ + x·z′·σ·(1 − σ)
            lanes slope =
                (real)1.5957691216057307 * ((real)1 + (real)(3 * 0.044715) * up[i] * up[i]);
            up[i] = adjoint[i] * (share[i] + up[i] * slope * share[i] * ((real)1 - share[i]));
        }
    }
}

VECTOR_INLINE void feed_forward_back(struct state *state, size_t layer, size_t position,
                                     struct sizes size)
{
    const struct engine_plan *plan = &state->plan;
    const struct engine_layer_places *places = &plan->layers[layer];
    if (plan->shape.feed_forward == FEED_FORWARD_NONE) {
        return;
    }
    size_t at = layer * plan->n_inputs + position;
    const lanes *middle = state->middle + at * size.width;
    lanes *x_adjoint = state->x_adjoint + position * size.width;
    lanes *gate = state->gate + at * size.hidden, *up = state->up + at * size.hidden;
    const lanes *share = state->share + at * size.hidden;
    lanes h[NEURAL_WIDTH], h_adjoint[NEURAL_WIDTH];
    lanes activated[NEURAL_WIDTH], activated_adjoint[NEURAL_WIDTH];
    read_stream_again(state, h, places->feed_norm, middle, state->feed_inverse[at], size.width);
    activate(activated, share, gate, up, plan->shape.feed_forward, size.hidden);
    for (size_t i = 0; i < size.hidden; i++) {
        activated_adjoint[i] = lanes_all(0);
    }
    for (size_t i = 0; i < size.width; i++) {
        h_adjoint[i] = lanes_all(0);
    }
    multiply_back(activated_adjoint, state->gradient + places->down, state->weights + places->down,
                  activated, x_adjoint, size.width, size.hidden);
    activate_back(gate, up, share, activated_adjoint, plan->shape.feed_forward, size.hidden);
    multiply_back(h_adjoint, state->gradient + places->up, state->weights + places->up, h, up,
                  size.hidden, size.width);
    if (places->gate != NO_TENSOR) {
        multiply_back(h_adjoint, state->gradient + places->gate, state->weights + places->gate, h,
                      gate, size.hidden, size.width);
    }
    read_stream_back(state, x_adjoint, places->feed_norm, middle, state->feed_inverse[at],
                     h_adjoint, size.width);
}

// For each query i of a head: ō·v_j gives the softmax's adjoint, s̄_ij = p_ij·(ō_i·v_j − ō_i·o_i)·scale, and q̄_i = Σ_j s̄_ij·k_j.
VECTOR_INLINE void queries_back(struct state *state, size_t layer, size_t head, size_t first,
                                struct sizes size)
{
    size_t n = size.head_width, all = size.n_heads * n, inputs = state->plan.n_inputs;
    const lanes *keys = state->key + layer * inputs * all + head * n;
    const lanes *values = state->value + layer * inputs * all + head * n;
    real scale = (real)state->plan.shape.score_scale;
    for (size_t query = first; query < inputs; query++) {
        const lanes *weights =
            state->attention + ((layer * size.n_heads + head) * inputs + query) * inputs;
        const lanes *mixed = state->mixed + (layer * inputs + query) * all + head * n;
        const lanes *adjoint = state->mixed_adjoint + query * all + head * n;
        lanes sums[NEURAL_WIDTH], own = lanes_all(0),
                                  *scores = state->score_adjoint + query * inputs;
        for (size_t i = 0; i < n; i++) {
            sums[i] = lanes_all(0);
            own += adjoint[i] * mixed[i];
        }
        for (size_t key = 0; key <= query; key++) {
            lanes product = adjoint[0] * values[key * all];
            for (size_t i = 1; i < n; i++) {
                product += adjoint[i] * values[key * all + i];
            }
            lanes score = weights[key] * (product - own) * scale;
            scores[key] = score;
            for (size_t i = 0; i < n; i++) {
                sums[i] += score * keys[key * all + i];
            }
        }
        memcpy(state->query_adjoint + query * all + head * n, sums, n * sizeof *sums);
    }
}

// For each key j of a head: k̄_j = Σ_i s̄_ij·q_i and v̄_j = Σ_i p_ij·ō_i.
VECTOR_INLINE void keys_back(struct state *state, size_t layer, size_t head, size_t first,
                             struct sizes size)
{
    size_t n = size.head_width, all = size.n_heads * n, inputs = state->plan.n_inputs;
    const lanes *queries = state->query + layer * inputs * all + head * n;
    for (size_t key = 0; key < inputs; key++) {
        lanes to_key[NEURAL_WIDTH], to_value[NEURAL_WIDTH];
        for (size_t i = 0; i < n; i++) {
            to_key[i] = to_value[i] = lanes_all(0);
        }
        for (size_t query = key > first ? key : first; query < inputs; query++) {
            lanes score = state->score_adjoint[query * inputs + key];
            lanes weight =
                state->attention[((layer * size.n_heads + head) * inputs + query) * inputs + key];
            const lanes *adjoint = state->mixed_adjoint + query * all + head * n;
            for (size_t i = 0; i < n; i++) {
                to_key[i] += score * queries[query * all + i];
                to_value[i] += weight * adjoint[i];
            }
        }
        memcpy(state->key_adjoint + key * all + head * n, to_key, n * sizeof *to_key);
        memcpy(state->value_adjoint + key * all + head * n, to_value, n * sizeof *to_value);
    }
}

// The adjoint of what finish_heads read, through the projection `place`, added to h̄.
VECTOR_INLINE void project_back(struct state *state, lanes *h_adjoint, const lanes *h, size_t place,
                                size_t gain, lanes *finished_adjoint, const lanes *raw,
                                const lanes *inverse, size_t position, struct sizes size)
{
    size_t n = size.head_width, all = size.n_heads * n, turns = position * (n / 2);
    lanes raw_adjoint[NEURAL_WIDTH];
    for (size_t head = 0; head < size.n_heads; head++) {
        if (state->plan.shape.rotary) {
            turn(finished_adjoint + head * n, state->cosines + turns, state->sines + turns, -1, n);
        }
        for (size_t i = 0; i < n; i++) {
            raw_adjoint[head * n + i] = lanes_all(0);
        }
        read_stream_back(state, raw_adjoint + head * n, gain, raw + head * n, inverse[head],
                         finished_adjoint + head * n, n);
    }
    multiply_back(h_adjoint, state->gradient + place, state->weights + place, h, raw_adjoint, all,
                  size.width);
}

VECTOR_INLINE void projections_back(struct state *state, size_t layer, size_t position, bool whole,
                                    struct sizes size)
{
    const struct engine_layer_places *places = &state->plan.layers[layer];
    size_t all = size.n_heads * size.head_width, at = layer * state->plan.n_inputs + position;
    const lanes *x = state->x + at * size.width;
    lanes *x_adjoint = state->x_adjoint + position * size.width;
    lanes h[NEURAL_WIDTH], h_adjoint[NEURAL_WIDTH];
    lanes inverse = state->attention_inverse[at];
    read_stream_again(state, h, places->attention_norm, x, inverse, size.width);
    for (size_t i = 0; i < size.width; i++) {
        h_adjoint[i] = lanes_all(0);
    }
    multiply_back(h_adjoint, state->gradient + places->value, state->weights + places->value, h,
                  state->value_adjoint + position * all, all, size.width);
    project_back(state, h_adjoint, h, places->key, places->key_norm,
                 state->key_adjoint + position * all, state->key_raw + at * all,
                 state->key_inverse + at * size.n_heads, position, size);
    if (whole) {
        project_back(state, h_adjoint, h, places->query, places->query_norm,
                     state->query_adjoint + position * all, state->query_raw + at * all,
                     state->query_inverse + at * size.n_heads, position, size);
    }
    read_stream_back(state, x_adjoint, places->attention_norm, x, inverse, h_adjoint, size.width);
}

VECTOR_INLINE void layer_back(struct state *state, size_t layer, size_t first, struct sizes size)
{
    const struct engine_layer_places *places = &state->plan.layers[layer];
    size_t all = size.n_heads * size.head_width, inputs = state->plan.n_inputs;
    for (size_t position = first; position < inputs; position++) {
        feed_forward_back(state, layer, position, size);
        lanes *mixed_adjoint = state->mixed_adjoint + position * all;
        for (size_t i = 0; i < all; i++) {
            mixed_adjoint[i] = lanes_all(0);
        }
        multiply_back(mixed_adjoint, state->gradient + places->output,
                      state->weights + places->output,
                      state->mixed + (layer * inputs + position) * all,
                      state->x_adjoint + position * size.width, size.width, all);
    }
    for (size_t head = 0; head < size.n_heads; head++) {
        queries_back(state, layer, head, first, size);
        keys_back(state, layer, head, first, size);
    }
    for (size_t position = 0; position < inputs; position++) {
        projections_back(state, layer, position, position >= first, size);
    }
}

VECTOR_INLINE void embed_back(struct state *state, const uint8_t *tokens, size_t position,
                              struct sizes size)
{
    const struct engine_plan *plan = &state->plan;
    const lanes *x_adjoint = state->x_adjoint + position * size.width;
    const uint8_t *of_lanes = tokens + position * VECTOR_LANES;
    for (size_t lane = 0; lane < VECTOR_LANES; lane++) {
        lanes *row = state->gradient + plan->embedding + of_lanes[lane] * size.width;
        for (size_t i = 0; i < size.width; i++) {
            row[i][lane] += x_adjoint[i][lane];
        }
    }
    if (plan->position != NO_TENSOR) {
        for (size_t i = 0; i < size.width; i++) {
            state->gradient[plan->position + position * size.width + i] += x_adjoint[i];
        }
    }
}

VECTOR_INLINE void backward_positions(struct state *state, const uint8_t *tokens, real scale,
                                      struct sizes size)
{
    const struct engine_plan *plan = &state->plan;
    size_t first = shape_first_output(&plan->shape), n_layers = plan->shape.n_layers;
    memset(state->x_adjoint, 0, plan->n_inputs * size.width * sizeof(lanes));
    for (size_t position = first; position < plan->n_inputs; position++) {
        head_back(state, lanes_load_tokens(tokens + (position + 1) * VECTOR_LANES), position,
                  lanes_all(scale), size);
    }
    for (size_t layer = n_layers; layer-- > 0;) {
        layer_back(state, layer, layer + 1 == n_layers ? first : 0, size);
    }
    for (size_t position = 0; position < plan->n_inputs; position++) {
        embed_back(state, tokens, position, size);
    }
}

VECTOR_INLINE void sum_lanes(const struct state *state, double *dense)
{
    for (size_t i = 0; i < state->plan.n_numbers; i++) {
        dense[i] = (double)lanes_sum(state->gradient[i]);
    }
}

#endif
