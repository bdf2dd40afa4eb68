// Open addressing with linear steps, at most two thirds full; XXH3 of the bytes.
#include "base/string_table.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory.h"

void string_table_release(struct string_table *table)
{
    arena_release(&table->arena);
    memory_free(table->strings);
    memory_free(table->sizes);
    memory_free(table->slots);
    *table = STRING_TABLE_EMPTY;
}

// The slot that holds the string, or the free one where it would stand.
static size_t find_slot(const struct string_table *table, const char *bytes, size_t size)
{
    size_t mask = table->n_slots - 1, at = (size_t)XXH3_64bits(bytes, size) & mask;
    while (table->slots[at]) {
        uint32_t number = table->slots[at] - 1;
        if (table->sizes[number] == size &&
            (size == 0 || memcmp(table->strings[number], bytes, size) == 0)) {
            break;
        }
        at = (at + 1) & mask;
    }
    return at;
}

uint32_t string_table_find(const struct string_table *table, const char *bytes, size_t size)
{
    if (!table->n_slots) {
        return STRING_TABLE_NONE;
    }
    uint32_t slot = table->slots[find_slot(table, bytes, size)];
    return slot ? slot - 1 : STRING_TABLE_NONE;
}

static void fill_slots(struct string_table *table)
{
    memset(table->slots, 0, table->n_slots * sizeof *table->slots);
    for (size_t i = 0; i < table->n_strings; i++) {
        table->slots[find_slot(table, table->strings[i], table->sizes[i])] = (uint32_t)i + 1;
    }
}

static int reserve_slots(struct string_table *table)
{
    if ((table->n_strings + 1) * 3 <= table->n_slots * 2) {
        return 1;
    }
    size_t n_slots = table->n_slots ? table->n_slots * 2 : 64;
    uint32_t *slots = memory_allocate_array(n_slots, sizeof *slots);
    if (!slots) {
        return 0;
    }
    memory_free(table->slots);
    table->slots = slots;
    table->n_slots = n_slots;
    fill_slots(table);
    return 1;
}

static int reserve_strings(struct string_table *table)
{
    if (table->n_strings < table->capacity) {
        return 1;
    }
    size_t capacity = table->capacity ? table->capacity * 2 : 64;
    const char **strings = memory_resize_array(table->strings, capacity, sizeof *strings);
    if (!strings) {
        return 0;
    }
    table->strings = strings;
    size_t *sizes = memory_resize_array(table->sizes, capacity, sizeof *sizes);
    if (!sizes) {
        return 0;
    }
    table->sizes = sizes;
    table->capacity = capacity;
    return 1;
}

uint32_t string_table_add(struct string_table *table, const char *bytes, size_t size)
{
    uint32_t known = string_table_find(table, bytes, size);
    if (known != STRING_TABLE_NONE) {
        return known;
    }
    if (table->n_strings >= STRING_TABLE_NONE - 1 || !reserve_slots(table) ||
        !reserve_strings(table)) {
        return STRING_TABLE_NONE;
    }
    const char *copy = arena_copy(&table->arena, bytes, size);
    if (!copy) {
        return STRING_TABLE_NONE;
    }
    uint32_t number = (uint32_t)table->n_strings++;
    table->strings[number] = copy;
    table->sizes[number] = size;
    table->slots[find_slot(table, bytes, size)] = number + 1;
    return number;
}

struct sort_item {
    const char *string;
    size_t size;
    uint32_t number;
};

static int compare_items(const void *left, const void *right)
{
    const struct sort_item *a = left, *b = right;
    size_t least = a->size < b->size ? a->size : b->size;
    int order = memcmp(a->string, b->string, least);
    return order ? order : (a->size > b->size) - (a->size < b->size);
}

int string_table_sort(struct string_table *table, uint32_t *new_numbers)
{
    struct sort_item *items = memory_allocate_array(table->n_strings, sizeof *items);
    if (!items) {
        return 0;
    }
    for (size_t i = 0; i < table->n_strings; i++) {
        items[i] = (struct sort_item){table->strings[i], table->sizes[i], (uint32_t)i};
    }
    qsort(items, table->n_strings, sizeof *items, compare_items);
    for (size_t i = 0; i < table->n_strings; i++) {
        table->strings[i] = items[i].string;
        table->sizes[i] = items[i].size;
        new_numbers[items[i].number] = (uint32_t)i;
    }
    if (table->n_slots) {
        fill_slots(table);
    }
    memory_free(items);
    return 1;
}
