// Independent pieces of work on several threads; results must not depend on which thread runs which piece.
#ifndef BANTAM_BASE_PARALLEL_H
#define BANTAM_BASE_PARALLEL_H

#include <stddef.h>

#include "bantam/status.h"

// Calls work(context, i) for each i below n, on at most n_threads threads (below 1 counts as 1), in any order.
void parallel_for(size_t n, int n_threads, void (*work)(void *context, size_t i), void *context);

// Likewise for work that can fail: all pieces are done, the status and the error are those of the first one that failed.
// Errors: the work's, BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status parallel_try(size_t n, int n_threads,
                                             bantam_status (*work)(void *context, size_t i,
                                                                   bantam_error *error),
                                             void *context, bantam_error *error);

#endif
