// A window over a stream of bytes that moves from row to row: what the parsers of rows share.
//
// In: a read callback. Out: one row after another, whole and writable, without its line end. Memory is bounded by the longest row.
// Must not know what a row says.
#ifndef BANTAM_TEXT_ROW_WINDOW_H
#define BANTAM_TEXT_ROW_WINDOW_H

#include <stdbool.h>

#include "bantam/dataset.h"

enum row_state {
    SCAN_FIELD_START,
    SCAN_PLAIN,
    SCAN_QUOTED,
    SCAN_QUOTE, // a quote within quotes: the end of the field, or the first half of a doubled one
};

// How far a row whose end is still to come has been looked through, so that no byte is looked at twice.
struct row_scan {
    enum row_state state;
    size_t at;           // bytes of the row looked at
    uint64_t n_newlines; // within quotes
};

struct row_window {
    const char *source; // for messages; borrowed
    bantam_read read;
    void *context;
    char *bytes; // (capacity) of which [begin, end) are still to be read
    size_t begin, end, capacity;
    bool at_end;       // the callback has nothing more
    uint64_t line;     // 1-based, of bytes[begin]
    uint64_t row_line; // of the row last given
    struct row_scan scan;
};

void row_window_release(struct row_window *window);

// Reads until the window holds at least `size` bytes or the source has ended. Errors: BANTAM_ERROR_INPUT, BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status row_window_fill(struct row_window *window, size_t size,
                                                bantam_error *error);

// The next row, *row NULL behind the last. With `separator` '\0' a row is a line; else line ends within a quoted field belong to the
// row. The line end ('\n', or '\r' and '\n') is not part of it. Borrowed until the next call. Errors: BANTAM_ERROR_INPUT (longer than
// BANTAM_ROW_MAXIMUM, a quote without end), BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status row_window_next(struct row_window *window, char separator,
                                                char **row, size_t *size, bantam_error *error);

// Goes on looking for the row's end in bytes[scan->at, size). Returns whether it was found; scan->at is then the '\n'.
bool row_scan_end(struct row_scan *scan, const char *bytes, size_t size, char separator);

#endif
