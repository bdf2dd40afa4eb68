// Words that a string holds, parted by one byte: "job build step", "not found|is missing". For lists that are looked through seldom:
// one string takes a fraction of what an array of pointers takes in the program and at its start.
#ifndef BANTAM_TEXT_WORD_LIST_H
#define BANTAM_TEXT_WORD_LIST_H

#include <stdbool.h>
#include <string.h>

#include "text/span.h"

// The next word of the list, taken off it; empty at the end, or where two separators stand side by side.
static inline struct span word_list_next(struct span *list, char separator)
{
    const char *end = memchr(list->data, separator, list->size);
    size_t size = end ? (size_t)(end - list->data) : list->size;
    struct span word = span_of(list->data, size);
    *list = span_after(*list, size < list->size ? size + 1 : size);
    return word;
}

// Whether the word is one of the list's.
static inline bool word_list_holds(const char *list, char separator, struct span word)
{
    struct span rest = span_of(list, strlen(list));
    while (rest.size > 0) {
        if (span_equal(word_list_next(&rest, separator), word)) {
            return true;
        }
    }
    return false;
}

// Whether the word begins with one of the list's.
static inline bool word_list_begins(const char *list, char separator, struct span word)
{
    struct span rest = span_of(list, strlen(list));
    while (rest.size > 0) {
        if (span_starts(word, word_list_next(&rest, separator))) {
            return true;
        }
    }
    return false;
}

#endif
