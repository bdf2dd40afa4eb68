// Reads JSON from memory in one pass and without a tree: for the shipped tables, which are read at every start.
//
// The caller asks for what it expects and gets it or an error with the line; strings are decoded into an arena. For anything
// that is not read at every start, jansson does.
#ifndef BANTAM_BASE_JSON_READER_H
#define BANTAM_BASE_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct json_reader {
    const char *at, *end;
    uint64_t line; // 1-based, of `at`
    const char
        *fault; // what was wrong first, NULL while all is well; from then on everything fails
    bool first; // no member or element of the innermost list has been read yet
};

struct json_reader json_reader_start(const char *json, size_t size);

// Enters an object ('{') or an array ('[').
bool json_reader_enter(struct json_reader *reader, char bracket);

// Whether the list that ends in `bracket` ('}' or ']') has one more member; where it has none, leaves it.
bool json_reader_next(struct json_reader *reader, char bracket);

// A string, or a member's key with its colon; terminated, from the arena. NULL on failure.
const char *json_reader_string(struct json_reader *reader, struct arena *arena);
const char *json_reader_key(struct json_reader *reader, struct arena *arena);

bool json_reader_number(struct json_reader *reader, double *number);

// Whether nothing but blanks is left.
bool json_reader_end(struct json_reader *reader);

// Records a fault of the content, such as an unknown key; the first one stays.
void json_reader_fail(struct json_reader *reader, const char *fault);

#endif
