// What a model says of rows that it has not seen: the raw scores that calibration and every honest figure rest on.
//
// For each fold the learner fits the other folds' rows and scores this one's. Vocabulary and idf count as learned from those
// other rows alone: an n-gram that stands only in held-out rows is not known, weighs nothing and is not in the norm, as it will
// be for new texts. So the rows are made once and rescaled for each fold, which costs no second pass over the texts.
#ifndef BANTAM_CLASSIFY_HELD_OUT_H
#define BANTAM_CLASSIFY_HELD_OUT_H

#include "features/vectorizer.h"
#include "train/logistic_learner.h"

// What was found out before, and whether all of it is needed.
struct held_out_known {
    const float *scores; // (n_rows, n_outputs) of the folds that are done; NULL: of none
    bool *done;          // (n_folds) which are done, before and after
    bool may_stop;       // a fit that is cancelled ends the work, and what is done by then counts
    bool folds_ended;    // set when the last fold has been left
};

struct held_out_task {
    const struct sparse_matrix *rows; // of `vectorizer`
    const struct vectorizer *vectorizer;
    const struct logistic_labels *labels;
    const float *row_weights; // (n_rows)
    const int *folds;         // (n_rows) below n_folds
    int n_folds;
    struct logistic_options learner;
    struct held_out_known *known; // NULL: nothing, and all is needed
};

// The rows as they are when only those outside of `fold` are known. `out` has its own values and shares the rest with
// task->rows. Errors: BANTAM_ERROR_MEMORY; out->values is then NULL. Free out->values with memory_free.
BANTAM_MUST_CHECK bantam_status held_out_rows(struct sparse_matrix *out,
                                              const struct held_out_task *task, int fold,
                                              bantam_error *error);

// Writes the rows' values times their feature's factor (n_features), each part of a row brought to its norm again: as if n-grams of
// factor 0 had not been in the vocabulary. `values` may be those of `rows`. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status rescale_rows(float *values, const struct sparse_matrix *rows,
                                             const struct vectorizer *vectorizer,
                                             const float *factors, bantam_error *error);

// Writes the row's scores (n_outputs) under weights (n_features, n_outputs) and intercepts (n_outputs).
void score_row(float *scores, const struct sparse_matrix *rows, size_t row, const float *weights,
               const float *intercepts, size_t n_outputs);

// Writes `scores` (n_rows, n_outputs), each row's by the model that has not seen its fold; where the work may stop early, of the folds
// that known->done names. Errors: those of logistic_fit.
BANTAM_MUST_CHECK bantam_status held_out_scores(float *scores, const struct held_out_task *task,
                                                bantam_error *error);

#endif
