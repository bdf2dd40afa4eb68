// Lays the tensors out one after another and passes calls on to the kernels of the chosen precision.
#include "neural/engine.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"

// The place of each tensor that the engine reads, in the order of the description's list.
static size_t place(struct engine_plan *plan, const struct neural_description *description,
                    size_t tensor)
{
    if (tensor == NO_TENSOR) {
        return NO_TENSOR;
    }
    size_t at = plan->n_numbers;
    plan->n_numbers += description->tensors[tensor].n_rows * description->tensors[tensor].n_columns;
    return at;
}

struct engine_plan engine_plan_of(const struct bantam_neural *neural, bool gradients)
{
    const struct neural_description *description = &neural->description;
    struct engine_plan laid_out = {.shape = description->shape,
                                   .n_inputs = shape_inputs(&description->shape),
                                   .gradients = gradients};
    struct engine_plan *plan = &laid_out;
    plan->embedding = place(plan, description, description->embedding);
    plan->position = place(plan, description, description->position);
    for (size_t layer = 0; layer < description->shape.n_layers; layer++) {
        const struct layer_tensors *from = &description->layers[layer];
        struct engine_layer_places *to = &plan->layers[layer];
        to->attention_norm = place(plan, description, from->attention_norm);
        to->query = place(plan, description, from->query);
        to->key = place(plan, description, from->key);
        to->value = place(plan, description, from->value);
        to->output = place(plan, description, from->output);
        to->query_norm = place(plan, description, from->query_norm);
        to->key_norm = place(plan, description, from->key_norm);
        to->feed_norm = place(plan, description, from->feed_norm);
        to->gate = place(plan, description, from->gate);
        to->up = place(plan, description, from->up);
        to->down = place(plan, description, from->down);
    }
    plan->final_norm = place(plan, description, description->final_norm);
    plan->head = place(plan, description, description->head);
    return laid_out;
}

// Every tensor that has a place stands in the list in the order of the places, before those that are only referred to.
void engine_plan_read(const struct engine_plan *plan, const struct bantam_neural *neural,
                      double *dense)
{
    const struct neural_description *description = &neural->description;
    size_t at = 0;
    for (size_t i = 0; at < plan->n_numbers; i++) {
        size_t n = description->tensors[i].n_rows * description->tensors[i].n_columns;
        memcpy(dense + at, network_tensor(neural, i), n * sizeof *dense);
        at += n;
    }
}

void engine_plan_add(const struct engine_plan *plan, const struct bantam_neural *neural,
                     const double *dense, double *adjoints)
{
    const struct neural_description *description = &neural->description;
    size_t at = 0;
    for (size_t i = 0; at < plan->n_numbers; i++) {
        const struct neural_tensor *tensor = &description->tensors[i];
        double *to = adjoints + description->graph.nodes[tensor->node].at;
        size_t n = tensor->n_rows * tensor->n_columns;
        for (size_t k = 0; k < n; k++) {
            to[k] += dense[at + k];
        }
        at += n;
    }
}

bantam_status engine_init(struct engine *engine, const struct bantam_neural *neural,
                          bantam_precision precision, bool gradients, bantam_error *error)
{
    *engine = (struct engine){0};
    engine->plan = engine_plan_of(neural, gradients);
    engine->kernels = precision == BANTAM_FLOAT64 ? &engine_kernels_double : &engine_kernels_float;
    engine->dense = memory_allocate_array(engine->plan.n_numbers, sizeof *engine->dense);
    bantam_status status = engine->dense ? engine->kernels->new_state(&engine->state, &engine->plan)
                                         : BANTAM_ERROR_MEMORY;
    if (status) {
        engine_release(engine);
        return error_memory(error);
    }
    engine_set_weights(engine, neural);
    return BANTAM_OK;
}

void engine_release(struct engine *engine)
{
    if (engine->state) {
        engine->kernels->free_state(engine->state);
    }
    memory_free(engine->dense);
    *engine = (struct engine){0};
}

void engine_set_weights(struct engine *engine, const struct bantam_neural *neural)
{
    engine_plan_read(&engine->plan, neural, engine->dense);
    engine->kernels->set_weights(engine->state, engine->dense);
}

void engine_collect(struct engine *engine, const struct bantam_neural *neural, double *adjoints)
{
    engine->kernels->collect(engine->state, engine->dense);
    engine_plan_add(&engine->plan, neural, engine->dense, adjoints);
}

void engine_forward(struct engine *engine, const uint8_t *tokens, size_t from, size_t to,
                    size_t output_from)
{
    engine->kernels->forward(engine->state, tokens, from, to, output_from);
}

double engine_loss(struct engine *engine, const uint8_t *tokens, uint32_t *wrong)
{
    return engine->kernels->loss(engine->state, tokens, wrong);
}

void engine_backward(struct engine *engine, const uint8_t *tokens, double scale)
{
    engine->kernels->backward(engine->state, tokens, scale);
}

void engine_clear(struct engine *engine)
{
    engine->kernels->clear(engine->state);
}

double engine_logit(const struct engine *engine, size_t position, size_t token, size_t lane)
{
    return engine->kernels->logit(engine->state, position, token, lane);
}

double engine_attention(const struct engine *engine, size_t layer, size_t head, size_t query,
                        size_t key, size_t lane)
{
    return engine->kernels->attention(engine->state, layer, head, query, key, lane);
}
