// How a pattern is compiled: bytes are characters, unless the pattern has some beyond ASCII, of which each is one: "[`‘]", "─*".
//
// A line that is no valid UTF-8 matches where it is.
#ifndef BANTAM_TRIAGE_PATTERN_OPTIONS_H
#define BANTAM_TRIAGE_PATTERN_OPTIONS_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

static inline uint32_t pattern_options(const char *pattern)
{
    while (*pattern && (unsigned char)*pattern < 0x80) {
        pattern++;
    }
    return *pattern ? PCRE2_UTF | PCRE2_MATCH_INVALID_UTF : 0;
}

#endif
