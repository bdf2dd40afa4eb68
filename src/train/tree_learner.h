// Gradient-boosted trees on byte features, by histograms, with a second-order objective that the caller gives.
//
// Friedman 2001; the split gain and the leaf value −G / (H + λ) as in XGBoost (Chen, Guestrin 2016). Deterministic.
#ifndef BANTAM_TRAIN_TREE_LEARNER_H
#define BANTAM_TRAIN_TREE_LEARNER_H

#include "model/trees.h"

struct tree_learner_options {
    size_t n_trees, depth;
    float rate;         // shrinkage of each tree
    float l2;           // λ
    float least_weight; // least sum of hessians in a leaf
    float column_share; // features that a tree may use, 0 to 1
    float row_share;    // rows that a tree is grown on, 0 to 1
    uint64_t seed;
};

// Writes gradient and hessian of the loss in each row's score; all arrays (n_rows).
typedef void (*tree_objective)(void *context, const float *scores, float *gradients,
                               float *hessians, size_t n_rows);

// Fits trees to `rows` (n_rows, n_features). `scores` (n_rows) holds the starting scores and receives the final ones.
// Errors: BANTAM_ERROR_MEMORY; *model is then empty.
BANTAM_MUST_CHECK bantam_status tree_learner_fit(struct tree_model *model, const uint8_t *rows,
                                                 size_t n_rows, size_t n_features, float *scores,
                                                 tree_objective objective, void *context,
                                                 const struct tree_learner_options *options,
                                                 bantam_error *error);

#endif
