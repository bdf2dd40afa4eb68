// Rows of a report that never explain a failure of themselves: counts, usage, fields below the head of an entry,
// warnings among errors, what a difference shows unchanged.
#ifndef BANTAM_TRIAGE_REPORT_ROW_H
#define BANTAM_TRIAGE_REPORT_ROW_H

#include "features/log_features.h"
#include "text/document.h"
#include "text/span.h"

// Whether a row places itself by numbers alone and then tells this severity, a blank behind it: "  12:5  warning  x".
bool row_tells(struct span text, struct span severity);

// "Undefined: 0", "found 0 vulnerabilities", "[*] 3 fixable with the `--fix` option", and any row of a table of counts: "Low: 1" above
// "High: 3".
bool row_counts(const struct document *document, uint32_t at);

// Of npm's usage, which it prints behind what went wrong: "npm error   --include", "npm error     Option that allows …".
bool row_helps(struct span text);

// The line that tells best what the line `at` is a part of: of "   Severity: High", "   Location: a.py:6:11" and the like the one above
// them that is indented less and heads the entry; of "12:5  warning  x" the next "14:2  error  y" of the same rows; of
// "[  FAILED  ] Cart.Adds" its first unmet expectation, "a.cc:14: Failure"; of a stack's frame what was thrown; of PHPUnit's count what the
// first failed test said; of pytest's place of a failure what failed there; of git's last word what ssh said; of source that a linter shows
// its remark; of what a difference shows unchanged what changed there; of a numbered failed test the same of number 1. Else `at` itself.
uint32_t row_told_by(const struct document *document, uint32_t at);

// Of a row of a linter's report, which tells a place and a rule, the first one of the list that errs, or of all where none does; of a
// compiler's error the first one; of what tests throw in the same words too; else `at` itself.
uint32_t row_first_alike(const struct log_features *features, uint32_t at);

#endif
