// Features → columns of a problem: those that say the same become one, and the frequent ones come first.
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "train/logistic_layout.h"

enum {
    ENTRIES_A_CHUNK = 1 << 12 // of columns
};

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
static bantam_status merge_features(struct logistic_problem *problem,
                                    struct logistic_layout *layout, bantam_error *error)
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
static bantam_status number_columns(struct logistic_problem *problem,
                                    struct logistic_layout *layout, bantam_error *error)
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

static bantam_status copy_columns(struct logistic_problem *problem, struct logistic_layout *layout,
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

bantam_status logistic_layout_columns(struct logistic_problem *problem,
                                      struct logistic_layout *layout, bantam_error *error)
{
    bantam_status status =
        transpose(&layout->by_feature, layout->rows, layout->order, problem->n_rows, error);
    if (!status) {
        status = merge_features(problem, layout, error);
    }
    if (!status) {
        status = number_columns(problem, layout, error);
    }
    return status ? status : copy_columns(problem, layout, error);
}
