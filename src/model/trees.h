// Boosted regression trees of one depth over byte features: score(x) = Σ_t leaf_t(x).
//
// A tree of depth d is complete: 2^d − 1 splits in heap order (children of i: 2i + 1, 2i + 2) and 2^d leaves. A row goes
// right where x[feature] > threshold; a split with threshold 255 sends everything left.
#ifndef BANTAM_MODEL_TREES_H
#define BANTAM_MODEL_TREES_H

#include <stddef.h>
#include <stdint.h>

#include "bantam/model.h"

enum {
    TREE_DEPTH_MAXIMUM = 8
};

struct tree_model {
    size_t n_trees, depth, n_features;
    uint8_t *splits; // (n_trees, 2^depth − 1, 2): feature, threshold
    float *leaves;   // (n_trees, 2^depth)
    // By tree_model_index: what splits ask, each pair of feature and threshold once, and which of them each split asks. A few
    // hundred trees ask a fifth as many questions as they have splits.
    size_t n_questions;
    uint8_t *questions; // (n_questions, 2)
    uint16_t *asked;    // (n_trees, 2^depth − 1)
};

// Allocates a model of empty trees. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status tree_model_init(struct tree_model *model, size_t n_trees,
                                                size_t depth, size_t n_features,
                                                bantam_error *error);
void tree_model_release(struct tree_model *model);

// Lists what the splits ask, once they are all there: for tree_model_score_rows. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status tree_model_index(struct tree_model *model, bantam_error *error);

// Reads tensors "<name>.splits" U8 (n_trees, 2^depth − 1, 2) and "<name>.leaves" F32 (n_trees, 2^depth).
// Errors: BANTAM_ERROR_MODEL (also when a split names a feature of n_features or above), BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status tree_model_load(struct tree_model *model, const bantam_model *file,
                                                const char *name, size_t n_features,
                                                bantam_error *error);

// The sum of the row's leaves; `row` is (n_features).
float tree_model_score(const struct tree_model *model, const uint8_t *row);

enum {
    TREE_ROWS = 16, // rows that are scored together in the time of five or so
};

// The same sums for `n` rows (n, n_features), of a model that is indexed and has at most 255 features.
void tree_model_score_rows(const struct tree_model *model, const uint8_t *rows, size_t n,
                           float *scores);

// The leaf of one tree that the row reaches.
size_t tree_model_leaf(const struct tree_model *model, size_t tree, const uint8_t *row);

#endif
