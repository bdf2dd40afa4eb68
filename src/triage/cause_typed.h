// Whether a line complains of what somebody typed into the CI definition: a path that is not there or an option that is not known, which
// the section's own command names. The same complaint about a path that no command names is the project's.
#ifndef BANTAM_TRIAGE_CAUSE_TYPED_H
#define BANTAM_TRIAGE_CAUSE_TYPED_H

#include "text/span.h"

// In [0, 1]: 1 for an option or a path of the command, less for a plain word, 0 for nothing.
float cause_typed(struct span line, struct span command);

#endif
