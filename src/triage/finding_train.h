// Learning which of a log's findings to tell first, from findings in logs that neither weights nor trees have seen.
#ifndef BANTAM_TRIAGE_FINDING_TRAIN_H
#define BANTAM_TRIAGE_FINDING_TRAIN_H

#include "triage/finder_train.h"

// What was found in a log by what has not seen it.
struct unseen_log {
    struct found findings[FINDINGS_ORDERED]; // (n_findings) in the order of their best lines
    float rows[FINDINGS_ORDERED][FINDING_FEATURES];
    uint8_t right[FINDINGS_ORDERED]; // 1 where the anchor is a line that a person marked
    size_t n_findings;
    struct listed_line list[UNSEEN_LINES]; // (n_list) best first
    size_t n_list;
    float weight;
    int half;   // of the folds that the log is in
    bool suits; // the weights that order findings are for logs like it
};

// Keeps what the result holds. `labels` (n_lines of the document): enum line_label.
void unseen_log_take(struct unseen_log *unseen, const struct finder_result *result,
                     const uint8_t *labels, const struct line_tables *tables);

// Fits weights (FINDING_FEATURES) on the logs that they suit, of one half, or of both where `half` is 2. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status finding_weights_fit(float *weights, const struct unseen_log *logs,
                                                    size_t n_logs, int half, double l2,
                                                    bantam_error *error);

// The finding that is told first, and the log's list.
void unseen_finding_choose(struct unseen_finding *chosen, struct unseen_log *unseen,
                           const float *weights);

#endif
