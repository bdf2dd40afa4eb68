// What the patterns of a kind of names need, read from them when the library was built (tools/write_name_needs.c).
#ifndef BANTAM_TRIAGE_NAME_NEEDS_H
#define BANTAM_TRIAGE_NAME_NEEDS_H

#include "triage/name_patterns.h"

// (n of name_patterns_of(kind)) packed needs, for pattern_needs_unpack.
const char *const *name_needs_of(enum name_kind kind);

#endif
