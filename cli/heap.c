// glibc's heap, set up so that Linux can map 2 MB of it at a time.
//
// The advice holds for addresses that exist, and the heap grows by small steps: so it is grown once by what a large log takes, from an
// address that a large page can begin at. That costs addresses; memory is only what is touched. Arrays of larger logs
// are mapped alone and go back at once: all of them in the heap left holes, and a log of 30 MB took 174 MB, not 152, at the worst.
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
    ROOM = 28 << 20,            // what a log of 10 MB takes
    USUAL_PAD = 128 << 10,      // glibc's own, for what comes after
    FIRST = 136 << 10,          // more than the heap has left, which begins with 132 KB
    REST = 120 << 10,           // of which so much is free still
    BEFORE = FIRST + (8 << 10), // what is written while the heap grows, in small pages
    OWN_MAPPING = 2 << 20,      // what no longer fits is mapped alone from this size on
};

// What of the heap lies in small pages, left as it is: each of them that is touched is a page fault, and the large one that comes next
// has room for all that they would hold. Volatile: they are written only, and whoever looks for leaks shall find them.
static void *volatile kept[2];

void heap_use_large_pages(void)
{
    // Growing writes around the first block: a large page that was touched before the advice stays in small ones.
    uintptr_t end = (uintptr_t)sbrk(0), gap = -(end + BEFORE) & (LARGE_PAGE - 1);
    if (end == UINTPTR_MAX || sbrk((intptr_t)gap) == (void *)UINTPTR_MAX) {
        return;
    }
    mallopt(M_MMAP_THRESHOLD, OWN_MAPPING);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_TOP_PAD, ROOM);
    void *first = malloc(FIRST);
    mallopt(M_TOP_PAD, USUAL_PAD);
    if (first) {
        (void)madvise((void *)(end + gap + BEFORE), ROOM - BEFORE, MADV_HUGEPAGE);
    }
    kept[0] = first;
    kept[1] = malloc(REST);
}
#else
void heap_use_large_pages(void)
{
}
#endif
