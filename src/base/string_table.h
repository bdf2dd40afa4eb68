// Names to numbers: each distinct string gets the next number from 0 and is kept once.
//
// For labels, groups and columns: thousands of names, not the vocabulary of a vectorizer.
#ifndef BANTAM_BASE_STRING_TABLE_H
#define BANTAM_BASE_STRING_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define STRING_TABLE_NONE UINT32_MAX

struct string_table {
    struct arena arena;   // holds the strings
    const char **strings; // (n_strings) terminated; a string may hold NULs
    size_t *sizes;        // (n_strings) bytes
    size_t n_strings, capacity;
    uint32_t *slots; // (n_slots) number + 1 of the string, 0 where free; open addressing
    size_t n_slots;  // a power of two, or 0
};

#define STRING_TABLE_EMPTY ((struct string_table){0})

void string_table_release(struct string_table *table);

// The number of the string, or STRING_TABLE_NONE where it is not in the table.
uint32_t string_table_find(const struct string_table *table, const char *bytes, size_t size);

// The number of the string, which is added where it is new; STRING_TABLE_NONE when memory is out.
uint32_t string_table_add(struct string_table *table, const char *bytes, size_t size);

// Renumbers the strings in the order of their bytes (a prefix first) and writes to new_numbers (n_strings) what number each old one has
// become. The table is as before where memory is out: returns 0 then, else 1.
int string_table_sort(struct string_table *table, uint32_t *new_numbers);

#endif
