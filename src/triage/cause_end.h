// What a CI system tells at a log's end of how it ended: the job was cancelled, its machine was lost, its time was over.
//
// Whatever a program printed before, the platform's word is last. In: a log. Knows the words, and no system.
#ifndef BANTAM_TRIAGE_CAUSE_END_H
#define BANTAM_TRIAGE_CAUSE_END_H

#include "text/document.h"
#include "triage/causes.h"

// CAUSE_RUNNER, CAUSE_TIMEOUT or CAUSE_UNKNOWN; *line is the one that tells it.
enum cause cause_end(const struct document *document, uint32_t *line);

// Whether the log ends because the time was over: *line tells it, and no program said anything behind it.
bool ends_in_time_limit(const struct document *document, uint32_t *line);

#endif
