// Forward pass of the engine with tables: a query token's rows at every distance, and the sums of rows of each answer.
//
// Rows of four floats: e^s, and e^s · (output · value) in up to three dimensions. "Item": one answer position of one sequence.
// Items are sorted by query token, each token's filled up to whole lanes, so that its rows stay in the first cache. The kernels
// of engine_forward.h do the rest: at SLOT_TOKENS of a small state the lanes are the tokens themselves, at SLOT_ITEMS they are
// sixteen items.
#ifndef BANTAM_NEURAL_TABLE_FORWARD_H
#define BANTAM_NEURAL_TABLE_FORWARD_H

#include "neural/engine_forward.h"

enum {
    SLOT_TOKENS,
    SLOT_ITEMS,
    SLOTS,
    ROW = 4, // floats of a row
    NO_TARGET = 255,
};

// Widest difference of two scores of one query token: e^−60 beside 1 still has all its bits, and 1/e^−60 is far from infinity.
static const float widest_scores = 60;

typedef float four __attribute__((vector_size(16)));

struct item {
    uint32_t sequence;
    uint32_t answer; // position of the query
};

struct table_engine {
    struct engine_plan plan; // of the network
    struct state *state;     // SLOTS positions
    double *dense;           // (n_numbers)
    float *cosines, *sines;  // (n_inputs, head_width / 2) of a distance
    size_t n_sequences;
    float *rows,
        *row_adjoints; // (vocabulary, n_inputs, vocabulary, ROW) [query token][n_inputs − 1 − distance][key token]
    float *powers;        // (vocabulary, n_inputs, VECTOR_LANES): e^s; lanes are key tokens
    uint16_t *row_places; // (n_sequences, n_inputs): where a key's row lies in its query's table
    struct item *items;   // (n_items_most) by query token, each token's from a whole block on
    uint8_t *
        targets; // (n_items_most) the token that comes next; NO_TARGET where a block is only filled up
    float *sums, *sum_adjoints; // (n_items_most, ROW)
    size_t n_items_most;
    size_t starts[VECTOR_LANES + 1], counts[VECTOR_LANES]; // of a query token's items
};

// Lane i is token i; lanes beyond the vocabulary repeat the last token and never count.
static void name_tokens(const struct table_engine *engine, uint8_t *tokens)
{
    for (size_t lane = 0; lane < VECTOR_LANES; lane++) {
        size_t last = engine->plan.shape.vocabulary - 1;
        tokens[SLOT_TOKENS * VECTOR_LANES + lane] = (uint8_t)(lane < last ? lane : last);
    }
}

VECTOR_INLINE int_lanes known_tokens(const struct table_engine *engine)
{
    int_lanes mask;
    for (size_t lane = 0; lane < VECTOR_LANES; lane++) {
        mask[lane] = lane < engine->plan.shape.vocabulary ? -1 : 0;
    }
    return mask;
}

// Sixteen rows from four columns of lanes, and back.
VECTOR_INLINE void store_rows(float *rows, const float_lanes *columns)
{
    float_lanes a = __builtin_shufflevector(columns[0], columns[1], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17,
                                            18, 19, 20, 21, 22, 23);
    float_lanes b = __builtin_shufflevector(columns[2], columns[3], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17,
                                            18, 19, 20, 21, 22, 23);
    float_lanes c = __builtin_shufflevector(columns[0], columns[1], 8, 9, 10, 11, 12, 13, 14, 15,
                                            24, 25, 26, 27, 28, 29, 30, 31);
    float_lanes d = __builtin_shufflevector(columns[2], columns[3], 8, 9, 10, 11, 12, 13, 14, 15,
                                            24, 25, 26, 27, 28, 29, 30, 31);
    vector_store(rows, __builtin_shufflevector(a, b, 0, 8, 16, 24, 1, 9, 17, 25, 2, 10, 18, 26, 3,
                                               11, 19, 27));
    vector_store(rows + 16, __builtin_shufflevector(a, b, 4, 12, 20, 28, 5, 13, 21, 29, 6, 14, 22,
                                                    30, 7, 15, 23, 31));
    vector_store(rows + 32, __builtin_shufflevector(c, d, 0, 8, 16, 24, 1, 9, 17, 25, 2, 10, 18, 26,
                                                    3, 11, 19, 27));
    vector_store(rows + 48, __builtin_shufflevector(c, d, 4, 12, 20, 28, 5, 13, 21, 29, 6, 14, 22,
                                                    30, 7, 15, 23, 31));
}

VECTOR_INLINE void load_rows(float_lanes *columns, const float *rows)
{
    float_lanes a = vector_load(rows), b = vector_load(rows + 16);
    float_lanes c = vector_load(rows + 32), d = vector_load(rows + 48);
    float_lanes e =
        __builtin_shufflevector(a, b, 0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29);
    float_lanes f =
        __builtin_shufflevector(a, b, 2, 6, 10, 14, 18, 22, 26, 30, 3, 7, 11, 15, 19, 23, 27, 31);
    float_lanes g =
        __builtin_shufflevector(c, d, 0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29);
    float_lanes h =
        __builtin_shufflevector(c, d, 2, 6, 10, 14, 18, 22, 26, 30, 3, 7, 11, 15, 19, 23, 27, 31);
    columns[0] =
        __builtin_shufflevector(e, g, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
    columns[1] =
        __builtin_shufflevector(e, g, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
    columns[2] =
        __builtin_shufflevector(f, h, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
    columns[3] =
        __builtin_shufflevector(f, h, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
}

// A query token's vector turned by a distance: its product with a key is the score at that distance.
VECTOR_INLINE void turn_query(const struct table_engine *engine, float *turned, const float *query,
                              size_t distance, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        turned[i] = query[i];
    }
    if (engine->plan.shape.rotary) {
        const float *cosines = engine->cosines + distance * (n / 2);
        const float *sines = engine->sines + distance * (n / 2);
        for (size_t i = 0; i < n; i += 2) {
            turned[i] = cosines[i / 2] * query[i] - sines[i / 2] * query[i + 1];
            turned[i + 1] = sines[i / 2] * query[i] + cosines[i / 2] * query[i + 1];
        }
    }
}

// Scores of one query token with every key token at every distance, in `powers`; returns false where they lie too far apart.
VECTOR_INLINE bool score_token(struct table_engine *engine, size_t token, struct sizes size)
{
    const struct state *state = engine->state;
    size_t n = size.head_width, inputs = engine->plan.n_inputs;
    float query[NEURAL_WIDTH], turned[NEURAL_WIDTH], scale = (float)engine->plan.shape.score_scale;
    float_lanes keys[NEURAL_WIDTH];
    float *scores = engine->powers + token * inputs * VECTOR_LANES;
    for (size_t i = 0; i < n; i++) {
        query[i] = state->query[SLOT_TOKENS * n + i][token] * scale;
        keys[i] = state->key[SLOT_TOKENS * n + i];
    }
    float_lanes most = vector_all(-INFINITY), least = vector_all(INFINITY);
    for (size_t distance = 0; distance < inputs; distance++) {
        turn_query(engine, turned, query, distance, n);
        float_lanes score = turned[0] * keys[0];
        for (size_t i = 1; i < n; i++) {
            score += turned[i] * keys[i];
        }
        most = vector_maximum(most, score);
        least = vector_select(least < score, least, score);
        vector_store(scores + distance * VECTOR_LANES, score);
    }
    float top = vector_largest(most);
    for (size_t distance = 0; distance < inputs; distance++) {
        float *at = scores + distance * VECTOR_LANES;
        vector_store(at, vector_exp(vector_load(at) - top));
    }
    return top + vector_largest(-least) < widest_scores;
}

VECTOR_INLINE bool build_tables(struct table_engine *engine, struct sizes size)
{
    struct state *state = engine->state;
    const struct engine_layer_places *places = &state->plan.layers[0];
    size_t n = size.head_width, inputs = engine->plan.n_inputs, tokens = size.vocabulary;
    uint8_t names[SLOTS * VECTOR_LANES] = {0};
    name_tokens(engine, names);
    embed(state, names, SLOT_TOKENS, size);
    project(state, 0, SLOT_TOKENS, true, size);
    float_lanes passed[ROW];
    multiply(passed, state->weights + places->output, state->value + SLOT_TOKENS * n, size.width,
             n);
    bool close = true;
    for (size_t token = 0; token < tokens; token++) {
        close = score_token(engine, token, size) && close;
        for (size_t distance = 0; distance < inputs; distance++) {
            size_t at = token * inputs + distance;
            float_lanes columns[ROW] = {vector_load(engine->powers + at * VECTOR_LANES)};
            for (size_t i = 0; i < size.width; i++) {
                columns[1 + i] = columns[0] * passed[i];
            }
            store_rows(engine->rows + at * tokens * ROW, columns);
        }
    }
    return close;
}

// The rows of one query: distance 0 comes last, so that a key's place is the same for all queries of its sequence.
VECTOR_INLINE float *rows_of(const struct table_engine *engine, float *rows, size_t token,
                             size_t answer)
{
    size_t inputs = engine->plan.n_inputs;
    return rows + (token * inputs + inputs - 1 - answer) * engine->plan.shape.vocabulary * ROW;
}

VECTOR_INLINE four load_row(const float *row)
{
    four loaded;
    memcpy(&loaded, row, sizeof loaded);
    return loaded;
}

// Adds up the rows of each item.
VECTOR_INLINE void sum_items(struct table_engine *engine, size_t token)
{
    for (size_t i = engine->starts[token]; i < engine->starts[token + 1]; i++) {
        const struct item *item = &engine->items[i];
        const uint16_t *restrict places =
            engine->row_places + item->sequence * engine->plan.n_inputs;
        const float *restrict rows = rows_of(engine, engine->rows, token, item->answer);
        size_t n_keys = (size_t)item->answer + 1, key = 0;
        four sums[4] = {{0}};
        for (; key + 4 <= n_keys; key += 4) {
            sums[0] += load_row(rows + places[key]);
            sums[1] += load_row(rows + places[key + 1]);
            sums[2] += load_row(rows + places[key + 2]);
            sums[3] += load_row(rows + places[key + 3]);
        }
        for (; key < n_keys; key++) {
            sums[0] += load_row(rows + places[key]);
        }
        sums[0] = (sums[0] + sums[1]) + (sums[2] + sums[3]);
        memcpy(engine->sums + i * ROW, &sums[0], sizeof sums[0]);
    }
}

#endif
