// Whether a line complains of what somebody typed into the CI definition: a path that is not there or an option that is not known, which
// the section's own command names. The same complaint about a path that no command names is the project's.
#ifndef BANTAM_TRIAGE_CAUSE_TYPED_H
#define BANTAM_TRIAGE_CAUSE_TYPED_H

#include "text/span.h"

struct typed {
    float
        option; // in [0, 1]: an option of the command, or a file that defines the job: hardly ever the project's fault
    float
        word; // 1 for a path of the command, less for a plain word: what it names may be the project's to make
};

struct typed cause_typed(struct span line, struct span command);

#endif
