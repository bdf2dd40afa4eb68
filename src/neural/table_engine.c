// An engine for one layer with one head: what a query token gives each key token at each distance is computed once a step, as rows of
// a table, and every answer is a sum of rows. table_forward.h and table_backward.h hold the kernels; here is what surrounds them.
#include "neural/table_engine.h"

#include "base/error.h"
#include "base/memory.h"
#include "neural/table_backward.h"

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
