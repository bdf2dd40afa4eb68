// Phrases: tiny patterns on one visible line, hundreds of them looked for at once.
//
// Pattern texts in, the ids of those that match a line out. Data files (models/ci-tools, models/ci-cause) are written in
// this syntax, so it is small enough to remember and can't run away on hostile lines:
//
//   ^        at the start: the line begins here, after its indentation and a level such as "[error] "
//   $        at the end: the line ends here
//   *        any bytes, also none
//   {n}      a number: digits, with single '.' or ',' between them
//   {word}   letters, digits, '_', '-', '.', '$', '/', '\'
//   {name}   bytes that are not blank
//   {file}   a path or file name: has a '.', '/' or '\', no blank, ':' only after a drive letter
//   {code}   capitals and then digits: E501, CS0103, TS2304
//   {s}      one or more blanks
//   {q}      one quotation mark: ' " ` or a curly one
//   {b}      a border: not between two letters or digits; takes nothing
//   \x       the byte x itself: \* \{ \\ \^ \$
//
// Everything else stands for itself, case and blanks included. A phrase needs a literal run of four bytes or more.
#ifndef BANTAM_FEATURES_PHRASES_H
#define BANTAM_FEATURES_PHRASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bantam/status.h"
#include "base/bundle.h"

enum {
    PHRASE_LINE_MAXIMUM = 1024, // bytes of a line that are looked at
    PHRASE_MAXIMUM = 400,       // bytes of a pattern
};

struct phrase_set;

// An empty set; NULL when memory is out.
struct phrase_set *phrase_set_new(void);

void phrase_set_free(struct phrase_set **set);

// Adds a pattern; phrases are numbered from 0 in the order they are added. Errors: BANTAM_ERROR_INPUT with what is wrong with the
// pattern, BANTAM_ERROR_MEMORY; the set is then as before.
BANTAM_MUST_CHECK bantam_status phrase_set_add(struct phrase_set *set, const char *pattern,
                                               bantam_error *error);

// Makes the set ready to match; add nothing afterwards. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status phrase_set_build(struct phrase_set *set, bantam_error *error);

// Stores the literals of a set that is built over each other where one holds another, a seventh less in the tables that ship. Takes the time
// of looking for each of them in all. Errors: BANTAM_ERROR_MEMORY; the set is as it was then.
BANTAM_MUST_CHECK bantam_status phrase_set_share_literals(struct phrase_set *set,
                                                          bantam_error *error);

// Adds the arrays of a set that is built to the bundle; the set must stay until that is written.
void phrase_set_freeze(const struct phrase_set *set, const char *table,
                       struct bundle_writer *writer);

// The set of that table, used where it lies; the bundle's bytes must outlive it. Add nothing to it. Errors: BANTAM_ERROR_MODEL,
// BANTAM_ERROR_MEMORY; *set is then NULL.
BANTAM_MUST_CHECK bantam_status phrase_set_thaw(struct phrase_set **set, struct bundle *bundle,
                                                const char *table, bantam_error *error);

// How many phrases a set has.
size_t phrase_set_count(const struct phrase_set *set);

// How many literal bytes a phrase has: how much it takes for a line to match it by chance.
size_t phrase_set_literal_size(const struct phrase_set *set, size_t phrase);

// Appends the pattern as it was written, but for its backslashes: for a person.
void phrase_set_describe(const struct phrase_set *set, size_t phrase, bantam_buffer *out);

// Writes the numbers of the phrases that match the line, each once, at most `capacity` and 256, and returns how many. They come
// in the order of the rarest four bytes that each is found by. Thread-safe.
size_t phrase_set_match(const struct phrase_set *set, const char *text, size_t size,
                        uint32_t *phrases, size_t capacity);

// What the phrase's n-th placeholder (from 0; of {n}, {word}, {name}, {file} and {code}) took of a line that it matches; false
// where the phrase has none or does not match. `*taken` is a piece of `text`.
bool phrase_set_capture(const struct phrase_set *set, size_t phrase, size_t placeholder,
                        const char *text, size_t size, const char **taken, size_t *taken_size);

// The piece of the line that the phrase stands for as a whole, so that an answer can cite the log's own words; false where the phrase
// does not match or stands for nothing.
bool phrase_set_span(const struct phrase_set *set, size_t phrase, const char *text, size_t size,
                     const char **taken, size_t *taken_size);

#endif
