// From 64-bit hashes to indices: what was seen before, and where it was put.
//
// Open addressing in one array; two texts with the same hash are taken for one.
#ifndef BANTAM_BASE_INDEX_TABLE_H
#define BANTAM_BASE_INDEX_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct index_entry {
    uint64_t hash; // 0: free
    uint32_t index;
};

struct index_table {
    struct index_entry *entries; // (capacity)
    size_t capacity;             // a power of two
    size_t used;
};

// `capacity`, a power of two, is what it starts with. False when memory is out; to release all the same.
bool index_table_init(struct index_table *table, size_t capacity);
void index_table_release(struct index_table *table);

// The place of the index of `hash`, for the caller to set where the hash is new; valid until the next call. NULL when
// memory is out.
uint32_t *index_table_entry(struct index_table *table, uint64_t hash, bool *is_new);

// Where the search for `hash` begins: the two functions below and above agree on it.
static inline size_t index_table_slot(const struct index_table *table, uint64_t hash)
{
    return (size_t)(hash ^ hash >> 29) & (table->capacity - 1);
}

// Asks the processor to have that place at hand soon.
static inline void index_table_prefetch(const struct index_table *table, uint64_t hash)
{
    __builtin_prefetch(&table->entries[index_table_slot(table, hash)]);
}

#endif
