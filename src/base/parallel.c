// OpenMP where the compiler has it, one thread where not.
#include "base/parallel.h"

void parallel_for(size_t n, int n_threads, void (*work)(void *context, size_t i), void *context)
{
    // No more threads than there is work: where others keep the processors busy, one that has none holds the rest up at the end.
    n_threads = n_threads < 1 || n <= 1 ? 1 : n < (size_t)n_threads ? (int)n : n_threads;
#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic, 1) num_threads(n_threads) if (n_threads > 1)
#endif
    for (size_t i = 0; i < n; i++) {
        work(context, i);
    }
}
