// A field without quotes stays where it is; one with quotes moves towards its front as they fall away.
#include "text/delimited.h"

#include <string.h>

#include "base/memory.h"

void delimited_row_release(struct delimited_row *row)
{
    memory_free(row->fields);
    *row = (struct delimited_row){0};
}

static bool add_field(struct delimited_row *row, const char *bytes, size_t size)
{
    if (row->n_fields == row->capacity) {
        size_t capacity = row->capacity ? row->capacity * 2 : 8;
        bantam_text *fields = memory_resize_array(row->fields, capacity, sizeof *fields);
        if (!fields) {
            return false;
        }
        row->fields = fields;
        row->capacity = capacity;
    }
    row->fields[row->n_fields++] = (bantam_text){bytes, size};
    return true;
}

// Takes the quotes of the field that begins behind bytes[at - 1] == '"'. Returns the place behind its end quote; *field_size is what is
// left of it, from bytes[at] on.
static size_t unquote(char *bytes, size_t at, size_t size, size_t *field_size)
{
    size_t to = at, from = at;
    for (;;) {
        char *quote = memchr(bytes + from, '"', size - from);
        size_t stop = quote ? (size_t)(quote - bytes) : size;
        if (to != from) {
            memmove(bytes + to, bytes + from, stop - from);
        }
        to += stop - from;
        if (stop + 1 < size && bytes[stop + 1] == '"') {
            bytes[to++] = '"';
            from = stop + 2;
        } else {
            *field_size = to - at;
            return stop < size ? stop + 1 : size;
        }
    }
}

const char *delimited_split(struct delimited_row *row, char *bytes, size_t size, char separator,
                            bool *memory_is_out)
{
    row->n_fields = 0;
    *memory_is_out = false;
    for (size_t at = 0;; at++) {
        size_t from = at, field_size;
        if (at < size && bytes[at] == '"') {
            from = at + 1;
            at = unquote(bytes, from, size, &field_size);
            if (at < size && bytes[at] != separator) {
                return "has text behind the end of a quoted field; double each quote within one";
            }
        } else {
            const char *end = at < size ? memchr(bytes + at, separator, size - at) : NULL;
            at = end ? (size_t)(end - bytes) : size;
            field_size = at - from;
        }
        if (!add_field(row, bytes + from, field_size)) {
            *memory_is_out = true;
            return "takes more memory than there is";
        }
        if (at >= size) {
            return NULL;
        }
        if (row->n_fields == DELIMITED_COLUMNS) {
            return "has more than 100,000 fields; is the separator right?";
        }
    }
}
