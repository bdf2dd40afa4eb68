// The stack trace of an exception in a log: which line tells what was thrown, of any line of the trace.
//
// Python tells it below the trace, others above. In: a log and a line of it. Knows the forms of frames, and no tool.
#ifndef BANTAM_TRIAGE_STACK_TRACE_H
#define BANTAM_TRIAGE_STACK_TRACE_H

#include "text/document.h"
#include "text/span.h"

// The exception's own line; `at` itself where that is no line of a trace, or where nothing tells the exception. `at`: 0-based, below the
// number of lines.
uint32_t stack_trace_exception(const struct document *document, uint32_t at);

// A line without blanks around it and without the level that sbt and Maven write before all that is printed, frames too: "[ERROR] at f".
struct span without_level(struct span text);

#endif
