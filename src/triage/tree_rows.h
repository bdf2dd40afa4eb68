// What the finder's trees learn from: rows gathered log by log, with the objectives that the learner minimises over them.
//
// Candidates of a log are one group, in which gold lines shall rank above the others; lines of a walk from an anchor are
// single examples of "belongs to the anchor's chunk" or not.
#ifndef BANTAM_TRIAGE_TREE_ROWS_H
#define BANTAM_TRIAGE_TREE_ROWS_H

#include "train/tree_learner.h"
#include "triage/finder.h"
#include "triage/training_log.h"

struct tree_rows {
    size_t n_features, n_rows, capacity;
    uint8_t *values;    // (n_rows, n_features)
    float *scores;      // (n_rows) where the trees start from
    float *targets;     // (n_rows) 1: gold
    float *weights;     // (n_rows) in the loss; the same in all rows of a group
    size_t *group_ends; // (n_groups) row after the last one of each group
    size_t n_groups, group_capacity;
    float peak; // 0: all gold rows of a group alike shall rank high; 1: any of them
};

void tree_rows_release(struct tree_rows *rows);

// Appends the candidates of a log as a group of that weight. `linear` (n_lines) are scores by weights that have not seen the log,
// `candidates` (CANDIDATES_MAXIMUM) is room to work in. False when memory is out.
bool tree_rows_add_candidates(struct tree_rows *rows, const struct training_log *log,
                              const struct line_scores *of_log, const float *linear, float weight,
                              struct listed_line *candidates);

// Appends walks both ways from the log's best gold lines, until the gold chunk is left by `margin` lines. False when memory
// is out.
bool tree_rows_add_walks(struct tree_rows *rows, const struct training_log *log,
                         const struct line_scores *of_log, size_t margin);

// The objectives, for tree_learner_fit; the context is the struct tree_rows. Softmax cross-entropy within each group
// against q ∝ target · exp(peak · score), weighted, and weighted logistic loss.
void tree_rows_rank(void *context, const float *scores, float *gradients, float *hessians,
                    size_t n_rows);
void tree_rows_chunk(void *context, const float *scores, float *gradients, float *hessians,
                     size_t n_rows);

#endif
