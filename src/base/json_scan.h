// Reads JSON front to back without building a tree, for tables that must be there a millisecond after the program's start.
//
// In: JSON text of unknown origin. Out: one value at a time, in the order of the text; strings are terminated copies in an arena.
// After the first fault every function returns false or NULL and `problem` says what it was.
#ifndef BANTAM_BASE_JSON_SCAN_H
#define BANTAM_BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct json_scan {
    const char *text;
    size_t size, at;
    struct arena *arena;
    const char *problem; // NULL: none so far
    bool out_of_memory;
};

// The byte that the next value or sign begins with; '\0' at the end or after a fault. Takes nothing but blanks.
char json_scan_peek(struct json_scan *scan);

// Takes `sign`, which must come next.
bool json_scan_expect(struct json_scan *scan, char sign);

// For each member of an object or item of an array, after its bracket was taken: true while there is one more; takes the
// comma before it and, at the end, the closing bracket. `first` starts as true.
bool json_scan_next(struct json_scan *scan, char close, bool *first);

// A string without NUL characters; NULL after a fault.
const char *json_scan_string(struct json_scan *scan);

// The name of a member and the colon behind it.
const char *json_scan_key(struct json_scan *scan);

bool json_scan_number(struct json_scan *scan, double *number);

// Passes over one value of any kind, at most 32 levels deep.
bool json_scan_skip(struct json_scan *scan);

// The 1-based line that the scan is at.
size_t json_scan_line(const struct json_scan *scan);

#endif
