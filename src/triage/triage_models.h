// The tables and models that a triage works with: the shipped ones, or others of their kind in their place.
#ifndef BANTAM_TRIAGE_TRIAGE_MODELS_H
#define BANTAM_TRIAGE_TRIAGE_MODELS_H

#include "bantam/triage.h"
#include "triage/answer.h"
#include "triage/finder.h"

enum triage_model {
    MODEL_LINES,
    MODEL_TOOLS,
    MODEL_CAUSE,
    MODEL_FIXES,
    TRIAGE_MODELS,
};

struct bantam_triage {
    struct messages messages;
    struct tools *tools;
    struct fixes fixes;
    struct fix_ranker fix_ranker; // borrows fixes
    struct arena arena;           // holds the table of keywords
    struct line_tables tables;    // borrows messages and tools
    struct cause_extractor words; // borrows messages and keywords
    struct finder finder;
    struct cause_classifier cause;
    struct learned *learned;            // what a person taught; NULL: nothing
    struct own_rules *rules;            // NULL: the person has none
    bantam_model *files[TRIAGE_MODELS]; // kept for their names
};

// "ci-lines", …
const char *triage_model_kind(enum triage_model model);

// As bantam_triage_new, without one of the models, which is then as if nothing had been learned for it: to train that one.
BANTAM_MUST_CHECK bantam_status triage_new_without(bantam_triage **out, enum triage_model without,
                                                   bantam_error *error);

#endif
