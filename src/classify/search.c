// The course of a search: kinds of features, then a hill climb around the best by strength and capitals, then the final training.
#include "classify/search.h"

#include <math.h>

#include "base/error.h"
#include "base/memory.h"
#include "classify/classifier.h"

enum {
    FINALISTS = 4,      // that are measured on all folds
    ROUNDS = 4,         // around the best so far, at most
    STRENGTH_STEPS = 4, // at most, in each direction
};

static const double STRENGTH_FACTOR = 3;  // between strengths that are tried
static const double STRENGTH_MOST = 1000; // beyond, weights hang on where a learner stops

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
    trial->shown.too_slow = false;
    bool only = search_best(search) == trial && search->n_trials == 1;
    trial->shown.too_slow =
        options->elapsed && !only &&
        search_elapsed(search) + search_final_cost(search, trial) > options->seconds;
    trial->shown.best = search_best(search) == trial;
    if (options->tried && !options->tried(options->context, &trial->shown)) {
        search->stopped = true;
    }
    return !search->stopped;
}

// A new trial; NULL where there is no room, or one like it was there before.
static struct trial *add_trial(struct search *search, size_t kind, double C, bool keeps_case,
                               bantam_status *status, bantam_error *error)
{
    for (size_t i = 0; i < search->n_trials; i++) {
        if (search->trials[i].kind == kind && search->trials[i].keeps_case == keeps_case &&
            fabs(search->trials[i].C / C - 1) < 0.01) {
            return NULL;
        }
    }
    if (search->n_trials == TRIALS) {
        return NULL;
    }
    struct trial *trial = &search->trials[search->n_trials++];
    *trial = (struct trial){.kind = kind, .C = C, .keeps_case = keeps_case};
    *status = trial_set_options(trial, &search->options->training, error);
    if (!*status && search_shares_folds(search)) {
        size_t n_outputs = logistic_n_outputs(&search->sample.labels);
        trial->scores =
            memory_allocate_array(search->sample.n_rows * n_outputs, sizeof *trial->scores);
        *status = trial->scores ? BANTAM_OK : error_memory(error);
    }
    return *status ? NULL : trial;
}

static void drop_last_trial(struct search *search)
{
    memory_free(search->trials[--search->n_trials].scores);
}

// Goes on from the best in one direction of the strength while that gets better.
static bool climb(struct search *search, double factor, bantam_status *status, bantam_error *error)
{
    for (int k = 0; k < STRENGTH_STEPS; k++) {
        struct trial *best = search_best(search);
        struct trial *next =
            best && best->C * factor <= STRENGTH_MOST
                ? add_trial(search, best->kind, best->C * factor, best->keeps_case, status, error)
                : NULL;
        if (!next) {
            return *status == BANTAM_OK;
        }
        if (!step(search, next, status, error)) {
            return false;
        }
        if (search_best(search) != next) {
            break;
        }
    }
    return true;
}

// The best few on all folds.
static bool compare_best(struct search *search, bantam_status *status, bantam_error *error)
{
    bool compared[TRIALS] = {false};
    for (int k = 0; k < FINALISTS; k++) {
        struct trial *next = NULL;
        for (size_t i = 0; i < search->n_trials; i++) {
            struct trial *trial = &search->trials[i];
            bool open = trial_folds_done(trial) > 0 && !trial->shown.too_slow && !compared[i];
            next = open && (!next || trial->right[0] > next->right[0]) ? trial : next;
        }
        if (!next) {
            return true;
        }
        compared[next - search->trials] = true;
        while (trial_folds_done(next) < FOLDS) {
            if (!step(search, next, status, error)) {
                return false;
            }
        }
    }
    return true;
}

// Looks around the best: other strengths, capitals (whether they tell something hangs on the texts), then all folds of the best few.
// False: the search is over.
static bool look_around(struct search *search, bantam_status *status, bantam_error *error)
{
    const struct trial *best = search_best(search);
    bool goes_on = best != NULL;
    if (goes_on) {
        size_t lowercase_features = best->keeps_case ? 0 : best->shown.n_features;
        struct trial *trial = add_trial(search, best->kind, best->C, true, status, error);
        goes_on = trial ? step(search, trial, status, error) : !*status;
        if (trial && trial->shown.n_features == lowercase_features) {
            drop_last_trial(search); // there are no capitals
        }
    }
    goes_on = goes_on && climb(search, STRENGTH_FACTOR, status, error);
    goes_on = goes_on && climb(search, 1 / STRENGTH_FACTOR, status, error);
    return goes_on && compare_best(search, status, error);
}

static bantam_status run(struct search *search, bantam_error *error)
{
    bantam_status status = BANTAM_OK;
    bool goes_on = true;
    for (size_t kind = 0; kind < N_KINDS && goes_on; kind++) {
        struct trial *trial =
            add_trial(search, kind, search_kind_strength(kind), false, &status, error);
        goes_on = trial && step(search, trial, &status, error);
    }
    for (int round = 0; round < ROUNDS && goes_on; round++) {
        const struct trial *best = search_best(search);
        goes_on = look_around(search, &status, error) && search_best(search) != best;
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
    bantam_status status = prepare(search, dataset, error);
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
