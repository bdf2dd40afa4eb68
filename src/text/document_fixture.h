// For unit tests: a small log as a string literal, read, and short questions about what came out of it.
#ifndef BANTAM_TEXT_DOCUMENT_FIXTURE_H
#define BANTAM_TEXT_DOCUMENT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text/document.h"
#include "text/span.h"

// Reads a string literal, NULs included.
#define READ(document, literal) read_bytes(document, literal, sizeof(literal) - 1)

static inline void read_bytes(struct document *document, const char *bytes, size_t size)
{
    assert_int_equal(document_init(document, bytes, size, NULL), BANTAM_OK);
}

// The line of the log that tells what its line `at`, 0-based, is a part of, by this way to find it.
static inline uint32_t told_by(uint32_t (*teller)(const struct document *, uint32_t),
                               const char *log, uint32_t at)
{
    struct document document;
    read_bytes(&document, log, strlen(log));
    uint32_t told = teller(&document, at);
    document_release(&document);
    return told;
}

// 1-based line `number` has this text.
static inline void check_text(const struct document *document, size_t number, const char *text)
{
    assert_in_range(number, 1, document->n_lines);
    const struct line *line = &document->lines[number - 1];
    assert_int_equal(line->size, strlen(text));
    assert_memory_equal(line->text, text, line->size);
}

// 1-based line `number` has all of `flags`.
static inline void check_flags(const struct document *document, size_t number, unsigned flags)
{
    assert_in_range(number, 1, document->n_lines);
    assert_int_equal(document->lines[number - 1].flags & flags, flags);
}

static inline void check_no_flags(const struct document *document, size_t number, unsigned flags)
{
    assert_in_range(number, 1, document->n_lines);
    assert_int_equal(document->lines[number - 1].flags & flags, 0);
}

// The first section with this name and command; fails when there is none.
static inline const struct section *find_section(const struct document *document, const char *name,
                                                 const char *command)
{
    for (size_t i = 0; i < document->n_sections; i++) {
        const struct section *section = &document->sections[i];
        if (span_equal(span_of(section->name, section->name_size), span_of(name, strlen(name))) &&
            span_equal(span_of(section->command, section->command_size),
                       span_of(command, strlen(command)))) {
            return section;
        }
    }
    fail_msg("no section with name '%s' and command '%s'", name, command);
    return NULL;
}

// 1-based, inclusive lines of a section, and its exit code.
static inline void check_section(const struct document *document, const char *name,
                                 const char *command, size_t first, size_t last, int exit_code)
{
    const struct section *section = find_section(document, name, command);
    assert_int_equal(section->first_line + 1, first);
    assert_int_equal(section->last_line + 1, last);
    assert_int_equal(section->exit_code, exit_code);
}

#endif
