// The forward pass and the loss, for one precision; formulas in description.h.
#ifndef BANTAM_NEURAL_ENGINE_FORWARD_H
#define BANTAM_NEURAL_ENGINE_FORWARD_H

#include "neural/engine_state.h"

VECTOR_INLINE lanes gather(const real *table, size_t stride, const uint8_t *tokens)
{
    real values[VECTOR_LANES];
    for (size_t lane = 0; lane < VECTOR_LANES; lane++) {
        values[lane] = table[tokens[lane] * stride];
    }
    lanes gathered;
    memcpy(&gathered, values, sizeof gathered);
    return gathered;
}

VECTOR_INLINE void embed(struct state *state, const uint8_t *tokens, size_t position,
                         struct sizes size)
{
    const struct engine_plan *plan = &state->plan;
    lanes *x = state->x + position * size.width;
    for (size_t i = 0; i < size.width; i++) {
        x[i] = gather(state->weights + plan->embedding + i, size.width,
                      tokens + position * VECTOR_LANES);
        if (plan->position != NO_TENSOR) {
            x[i] += state->weights[plan->position + position * size.width + i];
        }
    }
}

// h = norm(x; gain), or x itself where the layer has no norm.
VECTOR_INLINE void read_stream(const struct state *state, lanes *h, size_t gain, const lanes *x,
                               lanes *inverse, size_t n)
{
    if (gain == NO_TENSOR) {
        memcpy(h, x, n * sizeof *h);
    } else {
        *inverse = normalise(h, state->weights + gain, x, state->plan.shape.norm_epsilon, n);
    }
}

// From raw to what scores are made of: norm and turn, a head at a time.
VECTOR_INLINE void finish_heads(const struct state *state, lanes *finished, lanes *inverse,
                                const lanes *raw, size_t gain, size_t position, struct sizes size)
{
    const struct neural_shape *shape = &state->plan.shape;
    size_t n = size.head_width, turns = position * (n / 2);
    for (size_t head = 0; head < size.n_heads; head++) {
        read_stream(state, finished + head * n, gain, raw + head * n, &inverse[head], n);
        if (shape->rotary) {
            turn(finished + head * n, state->cosines + turns, state->sines + turns, 1, n);
        }
    }
}

// The tanh form of GELU is x·σ(z) with z = 2·√(2/π)·(x + 0.044715·x³) (Hendrycks, Gimpel 2016).
VECTOR_INLINE lanes gelu_argument(lanes x)
{
    return (real)1.5957691216057307 * x * ((real)1 + (real)0.044715 * x * x);
}

VECTOR_INLINE void multiply_scores(lanes *scores, const lanes *query, const lanes *keys,
                                   size_t n_keys, size_t stride, size_t n)
{
    for (size_t key = 0; key < n_keys; key++) {
        lanes sum = query[0] * keys[key * stride];
        for (size_t i = 1; i < n; i++) {
            sum += query[i] * keys[key * stride + i];
        }
        scores[key] = sum;
    }
}

// Softmax over the keys so far and the mix of their values.
VECTOR_INLINE void attend(struct state *state, size_t layer, size_t position, struct sizes size)
{
    size_t n = size.head_width, all = size.n_heads * n, inputs = state->plan.n_inputs;
    size_t at_layer = layer * inputs * all;
    real scale = (real)state->plan.shape.score_scale;
    for (size_t head = 0; head < size.n_heads; head++) {
        const lanes *query = state->query + at_layer + position * all + head * n;
        const lanes *keys = state->key + at_layer + head * n;
        const lanes *values = state->value + at_layer + head * n;
        lanes *weights =
            state->attention + ((layer * size.n_heads + head) * inputs + position) * inputs;
        lanes scaled[NEURAL_WIDTH];
        for (size_t i = 0; i < n; i++) {
            scaled[i] = query[i] * scale;
        }
        multiply_scores(weights, scaled, keys, position + 1, all, n);
        lanes most = weights[0];
        for (size_t key = 1; key <= position; key++) {
            most = lanes_maximum(most, weights[key]);
        }
        lanes sum = lanes_all(0);
        for (size_t key = 0; key <= position; key++) {
            weights[key] = lanes_exp(weights[key] - most);
            sum += weights[key];
        }
        lanes share = (real)1 / sum, mixed[NEURAL_WIDTH];
        for (size_t i = 0; i < n; i++) {
            mixed[i] = lanes_all(0);
        }
        for (size_t key = 0; key <= position; key++) {
            weights[key] *= share;
            for (size_t i = 0; i < n; i++) {
                mixed[i] += weights[key] * values[key * all + i];
            }
        }
        memcpy(state->mixed + at_layer + position * all + head * n, mixed, n * sizeof *mixed);
    }
}

// σ of what the kind puts into it; nothing for ReLU.
VECTOR_INLINE void find_shares(lanes *share, const lanes *gate, const lanes *up,
                               enum feed_forward_kind kind, size_t n)
{
    for (size_t i = 0; i < n && kind != FEED_FORWARD_RELU; i++) {
        share[i] = lanes_logistic(kind == FEED_FORWARD_SWIGLU ? gate[i]
                                  : kind == FEED_FORWARD_GELU ? gelu_argument(up[i])
                                                              : up[i]);
    }
}

// f(h) of the feed-forward block, (hidden).
VECTOR_INLINE void activate(lanes *activated, const lanes *share, const lanes *gate,
                            const lanes *up, enum feed_forward_kind kind, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (kind == FEED_FORWARD_SWIGLU) {
            activated[i] = gate[i] * share[i] * up[i];
        } else if (kind == FEED_FORWARD_RELU) {
            activated[i] = lanes_maximum(up[i], lanes_all(0));
        } else if (kind == FEED_FORWARD_LOGISTIC) {
            activated[i] = share[i];
        } else {
            activated[i] = up[i] * share[i];
        }
    }
}

VECTOR_INLINE void feed_forward(struct state *state, size_t layer, size_t position,
                                struct sizes size)
{
    const struct engine_plan *plan = &state->plan;
    const struct engine_layer_places *places = &plan->layers[layer];
    size_t at = layer * plan->n_inputs + position;
    const lanes *middle = state->middle + at * size.width;
    lanes *out = state->x + (at + plan->n_inputs) * size.width;
    memcpy(out, middle, size.width * sizeof *out);
    if (plan->shape.feed_forward == FEED_FORWARD_NONE) {
        return;
    }
    lanes h[NEURAL_WIDTH], activated[NEURAL_WIDTH], down[NEURAL_WIDTH];
    lanes *gate = state->gate + at * size.hidden, *up = state->up + at * size.hidden;
    lanes *share = state->share + at * size.hidden;
    read_stream(state, h, places->feed_norm, middle, &state->feed_inverse[at], size.width);
    multiply(up, state->weights + places->up, h, size.hidden, size.width);
    if (places->gate != NO_TENSOR) {
        multiply(gate, state->weights + places->gate, h, size.hidden, size.width);
    }
    find_shares(share, gate, up, plan->shape.feed_forward, size.hidden);
    activate(activated, share, gate, up, plan->shape.feed_forward, size.hidden);
    multiply(down, state->weights + places->down, activated, size.width, size.hidden);
    for (size_t i = 0; i < size.width; i++) {
        out[i] += down[i];
    }
}

// Keys and values of a position, and its queries where they are `wanted`.
VECTOR_INLINE void project(struct state *state, size_t layer, size_t position, bool wanted,
                           struct sizes size)
{
    const struct engine_layer_places *places = &state->plan.layers[layer];
    size_t all = size.n_heads * size.head_width, at = layer * state->plan.n_inputs + position;
    const lanes *x = state->x + at * size.width;
    lanes h[NEURAL_WIDTH];
    read_stream(state, h, places->attention_norm, x, &state->attention_inverse[at], size.width);
    multiply(state->key_raw + at * all, state->weights + places->key, h, all, size.width);
    multiply(state->value + at * all, state->weights + places->value, h, all, size.width);
    finish_heads(state, state->key + at * all, state->key_inverse + at * size.n_heads,
                 state->key_raw + at * all, places->key_norm, position, size);
    if (wanted) {
        multiply(state->query_raw + at * all, state->weights + places->query, h, all, size.width);
        finish_heads(state, state->query + at * all, state->query_inverse + at * size.n_heads,
                     state->query_raw + at * all, places->query_norm, position, size);
    }
}

// Where not `whole`, no more than what later positions need of this one.
VECTOR_INLINE void forward_layer(struct state *state, size_t layer, size_t position, bool whole,
                                 struct sizes size)
{
    const struct engine_layer_places *places = &state->plan.layers[layer];
    size_t all = size.n_heads * size.head_width, at = layer * state->plan.n_inputs + position;
    const lanes *x = state->x + at * size.width;
    project(state, layer, position, whole, size);
    if (!whole) {
        return;
    }
    attend(state, layer, position, size);
    lanes out[NEURAL_WIDTH], *middle = state->middle + at * size.width;
    multiply(out, state->weights + places->output, state->mixed + at * all, size.width, all);
    for (size_t i = 0; i < size.width; i++) {
        middle[i] = x[i] + out[i];
    }
    feed_forward(state, layer, position, size);
}

VECTOR_INLINE void forward_head(struct state *state, size_t position, struct sizes size)
{
    const struct engine_plan *plan = &state->plan;
    const lanes *x = state->x + (plan->shape.n_layers * plan->n_inputs + position) * size.width;
    lanes h[NEURAL_WIDTH];
    read_stream(state, h, plan->final_norm, x, &state->final_inverse[position], size.width);
    multiply(state->logits + position * size.vocabulary, state->weights + plan->head, h,
             size.vocabulary, size.width);
}

VECTOR_INLINE void forward_positions(struct state *state, const uint8_t *tokens, size_t from,
                                     size_t to, size_t output_from, struct sizes size)
{
    const struct engine_plan *plan = &state->plan;
    size_t n_layers = plan->shape.n_layers;
    for (size_t position = from; position < to; position++) {
        bool output = position >= output_from;
        embed(state, tokens, position, size);
        for (size_t layer = 0; layer < n_layers; layer++) {
            forward_layer(state, layer, position, output || layer + 1 < n_layers, size);
        }
        if (output) {
            forward_head(state, position, size);
        }
    }
}

// Which lanes' likeliest token is not the right one; a tie counts as wrong unless the right token comes first.
VECTOR_INLINE void note_wrong(const lanes *logits, const uint8_t *targets, size_t bit,
                              uint32_t *wrong, size_t n_tokens)
{
    lanes best = logits[0];
    for (size_t token = 1; token < n_tokens; token++) {
        best = lanes_maximum(best, logits[token]);
    }
    for (size_t lane = 0; lane < VECTOR_LANES; lane++) {
        size_t first = 0;
        while (logits[first][lane] < best[lane]) {
            first++;
        }
        wrong[lane] |= (uint32_t)(first != targets[lane]) << bit;
    }
}

// One position's logits become probabilities; returns −ln p(right).
VECTOR_INLINE lanes loss_of_position(lanes *logits, lanes_mask targets, size_t n_tokens)
{
    lanes most = logits[0], sum = lanes_all(0), right = logits[0];
    for (size_t token = 1; token < n_tokens; token++) {
        most = lanes_maximum(most, logits[token]);
        right = lanes_select(lanes_of_token(targets, token), logits[token], right);
    }
    for (size_t token = 0; token < n_tokens; token++) {
        logits[token] = lanes_exp(logits[token] - most);
        sum += logits[token];
    }
    lanes share = (real)1 / sum;
    for (size_t token = 0; token < n_tokens; token++) {
        logits[token] *= share;
    }
    return most - right + lanes_log(sum);
}

// Turns the answers' logits into probabilities; returns Σ −ln p(right).
VECTOR_INLINE double loss_of_answers(struct state *state, const uint8_t *tokens, uint32_t *wrong,
                                     size_t n_tokens)
{
    size_t first = shape_first_output(&state->plan.shape);
    lanes total = lanes_all(0);
    for (size_t position = first; position < state->plan.n_inputs; position++) {
        lanes *logits = state->logits + position * n_tokens;
        const uint8_t *targets = tokens + (position + 1) * VECTOR_LANES;
        if (wrong && position - first < 32) {
            note_wrong(logits, targets, position - first, wrong, n_tokens);
        }
        total += loss_of_position(logits, lanes_load_tokens(targets), n_tokens);
    }
    return (double)lanes_sum(total);
}

#endif
