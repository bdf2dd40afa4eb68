// Backward pass of the engine with tables: from each answer's loss to its sum, from the sums to the rows, from the rows to the weights.
#ifndef BANTAM_NEURAL_TABLE_BACKWARD_H
#define BANTAM_NEURAL_TABLE_BACKWARD_H

#include "neural/engine_backward.h"
#include "neural/table_forward.h"

VECTOR_INLINE void add_to_row(float *row, four adjoint)
{
    four sum = load_row(row) + adjoint;
    memcpy(row, &sum, sizeof sum);
}

// Adds each item's adjoint to the rows that it was summed from.
VECTOR_INLINE void sum_items_back(struct table_engine *engine, size_t token)
{
    for (size_t i = engine->starts[token]; i < engine->starts[token] + engine->counts[token]; i++) {
        const struct item *item = &engine->items[i];
        const uint16_t *restrict places =
            engine->row_places + item->sequence * engine->plan.n_inputs;
        float *restrict rows = rows_of(engine, engine->row_adjoints, token, item->answer);
        four adjoint = load_row(engine->sum_adjoints + i * ROW);
        size_t n_keys = (size_t)item->answer + 1, key = 0;
        for (; key + 2 <= n_keys; key += 2) { // two keys of a sequence never share a row
            float *first = rows + places[key], *second = rows + places[key + 1];
            four sums[2] = {load_row(first) + adjoint, load_row(second) + adjoint};
            memcpy(first, &sums[0], sizeof sums[0]);
            memcpy(second, &sums[1], sizeof sums[1]);
        }
        if (key < n_keys) {
            add_to_row(rows + places[key], adjoint);
        }
    }
}

// Sixteen items from the sums on: forward, loss, and backward to the sums' adjoints.
VECTOR_INLINE float_lanes finish_items(struct table_engine *engine, size_t token, size_t at,
                                       float scale, struct sizes size)
{
    struct state *state = engine->state;
    const struct engine_plan *plan = &state->plan;
    float_lanes sums[ROW], *middle = state->middle + SLOT_ITEMS * size.width;
    int_lanes targets = lanes_load_tokens(engine->targets + at);
    float_lanes counted =
        vector_select(lanes_of_token(targets, NO_TARGET), vector_all(0), vector_all(1));
    load_rows(sums, engine->sums + at * ROW);
    float_lanes share = 1.0F / sums[0];
    for (size_t i = 0; i < size.width; i++) {
        middle[i] = state->x[SLOT_TOKENS * size.width + i][token] + sums[1 + i] * share;
    }
    feed_forward(state, 0, SLOT_ITEMS, size);
    forward_head(state, SLOT_ITEMS, size);
    float_lanes loss = counted * loss_of_position(state->logits + SLOT_ITEMS * size.vocabulary,
                                                  targets, size.vocabulary);
    float_lanes *adjoint = state->x_adjoint + SLOT_ITEMS * size.width;
    memset(adjoint, 0, size.width * sizeof *adjoint);
    head_back(state, targets, SLOT_ITEMS, counted * scale, size);
    feed_forward_back(state, 0, SLOT_ITEMS, size);
    float_lanes sum_adjoints[ROW] = {vector_all(0)};
    for (size_t i = 0; i < size.width; i++) {
        state->gradient[plan->embedding + token * size.width + i] += adjoint[i];
        sum_adjoints[1 + i] = adjoint[i] * share;
        sum_adjoints[0] -= sum_adjoints[1 + i] * (sums[1 + i] * share);
    }
    for (size_t i = 1 + size.width; i < ROW; i++) {
        sum_adjoints[i] = vector_all(0);
    }
    store_rows(engine->sum_adjoints + at * ROW, sum_adjoints);
    return loss;
}

// From the rows' adjoints of one query token to the adjoints of its query (in its lane), of all keys and passed-on values.
VECTOR_INLINE void rows_back(struct table_engine *engine, size_t token, const float_lanes *passed,
                             float_lanes *passed_adjoint, int_lanes known, struct sizes size)
{
    struct state *state = engine->state;
    size_t n = size.head_width, inputs = engine->plan.n_inputs;
    float query[NEURAL_WIDTH], turned[NEURAL_WIDTH], scale = (float)engine->plan.shape.score_scale;
    float_lanes keys[NEURAL_WIDTH], key_sums[NEURAL_WIDTH], query_sums[NEURAL_WIDTH];
    for (size_t i = 0; i < n; i++) {
        query[i] = state->query[SLOT_TOKENS * n + i][token] * scale;
        keys[i] = state->key[SLOT_TOKENS * n + i] * scale;
        key_sums[i] = query_sums[i] = vector_all(0);
    }
    for (size_t distance = 0; distance < inputs; distance++) {
        size_t at = token * inputs + distance;
        float_lanes columns[ROW], to_query[NEURAL_WIDTH];
        load_rows(columns, engine->row_adjoints + at * size.vocabulary * ROW);
        float_lanes power = vector_load(engine->powers + at * VECTOR_LANES);
        float_lanes adjoint = columns[0];
        for (size_t i = 0; i < size.width; i++) {
            adjoint += columns[1 + i] * passed[i];
            passed_adjoint[i] += vector_select(known, columns[1 + i] * power, vector_all(0));
        }
        adjoint = vector_select(known, adjoint * power, vector_all(0));
        turn_query(engine, turned, query, distance, n);
        for (size_t i = 0; i < n; i++) {
            key_sums[i] += adjoint * turned[i];
            to_query[i] = adjoint * keys[i];
        }
        if (state->plan.shape.rotary) {
            turn(to_query, engine->cosines + distance * (n / 2), engine->sines + distance * (n / 2),
                 -1, n);
        }
        for (size_t i = 0; i < n; i++) {
            query_sums[i] += to_query[i];
        }
    }
    for (size_t i = 0; i < n; i++) {
        state->key_adjoint[SLOT_TOKENS * n + i] += key_sums[i];
        state->query_adjoint[SLOT_TOKENS * n + i][token] = vector_sum(query_sums[i]);
    }
}

VECTOR_INLINE void tables_back(struct table_engine *engine, struct sizes size)
{
    struct state *state = engine->state;
    const struct engine_layer_places *places = &state->plan.layers[0];
    size_t n = size.head_width;
    uint8_t names[SLOTS * VECTOR_LANES] = {0};
    int_lanes known = known_tokens(engine);
    float_lanes passed[ROW], passed_adjoint[ROW];
    const float_lanes *values = state->value + SLOT_TOKENS * n;
    multiply(passed, state->weights + places->output, values, size.width, n);
    for (size_t i = 0; i < n; i++) {
        state->key_adjoint[SLOT_TOKENS * n + i] = vector_all(0);
        state->query_adjoint[SLOT_TOKENS * n + i] = vector_all(0);
        state->value_adjoint[SLOT_TOKENS * n + i] = vector_all(0);
    }
    for (size_t i = 0; i < size.width; i++) {
        passed_adjoint[i] = vector_all(0);
        state->x_adjoint[SLOT_TOKENS * size.width + i] = vector_all(0);
    }
    for (size_t token = 0; token < size.vocabulary; token++) {
        rows_back(engine, token, passed, passed_adjoint, known, size);
    }
    multiply_back(state->value_adjoint + SLOT_TOKENS * n, state->gradient + places->output,
                  state->weights + places->output, values, passed_adjoint, size.width, n);
    projections_back(state, 0, SLOT_TOKENS, true, size);
    name_tokens(engine, names);
    embed_back(state, names, SLOT_TOKENS, size);
}

VECTOR_INLINE double step(struct table_engine *engine, float scale, struct sizes size)
{
    float_lanes loss = vector_all(0);
    for (size_t token = 0; token < size.vocabulary; token++) {
        sum_items(engine, token);
        for (size_t at = engine->starts[token]; at < engine->starts[token + 1];
             at += VECTOR_LANES) {
            loss += finish_items(engine, token, at, scale, size);
        }
        sum_items_back(engine, token);
    }
    tables_back(engine, size);
    return (double)vector_sum(loss);
}

#endif
