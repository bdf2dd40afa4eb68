// Filling a bantam_error; the pointer may be NULL.
#ifndef BANTAM_BASE_ERROR_H
#define BANTAM_BASE_ERROR_H

#include "bantam/status.h"

// Records the error and returns its code, so that a function ends in `return error_set(...)`.
bantam_status error_set(bantam_error *error, bantam_status code, const char *format, ...)
    BANTAM_PRINTF(3, 4);

// The same with the place in the input: a byte offset and a 1-based line, 0 where unknown.
bantam_status error_set_at(bantam_error *error, bantam_status code, uint64_t position,
                           uint64_t line, const char *format, ...) BANTAM_PRINTF(5, 6);

// BANTAM_ERROR_MEMORY, in the words that every allocation failure has.
bantam_status error_memory(bantam_error *error);

#endif
