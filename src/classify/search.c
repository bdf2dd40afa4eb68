// The course of a search: kinds of features on one fold, the near best of them on all folds, then changes of one option around the
// best so far until a whole round of them brings nothing, and the final training.
#include "classify/search.h"

#include <math.h>

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "classify/classifier.h"

// A trial that is behind the best by more than this share of the rows on the folds that it has is given up.
static const double HOPELESS = 0.002;

bantam_search_options bantam_search_options_default(void)
{
    return (bantam_search_options){.training = bantam_classifier_options_default(), .seconds = 60};
}

// One fold more of the trial, as far as time allows; tells the caller. False: the search is over, or failed (*status).
static bool step(struct search *search, struct trial *trial, bantam_status *status,
                 bantam_error *error)
{
    const bantam_search_options *options = search->options;
    int fold = trial_folds_done(trial);
    double begun = search_elapsed(search);
    if (fold == FOLDS || !search_has_time(search, trial->shown.seconds)) {
        return fold == FOLDS && !search->stopped;
    }
    *status = search_run_fold(search, trial, fold, error);
    if (*status == BANTAM_ERROR_CANCELLED) {
        *status = BANTAM_OK; // out of time in the middle of a fit: what is known by now counts
        return false;
    }
    if (*status) {
        return false;
    }
    double took = search_elapsed(search) - begun;
    trial->shown.seconds = fmax(trial->shown.seconds, took);
    trial->shown.n_folds = trial_folds_done(trial);
    trial->shown.accuracy = trial_accuracy(trial);
    trial->shown.too_slow =
        options->elapsed &&
        search_elapsed(search) + search_final_cost(search, trial) > options->seconds;
    if (!search_best(search)) {
        trial->shown.too_slow = false; // better late than nothing
    }
    trial->shown.best = search_best(search) == trial;
    if (options->tried && !options->tried(options->context, &trial->shown)) {
        search->stopped = true;
    }
    return !search->stopped;
}

static void drop_scores(struct trial *trial)
{
    memory_free(trial->scores);
    trial->scores = NULL;
}

// A new trial; NULL where there is no room, or one like it was there before.
static struct trial *add_trial(struct search *search, const bantam_classifier_options *options,
                               bantam_status *status, bantam_error *error)
{
    if (search->n_trials == TRIALS) {
        return NULL;
    }
    struct trial *trial = &search->trials[search->n_trials];
    *trial = (struct trial){.options = *options};
    *status = trial_set_name(trial, error);
    for (size_t i = 0; i < search->n_trials && !*status; i++) {
        if (strcmp(search->trials[i].shown.name, trial->shown.name) == 0) {
            return NULL;
        }
    }
    if (!*status && search_shares_folds(search)) {
        size_t n_outputs = logistic_n_outputs(&search->sample.labels);
        trial->scores =
            memory_allocate_array(search->sample.n_rows * n_outputs, sizeof *trial->scores);
        *status = trial->scores ? BANTAM_OK : error_memory(error);
    }
    search->n_trials += *status == BANTAM_OK;
    return *status ? NULL : trial;
}

// Whether the trial may still turn out better than the best: not where it is far behind on the folds that both have, and not where
// a change, of capitals in texts without any, say, has changed nothing.
static bool has_hope(const struct trial *trial, const struct trial *best)
{
    double behind = 0, counted = 0;
    for (int fold = 0; fold < FOLDS; fold++) {
        bool both = trial->done[fold] && best->done[fold];
        behind += both ? best->right[fold] - trial->right[fold] : 0;
        counted += both ? trial->counted[fold] : 0;
    }
    bool same = behind == 0 && trial->shown.n_features == best->shown.n_features;
    return behind <= HOPELESS * counted && !same;
}

// Measures the trial on one fold after the other until it is given up or has all. Of the trial and the best before only the better keeps
// its scores. False: the search is over, or failed (*status).
static bool race(struct search *search, struct trial *trial, bantam_status *status,
                 bantam_error *error)
{
    struct trial *before = search_best(search);
    bool goes_on = true;
    do {
        goes_on = trial_folds_done(trial) == FOLDS || step(search, trial, status, error);
    } while (goes_on && trial_folds_done(trial) < FOLDS && !trial->shown.too_slow &&
             (!before || before == trial || has_hope(trial, before)));
    if (before && before != trial) {
        drop_scores(search_best(search) == trial ? before : trial);
    }
    return goes_on;
}

// Each kind of features on one fold, then the best on all folds, and against it those that are not far behind.
static bool compare_kinds(struct search *search, bantam_status *status, bantam_error *error)
{
    bool goes_on = true;
    for (size_t kind = 0; kind < N_KINDS && goes_on; kind++) {
        bantam_classifier_options options;
        *status = search_kind_options(&options, kind, &search->options->training,
                                      search->sample.n_rows, error);
        struct trial *trial = *status ? NULL : add_trial(search, &options, status, error);
        goes_on = trial && step(search, trial, status, error);
    }
    struct trial *best = goes_on ? search_best(search) : NULL;
    goes_on = best && race(search, best, status, error);
    for (size_t i = 0; i < search->n_trials && goes_on; i++) {
        struct trial *trial = &search->trials[i];
        best = search_best(search);
        if (trial != best && !trial->shown.too_slow && has_hope(trial, best)) {
            goes_on = race(search, trial, status, error);
        } else if (trial != best) {
            drop_scores(trial);
        }
    }
    return goes_on;
}

// Tries what a change makes of the best. False: the search is over, or failed (*status).
static bool try_change(struct search *search, size_t change, bantam_status *status,
                       bantam_error *error)
{
    bantam_classifier_options options = search_best(search)->options;
    struct trial *trial =
        search_change(&options, change) ? add_trial(search, &options, status, error) : NULL;
    bool goes_on = trial ? race(search, trial, status, error) : !*status;
    if (*status == BANTAM_ERROR_INPUT) { // the change left a part without any n-gram
        *status = BANTAM_OK;
        return true;
    }
    return goes_on;
}

// One change after the other, each as long as it helps, round and round until all of them in turn brought nothing.
static void refine(struct search *search, bantam_status *status, bantam_error *error)
{
    bool goes_on = true;
    size_t n_idle = 0, change = 0;
    while (goes_on && n_idle < N_CHANGES) {
        const struct trial *best = search_best(search);
        goes_on = try_change(search, change, status, error);
        bool helps = search_best(search) != best;
        n_idle = helps ? 0 : n_idle + 1;
        change = helps ? change : (change + 1) % N_CHANGES;
    }
}

static bantam_status run(struct search *search, bantam_error *error)
{
    bantam_status status = BANTAM_OK;
    if (compare_kinds(search, &status, error)) {
        refine(search, &status, error);
    }
    return status;
}

static void release(struct search *search)
{
    training_rows_release(&search->all);
    search->sample.names = NULL; // never allocated
    training_rows_release(&search->sample);
    memory_free(search->folds);
    for (size_t i = 0; i < search->n_trials; i++) {
        memory_free(search->trials[i].scores);
    }
    vectorizer_free(&search->vectorizer);
    sparse_matrix_release(&search->matrix);
    memory_free(search);
}

static bantam_status check(const bantam_classifier_options *training, bantam_error *error)
{
    for (size_t i = 0; i < training->n_parts; i++) {
        if (training->parts[i].hash_bits != 0) {
            return error_set(error, BANTAM_ERROR_ARGUMENT,
                             "hash-bits: a search needs a vocabulary; leave it out");
        }
    }
    return bantam_classifier_options_check(training, error);
}

static bantam_status prepare(struct search *search, const bantam_dataset *dataset,
                             bantam_error *error)
{
    int n_folds = FOLDS;
    bantam_status status = training_rows_init(&search->all, dataset, 2, error);
    if (!status) {
        status = search_take_sample(search, error);
    }
    if (!status) {
        status = training_rows_fold(search->folds, &n_folds, &search->sample,
                                    search->options->training.seed, error);
    }
    if (!status && n_folds < FOLDS) {
        status =
            error_set(error, BANTAM_ERROR_INPUT,
                      "a search needs rows of %d groups at least; there are %d", FOLDS, n_folds);
    }
    return status;
}

bantam_status bantam_classifier_search(bantam_classifier **out, const bantam_dataset *dataset,
                                       const bantam_search_options *options,
                                       bantam_search_trial *best, bantam_classifier_report *report,
                                       bantam_shrink_report *shrunk, bantam_error *error)
{
    const bantam_search_options defaults = bantam_search_options_default();
    bantam_shrink_report unread;
    struct search *search = memory_allocate_array(1, sizeof *search);
    *out = NULL;
    if (!search) {
        return error_memory(error);
    }
    search->options = options ? options : &defaults;
    shrunk = shrunk ? shrunk : &unread;
    shrunk->n_steps = 0;
    bantam_status status = check(&search->options->training, error);
    if (!status) {
        status = prepare(search, dataset, error);
    }
    if (!status) {
        status = run(search, error);
    }
    struct trial *found = status ? NULL : search_best(search);
    if (!status && !found) {
        status = error_set(error, BANTAM_ERROR_CANCELLED,
                           "the search ended before anything was tried; give it more time");
    }
    if (!status) {
        found->shown.best = true;
        if (best) {
            *best = found->shown;
        }
        status = search_finish(out, dataset, search, found, report, shrunk, error);
    }
    release(search);
    if (status) {
        bantam_classifier_free(out);
    }
    return status;
}
