// Blocks double from 4 KB to 1 MB; a request larger than the next block gets one of its own, and the newest goes on being filled.
#include "base/arena.h"

#include <stdarg.h>
#include <stdbool.h>
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
};

// The block's header, rounded up so that what follows it is aligned.
#define ARENA_HEADER                                                                               \
    ((sizeof(struct arena_block) + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT)

static struct arena_block *new_block(size_t size)
{
    struct arena_block *block =
        size > SIZE_MAX - ARENA_HEADER ? NULL : memory_allocate(ARENA_HEADER + size);
    memory_use_large_pages(block, ARENA_HEADER + size); // of an array that has a block of its own
    return block;
}

// Takes the bytes from a block that is made for them, or made and filled from then on.
static char *in_new_block(struct arena *arena, size_t size)
{
    size_t next = arena->next ? arena->next : ARENA_FIRST_BLOCK;
    bool alone = size > next;
    struct arena_block *block = new_block(alone ? size : next);
    if (!block) {
        return NULL;
    }
    arena->next = next < ARENA_LARGEST_BLOCK ? 2 * next : next;
    if (alone && arena->newest) {
        block->older = arena->newest->older;
        arena->newest->older = block;
    } else {
        block->older = arena->newest;
        arena->newest = block;
        arena->used = size;
        arena->capacity = alone ? size : next;
    }
    return (char *)block + ARENA_HEADER;
}

void *arena_allocate(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX - ARENA_ALIGNMENT) {
        return NULL;
    }
    size = (size + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
    if (!arena->newest || size > arena->capacity - arena->used) {
        return in_new_block(arena, size);
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
