// Commands that only look at what is there or clean up: what a script runs behind what failed, so that a person can see why.
#ifndef BANTAM_TRIAGE_LOOK_AROUND_H
#define BANTAM_TRIAGE_LOOK_AROUND_H

#include <stdbool.h>

#include "text/document.h"
#include "text/span.h"

// Whether each program that the command line starts does no more ("ls -la dist; git status"). False for an empty one.
bool command_looks_around(struct span command);

// Whether the line was printed by such a command: by the section's, or, where the log echoes none or only the script of a step, by its
// own words ("ls: cannot access 'dist'").
bool line_looks_around(const struct document *document, uint32_t at);

#endif
