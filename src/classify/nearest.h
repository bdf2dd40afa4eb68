// The kept training texts nearest to a text, by the cosine of their features.
#ifndef BANTAM_CLASSIFY_NEAREST_H
#define BANTAM_CLASSIFY_NEAREST_H

#include "classify/classifier.h"

struct nearest {
    struct sparse_matrix rows; // of the kept texts, each scaled to length 1
    float *query;              // (n_features) zero between calls
    struct neighbour *found;   // (rows.n_rows)
};

struct neighbour {
    uint32_t row;
    float similarity;
};

// Makes the rows. Errors: BANTAM_ERROR_MEMORY; *nearest is then empty.
BANTAM_MUST_CHECK bantam_status nearest_init(struct nearest *nearest,
                                             const bantam_classifier *classifier,
                                             bantam_error *error);
void nearest_release(struct nearest *nearest);

// Sorts the rows that have something in common with `row` into nearest->found, the most similar first (of equals the first in the
// data), and returns how many there are.
size_t nearest_find(struct nearest *nearest, const struct sparse_row *row);

#endif
