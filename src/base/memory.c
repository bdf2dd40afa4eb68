// Thin over malloc, with the switch that tests use to make the n-th allocation fail.
#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#ifdef BANTAM_FAIL_ALLOCATIONS
static uint64_t allocations_left = UINT64_MAX;

static bool allocation_fails(void)
{
    if (allocations_left == UINT64_MAX) {
        return false;
    }
    return allocations_left-- == 0;
}

void memory_fail_after(uint64_t countdown)
{
    allocations_left = countdown;
}

bool memory_fail_pending(void)
{
    return allocations_left != UINT64_MAX;
}

bool memory_can_fail(void)
{
    return true;
}
#else
static bool allocation_fails(void)
{
    return false;
}

void memory_fail_after(uint64_t countdown)
{
    (void)countdown;
}

bool memory_fail_pending(void)
{
    return false;
}

bool memory_can_fail(void)
{
    return false;
}
#endif

void *memory_allocate(size_t size)
{
    return allocation_fails() ? NULL : malloc(size ? size : 1);
}

void *memory_allocate_array(size_t count, size_t size)
{
    size_t bytes; // asked first: sanitizers end the program where calloc would return NULL
    if (__builtin_mul_overflow(count, size, &bytes) || allocation_fails()) {
        return NULL;
    }
    return calloc(count ? count : 1, size ? size : 1);
}

void *memory_resize_array(void *old, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || allocation_fails()) {
        return NULL;
    }
    return realloc(old, bytes ? bytes : 1);
}

void memory_free(void *memory)
{
    free(memory);
}

void memory_use_large_pages(void *memory, size_t size)
{
#if defined(MADV_HUGEPAGE)
    enum {
        LARGE_PAGE = 2 << 20,
        PAGE = 4096,
        LEAST = LARGE_PAGE + LARGE_PAGE / 2,
    };
    if (memory && size >= LEAST) {
        uintptr_t start = ((uintptr_t)memory + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
        uintptr_t end = ((uintptr_t)memory + size) & ~(uintptr_t)(PAGE - 1);
        (void)madvise((void *)start, end - start, MADV_HUGEPAGE);
    }
#else
    (void)memory;
    (void)size;
#endif
}
