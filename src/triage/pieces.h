// Findings that tell of the same failure: the heading of a failed test's report beside its assertion, two rows of one error.
//
// In: a log's findings, answered, best first. Out: those that are failures of their own before those that are pieces of the first one,
// and the lines that the first one shows with them.
#ifndef BANTAM_TRIAGE_PIECES_H
#define BANTAM_TRIAGE_PIECES_H

#include "bantam/triage.h"
#include "triage/finder_result.h"

enum {
    CLOSE_LINES = 3, // between two findings that may be pieces of one failure
};

// Orders `findings` (n, at least 1) and ranks them anew; returns how many are failures of their own. *shown, the first one's lines,
// grows by those of its pieces, to at most `most` lines: a piece that does not fit stays a finding of its own.
size_t pieces_part(bantam_finding *findings, size_t n, struct found *shown,
                   uint64_t first_line_number, size_t most);

#endif
