// What a message tells by its name alone, told in full as another line of the log has it.
#ifndef BANTAM_TRIAGE_FULLER_PATH_H
#define BANTAM_TRIAGE_FULLER_PATH_H

#include "text/document.h"
#include "text/span.h"

// "src/recipe.c" for "recipe.c" where lines around `near` name that file and no other of the same name; else the name as it is. Borrows from
// the document.
struct span fuller_path(const struct document *document, uint32_t near, struct span name);

// "tests/test_cart.py::test_total" for "test_total", by the same rule.
struct span fuller_test(const struct document *document, uint32_t near, struct span name);

#endif
