// Learning how to weigh the evidence for tools: multinomial logistic regression over the candidates of a finding.
//
// Shared by bantam_train_tools and the measurement in bench/.
#ifndef BANTAM_TRIAGE_TOOLS_TRAIN_H
#define BANTAM_TRIAGE_TOOLS_TRAIN_H

#include "bantam/train.h"
#include "triage/finder_train.h"
#include "triage/tool_features.h"

struct tools_parameters {
    double prior_pull; // L2 towards the prior weights
    double kind_pull;  // factor on it for kinds
    double epochs;
    double constructed; // weight of findings of constructed logs
};

// One finding with at least one right candidate.
struct tool_example {
    struct tool_candidates candidates;
    uint8_t *right; // (candidates.count), from the candidates' arena
    float weight;   // examples of a group weigh less the more there are
    size_t log;
    bool labelled; // the person's lines: measured, not learned from, where the finder found any
};

struct tool_examples {
    struct tool_example *items; // (count)
    size_t count, capacity;
};

// Appends the examples of one log: its first labelled span, and what a finder found that has not seen the log. Nothing for a log
// without tools. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status tool_examples_add(struct tool_examples *examples,
                                                  const struct tool_table *table,
                                                  const bantam_labelled_log *log, size_t index,
                                                  const struct unseen_finding *unseen,
                                                  bantam_error *error);
void tool_examples_release(struct tool_examples *examples);

// Is the candidate one of the log's tools?
bool tool_is_right(const bantam_labelled_log *log, const struct tool_candidate *candidate);

// Learns from the examples whose log's fold is not `left_out` (-1: from all). weights is (TOOL_FEATURES).
void tool_weights_fit(float *weights, const struct tool_examples *examples, const int *folds,
                      int left_out, const struct tools_parameters *parameters);

// The candidate that the weights prefer; SIZE_MAX where there is none.
size_t tool_weights_best(const float *weights, const struct tool_candidates *candidates);

#endif
