// Puts a log's answer together: copies what a diagnosis shows out of the document, so that it can outlive the log.
#ifndef BANTAM_TRIAGE_DIAGNOSIS_H
#define BANTAM_TRIAGE_DIAGNOSIS_H

#include "bantam/triage.h"
#include "triage/finder.h"

// A diagnosis and the arena that holds all it points to.
struct diagnosis {
    bantam_diagnosis public; // first, so that a pointer to it is a pointer to the whole
    struct arena arena;
};

// The line of the document as reports show it; text "" and false when memory is out.
bool diagnosis_line(bantam_log_line *out, struct arena *arena, const struct document *document,
                    size_t line, double score);

// The lines that a finding shows: the whole run if it fits, else its best lines by the finder's scores, the anchor always
// among them; context lines on both sides come on top. False when memory is out.
bool diagnosis_excerpt(bantam_finding *finding, struct arena *arena,
                       const struct finder_result *result, const struct found *found,
                       const bantam_triage_options *options);

#endif
