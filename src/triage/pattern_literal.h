// The longest piece of text that every match of a regular expression must hold, so that most lines need no matching.
//
// In: PCRE2's syntax. Out: such a text, found by reading the pattern from left to right; "" where it is not plain to see. Must
// never name a text that some match lacks.
#ifndef BANTAM_TRIAGE_PATTERN_LITERAL_H
#define BANTAM_TRIAGE_PATTERN_LITERAL_H

enum {
    PATTERN_LITERAL_MAXIMUM = 64
};

void pattern_literal(const char *pattern, char literal[PATTERN_LITERAL_MAXIMUM]);

#endif
