// Grows at three quarters, by doubling.
#include "base/index_table.h"

#include "base/memory.h"

bool index_table_init(struct index_table *table, size_t capacity)
{
    *table = (struct index_table){.capacity = capacity};
    table->entries = memory_allocate_array(capacity, sizeof *table->entries);
    memory_use_large_pages(table->entries, capacity * sizeof *table->entries);
    return table->entries != NULL;
}

void index_table_release(struct index_table *table)
{
    memory_free(table->entries);
    *table = (struct index_table){0};
}

static struct index_entry *find(const struct index_table *table, uint64_t hash)
{
    size_t slot = index_table_slot(table, hash);
    while (table->entries[slot].hash && table->entries[slot].hash != hash) {
        slot = (slot + 1) & (table->capacity - 1);
    }
    return &table->entries[slot];
}

static bool grow(struct index_table *table)
{
    struct index_table larger;
    if (!index_table_init(&larger, table->capacity * 2)) {
        return false;
    }
    for (size_t slot = 0; slot < table->capacity; slot++) {
        const struct index_entry *entry = &table->entries[slot];
        if (entry->hash) {
            *find(&larger, entry->hash) = *entry;
        }
    }
    larger.used = table->used;
    index_table_release(table);
    *table = larger;
    return true;
}

uint32_t *index_table_entry(struct index_table *table, uint64_t hash, bool *is_new)
{
    hash += hash == 0;
    struct index_entry *entry = find(table, hash);
    *is_new = entry->hash == 0;
    if (*is_new) {
        if (table->used * 4 >= table->capacity * 3) {
            if (!grow(table)) {
                return NULL;
            }
            entry = find(table, hash);
        }
        entry->hash = hash;
        table->used++;
    }
    return &entry->index;
}
