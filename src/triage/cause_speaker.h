// Which line tells what went wrong, where a line of the trace of an exception is marked: the exception's own line.
//
// Python tells it below the trace, others above. In: a log and a line of it. Knows the forms of frames, and no tool.
#ifndef BANTAM_TRIAGE_CAUSE_SPEAKER_H
#define BANTAM_TRIAGE_CAUSE_SPEAKER_H

#include "text/document.h"

// The line itself where it is no frame, or where nothing tells the exception. `anchor`: 0-based, below the number of lines.
uint32_t cause_speaker(const struct document *document, uint32_t anchor);

#endif
