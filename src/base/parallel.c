// OpenMP where the compiler has it, one thread where not.
#include "base/parallel.h"

void parallel_for(size_t n, int n_threads, void (*work)(void *context, size_t i), void *context)
{
    (void)n_threads;
#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic, 1) num_threads(n_threads < 1 ? 1 : n_threads)
#endif
    for (size_t i = 0; i < n; i++) {
        work(context, i);
    }
}
