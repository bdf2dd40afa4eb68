// Words of which every match of a regular expression must hold one, so that most lines need no matching.
//
// In: PCRE2's syntax. Out: such words, found by reading the pattern from left to right; none where they are not plain to see. Must
// never name words that some match lacks.
#ifndef BANTAM_TRIAGE_PATTERN_NEEDS_H
#define BANTAM_TRIAGE_PATTERN_NEEDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PATTERN_WORDS = 16,
    PATTERN_WORD_MAXIMUM = 32, // bytes of a word
    PATTERN_NEEDS_PACKED = PATTERN_WORDS * PATTERN_WORD_MAXIMUM + 1,
};

struct pattern_needs {
    char words[PATTERN_WORDS][PATTERN_WORD_MAXIMUM]; // (n)
    uint8_t sizes[PATTERN_WORDS];                    // (n)
    size_t n;                                        // 0: nothing is known
    uint64_t starts[4];                              // a bit for each byte that a word begins with
};

void pattern_needs_read(struct pattern_needs *needs, const char *pattern);

// The words as one string, each behind a byte that is its size, and back.
void pattern_needs_pack(const struct pattern_needs *needs, char packed[PATTERN_NEEDS_PACKED]);
void pattern_needs_unpack(struct pattern_needs *needs, const char *packed);

// Whether a text has what a match needs.
bool pattern_needs_met(const struct pattern_needs *needs, const char *text, size_t size);

#endif
