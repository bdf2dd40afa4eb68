// What a masked line says, as bits: classes of keywords ("error", "passed", …) and shapes (stack frame, rule, summary).
//
// A fixed vocabulary that every model shares; what a bit is worth, the models learn.
#ifndef BANTAM_FEATURES_LINE_KIND_H
#define BANTAM_FEATURES_LINE_KIND_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "text/mask.h"

// The words of each class stand in line_kind.c.
enum keyword_class {
    KEYWORD_ERROR,
    KEYWORD_FAIL,
    KEYWORD_EXCEPTION,
    KEYWORD_WARNING,
    KEYWORD_ASSERT,
    KEYWORD_EXPECTED,
    KEYWORD_CANNOT,
    KEYWORD_MISSING,
    KEYWORD_FATAL,
    KEYWORD_TIMEOUT,
    KEYWORD_DENIED,
    KEYWORD_EXIT,
    KEYWORD_PASS,
    KEYWORD_SKIP,
    KEYWORD_TEST,
    KEYWORD_SUMMARY,
    KEYWORD_PROGRESS,
    KEYWORD_STACK, // as the first word only
    KEYWORD_RETRY,
    KEYWORD_LINE,
    KEYWORD_HELP,
    KEYWORD_VIOLATION,
    KEYWORD_CLASSES,
};

enum line_shape {
    SHAPE_PLACE = 1 << 0,      // a path or file and a number after it: file:12, File "x", line 3
    SHAPE_FRAME = 1 << 1,      // a stack frame
    SHAPE_RULE = 1 << 2,       // nothing but marks: =====, -----
    SHAPE_DIFF_PLUS = 1 << 3,  // begins with '+'
    SHAPE_DIFF_MINUS = 1 << 4, // begins with '-'
    SHAPE_BULLET = 1 << 5,     // "1) …", "✗ …", "* …"
    SHAPE_ZERO_COUNT = 1 << 6, // "0 errors", "failures: 0"
    SHAPE_COUNT = 1 << 7,      // "3 errors", "failures: 2"
    SHAPE_COLON_END = 1 << 8,  // ends in ':'
    SHAPE_DOT_END = 1 << 9,    // ends in '.'
    SHAPE_BRACKET_START = 1 << 10,  // begins with '['
    SHAPE_CAPITALS_START = 1 << 11, // begins with a word in capitals
    SHAPE_CARET = 1 << 12,          // nothing but '^', '~' and '|': points at the line above
    SHAPE_QUOTED = 1 << 13,         // has a quoted string
    SHAPE_URL = 1 << 14,            // has a link
    SHAPE_LABEL = 1 << 15,          // "word: …": ':' is the second or third token
};

struct line_kind {
    uint32_t keywords; // 1 << enum keyword_class
    uint16_t shape;    // enum line_shape
};

struct keyword_table; // hash in lower case → classes

// Builds the table in the arena; NULL when memory is out.
const struct keyword_table *keyword_table_new(struct arena *arena);

struct line_kind line_kind(const struct keyword_table *table, const struct masked_line *masked,
                           const char *text);

#endif
