// The wordings that names are found by, a list for each kind.
#ifndef BANTAM_TRIAGE_NAME_PATTERNS_H
#define BANTAM_TRIAGE_NAME_PATTERNS_H

#include "triage/names.h"

struct name_patterns {
    const char *const *items; // (n) see pattern_search.h
    size_t n;
};

const struct name_patterns *name_patterns_of(enum name_kind kind);

#endif
