// What lays a problem out, between the files that do: logistic_layout.c (rows, targets, weights) and logistic_columns.c.
#ifndef BANTAM_TRAIN_LOGISTIC_LAYOUT_H
#define BANTAM_TRAIN_LOGISTIC_LAYOUT_H

#include "base/vector.h"
#include "train/logistic_problem.h"

// What only the layout needs; everything is freed after it.
struct logistic_layout {
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

// Makes the columns from the rows in order: merges features, numbers the columns, fills by_column, by_row and the chunks. Errors:
// BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status logistic_layout_columns(struct logistic_problem *problem,
                                                        struct logistic_layout *layout,
                                                        bantam_error *error);

// The first boundary of lanes.
static inline float *logistic_align(void *memory)
{
    size_t alignment = VECTOR_LANES * sizeof(float);
    return (float *)(((uintptr_t)memory + alignment - 1) / alignment * alignment);
}

#endif
