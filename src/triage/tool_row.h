// Rows that single tools write and that another of their lines tells better: the list of failed tests by what the test expected, a row of
// source by the remark on it, what a shell says of a killed command by why it was killed.
//
// In: a log, hostile. Out: a line of it. What all tools have in common stands in report_row.h.
#ifndef BANTAM_TRIAGE_TOOL_ROW_H
#define BANTAM_TRIAGE_TOOL_ROW_H

#include "text/document.h"

// The line that tells it; `at` where the line tells itself or is none of these.
uint32_t tool_row_told_by(const struct document *document, uint32_t at);

#endif
