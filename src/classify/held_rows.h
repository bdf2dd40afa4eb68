// A sample of the rows of a stream that are held out: as n-grams, so that the finished model can be asked about them.
//
// Reservoir sampling (Vitter 1985, algorithm R) with a seed: each row that was offered is in the sample with the same probability.
#ifndef BANTAM_CLASSIFY_HELD_ROWS_H
#define BANTAM_CLASSIFY_HELD_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "bantam/status.h"
#include "base/random.h"
#include "features/vectorizer.h"

enum {
    HELD_ROWS_MAXIMUM = 4096,
    HELD_ENTRIES_MAXIMUM = 1 << 22, // of all rows; a row that would go beyond is passed over
};

struct held_row {
    uint32_t *columns; // (n)
    float *values;     // (n)
    size_t n;
    uint32_t *labels; // (n_labels)
    size_t n_labels;
    float weight;
};

struct held_rows {
    struct held_row *rows; // (n_rows) of HELD_ROWS_MAXIMUM
    size_t n_rows, n_entries;
    uint64_t n_offered;
    struct random random;
};

// Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status held_rows_init(struct held_rows *held, uint64_t seed,
                                               bantam_error *error);
void held_rows_release(struct held_rows *held);

// Copies the row into the sample, or not. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status held_rows_offer(struct held_rows *held,
                                                const struct sparse_row *row,
                                                const uint32_t *labels, size_t n_labels,
                                                float weight, bantam_error *error);

#endif
