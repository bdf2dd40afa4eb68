// Why a cause was named: the features that added most to its log-odds, as a person reads them.
#ifndef BANTAM_TRIAGE_CAUSE_EXPLAIN_H
#define BANTAM_TRIAGE_CAUSE_EXPLAIN_H

#include "triage/cause.h"

// Fills answer->evidence for answer->order[0]; texts go into the arena. Errors: BANTAM_ERROR_MEMORY.
//
// A feature's weight is x · (w_c − Σ_k≠c p_k / (1 − p_c) · w_k): what it adds to the log-odds of c against the rest as the
// rest is likely. A saturating sum of messages is shared out by what each message put in.
BANTAM_MUST_CHECK bantam_status cause_explain(struct cause_answer *answer,
                                              const struct cause_classifier *classifier,
                                              const struct cause_input *input,
                                              const struct cause_features *features,
                                              struct arena *arena, bantam_error *error);

#endif
