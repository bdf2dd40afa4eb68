// minimise Σ_e weight_e · −ln Σ_{right i} p_i + pull/2 · |w − prior|², p = softmax(w · f_i), by full-batch AdaGrad: some thousand
// examples of about ten candidates and eighty features need no better.
//
// The examples are findings of a line finder that has not seen the log, right or wrong: where it strays, what ran in the section and
// what speaks at the log's end tell more than the lines that it took.
#include "triage/tools_train.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "train/parameters.h"
#include "triage/shipped_tables.h"
#include "triage/training_log.h"

static const struct parameter tools_parameter_table[] = {
    {"prior_pull", offsetof(struct tools_parameters, prior_pull), 2, 0, 1000,
     "how strongly weights keep to the built-in ones"},
    {"kind_pull", offsetof(struct tools_parameters, kind_pull), 10, 0, 1000,
     "the same for those of kinds, as a factor: few repositories speak about each"},
    {"epochs", offsetof(struct tools_parameters, epochs), 200, 1, 10000,
     "passes over all examples"},
    {"constructed", offsetof(struct tools_parameters, constructed), 1, 0, 10,
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

bantam_status tool_examples_add(struct tool_examples *examples, const struct tool_table *table,
                                const bantam_labelled_log *log, size_t index,
                                const struct unseen_finding *unseen, bantam_error *error)
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
        status = add_finding(examples, table, &document, lines, log, error);
        if (!status && unseen->any) {
            struct finding_lines found = {unseen->found.first, unseen->found.last,
                                          unseen->found.anchor};
            status = add_finding(examples, table, &document, found, log, error);
        }
    }
    for (size_t i = from; i < examples->count; i++) {
        examples->items[i].log = index;
        examples->items[i].labelled = i == from;
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
        struct tool_example *example = &examples->items[i];
        bool found = i + 1 < examples->count && example[1].log == example->log;
        example->weight = example->labelled && found ? 0 : weights[example->log];
    }
    memory_free(weights);
    return BANTAM_OK;
}

// Right tools of all, by weights that have not seen the group; of logs that nobody constructed.
struct measured {
    size_t n_labelled, right_labelled; // given the person's lines
    size_t n_found, right_found;       // given the lines that a finder found
};

static struct measured measure(const struct tool_examples *examples,
                               const bantam_labelled_log *logs, const int *folds,
                               const struct tools_parameters *parameters)
{
    struct measured measured = {0};
    for (int fold = 0; fold < N_FOLDS; fold++) {
        float weights[TOOL_FEATURES];
        tool_weights_fit(weights, examples, folds, fold, parameters);
        for (size_t i = 0; i < examples->count; i++) {
            const struct tool_example *example = &examples->items[i];
            if (folds[example->log] != fold || logs[example->log].constructed) {
                continue;
            }
            size_t best = tool_weights_best(weights, &example->candidates);
            bool right = best != SIZE_MAX && example->right[best];
            measured.n_labelled += example->labelled;
            measured.n_found += !example->labelled;
            measured.right_labelled += example->labelled && right;
            measured.right_found += !example->labelled && right;
        }
    }
    return measured;
}

static double share(size_t right, size_t all)
{
    return all ? (double)right / (double)all : 0;
}

static bantam_status write_model(bantam_buffer *out, const float *weights,
                                 const struct measured *shares,
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
    bantam_buffer_append_format(
        &measured,
        "{\"logs\":%zu,\"right_tool\":%.3f,\"right_tool_of_labelled_lines\":%.3f,\"folds\":%d}",
        shares->n_labelled, share(shares->right_found, shares->n_found),
        share(shares->right_labelled, shares->n_labelled), N_FOLDS);
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
    struct unseen_finding *unseen = memory_allocate_array(n_logs + 1, sizeof *unseen);
    if (!unseen) {
        return error_memory(error);
    }
    struct tool_table table = {0};
    bantam_status status = finder_find_unseen(unseen, logs, n_logs, options, error);
    status = status ? status : shipped_tools(&table, error);
    for (size_t i = 0; !status && i < n_logs; i++) {
        status = tool_examples_add(examples, &table, &logs[i], i, &unseen[i], error);
        if (!status && options->progress &&
            !options->progress(options->progress_context, "reading logs", i + 1, n_logs)) {
            status = error_set(error, BANTAM_ERROR_CANCELLED, "training was cancelled");
        }
    }
    tool_table_release(&table); // candidates are not asked for their tools any more
    memory_free(unseen);
    return status ? status : weigh_examples(examples, logs, n_logs, parameters, error);
}

bantam_status bantam_train_tools(bantam_buffer *model, const bantam_labelled_log *logs,
                                 size_t n_logs, const bantam_train_options *options,
                                 bantam_error *error)
{
    struct tools_parameters parameters;
    struct tool_examples examples = {0};
    float weights[TOOL_FEATURES];
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
        struct measured measured = measure(&examples, logs, folds, &parameters);
        tool_weights_fit(weights, &examples, folds, -1, &parameters);
        status = write_model(model, weights, &measured, &parameters, options, error);
    }
    tool_examples_release(&examples);
    memory_free(folds);
    return status;
}
