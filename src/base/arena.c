// Blocks double from 4 KB to 1 MB; a request larger than a block gets one of its own.
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

enum {
    ARENA_ALIGNMENT = 16,
    ARENA_FIRST_BLOCK = 4096,
    ARENA_LARGEST_BLOCK = 1 << 20
};

struct arena_block {
    struct arena_block *older;
    size_t size;
};

// The block's header, rounded up so that what follows it is aligned.
#define ARENA_HEADER                                                                               \
    ((sizeof(struct arena_block) + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT)

static int arena_grow(struct arena *arena, size_t size)
{
    size_t block = arena->capacity ? arena->capacity * 2 : ARENA_FIRST_BLOCK;
    if (block > ARENA_LARGEST_BLOCK) {
        block = ARENA_LARGEST_BLOCK;
    }
    if (block < size) {
        block = size;
    }
    if (block > SIZE_MAX - ARENA_HEADER) {
        return 0;
    }
    struct arena_block *new = memory_allocate(ARENA_HEADER + block);
    if (!new) {
        return 0;
    }
    memory_use_large_pages(new, ARENA_HEADER + block); // of an array that has a block of its own
    new->older = arena->newest;
    new->size = block;
    arena->newest = new;
    arena->used = 0;
    arena->capacity = block;
    return 1;
}

void *arena_allocate(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX - ARENA_ALIGNMENT) {
        return NULL;
    }
    size = (size + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
    if ((!arena->newest || size > arena->capacity - arena->used) && !arena_grow(arena, size)) {
        return NULL;
    }
    char *memory = (char *)arena->newest + ARENA_HEADER + arena->used;
    arena->used += size;
    return memory;
}

void *arena_allocate_uncleared(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    return __builtin_mul_overflow(count, size, &bytes) ? NULL : arena_allocate(arena, bytes);
}

void *arena_allocate_array(struct arena *arena, size_t count, size_t size)
{
    void *memory = arena_allocate_uncleared(arena, count, size);
    if (memory) {
        memset(memory, 0, count * size);
    }
    return memory;
}

char *arena_copy(struct arena *arena, const char *bytes, size_t size)
{
    char *copy = size < SIZE_MAX ? arena_allocate(arena, size + 1) : NULL;
    if (!copy) {
        return NULL;
    }
    if (size) {
        memcpy(copy, bytes, size);
    }
    copy[size] = '\0';
    return copy;
}

char *arena_copy_string(struct arena *arena, const char *string)
{
    return arena_copy(arena, string, strlen(string));
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = size < 0 ? NULL : arena_allocate(arena, (size_t)size + 1);
    if (text) {
        vsnprintf(text, (size_t)size + 1, format, again);
    }
    va_end(again);
    return text;
}

void arena_release(struct arena *arena)
{
    while (arena->newest) {
        struct arena_block *older = arena->newest->older;
        memory_free(arena->newest);
        arena->newest = older;
    }
    *arena = ARENA_EMPTY;
}
