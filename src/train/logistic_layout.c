// Rows as a caller has them → rows as the kernels of logistic_problem.c read them.
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/vector.h"
#include "train/logistic_problem.h"

enum {
    ENTRIES_A_CHUNK = 1 << 12,  // of columns
    WORK_OF_A_THREAD = 1 << 17, // multiplications of a pass, some ten microseconds
};

// What only the layout needs; everything is freed after it.
struct layout {
    const struct sparse_matrix *rows;
    const struct logistic_labels *labels;
    const struct logistic_options *options;
    const float *row_weights;        // of the caller, or NULL
    uint32_t *order;                 // (n_rows of the problem) the caller's rows that take part
    struct sparse_matrix by_feature; // (n_features, n_rows of the problem)
    float *norms; // (n_features) of leaders: length of the merged weights per weight of its own
    uint32_t *leaders; // (n_columns) the feature that a column stands for
    double *counts;    // (n_classes) weight of the rows that have the label
    double total;      // weight of all rows
};

static void sparse_release(struct sparse_matrix *matrix)
{
    memory_free(matrix->starts);
    memory_free(matrix->columns);
    memory_free(matrix->values);
    *matrix = (struct sparse_matrix){0};
}

static bantam_status sparse_init(struct sparse_matrix *matrix, size_t n_rows, size_t n_columns,
                                 size_t n_entries, bantam_error *error)
{
    *matrix = (struct sparse_matrix){.n_rows = n_rows, .n_columns = n_columns};
    matrix->starts = memory_allocate_array(n_rows + 2, sizeof *matrix->starts);
    matrix->columns = memory_allocate_array(n_entries, sizeof *matrix->columns);
    matrix->values = memory_allocate_array(n_entries, sizeof *matrix->values);
    return matrix->starts && matrix->columns && matrix->values ? BANTAM_OK : error_memory(error);
}

// The transposed matrix of the rows that `order` names (NULL: all n_rows).
static bantam_status transpose(struct sparse_matrix *out, const struct sparse_matrix *in,
                               const uint32_t *order, size_t n_rows, bantam_error *error)
{
    size_t n_entries = 0;
    for (size_t i = 0; i < n_rows; i++) {
        size_t row = order ? order[i] : i;
        n_entries += in->starts[row + 1] - in->starts[row];
    }
    bantam_status status = sparse_init(out, in->n_columns, n_rows, n_entries, error);
    if (status) {
        return status;
    }
    for (size_t i = 0; i < n_rows; i++) {
        size_t row = order ? order[i] : i;
        for (size_t k = in->starts[row]; k < in->starts[row + 1]; k++) {
            out->starts[in->columns[k] + 2]++;
        }
    }
    for (size_t j = 0; j < in->n_columns; j++) {
        out->starts[j + 2] += out->starts[j + 1];
    }
    for (size_t i = 0; i < n_rows; i++) { // starts[j + 1] walks from the column's begin to its end
        size_t row = order ? order[i] : i;
        for (size_t k = in->starts[row]; k < in->starts[row + 1]; k++) {
            size_t at = out->starts[in->columns[k] + 1]++;
            out->columns[at] = (uint32_t)i;
            out->values[at] = in->values[k];
        }
    }
    return BANTAM_OK;
}

static size_t first_label(const struct logistic_labels *labels, size_t row)
{
    if (!labels->starts) {
        return labels->labels[row];
    }
    return labels->starts[row] < labels->starts[row + 1] ? labels->labels[labels->starts[row]] : 0;
}

static float weight_of(const struct layout *layout, size_t row)
{
    return layout->row_weights ? layout->row_weights[row] : 1;
}

// Rows that take part, sorted by their first label; counts the labels' weights.
static bantam_status order_rows(struct logistic_problem *problem, struct layout *layout,
                                bantam_error *error)
{
    const struct logistic_labels *labels = layout->labels;
    size_t n_rows = layout->rows->n_rows, n_classes = labels->n_classes;
    size_t *ends = memory_allocate_array(n_classes + 1, sizeof *ends);
    layout->order = memory_allocate_array(n_rows, sizeof *layout->order);
    layout->counts = memory_allocate_array(n_classes, sizeof *layout->counts);
    if (!ends || !layout->order || !layout->counts) {
        memory_free(ends);
        return error_memory(error);
    }
    for (size_t i = 0; i < n_rows; i++) {
        ends[first_label(labels, i) + 1] += weight_of(layout, i) > 0 ? 1 : 0;
    }
    for (size_t c = 0; c < n_classes; c++) {
        ends[c + 1] += ends[c];
    }
    problem->n_rows = ends[n_classes];
    for (size_t i = 0; i < n_rows; i++) {
        double weight = (double)weight_of(layout, i);
        if (weight > 0) {
            layout->order[ends[first_label(labels, i)]++] = (uint32_t)i;
            layout->total += weight;
            size_t start = labels->starts ? labels->starts[i] : i;
            size_t end = labels->starts ? labels->starts[i + 1] : i + 1;
            for (size_t k = start; k < end; k++) {
                layout->counts[labels->labels[k]] += weight;
            }
        }
    }
    memory_free(ends);
    return BANTAM_OK;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15U;
    return hash ^ hash >> 29;
}

static uint64_t hash_column(const struct sparse_matrix *by_feature, size_t feature)
{
    uint64_t hash = 0;
    for (size_t k = by_feature->starts[feature]; k < by_feature->starts[feature + 1]; k++) {
        uint32_t value;
        memcpy(&value, &by_feature->values[k], sizeof value);
        hash = mix(hash, (uint64_t)by_feature->columns[k] << 32 | value);
    }
    return hash;
}

static bool same_column(const struct sparse_matrix *by_feature, size_t a, size_t b)
{
    size_t at = by_feature->starts[a], bt = by_feature->starts[b];
    size_t n = by_feature->starts[a + 1] - at;
    return by_feature->starts[b + 1] - bt == n &&
           memcmp(by_feature->columns + at, by_feature->columns + bt,
                  n * sizeof *by_feature->columns) == 0 &&
           memcmp(by_feature->values + at, by_feature->values + bt,
                  n * sizeof *by_feature->values) == 0;
}

// The leader of a feature: the first with the same column, or the first of the same single row.
static uint32_t find_leader(const struct sparse_matrix *by_feature, size_t feature, uint32_t *table,
                            size_t mask, uint32_t *of_row)
{
    size_t start = by_feature->starts[feature];
    if (by_feature->starts[feature + 1] - start == 1) {
        uint32_t *leader = &of_row[by_feature->columns[start]];
        *leader = *leader == UINT32_MAX ? (uint32_t)feature : *leader;
        return *leader;
    }
    size_t slot = hash_column(by_feature, feature) & mask;
    while (table[slot] != UINT32_MAX && !same_column(by_feature, table[slot], feature)) {
        slot = (slot + 1) & mask;
    }
    table[slot] = table[slot] == UINT32_MAX ? (uint32_t)feature : table[slot];
    return table[slot];
}

static bool in_no_row(const struct sparse_matrix *by_feature, size_t feature)
{
    size_t start = by_feature->starts[feature], n = by_feature->starts[feature + 1] - start;
    return n == 0 || (n == 1 && by_feature->values[start] == 0);
}

// Fills `merged` with leaders, `norms` and `shares`.
static bantam_status merge_features(struct logistic_problem *problem, struct layout *layout,
                                    bantam_error *error)
{
    const struct sparse_matrix *by_feature = &layout->by_feature;
    size_t n_features = problem->n_features, mask = 1;
    while (mask < 2 * n_features) {
        mask = 2 * mask + 1;
    }
    uint32_t *table = memory_allocate_array(mask + 1, sizeof *table);
    uint32_t *of_row = memory_allocate_array(problem->n_rows, sizeof *of_row);
    if (!table || !of_row) {
        memory_free(table);
        memory_free(of_row);
        return error_memory(error);
    }
    memset(table, 0xFF, (mask + 1) * sizeof *table);
    memset(of_row, 0xFF, problem->n_rows * sizeof *of_row);
    for (size_t f = 0; f < n_features; f++) {
        if (in_no_row(by_feature, f)) {
            problem->merged[f] = UINT32_MAX;
            continue;
        }
        bool alone = problem->lasso > 0 || layout->options->support;
        uint32_t leader = alone ? (uint32_t)f : find_leader(by_feature, f, table, mask, of_row);
        bool single = by_feature->starts[f + 1] - by_feature->starts[f] == 1;
        float ratio = single ? by_feature->values[by_feature->starts[f]] /
                                   by_feature->values[by_feature->starts[leader]]
                             : 1;
        problem->merged[f] = leader;
        problem->shares[f] = ratio;
        layout->norms[leader] += ratio * ratio;
    }
    for (size_t f = 0; f < n_features; f++) {
        layout->norms[f] = sqrtf(layout->norms[f]);
    }
    for (size_t f = 0; f < n_features; f++) {
        if (problem->merged[f] != UINT32_MAX) {
            problem->shares[f] /= layout->norms[problem->merged[f]];
        }
    }
    memory_free(table);
    memory_free(of_row);
    return BANTAM_OK;
}

// Numbers the leaders from the most to the least frequent and turns `merged` from leaders into columns.
static bantam_status number_columns(struct logistic_problem *problem, struct layout *layout,
                                    bantam_error *error)
{
    const struct sparse_matrix *by_feature = &layout->by_feature;
    size_t n_features = problem->n_features, n_rows = problem->n_rows;
    size_t *begins = memory_allocate_array(n_rows + 2, sizeof *begins);
    uint32_t *numbers = memory_allocate_array(n_features, sizeof *numbers);
    layout->leaders = memory_allocate_array(n_features, sizeof *layout->leaders);
    if (!begins || !numbers || !layout->leaders) {
        memory_free(begins);
        memory_free(numbers);
        return error_memory(error);
    }
    for (size_t f = 0; f < n_features; f++) {
        if (problem->merged[f] == f) {
            begins[n_rows - (by_feature->starts[f + 1] - by_feature->starts[f]) + 1]++;
            problem->n_columns++;
        }
    }
    for (size_t i = 0; i <= n_rows; i++) {
        begins[i + 1] += begins[i];
    }
    for (size_t f = 0; f < n_features; f++) {
        if (problem->merged[f] == f) {
            size_t rank = n_rows - (by_feature->starts[f + 1] - by_feature->starts[f]);
            numbers[f] = (uint32_t)begins[rank]++;
            layout->leaders[numbers[f]] = (uint32_t)f;
        }
    }
    for (size_t f = 0; f < n_features; f++) {
        uint32_t leader = problem->merged[f];
        problem->merged[f] = leader == UINT32_MAX ? leader : numbers[leader];
    }
    memory_free(begins);
    memory_free(numbers);
    return BANTAM_OK;
}

static bantam_status copy_columns(struct logistic_problem *problem, struct layout *layout,
                                  bantam_error *error)
{
    const struct sparse_matrix *by_feature = &layout->by_feature;
    size_t n_entries = 0;
    for (size_t j = 0; j < problem->n_columns; j++) {
        uint32_t f = layout->leaders[j];
        n_entries += by_feature->starts[f + 1] - by_feature->starts[f];
    }
    struct sparse_matrix *by_column = &problem->by_column;
    bantam_status status =
        sparse_init(by_column, problem->n_columns, problem->n_rows, n_entries, error);
    problem->column_chunks =
        memory_allocate_array(n_entries / ENTRIES_A_CHUNK + 2, sizeof *problem->column_chunks);
    if (status || !problem->column_chunks) {
        return error_memory(error);
    }
    size_t at = 0, begun = 0;
    for (size_t j = 0; j < problem->n_columns; j++) {
        uint32_t f = layout->leaders[j];
        for (size_t k = by_feature->starts[f]; k < by_feature->starts[f + 1]; k++, at++) {
            by_column->columns[at] = by_feature->columns[k];
            by_column->values[at] = by_feature->values[k] * layout->norms[f];
        }
        by_column->starts[j + 1] = at;
        if (at - begun >= ENTRIES_A_CHUNK) {
            problem->column_chunks[++problem->n_column_chunks] = j + 1;
            begun = at;
        }
    }
    if (problem->column_chunks[problem->n_column_chunks] < problem->n_columns) {
        problem->column_chunks[++problem->n_column_chunks] = problem->n_columns;
    }
    return transpose(&problem->by_row, by_column, NULL, problem->n_columns, error);
}

// What balancing makes of a label's count: a set of `n_sets` equally heavy ones.
static double balance(const struct layout *layout, double count, size_t n_sets)
{
    return layout->options->balanced && count > 0 ? layout->total / ((double)n_sets * count) : 1;
}

// Each output on its own (several labels a row, or one-vs-rest) balances its two sides, otherwise a row has its label's weight.
static void weigh_rows(struct logistic_problem *problem, const struct layout *layout)
{
    const struct logistic_labels *labels = layout->labels;
    const float *class_weights = layout->options->class_weights;
    bool by_output = problem->form == LOGISTIC_ONE_VS_REST && problem->n_outputs > 1;
    for (size_t c = 0; c < problem->n_outputs; c++) {
        double count = by_output ? layout->counts[c] : 0;
        problem->positive[c] = (float)balance(layout, count, 2);
        problem->negative[c] = (float)balance(layout, by_output ? layout->total - count : 0, 2);
        if (labels->starts && class_weights) {
            problem->positive[c] *= class_weights[c];
        }
    }
    for (size_t i = 0; i < problem->n_rows; i++) {
        size_t row = layout->order[i];
        double weight = layout->options->strength * (double)weight_of(layout, row);
        if (!labels->starts) {
            size_t label = labels->labels[row];
            weight *= class_weights ? (double)class_weights[label] : 1;
            weight *= by_output ? 1 : balance(layout, layout->counts[label], labels->n_classes);
        }
        problem->row_weights[i] = (float)weight;
    }
}

static bantam_status copy_targets(struct logistic_problem *problem, const struct layout *layout,
                                  bantam_error *error)
{
    const struct logistic_labels *labels = layout->labels;
    size_t n_rows = problem->n_rows, n_targets = 0;
    problem->target_starts = memory_allocate_array(n_rows + 1, sizeof *problem->target_starts);
    for (size_t i = 0; i < n_rows; i++) {
        size_t row = layout->order[i];
        n_targets += labels->starts ? labels->starts[row + 1] - labels->starts[row] : 1;
    }
    problem->targets = memory_allocate_array(n_targets, sizeof *problem->targets);
    problem->target_scores = memory_allocate_array(n_targets, sizeof *problem->target_scores);
    if (!problem->target_starts || !problem->targets || !problem->target_scores) {
        return error_memory(error);
    }
    size_t at = 0;
    bool single = problem->n_outputs == 1; // then class 1 is the one output
    for (size_t i = 0; i < n_rows; i++) {
        size_t row = layout->order[i];
        size_t start = labels->starts ? labels->starts[row] : row;
        size_t end = labels->starts ? labels->starts[row + 1] : row + 1;
        for (size_t k = start; k < end; k++) {
            if (!single || labels->labels[k] == 1) {
                problem->targets[at++] = single ? 0 : labels->labels[k];
            }
        }
        problem->target_starts[i + 1] = at;
    }
    return BANTAM_OK;
}

// The scores that the prior gives, for each row.
static void score_prior(struct logistic_problem *problem, const struct layout *layout)
{
    const struct sparse_matrix *rows = layout->rows;
    const float *prior = layout->options->prior, *intercepts = layout->options->fixed_intercepts;
    size_t n_outputs = problem->n_outputs;
    for (size_t i = 0; i < problem->n_rows; i++) {
        size_t row = layout->order[i];
        float *to = problem->offsets + i * problem->width;
        for (size_t c = 0; intercepts && c < n_outputs; c++) {
            to[c] = intercepts[c];
        }
        for (size_t k = rows->starts[row]; prior && k < rows->starts[row + 1]; k++) {
            const float *from = prior + (size_t)rows->columns[k] * n_outputs;
            for (size_t c = 0; c < n_outputs; c++) {
                to[c] += rows->values[k] * from[c];
            }
        }
    }
}

// The first boundary of lanes.
static float *align(void *memory)
{
    size_t alignment = VECTOR_LANES * sizeof(float);
    return (float *)(((uintptr_t)memory + alignment - 1) / alignment * alignment);
}

// The arrays of (n_rows, width), on boundaries of whole lanes.
static bantam_status allocate_dense(struct logistic_problem *problem, bool with_offsets,
                                    bantam_error *error)
{
    size_t n_rows = problem->n_rows, width = problem->width;
    size_t n_pieces = (n_rows + LOGISTIC_ROWS_A_PIECE - 1) / LOGISTIC_ROWS_A_PIECE;
    size_t size = (n_rows * width + VECTOR_LANES - 1) / VECTOR_LANES * VECTOR_LANES;
    problem->memory = memory_allocate_array((with_offsets ? 3 : 2) * size + VECTOR_LANES,
                                            sizeof *problem->curvature);
    problem->piece_sums = memory_allocate_array(n_pieces * width, sizeof *problem->piece_sums);
    size_t n_chunks = problem->n_column_chunks;
    problem->partial =
        memory_allocate_array(n_pieces > n_chunks ? n_pieces : n_chunks, sizeof *problem->partial);
    problem->column_sums =
        memory_allocate_array((n_chunks > 0 ? n_chunks : 1) * width, sizeof *problem->column_sums);
    problem->row_weights = memory_allocate_array(n_rows, sizeof *problem->row_weights);
    problem->positive = memory_allocate_array(width, sizeof *problem->positive);
    problem->negative = memory_allocate_array(width, sizeof *problem->negative);
    if (!problem->memory || !problem->piece_sums || !problem->column_sums || !problem->partial ||
        !problem->row_weights || !problem->positive || !problem->negative) {
        return error_memory(error);
    }
    problem->curvature = align(problem->memory);
    problem->residuals = problem->curvature + size;
    problem->offsets = with_offsets ? problem->residuals + size : NULL;
    return BANTAM_OK;
}

static bantam_status copy_support(struct logistic_problem *problem, const struct layout *layout,
                                  bantam_error *error)
{
    const uint8_t *support = layout->options->support;
    size_t n_outputs = problem->n_outputs, width = problem->width;
    problem->support = logistic_allocate(problem, 1, &problem->support_memory);
    if (!problem->support) {
        return error_memory(error);
    }
    for (size_t j = 0; j < problem->n_columns; j++) {
        for (size_t c = 0; c < n_outputs; c++) {
            problem->support[j * width + c] = support[layout->leaders[j] * n_outputs + c] ? 1 : 0;
        }
    }
    return BANTAM_OK;
}

static bantam_status lay_out(struct logistic_problem *problem, struct layout *layout,
                             bantam_error *error)
{
    size_t n_features = problem->n_features;
    problem->merged = memory_allocate_array(n_features, sizeof *problem->merged);
    problem->shares = memory_allocate_array(n_features, sizeof *problem->shares);
    layout->norms = memory_allocate_array(n_features, sizeof *layout->norms);
    if (!problem->merged || !problem->shares || !layout->norms) {
        return error_memory(error);
    }
    bantam_status status = order_rows(problem, layout, error);
    if (!status) {
        status =
            transpose(&layout->by_feature, layout->rows, layout->order, problem->n_rows, error);
    }
    if (!status) {
        status = merge_features(problem, layout, error);
    }
    if (!status) {
        status = number_columns(problem, layout, error);
    }
    if (!status) {
        status = copy_columns(problem, layout, error);
    }
    if (!status) {
        status = copy_targets(problem, layout, error);
    }
    if (!status) {
        status = allocate_dense(problem,
                                layout->options->prior || layout->options->fixed_intercepts, error);
    }
    if (!status && layout->options->support) {
        status = copy_support(problem, layout, error);
    }
    if (!status) {
        weigh_rows(problem, layout);
        if (problem->offsets) {
            score_prior(problem, layout);
        }
    }
    return status;
}

// A pass over few rows takes less than waking threads up for it.
static int threads_worthwhile(const struct logistic_problem *problem,
                              const struct sparse_matrix *rows, int n_threads)
{
    size_t work = rows->starts[rows->n_rows] * problem->width / WORK_OF_A_THREAD;
    return work < (size_t)(n_threads < 1 ? 1 : n_threads) ? (int)work + 1 : n_threads;
}

bantam_status logistic_problem_init(struct logistic_problem *problem,
                                    const struct sparse_matrix *rows,
                                    const struct logistic_labels *labels, const float *row_weights,
                                    const struct logistic_options *options, bantam_error *error)
{
    size_t n_outputs = logistic_n_outputs(labels);
    bool each = labels->starts || n_outputs == 1;
    *problem = (struct logistic_problem){
        .form = each ? LOGISTIC_ONE_VS_REST : options->form,
        .n_outputs = n_outputs,
        .width = n_outputs == 1 ? 1 : (n_outputs + VECTOR_LANES - 1) / VECTOR_LANES * VECTOR_LANES,
        .ridge = 1 - options->l1_ratio,
        .intercepts_fixed = options->fixed_intercepts != NULL,
        .lasso = options->l1_ratio,
        .n_features = rows->n_columns,
    };
    problem->n_threads = threads_worthwhile(problem, rows, options->n_threads);
    struct layout layout = {
        .rows = rows, .labels = labels, .options = options, .row_weights = row_weights};
    bantam_status status = lay_out(problem, &layout, error);
    memory_free(layout.order);
    sparse_release(&layout.by_feature);
    memory_free(layout.norms);
    memory_free(layout.leaders);
    memory_free(layout.counts);
    if (status) {
        logistic_problem_release(problem);
    }
    return status;
}

void logistic_problem_release(struct logistic_problem *problem)
{
    sparse_release(&problem->by_row);
    sparse_release(&problem->by_column);
    memory_free(problem->row_weights);
    memory_free(problem->target_starts);
    memory_free(problem->targets);
    memory_free(problem->target_scores);
    memory_free(problem->positive);
    memory_free(problem->negative);
    memory_free(problem->piece_sums);
    memory_free(problem->column_sums);
    memory_free(problem->column_chunks);
    memory_free(problem->partial);
    memory_free(problem->merged);
    memory_free(problem->shares);
    memory_free(problem->memory);
    memory_free(problem->support_memory);
    *problem = (struct logistic_problem){0};
}

size_t logistic_n_parameters(const struct logistic_problem *problem)
{
    size_t n = (problem->n_columns + 1) * problem->width;
    return (n + VECTOR_LANES - 1) / VECTOR_LANES * VECTOR_LANES;
}

float *logistic_allocate(const struct logistic_problem *problem, size_t n_vectors, void **memory)
{
    size_t n = n_vectors * logistic_n_parameters(problem) + VECTOR_LANES;
    *memory = memory_allocate_array(n, sizeof(float));
    return *memory ? align(*memory) : NULL;
}

void logistic_pack(const struct logistic_problem *problem, const float *weights,
                   const float *intercepts, const struct logistic_options *options,
                   float *parameters)
{
    const float *prior = options->prior, *fixed_intercepts = options->fixed_intercepts;
    size_t n_outputs = problem->n_outputs, width = problem->width;
    memset(parameters, 0, logistic_n_parameters(problem) * sizeof *parameters);
    for (size_t f = 0; f < problem->n_features; f++) {
        if (problem->merged[f] == UINT32_MAX) {
            continue;
        }
        float *to = parameters + problem->merged[f] * width;
        for (size_t c = 0; c < n_outputs; c++) {
            float away = weights[f * n_outputs + c] - (prior ? prior[f * n_outputs + c] : 0);
            to[c] += problem->shares[f] * away;
        }
    }
    for (size_t c = 0; c < n_outputs; c++) {
        parameters[problem->n_columns * width + c] =
            intercepts[c] - (fixed_intercepts ? fixed_intercepts[c] : 0);
    }
}

void logistic_unpack(const struct logistic_problem *problem, const float *parameters,
                     const struct logistic_options *options, float *weights, float *intercepts)
{
    const float *prior = options->prior, *fixed_intercepts = options->fixed_intercepts;
    size_t n_outputs = problem->n_outputs, width = problem->width;
    for (size_t f = 0; f < problem->n_features; f++) {
        bool learned = problem->merged[f] != UINT32_MAX;
        const float *from = parameters + (learned ? problem->merged[f] * width : 0);
        for (size_t c = 0; c < n_outputs; c++) {
            weights[f * n_outputs + c] = (learned ? problem->shares[f] * from[c] : 0) +
                                         (prior ? prior[f * n_outputs + c] : 0);
        }
    }
    for (size_t c = 0; c < n_outputs; c++) {
        intercepts[c] = parameters[problem->n_columns * width + c] +
                        (fixed_intercepts ? fixed_intercepts[c] : 0);
    }
}
