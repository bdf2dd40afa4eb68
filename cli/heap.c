// glibc's heap, set up so that Linux can map 2 MB of it at a time.
//
// The advice holds for addresses that exist, and the heap grows by small steps: so it is grown once by what a large log takes, from an
// address that a large page can begin at. That costs addresses; memory is only what is touched. From then on big arrays come from it,
// too, and what is freed stays for the next log.
#include "heap.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h> // which says whether it is glibc's

#if defined(__linux__) && defined(__GLIBC__)
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    LARGE_PAGE = 2 << 20,
    ROOM = 256 << 20,           // what a log of 100 MB takes; beyond, the heap grows as ever
    USUAL_PAD = 128 << 10,      // glibc's own, for what comes after
    FIRST = 136 << 10,          // more than the heap has left, which begins with 132 KB
    BEFORE = FIRST + (8 << 10), // what is written while the heap grows, in small pages
    ALL_OF_IT = 32 << 20, // the most that glibc lets the heap give rather than a mapping of its own
};

void heap_use_large_pages(void)
{
    // Growing writes around the first block: a large page that was touched before the advice stays in small ones.
    uintptr_t end = (uintptr_t)sbrk(0), gap = -(end + BEFORE) & (LARGE_PAGE - 1);
    if (end == UINTPTR_MAX || sbrk((intptr_t)gap) == (void *)UINTPTR_MAX) {
        return;
    }
    mallopt(M_MMAP_THRESHOLD, ALL_OF_IT);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_TOP_PAD, ROOM);
    void *first = malloc(FIRST);
    mallopt(M_TOP_PAD, USUAL_PAD);
    if (first) {
        (void)madvise((void *)(end + gap + BEFORE), ROOM - BEFORE, MADV_HUGEPAGE);
    }
    free(first);
}
#else
void heap_use_large_pages(void)
{
}
#endif
