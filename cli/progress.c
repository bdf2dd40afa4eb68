// A line on standard error that is written over.
#include "progress.h"

#include <stdio.h>

bool progress_show(void *context, const char *what, size_t done, size_t total)
{
    const char *prefix = context;
    fprintf(stderr, "\r\033[K%s%s %zu/%zu", prefix, what, done, total);
    fflush(stderr);
    return true;
}

void progress_end(bool quiet)
{
    if (!quiet) {
        fputs("\r\033[K", stderr);
    }
}
