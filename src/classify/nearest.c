// Every kept row against the query: tens of thousands of short rows take a millisecond.
#include "classify/nearest.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"

static double length_of(const float *values, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += (double)values[i] * (double)values[i];
    }
    return sqrt(sum);
}

static void scale_rows(struct sparse_matrix *rows)
{
    for (size_t row = 0; row < rows->n_rows; row++) {
        size_t start = rows->starts[row], n = rows->starts[row + 1] - start;
        double length = length_of(rows->values + start, n);
        for (size_t i = start; length > 0 && i < start + n; i++) {
            rows->values[i] = (float)((double)rows->values[i] / length);
        }
    }
}

bantam_status nearest_init(struct nearest *nearest, const bantam_classifier *classifier,
                           bantam_error *error)
{
    const struct kept_texts *kept = &classifier->kept;
    *nearest = (struct nearest){.query = NULL};
    if (kept->n == 0) {
        return BANTAM_OK;
    }
    struct text_piece *texts = memory_allocate_array(kept->n, sizeof *texts);
    nearest->query =
        memory_allocate_array(bantam_classifier_n_features(classifier), sizeof *nearest->query);
    nearest->found = memory_allocate_array(kept->n, sizeof *nearest->found);
    bantam_status status =
        texts && nearest->query && nearest->found ? BANTAM_OK : error_memory(error);
    for (size_t i = 0; !status && i < kept->n; i++) {
        texts[i] = (struct text_piece){kept->bytes + kept->starts[i],
                                       kept->starts[i + 1] - kept->starts[i]};
    }
    if (!status) {
        status = vectorizer_transform(&nearest->rows, text_model_vectorizer(classifier->text),
                                      texts, kept->n, 1, error);
    }
    memory_free(texts);
    if (status) {
        nearest_release(nearest);
        return status;
    }
    scale_rows(&nearest->rows);
    return BANTAM_OK;
}

void nearest_release(struct nearest *nearest)
{
    sparse_matrix_release(&nearest->rows);
    memory_free(nearest->query);
    memory_free(nearest->found);
    *nearest = (struct nearest){.query = NULL};
}

static int by_similarity(const void *left, const void *right)
{
    const struct neighbour *a = left, *b = right;
    if (a->similarity != b->similarity) {
        return a->similarity < b->similarity ? 1 : -1;
    }
    return (a->row > b->row) - (a->row < b->row);
}

size_t nearest_find(struct nearest *nearest, const struct sparse_row *row)
{
    const struct sparse_matrix *rows = &nearest->rows;
    double length = length_of(row->values, row->n);
    size_t n_found = 0;
    for (size_t i = 0; i < row->n && length > 0; i++) {
        nearest->query[row->columns[i]] = (float)((double)row->values[i] / length);
    }
    for (size_t i = 0; i < rows->n_rows; i++) {
        double similarity = 0;
        for (size_t at = rows->starts[i]; at < rows->starts[i + 1]; at++) {
            similarity += (double)rows->values[at] * (double)nearest->query[rows->columns[at]];
        }
        if (similarity > 0) {
            float most_one = similarity < 1 ? (float)similarity : 1;
            nearest->found[n_found++] =
                (struct neighbour){.row = (uint32_t)i, .similarity = most_one};
        }
    }
    for (size_t i = 0; i < row->n; i++) {
        nearest->query[row->columns[i]] = 0;
    }
    qsort(nearest->found, n_found, sizeof *nearest->found, by_similarity);
    return n_found;
}
