// What the system or the server behind a tool answered: a status of HTTP, an error of the operating system, a certificate that is not
// trusted, a signal that ended a process.
//
// Tools pass such answers on and complain of what follows from them ("could not find a version"): the answer tells the cause. In: lines.
// Knows no tool.
#ifndef BANTAM_TRIAGE_CAUSE_ROOT_H
#define BANTAM_TRIAGE_CAUSE_ROOT_H

#include "text/document.h"
#include "text/span.h"
#include "triage/causes.h"

// Where a line stands; what of its words is an answer depends on that.
enum root_place {
    ROOT_OF_TOOL,
    ROOT_OF_DEPLOYMENT, // what a place of publishing refuses is an answer as well
    ROOT_OF_STORE, // what a store of artifacts or caches lacks, refuses or fails at is the artifact's
    ROOT_OF_TEST, // a row of a test's report: only the end of the process and a limit of memory or time
    ROOT_OF_RULE, // a row of another report: only the end of the process
};

// The cause that the line's answer speaks for; CAUSE_UNKNOWN where it passes on none.
enum cause cause_root(struct span line, enum root_place place);

struct cause_roots {
    float closeness
        [CAUSES]; // of the closest answer that speaks for the cause, in [0, 1]; 0: there is none
    uint32_t lines[CAUSES]; // 0-based, where it stands
};

// Answers near the anchor in its section. `anchor`: 0-based, below the number of lines. `report`: the line before it with which the report
// of its test begins, or the anchor.
void cause_roots_find(struct cause_roots *roots, const struct document *document, uint32_t anchor,
                      uint32_t report, enum root_place place);

#endif
