// From the n-grams that a text was read as to its sparse row: counted, sorted, weighted, normalised.
#ifndef BANTAM_FEATURES_VECTORIZER_ROWS_H
#define BANTAM_FEATURES_VECTORIZER_ROWS_H

#include "features/vectorizer_parts.h"

// Sorts numbers in rising order; `scratch` (n) is overwritten.
void sort_numbers(uint32_t *numbers, uint32_t *scratch, size_t n);

// The weight of a count before idf.
float term_weight(const struct vectorizer_part_options *options, int32_t count);

// The idf of a feature of the part.
static inline float part_idf(const struct vectorizer_part *part, size_t feature)
{
    return !part->options.use_idf    ? 1
           : part->options.hash_bits ? part->hashed_idf[feature]
                                     : part->vocabulary.entries[feature].idf;
}

// What some texts were read as for one part: numbers, row after row.
struct part_rows {
    uint32_t *numbers; // (starts[n_rows])
    size_t *starts;    // (n_rows + 1)
    size_t n_rows, numbers_capacity, starts_capacity;
};

void part_rows_release(struct part_rows *rows);

// Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status part_rows_append(struct part_rows *rows, const uint32_t *numbers,
                                                 size_t n, bantam_error *error);

// Makes a part's row from signed features (n), sorted; writes columns of the whole vectorizer and values, at most n, and
// returns how many.
size_t part_row(const struct vectorizer_part *part, const uint32_t *features, size_t n,
                uint32_t *columns, float *values);

// Rows of consecutive texts: for each part signed features, sorted within a row.
struct row_chunk {
    struct part_rows parts[VECTORIZER_PARTS];
    size_t n_rows;
};

// Puts the chunks together, in order. Errors: BANTAM_ERROR_MEMORY; *matrix is then empty.
BANTAM_MUST_CHECK bantam_status rows_assemble(struct sparse_matrix *matrix,
                                              const struct vectorizer *vectorizer,
                                              const struct row_chunk *chunks, size_t n_chunks,
                                              int n_threads, bantam_error *error);

#endif
