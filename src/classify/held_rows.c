// Rows that come and go in a sample of fixed size.
#include "classify/held_rows.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"

static void release_row(struct held_row *row)
{
    memory_free(row->columns);
    memory_free(row->values);
    memory_free(row->labels);
    *row = (struct held_row){.n = 0};
}

bantam_status held_rows_init(struct held_rows *held, uint64_t seed, bantam_error *error)
{
    *held = (struct held_rows){.random = {seed}};
    held->rows = memory_allocate_array(HELD_ROWS_MAXIMUM, sizeof *held->rows);
    return held->rows ? BANTAM_OK : error_memory(error);
}

void held_rows_release(struct held_rows *held)
{
    for (size_t i = 0; i < held->n_rows; i++) {
        release_row(&held->rows[i]);
    }
    memory_free(held->rows);
    *held = (struct held_rows){.n_rows = 0};
}

static bool copy_row(struct held_row *to, const struct sparse_row *row, const uint32_t *labels,
                     size_t n_labels, float weight)
{
    *to = (struct held_row){.n = row->n, .n_labels = n_labels, .weight = weight};
    to->columns = memory_allocate_array(row->n, sizeof *to->columns);
    to->values = memory_allocate_array(row->n, sizeof *to->values);
    to->labels = memory_allocate_array(n_labels, sizeof *to->labels);
    if (!to->columns || !to->values || !to->labels) {
        release_row(to);
        return false;
    }
    if (row->n > 0) {
        memcpy(to->columns, row->columns, row->n * sizeof *to->columns);
        memcpy(to->values, row->values, row->n * sizeof *to->values);
    }
    if (n_labels > 0) {
        memcpy(to->labels, labels, n_labels * sizeof *to->labels);
    }
    return true;
}

bantam_status held_rows_offer(struct held_rows *held, const struct sparse_row *row,
                              const uint32_t *labels, size_t n_labels, float weight,
                              bantam_error *error)
{
    size_t at = held->n_rows;
    held->n_offered++;
    if (at == HELD_ROWS_MAXIMUM) {
        at = random_below(&held->random, (size_t)held->n_offered);
    }
    if (at >= HELD_ROWS_MAXIMUM) {
        return BANTAM_OK;
    }
    size_t n_leaving = at < held->n_rows ? held->rows[at].n : 0;
    if (held->n_entries - n_leaving + row->n > HELD_ENTRIES_MAXIMUM) {
        return BANTAM_OK;
    }
    struct held_row taken;
    if (!copy_row(&taken, row, labels, n_labels, weight)) {
        return error_memory(error);
    }
    if (at < held->n_rows) {
        release_row(&held->rows[at]);
    } else {
        held->n_rows++;
    }
    held->rows[at] = taken;
    held->n_entries += row->n - n_leaving;
    return BANTAM_OK;
}
