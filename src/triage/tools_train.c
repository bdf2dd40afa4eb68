// minimise Σ_e weight_e · −ln Σ_{right i} p_i + pull/2 · |w − prior|², p = softmax(w · f_i), by full-batch AdaGrad: some hundred
// examples of about ten candidates and eighty features need no better.
#include "triage/tools_train.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/random.h"
#include "train/parameters.h"
#include "triage/shipped_tables.h"
#include "triage/training_log.h"

static const struct parameter tools_parameter_table[] = {
    {"prior_pull", offsetof(struct tools_parameters, prior_pull), 60, 0, 1000,
     "how strongly weights keep to the built-in ones"},
    {"kind_pull", offsetof(struct tools_parameters, kind_pull), 10, 0, 1000,
     "the same for those of kinds, as a factor: few repositories speak about each"},
    {"epochs", offsetof(struct tools_parameters, epochs), 200, 1, 10000,
     "passes over all examples"},
    {"jittered", offsetof(struct tools_parameters, jittered), 3, 0, 50,
     "findings with other borders, of each labelled one"},
    {"constructed", offsetof(struct tools_parameters, constructed), 0.3, 0, 10,
     "weight of findings of constructed logs"},
};

enum {
    N_PARAMETERS = sizeof tools_parameter_table / sizeof *tools_parameter_table,
    N_FOLDS = 8,
};

bool tool_is_right(const bantam_labelled_log *log, const struct tool_candidate *candidate)
{
    for (size_t i = 0; i < log->n_tools; i++) {
        if (strcmp(log->tools[i], candidate->name) == 0) {
            return true;
        }
    }
    return false;
}

static bantam_status add_finding(struct tool_examples *examples, const struct tool_table *table,
                                 const struct document *document, struct finding_lines lines,
                                 const bantam_labelled_log *log, bantam_error *error)
{
    if (examples->count == examples->capacity) {
        size_t larger = examples->capacity * 2 + 64;
        void *grown = memory_resize_array(examples->items, larger, sizeof *examples->items);
        if (!grown) {
            return error_memory(error);
        }
        examples->items = grown;
        examples->capacity = larger;
    }
    struct tool_example *example = &examples->items[examples->count];
    *example = (struct tool_example){.weight = 1};
    bantam_status status =
        tool_candidates_init(&example->candidates, table, document, lines, error);
    if (status) {
        return status;
    }
    examples->count++;
    struct tool_candidates *candidates = &example->candidates;
    example->right = arena_allocate_array(&candidates->arena, candidates->count + 1, 1);
    if (!example->right) {
        return error_memory(error);
    }
    for (size_t i = 0; i < candidates->count; i++) {
        example->right[i] = tool_is_right(log, &candidates->items[i]);
    }
    return BANTAM_OK;
}

// Other borders and another anchor, as a line finder that is not quite right gives them.
static struct finding_lines jitter(struct finding_lines lines, size_t n_lines,
                                   struct random *random)
{
    uint32_t length = lines.last - lines.first + 1;
    uint32_t anchor = lines.first + (uint32_t)random_below(random, length);
    uint32_t before = (uint32_t)random_below(random, 9), after = (uint32_t)random_below(random, 12);
    struct finding_lines out = {.anchor = anchor};
    out.first = anchor > before ? anchor - before : 0;
    out.last = anchor + after < n_lines ? anchor + after : (uint32_t)n_lines - 1;
    return out;
}

bantam_status tool_examples_add(struct tool_examples *examples, const struct tool_table *table,
                                const bantam_labelled_log *log, size_t index, size_t n_jittered,
                                uint64_t seed, bantam_error *error)
{
    if (log->n_tools == 0 || log->n_spans == 0 || log->spans[0].first == 0) {
        return BANTAM_OK;
    }
    struct document document;
    bantam_status status = document_init(&document, log->bytes, log->size, error);
    if (status) {
        return status;
    }
    size_t from = examples->count;
    uint64_t base = document.first_line_number;
    if (log->spans[0].first >= base && log->spans[0].last >= log->spans[0].first &&
        log->spans[0].last - base < document.n_lines) {
        struct finding_lines lines = {.first = (uint32_t)(log->spans[0].first - base),
                                      .last = (uint32_t)(log->spans[0].last - base),
                                      .anchor = (uint32_t)(log->spans[0].first - base)};
        struct random random = {.state = seed + index};
        status = add_finding(examples, table, &document, lines, log, error);
        for (size_t i = 0; !status && i < n_jittered; i++) {
            status = add_finding(examples, table, &document,
                                 jitter(lines, document.n_lines, &random), log, error);
        }
    }
    for (size_t i = from; i < examples->count; i++) {
        examples->items[i].log = index;
        examples->items[i].exact = i == from;
    }
    document_release(&document);
    return status;
}

void tool_examples_release(struct tool_examples *examples)
{
    for (size_t i = 0; i < examples->count; i++) {
        tool_candidates_release(&examples->items[i].candidates);
    }
    memory_free(examples->items);
    *examples = (struct tool_examples){0};
}

static double score_of(const double *weights, const struct tool_candidate *candidate)
{
    double score = 0;
    for (size_t k = 0; k < TOOL_FEATURES; k++) {
        score += weights[k] * (double)candidate->features[k];
    }
    return score;
}

// Adds the example's part of the gradient.
static void add_gradient(double *gradient, const double *weights,
                         const struct tool_example *example)
{
    const struct tool_candidates *candidates = &example->candidates;
    double highest = -INFINITY, all = 0, right = 0;
    for (size_t i = 0; i < candidates->count; i++) {
        double score = score_of(weights, &candidates->items[i]);
        highest = score > highest ? score : highest;
    }
    for (size_t i = 0; i < candidates->count; i++) {
        double mass = exp(score_of(weights, &candidates->items[i]) - highest);
        all += mass;
        right += example->right[i] ? mass : 0;
    }
    if (right <= 0) {
        return; // no right candidate: nothing to learn
    }
    for (size_t i = 0; i < candidates->count; i++) {
        double mass = exp(score_of(weights, &candidates->items[i]) - highest);
        double pull = mass / all - (example->right[i] ? mass / right : 0);
        for (size_t k = 0; k < TOOL_FEATURES; k++) {
            gradient[k] +=
                (double)example->weight * pull * (double)candidates->items[i].features[k];
        }
    }
}

void tool_weights_fit(float *weights, const struct tool_examples *examples, const int *folds,
                      int left_out, const struct tools_parameters *parameters)
{
    float prior[TOOL_FEATURES];
    double current[TOOL_FEATURES], squares[TOOL_FEATURES] = {0};
    tool_prior_weights(prior);
    for (size_t k = 0; k < TOOL_FEATURES; k++) {
        current[k] = (double)prior[k];
    }
    for (size_t epoch = 0; epoch < (size_t)parameters->epochs; epoch++) {
        double gradient[TOOL_FEATURES];
        for (size_t k = 0; k < TOOL_FEATURES; k++) {
            double pull =
                parameters->prior_pull * (k < TOOL_KIND_SIGNED ? 1 : parameters->kind_pull);
            gradient[k] = pull * (current[k] - (double)prior[k]);
        }
        for (size_t i = 0; i < examples->count; i++) {
            if (left_out < 0 || folds[examples->items[i].log] != left_out) {
                add_gradient(gradient, current, &examples->items[i]);
            }
        }
        for (size_t k = 0; k < TOOL_FEATURES; k++) {
            squares[k] += gradient[k] * gradient[k];
            current[k] -= 0.1 * gradient[k] / (sqrt(squares[k]) + 1e-6);
        }
    }
    for (size_t k = 0; k < TOOL_FEATURES; k++) {
        weights[k] = (float)current[k];
    }
}

size_t tool_weights_best(const float *weights, const struct tool_candidates *candidates)
{
    size_t best = SIZE_MAX;
    float highest = -INFINITY;
    for (size_t i = 0; i < candidates->count; i++) {
        float score = 0;
        for (size_t k = 0; k < TOOL_FEATURES; k++) {
            score += weights[k] * candidates->items[i].features[k];
        }
        if (score > highest) {
            highest = score;
            best = i;
        }
    }
    return best;
}

// A group's examples weigh its number's square root together, those of constructed logs less.
static bantam_status weigh_examples(struct tool_examples *examples, const bantam_labelled_log *logs,
                                    size_t n_logs, const struct tools_parameters *parameters,
                                    bantam_error *error)
{
    float *weights = memory_allocate_array(n_logs + 1, sizeof *weights);
    if (!weights) {
        return error_memory(error);
    }
    for (size_t i = 0; i < n_logs; i++) {
        size_t n = 0;
        for (size_t k = 0; k < n_logs; k++) {
            n += strcmp(logs[i].group, logs[k].group) == 0;
        }
        weights[i] = (logs[i].constructed ? (float)parameters->constructed : 1) / sqrtf((float)n);
    }
    for (size_t i = 0; i < examples->count; i++) {
        examples->items[i].weight = weights[examples->items[i].log];
    }
    memory_free(weights);
    return BANTAM_OK;
}

// How many of the labelled findings get a right tool from weights that have not seen their group.
static void measure(size_t *right, size_t *all, const struct tool_examples *examples,
                    const int *folds, const struct tools_parameters *parameters)
{
    for (int fold = 0; fold < N_FOLDS; fold++) {
        float weights[TOOL_FEATURES];
        tool_weights_fit(weights, examples, folds, fold, parameters);
        for (size_t i = 0; i < examples->count; i++) {
            const struct tool_example *example = &examples->items[i];
            if (example->exact && folds[example->log] == fold) {
                size_t best = tool_weights_best(weights, &example->candidates);
                *right += best != SIZE_MAX && example->right[best];
                *all += 1;
            }
        }
    }
}

static bantam_status write_model(bantam_buffer *out, const float *weights, size_t right, size_t all,
                                 const struct tools_parameters *values,
                                 const bantam_train_options *options, bantam_error *error)
{
    bantam_tensor tensor = {"weights",       BANTAM_F32, 1,
                            {TOOL_FEATURES}, weights,    TOOL_FEATURES * sizeof *weights};
    bantam_buffer parameters, measured;
    bantam_buffer_init(&parameters, 1 << 16);
    bantam_buffer_init(&measured, 1 << 10);
    parameters_write(&parameters, values, tools_parameter_table, N_PARAMETERS);
    bantam_buffer_append(&parameters, "", 1);
    bantam_buffer_append_format(&measured, "{\"logs\":%zu,\"right_tool\":%.3f,\"folds\":%d}", all,
                                all ? (double)right / (double)all : 0, N_FOLDS);
    bantam_buffer_append(&measured, "", 1);
    bantam_status status = error_memory(error);
    if (!parameters.failed && !measured.failed) {
        bantam_metadata metadata[] = {
            {"kind", "ci-tools"},
            {"version", "1"},
            {"features", TOOL_FEATURES_VERSION},
            {"parameters", parameters.data},
            {"measured", measured.data},
            {"data_digest", options->data_digest ? options->data_digest : ""},
            {"licence", "Apache-2.0"},
        };
        status = bantam_model_write(out, &tensor, 1, metadata, sizeof metadata / sizeof *metadata,
                                    error);
    }
    bantam_buffer_release(&parameters);
    bantam_buffer_release(&measured);
    return status;
}

static bantam_status read_logs(struct tool_examples *examples, const bantam_labelled_log *logs,
                               size_t n_logs, const struct tools_parameters *parameters,
                               const bantam_train_options *options, bantam_error *error)
{
    struct tool_table table;
    bantam_status status = shipped_tools(&table, error);
    for (size_t i = 0; !status && i < n_logs; i++) {
        status = tool_examples_add(examples, &table, &logs[i], i, (size_t)parameters->jittered,
                                   options->seed, error);
        if (!status && options->progress &&
            !options->progress(options->progress_context, "reading logs", i + 1, n_logs)) {
            status = error_set(error, BANTAM_ERROR_CANCELLED, "training was cancelled");
        }
    }
    tool_table_release(&table); // candidates are not asked for their tools any more
    return status ? status : weigh_examples(examples, logs, n_logs, parameters, error);
}

bantam_status bantam_train_tools(bantam_buffer *model, const bantam_labelled_log *logs,
                                 size_t n_logs, const bantam_train_options *options,
                                 bantam_error *error)
{
    struct tools_parameters parameters;
    struct tool_examples examples = {0};
    float weights[TOOL_FEATURES];
    size_t right = 0, all = 0;
    int *folds = memory_allocate_array(n_logs + 1, sizeof *folds);
    bantam_status status = folds ? parameters_read(&parameters, tools_parameter_table, N_PARAMETERS,
                                                   options->parameters, error)
                                 : error_memory(error);
    if (!status) {
        status = read_logs(&examples, logs, n_logs, &parameters, options, error);
    }
    if (!status) {
        status = bantam_assign_folds(folds, logs, n_logs, N_FOLDS, error);
    }
    if (!status) {
        measure(&right, &all, &examples, folds, &parameters);
        tool_weights_fit(weights, &examples, folds, -1, &parameters);
        status = write_model(model, weights, right, all, &parameters, options, error);
    }
    tool_examples_release(&examples);
    memory_free(folds);
    return status;
}
