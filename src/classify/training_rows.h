// A dataset as learners take it: texts, labels and weights in arrays, checked for what nothing can be learned from.
#ifndef BANTAM_CLASSIFY_TRAINING_ROWS_H
#define BANTAM_CLASSIFY_TRAINING_ROWS_H

#include "bantam/dataset.h"
#include "features/vectorizer.h"
#include "train/logistic_learner.h"

struct training_rows {
    size_t n_rows;
    struct text_piece *texts; // (n_rows) borrowed from the dataset
    uint32_t *label_list;     // (label_starts[n_rows])
    size_t *label_starts;     // (n_rows + 1)
    float *weights;           // (n_rows)
    uint32_t *groups;         // (n_rows) below n_groups
    size_t n_groups;          // 0: the data have none
    const char **names;       // (labels.n_classes) borrowed from the dataset
    struct logistic_labels labels;
    char digest[33]; // XXH3-128 of texts, labels and weights in order, hexadecimal, terminated
};

// Errors: BANTAM_ERROR_INPUT (no rows, fewer than `n_labels_least` labels in them, a label that is not UTF-8), BANTAM_ERROR_MEMORY; *rows
// is then empty.
BANTAM_MUST_CHECK bantam_status training_rows_init(struct training_rows *rows,
                                                   const bantam_dataset *dataset,
                                                   size_t n_labels_least, bantam_error *error);
// Gives each row a fold below *n_folds: by group where the data have groups (then there may be fewer folds), else each class spread
// evenly, a row of several labels by its first. Errors: those of bantam_folds_stratified.
BANTAM_MUST_CHECK bantam_status training_rows_fold(int *folds, int *n_folds,
                                                   const struct training_rows *rows, uint64_t seed,
                                                   bantam_error *error);
void training_rows_release(struct training_rows *rows);

#endif
