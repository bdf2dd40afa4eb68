// What the steps of training a line finder share: read the logs, fit linear weights, fit trees on what these say of unseen logs.
#ifndef BANTAM_TRIAGE_FINDER_TRAINING_H
#define BANTAM_TRIAGE_FINDER_TRAINING_H

#include "bantam/train.h"
#include "model/trees.h"
#include "train/line_learner.h"
#include "triage/finder_logs.h"
#include "triage/finding_train.h"
#include "triage/gate.h"
#include "triage/tools.h"

struct finder_parameters {
    double bags, repeats, bits, epochs, rate, accumulator, word_dropout, dense_dropout,
        plain_weight;
    double gold, last, random, marked;
    double rank_trees, rank_depth, rank_rate, rank_l2, rank_weight, rank_peak;
    double chunk_trees, chunk_depth, chunk_rate, chunk_l2, chunk_weight, chunk_margin;
    double constructed, columns, rows, findings_constructed, findings_l2, gate_l2, gate_alarms;
};

enum {
    N_PEAKS = 2, // weight sets of a bag and repeat: one for any gold line, one for all of them
};

struct finder_training {
    const bantam_train_options *options;
    struct finder_parameters parameters;
    struct arena arena;
    struct messages messages;
    struct tools *tools;
    struct line_tables tables;
    struct finder_logs all;
    float **linear; // (n_failed + n_passed) scores by weights that have not seen the log
    struct line_weights *weights; // (bags, repeats, N_PEAKS)
    struct line_model *bags;      // (bags)
    struct tree_model rank, chunk;
    struct unseen_log *unseen; // (n_failed)
    float findings[FINDING_FEATURES];
    float gate[GATE_FEATURES];
};

// Parts of the groups.
size_t finder_bags(const struct finder_training *training);

// Weight sets that leave the same part of the groups out.
size_t finder_sets_of_bag(const struct finder_training *training);

// Of a log among those of other origin.
float finder_origin_weight(const struct finder_training *training, const struct training_log *log);

// Whether a log belongs to the half of the folds that `half` names; half 2 is both.
bool finder_in_half(const struct training_log *log, int half);

// False where the caller wants to stop.
bool finder_report(const struct finder_training *training, const char *what, size_t done,
                   size_t total);

// Fits all weight sets, and scores each log by those that have not seen its group (training->linear).
BANTAM_MUST_CHECK bantam_status finder_fit_linear(struct finder_training *training,
                                                  bantam_error *error);

// The mean of weight sets [from, to) as a file would hold it.
BANTAM_MUST_CHECK bantam_status finder_mean_weights(struct line_model *model,
                                                    const struct finder_training *training,
                                                    size_t from, size_t to, bantam_error *error);

// Fits both kinds of trees on a half of the folds.
BANTAM_MUST_CHECK bantam_status finder_fit_trees(const struct finder_training *training, int half,
                                                 struct tree_model *rank_trees,
                                                 struct tree_model *chunk_trees,
                                                 bantam_error *error);

#endif
