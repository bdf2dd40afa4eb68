// Rows of four floats: e^s, and e^s · (output · value) in up to three dimensions. "Item": one answer position of one sequence.
//
// Items are sorted by query token, each token's filled up to whole lanes, so that its rows stay in the first cache. The kernels
// of engine_backward.h do the rest: at SLOT_TOKENS of a small state the lanes are the tokens themselves, at SLOT_ITEMS they are
// sixteen items.
#include "neural/table_engine.h"

#include "base/error.h"
#include "base/memory.h"
#include "neural/engine_backward.h"

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

bool table_engine_fits(const struct neural_description *description)
{
    const struct neural_shape *shape = &description->shape;
    return shape->n_layers == 1 && shape->n_heads == 1 && !shape->positions && shape->width < ROW &&
           shape->vocabulary <= VECTOR_LANES &&
           shape->length * shape->vocabulary * ROW <= UINT16_MAX;
}

void table_engine_free(struct table_engine **engine)
{
    struct table_engine *own = *engine;
    if (!own) {
        return;
    }
    if (own->state) {
        free_state(own->state);
    }
    void *const arrays[] = {own->dense,        own->cosines, own->sines,       own->rows,
                            own->row_adjoints, own->powers,  own->row_places,  own->items,
                            own->targets,      own->sums,    own->sum_adjoints};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        memory_free(arrays[i]);
    }
    memory_free(own);
    *engine = NULL;
}

// Loads and stores of sixteen rows reach beyond the last one.
static size_t n_rows_padded(const struct engine_plan *plan)
{
    return plan->shape.vocabulary * plan->n_inputs * plan->shape.vocabulary + VECTOR_LANES;
}

static bool allocate(struct table_engine *engine)
{
    const struct engine_plan *plan = &engine->plan;
    size_t tokens = plan->shape.vocabulary, inputs = plan->n_inputs;
    size_t turns = inputs * (plan->shape.head_width / 2), n_rows = n_rows_padded(plan);
    size_t answers = inputs - shape_first_output(&plan->shape);
    engine->n_items_most = engine->n_sequences * answers + tokens * VECTOR_LANES;
    engine->dense = memory_allocate_array(plan->n_numbers, sizeof(double));
    engine->cosines = memory_allocate_array(turns, sizeof(float));
    engine->sines = memory_allocate_array(turns, sizeof(float));
    engine->rows = memory_allocate_array(n_rows, ROW * sizeof(float));
    engine->row_adjoints = memory_allocate_array(n_rows, ROW * sizeof(float));
    engine->powers = memory_allocate_array(tokens * inputs, VECTOR_LANES * sizeof(float));
    engine->row_places = memory_allocate_array(engine->n_sequences * inputs, sizeof(uint16_t));
    engine->items = memory_allocate_array(engine->n_items_most, sizeof *engine->items);
    engine->targets = memory_allocate_array(engine->n_items_most, 1);
    engine->sums = memory_allocate_array(engine->n_items_most, ROW * sizeof(float));
    engine->sum_adjoints = memory_allocate_array(engine->n_items_most, ROW * sizeof(float));
    return engine->dense && engine->cosines && engine->sines && engine->rows &&
           engine->row_adjoints && engine->powers && engine->row_places && engine->items &&
           engine->targets && engine->sums && engine->sum_adjoints;
}

bantam_status table_engine_new(struct table_engine **out, const struct bantam_neural *neural,
                               size_t n_sequences, bantam_error *error)
{
    *out = NULL;
    struct table_engine *engine = memory_allocate_array(1, sizeof *engine);
    if (!engine) {
        return error_memory(error);
    }
    engine->plan = engine_plan_of(neural, true);
    engine->n_sequences = n_sequences;
    struct engine_plan slots = engine->plan;
    slots.n_inputs = SLOTS;
    void *state = NULL;
    if (!allocate(engine) || new_state(&state, &slots)) {
        table_engine_free(&engine);
        return error_memory(error);
    }
    engine->state = state;
    size_t n_angles = engine->plan.shape.head_width / 2;
    for (size_t i = 0; i < engine->plan.n_inputs * n_angles; i++) {
        double sine, cosine, distance = (double)(engine->plan.n_inputs - 1 - i / n_angles);
        elementary_sine_cosine(distance * engine->plan.shape.rotary_angles[i % n_angles], &sine,
                               &cosine);
        engine->sines[i] = (float)sine;
        engine->cosines[i] = (float)cosine;
    }
    *out = engine;
    return BANTAM_OK;
}

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

// Sorts the answers of all sequences by query token. A token's block is filled up with its first item, which then does not count.
static void sort_items(struct table_engine *engine, const uint8_t *sequences)
{
    const struct engine_plan *plan = &engine->plan;
    size_t length = plan->shape.length, inputs = plan->n_inputs, tokens = plan->shape.vocabulary;
    size_t first = shape_first_output(&plan->shape);
    memset(engine->counts, 0, sizeof engine->counts);
    for (size_t s = 0; s < engine->n_sequences; s++) {
        const uint8_t *sequence = sequences + s * length;
        for (size_t i = 0; i < inputs; i++) {
            engine->row_places[s * inputs + i] = (uint16_t)((i * tokens + sequence[i]) * ROW);
        }
        for (size_t i = first; i < inputs; i++) {
            engine->counts[sequence[i]]++;
        }
    }
    size_t at = 0, filled[VECTOR_LANES];
    for (size_t token = 0; token < tokens; token++) {
        engine->starts[token] = filled[token] = at;
        at += (engine->counts[token] + VECTOR_LANES - 1) / VECTOR_LANES * VECTOR_LANES;
    }
    engine->starts[tokens] = at;
    for (size_t i = first; i < inputs;
         i++) { // by position within a token, so that loops over keys run alike
        for (size_t s = 0; s < engine->n_sequences; s++) {
            const uint8_t *sequence = sequences + s * length;
            size_t to = filled[sequence[i]]++;
            engine->items[to] = (struct item){(uint32_t)s, (uint32_t)i};
            engine->targets[to] = sequence[i + 1];
        }
    }
    for (size_t token = 0; token < tokens; token++) {
        for (size_t i = filled[token]; i < engine->starts[token + 1]; i++) {
            engine->items[i] = engine->items[engine->starts[token]];
            engine->targets[i] = NO_TARGET;
        }
    }
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

VECTOR_KERNEL
static bool build_any(struct table_engine *engine)
{
    return build_tables(engine, sizes_of(&engine->plan.shape));
}

VECTOR_KERNEL
static double step_any(struct table_engine *engine, float scale)
{
    return step(engine, scale, sizes_of(&engine->plan.shape));
}

// The shipped adders' sizes, known to the compiler; of a narrow processor the code would be 60 KB more.
#define SIZES_ADDER ((struct sizes){3, 1, 4, 3, 10})

VECTOR_KERNEL_FOR("avx2")
static bool build_adder(struct table_engine *engine)
{
    return build_tables(engine, SIZES_ADDER);
}

VECTOR_KERNEL_FOR("avx512f")
static bool build_adder_wide(struct table_engine *engine)
{
    return build_tables(engine, SIZES_ADDER);
}

VECTOR_KERNEL_FOR("avx2")
static double step_adder(struct table_engine *engine, float scale)
{
    return step(engine, scale, SIZES_ADDER);
}

VECTOR_KERNEL_FOR("avx512f")
static double step_adder_wide(struct table_engine *engine, float scale)
{
    return step(engine, scale, SIZES_ADDER);
}

VECTOR_KERNEL
static void collect_sums(struct table_engine *engine)
{
    sum_lanes(engine->state, engine->dense);
}

static bool is_adder(const struct table_engine *engine)
{
    const struct neural_shape *shape = &engine->plan.shape;
    return shape->width == 3 && shape->head_width == 4 && shape->hidden == 3 &&
           shape->vocabulary == 10;
}

bool table_engine_set_weights(struct table_engine *engine, const struct bantam_neural *neural)
{
    engine_plan_read(&engine->plan, neural, engine->dense);
    set_weights(engine->state, engine->dense);
    if (is_adder(engine) && vector_has("avx512f")) {
        return build_adder_wide(engine);
    }
    return is_adder(engine) && vector_has("avx2") ? build_adder(engine) : build_any(engine);
}

double table_engine_step(struct table_engine *engine, const uint8_t *sequences, double scale)
{
    clear(engine->state);
    memset(engine->row_adjoints, 0, n_rows_padded(&engine->plan) * ROW * sizeof(float));
    sort_items(engine, sequences);
    float step_scale = (float)scale;
    if (is_adder(engine) && vector_has("avx512f")) {
        return step_adder_wide(engine, step_scale);
    }
    return is_adder(engine) && vector_has("avx2") ? step_adder(engine, step_scale)
                                                  : step_any(engine, step_scale);
}

void table_engine_collect(struct table_engine *engine, const struct bantam_neural *neural,
                          double *adjoints)
{
    collect_sums(engine);
    engine_plan_add(&engine->plan, neural, engine->dense, adjoints);
}
