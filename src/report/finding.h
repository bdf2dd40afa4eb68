// What every report says of a finding in the same words: its title, its place in the repository.
#ifndef BANTAM_REPORT_FINDING_H
#define BANTAM_REPORT_FINDING_H

#include <stdbool.h>

#include "bantam/buffer.h"
#include "bantam/triage.h"

// The cause as the first words of a sentence: "test failed"; NULL is "unknown".
const char *finding_cause_title(const char *cause);

bool finding_is_unclear(const bantam_finding *finding);

// "test failed · pytest · tests/test_cart.py::test_discount"
void finding_append_title(bantam_buffer *out, const bantam_finding *finding);

// How many of its other causes are worth telling: at most three, each likely for a twentieth.
size_t finding_n_likely(const bantam_finding *finding);

// Those, the likeliest first: "compile error 45%, lint findings 12%".
void finding_append_likely(bantam_buffer *out, const bantam_finding *finding);

// What the cause may be where that is not clear, what to do first, how to see it on one's own machine, and the tests of reports that it is
// about, a line each.
void finding_append_advice(bantam_buffer *out, const bantam_finding *finding);

// The line to read first as the excerpt has it; "" where it was cut out.
const char *finding_anchor_text(const bantam_finding *finding);

// The file as the repository calls it: without the folder that a CI system checks out into. Borrowed from `file`.
const char *finding_repository_path(const char *file);

#endif
