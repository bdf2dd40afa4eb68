// The only writer of a bantam_neural; the numbers of every tensor follow θ at once.
#include "neural/network.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "neural/random_normal.h"

void bantam_neural_free(bantam_neural **neural)
{
    if (!*neural) {
        return;
    }
    description_release(&(*neural)->description);
    memory_free((*neural)->json);
    memory_free((*neural)->parameters);
    memory_free((*neural)->values);
    memory_free(*neural);
    *neural = NULL;
}

static void inform(bantam_neural *neural)
{
    const struct neural_shape *shape = &neural->description.shape;
    neural->info = (bantam_neural_info){
        .vocabulary = shape->vocabulary,
        .length = shape->length,
        .prompt = shape->prompt,
        .width = shape->width,
        .n_layers = shape->n_layers,
        .n_heads = shape->n_heads,
        .head_width = shape->head_width,
        .hidden = shape->hidden,
        .n_parameters = neural->description.graph.n_parameters,
        .n_given = neural->description.n_given,
        .n_board = neural->description.graph.n_parameters + neural->description.n_given,
        .symbols = neural->description.symbols,
        .description = neural->json,
    };
}

static bool allocate(bantam_neural *neural, const char *description, size_t size)
{
    const struct expression_graph *graph = &neural->description.graph;
    neural->json = memory_allocate(size + 1);
    neural->parameters = memory_allocate_array(graph->n_parameters, sizeof *neural->parameters);
    neural->values = memory_allocate_array(graph->n_values, sizeof *neural->values);
    if (!neural->json || !neural->parameters || !neural->values) {
        return false;
    }
    memcpy(neural->json, description, size);
    neural->json[size] = '\0';
    memcpy(neural->values, graph->values, graph->n_values * sizeof *neural->values);
    return true;
}

bantam_status bantam_neural_new(bantam_neural **out, const char *description, size_t size,
                                bantam_error *error)
{
    *out = NULL;
    bantam_neural *neural = memory_allocate_array(1, sizeof *neural);
    if (!neural) {
        return error_memory(error);
    }
    bantam_status status = description_read(&neural->description, description, size, error);
    if (!status && !allocate(neural, description, size)) {
        status = error_memory(error);
    }
    if (status) {
        bantam_neural_free(&neural);
        return status;
    }
    const struct expression_graph *graph = &neural->description.graph;
    for (size_t i = 0; i < graph->n_nodes; i++) {
        const struct expression_node *node = &graph->nodes[i];
        size_t n = node->kind == EXPRESSION_LEARNED ? node->n_rows * node->n_columns : 0;
        for (size_t k = 0; k < n; k++) {
            neural->parameters[node->parameter + k] = node->mean;
        }
    }
    inform(neural);
    expression_evaluate(graph, neural->parameters, neural->values);
    *out = neural;
    return BANTAM_OK;
}

bantam_status bantam_neural_load(bantam_neural **out, const bantam_model *file, bantam_error *error)
{
    *out = NULL;
    const char *kind = bantam_model_metadata(file, "kind");
    const char *description = bantam_model_metadata(file, "description");
    const bantam_tensor *parameters = bantam_model_tensor(file, "parameters");
    if (!kind || strcmp(kind, BANTAM_NEURAL_KIND) != 0 || !description) {
        return error_set(error, BANTAM_ERROR_MODEL,
                         "the model file is of the kind \"%.40s\", not \"" BANTAM_NEURAL_KIND "\"",
                         kind ? kind : "");
    }
    bantam_status status = bantam_neural_new(out, description, strlen(description), error);
    if (status) {
        return status == BANTAM_ERROR_ARGUMENT && error ? error->code = BANTAM_ERROR_MODEL : status;
    }
    size_t n = (*out)->info.n_parameters;
    bool right = n == 0 || (parameters && parameters->dtype == BANTAM_F64 &&
                            parameters->size == n * sizeof(double));
    for (size_t i = 0; right && i < n; i++) {
        right = isfinite(((const double *)parameters->data)[i]);
    }
    if (!right) {
        bantam_neural_free(out);
        return error_set(error, BANTAM_ERROR_MODEL,
                         "the model file needs a tensor \"parameters\" of %zu finite F64 numbers",
                         n);
    }
    if (n > 0) {
        bantam_neural_set_parameters(*out, parameters->data);
    }
    return BANTAM_OK;
}

bantam_status bantam_neural_write(bantam_buffer *out, const bantam_neural *neural,
                                  const bantam_metadata *metadata, size_t n_metadata,
                                  bantam_error *error)
{
    bantam_metadata *all = memory_allocate_array(n_metadata + 2, sizeof *all);
    if (!all) {
        return error_memory(error);
    }
    if (n_metadata > 0) {
        memcpy(all, metadata, n_metadata * sizeof *all);
    }
    all[n_metadata] = (bantam_metadata){"kind", BANTAM_NEURAL_KIND};
    all[n_metadata + 1] = (bantam_metadata){"description", neural->json};
    bantam_tensor parameters = {.name = "parameters",
                                .dtype = BANTAM_F64,
                                .n_dimensions = 1,
                                .shape = {neural->info.n_parameters},
                                .data = neural->parameters,
                                .size = network_parameters_size(neural)};
    bantam_status status = bantam_model_write(out, &parameters, neural->info.n_parameters > 0, all,
                                              n_metadata + 2, error);
    memory_free(all);
    return status;
}

const bantam_neural_info *bantam_neural_inform(const bantam_neural *neural)
{
    return &neural->info;
}

const double *bantam_neural_parameters(const bantam_neural *neural)
{
    return neural->parameters;
}

void bantam_neural_set_parameters(bantam_neural *neural, const double *parameters)
{
    memcpy(neural->parameters, parameters, network_parameters_size(neural));
    expression_evaluate(&neural->description.graph, neural->parameters, neural->values);
}

void bantam_neural_draw(bantam_neural *neural, uint64_t seed)
{
    const struct expression_graph *graph = &neural->description.graph;
    struct random random = {seed};
    for (size_t i = 0; i < graph->n_nodes; i++) {
        const struct expression_node *node = &graph->nodes[i];
        size_t n = node->kind == EXPRESSION_LEARNED ? node->n_rows * node->n_columns : 0;
        for (size_t k = 0; k < n; k++) {
            neural->parameters[node->parameter + k] =
                node->mean + node->deviation * random_normal(&random);
        }
    }
    expression_evaluate(graph, neural->parameters, neural->values);
}

const double *network_tensor(const struct bantam_neural *neural, size_t tensor)
{
    const struct neural_description *description = &neural->description;
    if (tensor == NO_TENSOR) {
        return NULL;
    }
    return neural->values + description->graph.nodes[description->tensors[tensor].node].at;
}

const double *bantam_neural_tensor(const bantam_neural *neural, const char *name, size_t *n_rows,
                                   size_t *n_columns)
{
    const struct neural_description *description = &neural->description;
    for (size_t i = 0; i < description->n_tensors; i++) {
        if (strcmp(description->tensors[i].name, name) == 0) {
            *n_rows = description->tensors[i].n_rows;
            *n_columns = description->tensors[i].n_columns;
            return network_tensor(neural, i);
        }
    }
    return NULL;
}
