// Writing JSON by hand into a growing buffer: commas, indentation and escaping, and nothing of what is written.
//
// In: keys and values in the order wanted. Out: one valid UTF-8 JSON text, whatever bytes the strings hold. Must not
// depend on the locale: numbers are made from integers.
// Its names stand beside jansson's json_string() and the like, hence the prefix json_write_.
#ifndef BANTAM_REPORT_JSON_WRITER_H
#define BANTAM_REPORT_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bantam/buffer.h"

struct json_writer {
    bantam_buffer *out;
    bool pretty;    // a line for each member, two spaces a level
    int depth;      // open objects and arrays
    int flat_depth; // from this depth on everything stands on one line; 0: nothing does
    bool first;     // no comma before the next member
    bool after_key; // the next value belongs to the key just written
};

void json_writer_init(struct json_writer *writer, bantam_buffer *out, bool pretty);

// `bracket` is '{' or '['. A flat one, and all within it, stands on one line also in pretty output.
void json_write_open(struct json_writer *writer, char bracket, bool flat);
void json_write_close(struct json_writer *writer, char bracket); // '}' or ']'

void json_write_key(struct json_writer *writer, const char *key);

// A terminated string; NULL is written as null. Damaged UTF-8 becomes U+FFFD; control characters are escaped, the C1
// range among them, so that the JSON itself can be shown on a terminal.
void json_write_string(struct json_writer *writer, const char *string);

// The same of `size` bytes, which need no terminator.
void json_write_text(struct json_writer *writer, const char *bytes, size_t size);

void json_write_unsigned(struct json_writer *writer, uint64_t value);

// A position that is unknown when negative: null.
void json_write_position(struct json_writer *writer, int64_t value);

// "true", "false" or "null".
void json_write_literal(struct json_writer *writer, const char *literal);

// A number with at most four decimals, no trailing zeros; NaN and infinities, which JSON lacks, become 0.
void json_write_number(struct json_writer *writer, double value);

// A number with six significant digits, for what may be small or large.
void json_write_significant(struct json_writer *writer, double value);

enum {
    PROBABILITY_SIZE = 8 // bytes of "0.557630"
};

// Writes a probability with six decimals, not terminated; what is outside of 0 to 1 becomes the nearer of them.
void format_probability(char digits[PROBABILITY_SIZE], double probability);
void json_write_probability(struct json_writer *writer, double probability);

// A member in one call: the key, and then its value as above.
void json_write_string_member(struct json_writer *writer, const char *key, const char *value);
void json_write_unsigned_member(struct json_writer *writer, const char *key, uint64_t value);
void json_write_open_member(struct json_writer *writer, const char *key, char bracket, bool flat);

#endif
