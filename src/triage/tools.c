// Loading and ranking: p(tool) = softmax over the candidates of w · features.
#include "triage/tools.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "model/embedded.h"
#include "triage/shipped_tables.h"
#include "triage/tool_features.h"

struct tools {
    struct tool_table table;
    float weights[TOOL_FEATURES];
};

static bantam_status load_weights(struct tools *tools, bantam_error *error)
{
    const struct embedded_file *file = embedded_find("ci-tools/model.safetensors");
    if (!file) {
        return BANTAM_OK;
    }
    bantam_model *model;
    bantam_status status = bantam_model_load(&model, file->bytes, file->size, error);
    if (!status) {
        status = tools_use(tools, model, error);
        bantam_model_free(&model);
    }
    return status;
}

bantam_status tools_new(struct tools **out, bantam_error *error)
{
    struct tools *tools = *out = memory_allocate_array(1, sizeof **out);
    if (!tools) {
        return error_memory(error);
    }
    tool_prior_weights(tools->weights);
    bantam_status status = shipped_tools(&tools->table, error);
    if (status) {
        tools_free(out);
    }
    return status;
}

bantam_status tools_load(struct tools **out, bantam_error *error)
{
    bantam_status status = tools_new(out, error);
    if (status) {
        return status;
    }
    status = load_weights(*out, error);
    if (status) {
        tools_free(out);
    }
    return status;
}

bantam_status tools_use(struct tools *tools, const bantam_model *file, bantam_error *error)
{
    const char *kind = bantam_model_metadata(file, "kind");
    const char *version = bantam_model_metadata(file, "features");
    if (!kind || strcmp(kind, "ci-tools") != 0) {
        return error_set(error, BANTAM_ERROR_MODEL, "this is not a model of kind ci-tools");
    }
    if (!version || strcmp(version, TOOL_FEATURES_VERSION) != 0) {
        return error_set(error, BANTAM_ERROR_VERSION,
                         "the ci-tools model has features of version %s, this program has %s: "
                         "train it again",
                         version ? version : "none", TOOL_FEATURES_VERSION);
    }
    const bantam_tensor *weights = bantam_model_tensor(file, "weights");
    if (!weights || weights->dtype != BANTAM_F32 || weights->n_dimensions != 1 ||
        weights->shape[0] != TOOL_FEATURES) {
        return error_set(error, BANTAM_ERROR_MODEL,
                         "the ci-tools model lacks the tensor weights F32 (%d)", TOOL_FEATURES);
    }
    const float *values = weights->data;
    for (size_t i = 0; i < TOOL_FEATURES; i++) {
        if (!isfinite(values[i])) {
            return error_set(error, BANTAM_ERROR_MODEL,
                             "weight %zu of the ci-tools model is no number", i);
        }
    }
    memcpy(tools->weights, values, sizeof tools->weights);
    return BANTAM_OK;
}

void tools_free(struct tools **tools)
{
    if (*tools) {
        tool_table_release(&(*tools)->table);
        memory_free(*tools);
        *tools = NULL;
    }
}

const struct tool_table *tools_table(const struct tools *tools)
{
    return &tools->table;
}

static int by_probability(const void *a, const void *b)
{
    const struct ranked_tool *left = a, *right = b;
    if (left->probability != right->probability) {
        return left->probability < right->probability ? 1 : -1;
    }
    return strcmp(left->name, right->name);
}

static bantam_status weigh(struct tool_ranking *ranking, const struct tools *tools,
                           const struct tool_candidates *candidates, bantam_error *error)
{
    ranking->items =
        arena_allocate_array(&ranking->arena, candidates->count + 1, sizeof *ranking->items);
    if (!ranking->items) {
        return error_memory(error);
    }
    float highest = -INFINITY, sum = 0;
    for (size_t i = 0; i < candidates->count; i++) {
        const struct tool_candidate *from = &candidates->items[i];
        float score = 0;
        for (size_t k = 0; k < TOOL_FEATURES; k++) {
            score += tools->weights[k] * from->features[k];
        }
        highest = score > highest ? score : highest;
        ranking->items[i] = (struct ranked_tool){
            .name = from->tool ? from->name : arena_copy_string(&ranking->arena, from->name),
            .tool = from->tool,
            .kind = from->tool ? from->tool->kind : TOOL_SCRIPT,
            .probability = score};
        if (!ranking->items[i].name) {
            return error_memory(error);
        }
    }
    for (size_t i = 0; i < candidates->count; i++) {
        ranking->items[i].probability = expf(ranking->items[i].probability - highest);
        sum += ranking->items[i].probability;
    }
    for (size_t i = 0; i < candidates->count; i++) {
        ranking->items[i].probability /= sum;
    }
    ranking->count = candidates->count;
    if (ranking->count > 1) {
        qsort(ranking->items, ranking->count, sizeof *ranking->items, by_probability);
    }
    return BANTAM_OK;
}

bantam_status tools_rank(struct tool_ranking *ranking, const struct tools *tools,
                         const struct document *document, struct finding_lines lines,
                         bantam_error *error)
{
    *ranking = (struct tool_ranking){0};
    struct tool_candidates candidates;
    bantam_status status = tool_candidates_init(&candidates, &tools->table, document, lines, error);
    if (status) {
        return status;
    }
    status = weigh(ranking, tools, &candidates, error);
    tool_candidates_release(&candidates);
    if (status) {
        tool_ranking_release(ranking);
    }
    return status;
}

void tool_ranking_release(struct tool_ranking *ranking)
{
    arena_release(&ranking->arena);
    *ranking = (struct tool_ranking){0};
}
