// Independent pieces of work on several threads; results must not depend on which thread runs which piece.
#ifndef BANTAM_BASE_PARALLEL_H
#define BANTAM_BASE_PARALLEL_H

#include <stddef.h>

// Calls work(context, i) for each i below n, on at most n_threads threads (below 1 counts as 1), in any order.
void parallel_for(size_t n, int n_threads, void (*work)(void *context, size_t i), void *context);

#endif
