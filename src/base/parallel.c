// OpenMP where the compiler has it, one thread where not.
#include "base/parallel.h"

#include "base/error.h"
#include "base/memory.h"

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

struct tried {
    bantam_status (*work)(void *context, size_t i, bantam_error *error);
    void *context;
    bantam_status *statuses; // (n)
    bantam_error *errors;    // (n)
};

static void try_piece(void *context, size_t i)
{
    struct tried *tried = context;
    tried->statuses[i] = tried->work(tried->context, i, &tried->errors[i]);
}

bantam_status parallel_try(size_t n, int n_threads,
                           bantam_status (*work)(void *context, size_t i, bantam_error *error),
                           void *context, bantam_error *error)
{
    struct tried tried = {.work = work, .context = context};
    tried.statuses = memory_allocate_array(n, sizeof *tried.statuses);
    tried.errors = memory_allocate_array(n, sizeof *tried.errors);
    bantam_status status = BANTAM_OK;
    if (!tried.statuses || !tried.errors) {
        status = error_memory(error);
    } else {
        parallel_for(n, n_threads, try_piece, &tried);
        for (size_t i = 0; !status && i < n; i++) {
            status = tried.statuses[i];
            if (status && error) {
                *error = tried.errors[i];
            }
        }
    }
    memory_free(tried.statuses);
    memory_free(tried.errors);
    return status;
}
