// Names the cause of a finding: features, a softmax model, calibrated probabilities, abstention, and why.
//
// Input: a document, a finding and the ranked tools. Output: a cause_answer whose memory is the caller's arena.
#ifndef BANTAM_TRIAGE_CAUSE_H
#define BANTAM_TRIAGE_CAUSE_H

#include "bantam/triage.h"
#include "triage/cause_features.h"
#include "triage/learned.h"

struct cause_classifier {
    const struct messages *messages; // borrowed
    struct softmax_model model;
    struct cause_extractor extractor;
    const struct learned *learned; // what a person taught, or NULL; borrowed
};

enum {
    CAUSE_EVIDENCE = 8 // most pieces of evidence of an answer
};

struct cause_answer {
    enum cause cause;         // CAUSE_UNKNOWN below the threshold
    enum cause order[CAUSES]; // likeliest first
    float probabilities[CAUSES];
    enum transient transient;
    bantam_evidence evidence[CAUSE_EVIDENCE]; // strongest first
    size_t n_evidence;
    const char *
        own; // a cause of the person's own, which is likeliest; NULL: none. `cause` is then CAUSE_UNKNOWN.
    float own_probability;
    const char *own_fix;   // what the person said to do about a failure much alike, or NULL
    size_t n_alike;        // lessons of the named cause that are much alike
    double learned_weight; // what lessons add to its log-odds
    const char *slots[MESSAGE_SLOTS]; // what the messages hold for a fix, terminated; NULL: nothing
};

// Reads a model of kind "ci-cause". What the extractor borrows must outlive the classifier. Errors: BANTAM_ERROR_MODEL,
// BANTAM_ERROR_VERSION, BANTAM_ERROR_MEMORY; *classifier is then empty.
BANTAM_MUST_CHECK bantam_status cause_load(struct cause_classifier *classifier,
                                           const bantam_model *file,
                                           const struct cause_extractor *extractor,
                                           bantam_error *error);
void cause_release(struct cause_classifier *classifier);

// `threshold`: least probability of a named cause, negative for the model's own. Errors: BANTAM_ERROR_MEMORY. Thread-safe.
BANTAM_MUST_CHECK bantam_status cause_run(struct cause_answer *answer,
                                          const struct cause_classifier *classifier,
                                          const struct cause_input *input, double threshold,
                                          struct arena *arena, bantam_error *error);

#endif
