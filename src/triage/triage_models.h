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
    TRIAGE_MODELS,
};

struct bantam_triage {
    struct messages messages;
    struct tools *tools;
    struct fixes fixes;
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

#endif
