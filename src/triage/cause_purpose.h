// What the command of a section is for: a step called "Lint" finds what a linter finds, whichever the linter is.
//
// In: a command line, or the name of a section. Out: bits. Knows words, no programs; what a purpose speaks for, the model learns.
#ifndef BANTAM_TRIAGE_CAUSE_PURPOSE_H
#define BANTAM_TRIAGE_CAUSE_PURPOSE_H

#include <stdint.h>

#include "text/span.h"

enum purpose {
    PURPOSE_LINT,
    PURPOSE_SECURITY,
    PURPOSE_CHECK,
    PURPOSE_TEST,
    PURPOSE_INSTALL,
    PURPOSE_BUILD,
    PURPOSE_REVISION,
    PURPOSE_FILES,
    PURPOSE_CONTAINER,
    PURPOSE_DOWNLOAD,
    PURPOSE_CONFIGURE,
    PURPOSE_PUBLISH,
    PURPOSE_RUN,
    PURPOSES,
};

// 1 << enum purpose for each that the text's words tell of.
uint32_t cause_purposes(struct span text);

#endif
