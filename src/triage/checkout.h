// Paths on a CI machine, told as they are in the project.
#ifndef BANTAM_TRIAGE_CHECKOUT_H
#define BANTAM_TRIAGE_CHECKOUT_H

#include "text/span.h"

// The path below the folder that a CI system checks a project out into: "src/a.c" of "/home/runner/work/app/app/src/a.c". Any other
// path comes back as it is.
struct span path_in_checkout(struct span path);

#endif
