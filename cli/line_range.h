// Lines of a text by their numbers, as a person asks for them: 1042, 1042-1057, -20.
#ifndef BANTAM_CLI_LINE_RANGE_H
#define BANTAM_CLI_LINE_RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bantam/bantam.h>

struct line_range {
    uint64_t first, last; // from 1, inclusive
    uint64_t from_end;    // instead, where it is not 0: so many last lines
};

#define LINE_RANGE_ERROR "is no line (1042), range (1042-1057) or number of last lines (-20)"

// Reads a range; NULL stands for all lines. False where it is none.
bool line_range_parse(struct line_range *range, const char *text);

// Lines of a text; the last one needs no '\n'.
uint64_t line_count(const char *text, size_t size);

// Appends the lines with their numbers, fit for a terminal. False where the text has fewer lines than the range's first; *n_lines is
// how many there are.
bool line_range_append(bantam_buffer *out, uint64_t *n_lines, const char *text, size_t size,
                       const struct line_range *range);

#endif
