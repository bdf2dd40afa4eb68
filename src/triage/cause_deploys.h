// Whether a command deploys or publishes: what fails in it is mostly the deployment, whatever the words of the failure are.
#ifndef BANTAM_TRIAGE_CAUSE_DEPLOYS_H
#define BANTAM_TRIAGE_CAUSE_DEPLOYS_H

#include "text/span.h"

// In [0, 1]: 1 for a program that only deploys or publishes or is told to, less where a script or a step is but called so.
float cause_deploys(struct span command);

#endif
