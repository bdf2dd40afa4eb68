// The first rows of a source, looked at before any is taken: what format, separator and columns are settled by.
#ifndef BANTAM_TEXT_ROW_SAMPLE_H
#define BANTAM_TEXT_ROW_SAMPLE_H

#include "text/row_reader.h"

enum {
    ROW_SAMPLE_SIZE = 64 << 10, // bytes that a guess may rest on
    ROW_SAMPLE_ROWS = 200,
};

// Rows from the window's front, as copies.
struct row_sample {
    char *bytes;
    struct delimited_row *rows; // (n_rows)
    size_t n_rows;
};

// Splits a copy of the window's rows; only whole rows count, at most `n_rows`. Errors: BANTAM_ERROR_MEMORY; *sample is then empty.
BANTAM_MUST_CHECK bantam_status row_sample_take(struct row_sample *sample,
                                                const struct row_window *window, char separator,
                                                size_t n_rows, bantam_error *error);
void row_sample_release(struct row_sample *sample);

// Whether the first row seems to name the columns, by how it differs from the others (row_header.c).
bool row_sample_has_header(const struct row_sample *sample);

// Passes over empty lines and fills the window until its first row is whole, or the source has ended. Errors: BANTAM_ERROR_INPUT,
// BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status row_sample_fill(struct row_window *window, char separator,
                                                bantam_error *error);

#endif
