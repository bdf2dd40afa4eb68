// Memory that is dropped whole: one arena a document, one a diagnosis.
//
// Pointers stay valid until the arena is released. Allocation returns NULL when memory is out; the arena stays usable.
#ifndef BANTAM_BASE_ARENA_H
#define BANTAM_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *newest; // blocks are chained from the newest to the first
    size_t used, capacity;      // bytes, of the newest block
    size_t next;                // bytes of the block after it; 0: the first
};

#define ARENA_EMPTY ((struct arena){0})

// `size` bytes aligned to 16, not cleared; NULL when memory is out.
void *arena_allocate(struct arena *arena, size_t size);

// `count` elements of `size` bytes, cleared; NULL when memory is out or the product overflows.
void *arena_allocate_array(struct arena *arena, size_t count, size_t size);

// The same, not cleared: for large arrays that are filled at once.
void *arena_allocate_uncleared(struct arena *arena, size_t count, size_t size);

// A terminated copy of `size` bytes; NULL when memory is out.
char *arena_copy(struct arena *arena, const char *bytes, size_t size);

// A terminated copy of a string; NULL when memory is out.
char *arena_copy_string(struct arena *arena, const char *string);

// Formatted text as printf makes it, terminated; NULL when memory is out.
char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Frees everything at once.
void arena_release(struct arena *arena);

#endif
