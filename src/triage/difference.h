// Differences between two files, as diff, git and formatters print them.
#ifndef BANTAM_TRIAGE_DIFFERENCE_H
#define BANTAM_TRIAGE_DIFFERENCE_H

#include "text/document.h"

// Of a row that a difference shows unchanged the first that changed in its hunk; of rustfmt's, its head, "Diff in a.rs:3:", which names the
// place. Else `at`.
uint32_t difference_change(const struct document *document, uint32_t at);

// Of rustfmt's "Diff in a.rs:3:" the first of the same section; else `at`.
uint32_t difference_first_place(const struct document *document, uint32_t at);

#endif
