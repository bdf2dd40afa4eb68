// What the files of the search share: a trial, the search's state, and who does what with them.
//
//   search.c         the course: which trials, and the call of the API
//   search_sample.c  the rows that trials use
//   search_space.c   kinds of features, and changes of one option
//   search_trial.c   one fold of one trial
//   search_time.c    which trial is the best, and what there is time for
//   search_final.c   the model, trained by the best trial's options and shrunk
#ifndef BANTAM_CLASSIFY_SEARCH_H
#define BANTAM_CLASSIFY_SEARCH_H

#include "bantam/classifier_search.h"
#include "classify/held_out.h"
#include "classify/training_rows.h"

enum {
    FOLDS = 5,
    TRIALS = 200,   // at most
    N_KINDS = 10,   // of features
    N_CHANGES = 26, // of one option each
};

struct trial {
    bantam_classifier_options options;
    size_t features_name; // bytes of its name that tell the features
    bool done[FOLDS];
    double right[FOLDS], counted[FOLDS];
    float
        *scores; // (sample.n_rows, n_outputs) of the folds done; NULL where calibration has others
    bantam_search_trial shown;
};

struct search {
    const bantam_search_options *options;
    struct training_rows all, sample; // the sample's arrays are its own, its texts the dataset's
    int *folds;                       // (sample.n_rows)
    struct trial trials[TRIALS];
    size_t n_trials;
    const struct trial *made; // that vectorizer and matrix are of; NULL: none are there
    struct vectorizer *vectorizer;
    struct sparse_matrix matrix;
    bool stopped;
    struct held_out_known known;    // of the final training
    double final_fit;               // seconds that its last fit takes, about
    size_t n_looks;                 // at the clock in that fit
    double last_look, longest_look; // seconds: when, and between two
    bool cancelled;                 // by the caller's progress
};

// --- search_time.c

// Seconds since the search began; 0 without a clock.
double search_elapsed(const struct search *search);

// The share of right answers of the folds that are done; -1 where none is.
double trial_accuracy(const struct trial *trial);

// Folds in the order in which all trials go through them; so many of them are done.
int trial_folds_done(const struct trial *trial);

// Whether calibration would look at the folds that trials look at.
bool search_shares_folds(const struct search *search);

// What one fit of a trial's features to all rows takes, about.
double search_fit_cost(const struct search *search, const struct trial *trial);

// What the final training of a trial takes, with the folds that its calibration cannot do without, and the shrinking.
double search_final_cost(const struct search *search, const struct trial *trial);

// Of trials that can be finished in time the one with the most right among the folds that both have done; ties go to more folds, then
// to the earlier one. NULL: none.
struct trial *search_best(struct search *search);

// Whether the search has time for one more fold of about `seconds`.
bool search_has_time(struct search *search, double seconds);

// A learner's progress (`context` is the search): stops a fit when the search is to end; the first trial is let finish.
bool search_fit_goes_on(void *context, const char *what, size_t done, size_t total);

// --- search_sample.c

// Chooses the sample's rows from a seeded shuffle, in their old order. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status search_take_sample(struct search *search, bantam_error *error);

// --- search_space.c

// The options of a kind of features with the strength that it is tried with first, for so many rows; all else is as `training` says.
// Errors: as bantam_classifier_option_set.
BANTAM_MUST_CHECK bantam_status search_kind_options(bantam_classifier_options *options, size_t kind,
                                                    const bantam_classifier_options *training,
                                                    size_t n_rows, bantam_error *error);

// Changes one option, the most telling changes first. False: that change cannot be made here.
bool search_change(bantam_classifier_options *options, size_t change);

// Writes the options that are searched into the trial's name, those of the features first. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status trial_set_name(struct trial *trial, bantam_error *error);

// --- search_trial.c

// Trains on the other folds and counts what is right in this one. Errors: BANTAM_ERROR_CANCELLED (out of time), BANTAM_ERROR_MEMORY and
// those of vectorizer_fit.
BANTAM_MUST_CHECK bantam_status search_run_fold(struct search *search, struct trial *trial,
                                                int fold, bantam_error *error);

// --- search_final.c

// Trains on all rows and keeps to the size. Errors: as bantam_classifier_train and bantam_classifier_shrink; *out may then be a
// classifier, the caller's to free.
BANTAM_MUST_CHECK bantam_status search_finish(bantam_classifier **out,
                                              const bantam_dataset *dataset, struct search *search,
                                              const struct trial *best,
                                              bantam_classifier_report *report,
                                              bantam_shrink_report *shrunk, bantam_error *error);

#endif
