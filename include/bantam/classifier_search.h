// Searching features and strength of a text classifier by cross-validation, inside limits of time and size.
//
// Kinds of features that do well on short texts are tried from the most to the least promising, each on one fold of the rows; then the
// best strength of the best, and the best of all on the other folds. Rows beyond a sample only take part in the final training.
#ifndef BANTAM_CLASSIFIER_SEARCH_H
#define BANTAM_CLASSIFIER_SEARCH_H

#include "classifier_shrink.h"
#include "classifier_train.h"

enum {
    BANTAM_SEARCH_NAME = 512 // bytes of a trial's name, with its end
};

typedef struct bantam_search_trial {
    char name[BANTAM_SEARCH_NAME]; // the options that were searched, as the command line has them
    size_t n_features;
    int n_folds;     // that were held out, one after the other
    double accuracy; // on rows of these folds; several labels a row: of whole label sets
    double seconds;  // a fold, by the caller's clock
    bool too_slow;   // the final training would not end in time: not taken
    bool best;       // so far
} bantam_search_trial;

typedef struct bantam_search_options {
    bantam_classifier_options
        training; // all that is not searched: seed, threads, calibration …; hash_bits is 0
    double
        seconds; // for everything, > 0, default 60; the final training is begun early enough to end by then
    double (*elapsed)(
        void *
            context); // seconds since the call: the library has no clock; NULL: all is tried, however long it takes
    size_t max_size; // bytes of the model file; 0 (default): no limit
    bool (*tried)(
        void *context,
        const bantam_search_trial *trial); // after each step; false ends the search; may be NULL
    bool (*goes_on)(
        void *
            context); // asked often; false ends the search, the best so far is trained; may be NULL
    void *context;
} bantam_search_options;

BANTAM_API bantam_search_options bantam_search_options_default(void);

// Searches, then trains with the best options and, where max_size asks for it, shrinks. `best`, `report` and `shrunk` may be NULL; shrunk
// has no steps where nothing was shrunk. Without a clock the result is the same each time. Errors: those of bantam_classifier_train
// and bantam_classifier_shrink; BANTAM_ERROR_CANCELLED where the search ended before anything was tried. `*out` is NULL on failure.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_classifier_search(
    bantam_classifier **out, const bantam_dataset *dataset, const bantam_search_options *options,
    bantam_search_trial *best, bantam_classifier_report *report, bantam_shrink_report *shrunk,
    bantam_error *error);

#endif
