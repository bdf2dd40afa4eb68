// What classifiers say of every row of a dataset, ready to be evaluated: by models that exist, or by cross-validation.
//
//     bantam_scored_dataset_new(&scored, dataset, &classifier, 1, n_threads, &error)
//     bantam_evaluate(&evaluation, bantam_scored_dataset_predictions(scored, 0), NULL, &error)
#ifndef BANTAM_SCORED_DATASET_H
#define BANTAM_SCORED_DATASET_H

#include "classifier.h"
#include "classifier_train.h"
#include "dataset.h"
#include "evaluate.h"

typedef struct bantam_scored_dataset bantam_scored_dataset;

// Lets each classifier speak of each row. The classes are those of the dataset and of all classifiers together, by name and in the
// order of their bytes; one that a classifier does not know has the probability 0. Borrows the dataset, which must be finished.
//
// Errors: BANTAM_ERROR_ARGUMENT (no rows, no classifier, a multi-label classifier for single-label rows or the other way round),
// BANTAM_ERROR_MEMORY. `*out` is NULL on failure.
BANTAM_API BANTAM_MUST_CHECK bantam_status
bantam_scored_dataset_new(bantam_scored_dataset **out, const bantam_dataset *dataset,
                          const bantam_classifier *const *classifiers, size_t n_classifiers,
                          int n_threads, bantam_error *error);

// Lets each row be spoken of by a classifier that was trained, and calibrated, on the rows of the other folds. `folds` is (n_rows), each
// below n_folds. The classes are the dataset's.
//
// Errors: as bantam_classifier_train, and BANTAM_ERROR_ARGUMENT (n_folds below 2). `*out` is NULL on failure.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_scored_dataset_cross_validate(
    bantam_scored_dataset **out, const bantam_dataset *dataset, const int *folds, int n_folds,
    const bantam_classifier_options *options, bantam_error *error);

// What classifier i said, with labels, weights, texts, and groups where the dataset has several. Borrowed: dies with `scored`.
BANTAM_API const bantam_predictions *
bantam_scored_dataset_predictions(const bantam_scored_dataset *scored, size_t i);

// How many rows have a label that classifier i does not know: it cannot be right on them.
BANTAM_API size_t bantam_scored_dataset_n_unknown(const bantam_scored_dataset *scored, size_t i);

BANTAM_API void bantam_scored_dataset_free(bantam_scored_dataset **scored);

#endif
