// What a sparse matrix owns.
#include "features/sparse_matrix.h"

#include "base/memory.h"

void sparse_matrix_release(struct sparse_matrix *matrix)
{
    memory_free(matrix->starts);
    memory_free(matrix->columns);
    memory_free(matrix->values);
    *matrix = (struct sparse_matrix){0};
}
