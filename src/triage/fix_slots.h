// Gathers what fills the slots of a fix: from the cause's messages, the tool, the subject, the locations and the section.
#ifndef BANTAM_TRIAGE_FIX_SLOTS_H
#define BANTAM_TRIAGE_FIX_SLOTS_H

#include "triage/cause.h"
#include "triage/fix.h"
#include "triage/tools.h"

// What is known of a finding besides its cause; the subject, of a server what was asked of it, may be NULL.
struct fix_finding {
    struct name_finder *names; // with the document and the finding's lines
    const struct tool_ranking *tools;
    const char *subject;
    const bantam_location *locations;
    size_t n_locations;
};

// Errors: BANTAM_ERROR_MEMORY. New texts go into the arena.
BANTAM_MUST_CHECK bantam_status fix_slots_fill(struct fix_input *input,
                                               const struct cause_answer *cause,
                                               const struct fix_finding *finding,
                                               struct arena *arena, bantam_error *error);

#endif
