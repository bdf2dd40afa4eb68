// Weights as TfidfTransformer: tf, idf, norm. Sums are in double, in the order of the columns.
#include "features/vectorizer_rows.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/logarithm.h"
#include "base/memory.h"
#include "base/parallel.h"

enum {
    INSERTION_MOST = 40, // so few numbers are sorted by insertion
    DIGIT_BITS = 8,
    DIGITS = 1 << DIGIT_BITS,
};

static void sort_by_insertion(uint32_t *numbers, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint32_t number = numbers[i];
        size_t at = i;
        for (; at > 0 && numbers[at - 1] > number; at--) {
            numbers[at] = numbers[at - 1];
        }
        numbers[at] = number;
    }
}

// By one digit, from `from` to `to`.
static void sort_by_digit(uint32_t *to, const uint32_t *from, size_t n, unsigned shift)
{
    uint32_t starts[DIGITS + 1] = {0};
    for (size_t i = 0; i < n; i++) {
        starts[(from[i] >> shift) % DIGITS + 1]++;
    }
    for (size_t digit = 0; digit + 1 < DIGITS; digit++) {
        starts[digit + 1] += starts[digit];
    }
    for (size_t i = 0; i < n; i++) {
        to[starts[(from[i] >> shift) % DIGITS]++] = from[i];
    }
}

void sort_numbers(uint32_t *numbers, uint32_t *scratch, size_t n)
{
    if (n <= INSERTION_MOST) {
        sort_by_insertion(numbers, n);
        return;
    }
    uint32_t used = 0;
    for (size_t i = 0; i < n; i++) {
        used |= numbers[i];
    }
    uint32_t *from = numbers, *to = scratch;
    for (unsigned shift = 0; shift < 32 && used >> shift; shift += DIGIT_BITS) {
        sort_by_digit(to, from, n, shift);
        uint32_t *other = from;
        from = to;
        to = other;
    }
    if (from != numbers) {
        memcpy(numbers, from, n * sizeof *numbers);
    }
}

float term_weight(const struct vectorizer_part_options *options, int32_t count)
{
    if (options->binary || (count == 1 && options->sublinear_tf)) {
        return 1;
    }
    return options->sublinear_tf ? (float)(1 + logarithm((double)count)) : (float)count;
}

size_t part_row(const struct vectorizer_part *part, const uint32_t *features, size_t n,
                uint32_t *columns, float *values)
{
    size_t n_columns = 0;
    double length = 0;
    bool squares = part->options.norm == NORM_L2;
    for (size_t i = 0; i < n;) {
        uint32_t feature = features[i] >> 1;
        int32_t count = 0;
        for (; i < n && features[i] >> 1 == feature; i++) {
            count += features[i] & 1 ? -1 : 1;
        }
        float value = term_weight(&part->options, count) * part_idf(part, feature);
        columns[n_columns] = (uint32_t)part->first_feature + feature;
        values[n_columns++] = value;
        length += squares ? (double)value * (double)value : fabs((double)value);
    }
    if (part->options.norm == NORM_NONE || length == 0) {
        return n_columns;
    }
    double scale = 1 / (squares ? sqrt(length) : length);
    for (size_t i = 0; i < n_columns; i++) {
        values[i] = (float)((double)values[i] * scale);
    }
    return n_columns;
}

void part_rows_release(struct part_rows *rows)
{
    memory_free(rows->numbers);
    memory_free(rows->starts);
    *rows = (struct part_rows){0};
}

bantam_status part_rows_append(struct part_rows *rows, const uint32_t *numbers, size_t n,
                               bantam_error *error)
{
    if (rows->n_rows + 2 > rows->starts_capacity) {
        size_t capacity = 2 * rows->starts_capacity + 64;
        size_t *starts = memory_resize_array(rows->starts, capacity, sizeof *starts);
        if (!starts) {
            return error_memory(error);
        }
        starts[0] = 0;
        rows->starts = starts;
        rows->starts_capacity = capacity;
    }
    size_t used = rows->starts[rows->n_rows];
    if (!rows->numbers || used + n > rows->numbers_capacity) {
        size_t capacity = used + used / 2 + n + 1024;
        uint32_t *grown = memory_resize_array(rows->numbers, capacity, sizeof *grown);
        if (!grown) {
            return error_memory(error);
        }
        rows->numbers = grown;
        rows->numbers_capacity = capacity;
    }
    memcpy(rows->numbers + used, numbers, n * sizeof *numbers);
    rows->starts[++rows->n_rows] = used + n;
    return BANTAM_OK;
}

struct assembly {
    struct sparse_matrix *matrix;
    const struct vectorizer *vectorizer;
    const struct row_chunk *chunks;
    const size_t *first_rows; // (n_chunks)
};

// Distinct features of a sorted row.
static size_t count_distinct(const uint32_t *features, size_t n)
{
    size_t distinct = 0;
    for (size_t i = 0; i < n; i++) {
        distinct += i == 0 || features[i] >> 1 != features[i - 1] >> 1;
    }
    return distinct;
}

// Writes each row's size where its start will stand.
static void measure_rows(void *context, size_t at)
{
    const struct assembly *assembly = context;
    const struct row_chunk *chunk = &assembly->chunks[at];
    size_t *sizes = assembly->matrix->starts + assembly->first_rows[at] + 1;
    for (size_t row = 0; row < chunk->n_rows; row++) {
        sizes[row] = 0;
        for (size_t i = 0; i < assembly->vectorizer->options.n_parts; i++) {
            const struct part_rows *rows = &chunk->parts[i];
            size_t start = rows->starts[row];
            sizes[row] += count_distinct(rows->numbers + start, rows->starts[row + 1] - start);
        }
    }
}

static void write_rows(void *context, size_t at)
{
    const struct assembly *assembly = context;
    const struct row_chunk *chunk = &assembly->chunks[at];
    struct sparse_matrix *matrix = assembly->matrix;
    for (size_t row = 0; row < chunk->n_rows; row++) {
        size_t to = matrix->starts[assembly->first_rows[at] + row];
        for (size_t i = 0; i < assembly->vectorizer->options.n_parts; i++) {
            const struct part_rows *rows = &chunk->parts[i];
            size_t start = rows->starts[row];
            to +=
                part_row(&assembly->vectorizer->parts[i], rows->numbers + start,
                         rows->starts[row + 1] - start, matrix->columns + to, matrix->values + to);
        }
    }
}

bantam_status rows_assemble(struct sparse_matrix *matrix, const struct vectorizer *vectorizer,
                            const struct row_chunk *chunks, size_t n_chunks, int n_threads,
                            bantam_error *error)
{
    *matrix = (struct sparse_matrix){.n_columns = vectorizer->n_features};
    size_t *first_rows = memory_allocate_array(n_chunks, sizeof *first_rows);
    if (!first_rows) {
        return error_memory(error);
    }
    for (size_t i = 0; i < n_chunks; i++) {
        first_rows[i] = matrix->n_rows;
        matrix->n_rows += chunks[i].n_rows;
    }
    struct assembly assembly = {matrix, vectorizer, chunks, first_rows};
    matrix->starts = memory_allocate_array(matrix->n_rows + 1, sizeof *matrix->starts);
    if (matrix->starts) {
        parallel_for(n_chunks, n_threads, measure_rows, &assembly);
        for (size_t i = 0; i < matrix->n_rows; i++) {
            matrix->starts[i + 1] += matrix->starts[i];
        }
        size_t n = matrix->starts[matrix->n_rows];
        matrix->columns = memory_allocate(n * sizeof *matrix->columns);
        matrix->values = memory_allocate(n * sizeof *matrix->values);
    }
    bool enough = matrix->starts && matrix->columns && matrix->values;
    if (enough) {
        parallel_for(n_chunks, n_threads, write_rows, &assembly);
    } else {
        sparse_matrix_release(matrix);
    }
    memory_free(first_rows);
    return enough ? BANTAM_OK : error_memory(error);
}
