// Documents as sparse rows: what a vectorizer makes and every learner of text takes. Compressed sparse rows.
#ifndef BANTAM_FEATURES_SPARSE_MATRIX_H
#define BANTAM_FEATURES_SPARSE_MATRIX_H

#include <stddef.h>
#include <stdint.h>

struct sparse_matrix {
    size_t n_rows, n_columns;
    size_t *starts;    // (n_rows + 1) where a row's entries begin; starts[0] is 0
    uint32_t *columns; // (starts[n_rows]) rising within a row
    float *values;     // (starts[n_rows])
};

// Frees the arrays, which came from base/memory.h, and makes the matrix empty.
void sparse_matrix_release(struct sparse_matrix *matrix);

#endif
