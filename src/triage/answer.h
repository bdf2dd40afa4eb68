// What a finding is about: its tool, subject and places, its cause with the evidence, and what to do first.
#ifndef BANTAM_TRIAGE_ANSWER_H
#define BANTAM_TRIAGE_ANSWER_H

#include "bantam/triage.h"
#include "triage/cause.h"
#include "triage/finder.h"
#include "triage/fix_features.h"
#include "triage/tools.h"

// What answers are made with; borrowed.
struct answer_models {
    const struct tools *tools;
    const struct cause_classifier *cause;
    const struct fix_ranker *fixes; // NULL where only answer_fix_input is called
    const struct own_rules *rules;  // or NULL
};

// Fills in tool, subject, locations, cause, transient, fix and evidence of one finding; texts go into the arena. `found`
// is one of result->findings. `threshold` as in bantam_triage_options. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status answer_finding(bantam_finding *finding, struct arena *arena,
                                               const struct answer_models *models,
                                               const struct finder_result *result,
                                               const struct found *found, double threshold,
                                               bantam_error *error);

// What answer_finding knows of a finding when it chooses the fix. Texts go into the arena; lines point into the document. Errors:
// BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status answer_fix_input(struct fix_input *input, struct arena *arena,
                                                 const struct answer_models *models,
                                                 const struct finder_result *result,
                                                 const struct found *found, bantam_error *error);

#endif
