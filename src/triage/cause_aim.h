// What a command is for, where that tells more of a failure than its words: what fails while deploying is mostly the deployment.
//
// Knows programs and what they are told to do, for four purposes that a cause of their own belongs to; cause_purpose.h goes by words
// alone, for any.
#ifndef BANTAM_TRIAGE_CAUSE_AIM_H
#define BANTAM_TRIAGE_CAUSE_AIM_H

#include "text/span.h"

enum aim {
    AIM_DEPLOYS,    // deploys or publishes
    AIM_STORES,     // stores or fetches artifacts or a cache
    AIM_CONTAINERS, // builds, moves or starts images and containers
    AIM_REVISIONS,  // fetches, moves or merges revisions
    AIMS,
};

// In [0, 1]: 1 for a program that only serves the purpose or is told to, less where a script, a folder or a step is but called so.
void cause_aims(float shares[AIMS], struct span command);

// The same of a step that is but called so: "Upload artifacts".
float cause_aim_of_step(struct span name, enum aim aim);

#endif
