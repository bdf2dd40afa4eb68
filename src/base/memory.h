// The one door to the allocator: everything of ours that is allocated passes here, so that a test can make every
// allocation fail once.
#ifndef BANTAM_BASE_MEMORY_H
#define BANTAM_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// `size` bytes, not cleared; NULL when memory is out. `size` 0 allocates one byte.
void *memory_allocate(size_t size);

// `count` elements of `size` bytes, cleared; NULL when memory is out or the product overflows.
void *memory_allocate_array(size_t count, size_t size);

// Grows or shrinks to `count` elements of `size` bytes; NULL (and `old` untouched) when memory is out.
void *memory_resize_array(void *old, size_t count, size_t size);

void memory_free(void *memory);

// Says that a large block is read here and there, so that the system may map it in large pages. Does nothing else, and nothing to a
// small block (below 3 MB) or where the system can't. Best before the first write.
void memory_use_large_pages(void *memory, size_t size);

// For tests: the allocation after `countdown` more fails once; UINT64_MAX (the start) never. Not for threads.
void memory_fail_after(uint64_t countdown);

// For tests: whether that failure is still to come.
bool memory_fail_pending(void);

// For tests: whether the library was built with BANTAM_FAIL_ALLOCATIONS, without which the two above do nothing.
bool memory_can_fail(void);

#endif
