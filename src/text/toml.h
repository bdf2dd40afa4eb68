// Reads TOML 1.0 (https://toml.io) as far as a file of settings needs it: tables, arrays of tables, strings of all four kinds,
// booleans. Numbers, dates, inline tables, arrays and dotted keys are refused in words.
//
// In: bytes, hostile ones too. Out: one call for each table and each key, in order; nothing is kept.
#ifndef BANTAM_TEXT_TOML_H
#define BANTAM_TEXT_TOML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bantam/status.h"
#include "base/arena.h"

enum toml_kind {
    TOML_STRING,
    TOML_BOOLEAN,
};

struct toml_value {
    enum toml_kind kind;
    const char *text; // TOML_STRING: terminated, without NULs, in the arena
    bool truth;
};

struct toml_visitor {
    void *context;
    // "[name]", or "[[name]]" where `is_element`. A status ends the reading.
    bantam_status (*table)(void *context, const char *name, bool is_element, uint64_t line,
                           bantam_error *error);
    bantam_status (*key)(void *context, const char *name, const struct toml_value *value,
                         uint64_t line, bantam_error *error);
};

// Names and values live in the arena. Errors: BANTAM_ERROR_INPUT with the line, BANTAM_ERROR_MEMORY, and what the visitor returns.
BANTAM_MUST_CHECK bantam_status toml_read(const char *bytes, size_t size, struct arena *arena,
                                          const struct toml_visitor *visitor, bantam_error *error);

#endif
