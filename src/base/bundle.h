// Named arrays in one block of bytes, used where they lie: how tables that are compiled at build time come back at the start.
//
// In: arrays of plain numbers, of one size an item. Out: a block with a list of them at its head; it holds offsets and no pointers,
// so that it may lie anywhere at a multiple of 16. It is for the machine it was made for: another order of bytes or another
// layout of an item is refused, not converted.
#ifndef BANTAM_BASE_BUNDLE_H
#define BANTAM_BASE_BUNDLE_H

#include <stddef.h>
#include <stdint.h>

#include "bantam/buffer.h"

enum {
    BUNDLE_ALIGNMENT = 16,
    BUNDLE_ARRAYS_MAXIMUM = 64,
    BUNDLE_NAME_MAXIMUM = 39, // bytes
};

struct bundle_entry {
    char name[BUNDLE_NAME_MAXIMUM + 1]; // "messages.texts", terminated
    uint64_t offset;                    // from the bundle's first byte
    uint64_t count;                     // of items
    uint64_t item_size;                 // bytes
};

struct bundle_writer {
    struct bundle_entry entries[BUNDLE_ARRAYS_MAXIMUM]; // (n_arrays)
    const void *arrays[BUNDLE_ARRAYS_MAXIMUM];
    size_t n_arrays;
};

// Starts as {0}. Notes the array `table`.`name`, which must stay until it is written. Asserts that the name is short enough and that
// there are not too many.
void bundle_add(struct bundle_writer *writer, const char *table, const char *name,
                const void *items, size_t count, size_t item_size);

// Appends the bundle to an empty buffer; see the buffer for how that went.
void bundle_write(const struct bundle_writer *writer, bantam_buffer *out);

struct bundle {
    const char *bytes; // borrowed
    const struct bundle_entry *entries;
    size_t n_entries;
    const char *missing_table, *missing_name; // the first array that was sought in vain, NULL: none
};

// Checks the head and that each array lies within. Errors: BANTAM_ERROR_MODEL.
BANTAM_MUST_CHECK bantam_status bundle_open(struct bundle *bundle, const void *bytes, size_t size,
                                            bantam_error *error);

// The array of that name, which dies with the bundle's bytes, or NULL where there is none with items of that size; `*count` is then 0.
const void *bundle_array(struct bundle *bundle, const char *table, const char *name,
                         size_t item_size, size_t *count);

// Whether every array that was sought is there. Errors: BANTAM_ERROR_MODEL, naming the first that is not.
BANTAM_MUST_CHECK bantam_status bundle_check(const struct bundle *bundle, bantam_error *error);

// Texts of a table, one after the other: returns where the text begins, never 0, and appends it where none of those before is the same
// or ends in it (names of causes and programs come often); 0 for NULL, and `failed` is set in the buffer when memory is out.
uint32_t bundle_add_text(bantam_buffer *texts, const char *text);

// The text at that place, NULL for 0. `texts` (texts_size) must end in a NUL. Asks for nothing beyond them.
static inline const char *bundle_text(const char *texts, size_t texts_size, uint32_t at)
{
    return at > 0 && at < texts_size ? texts + at : NULL;
}

#endif
