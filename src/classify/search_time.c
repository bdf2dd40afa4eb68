// What is known by now: which trial is the best, what finishing it takes, and what there is time for before that.
#include "classify/search.h"

#include "classify/classifier.h"

enum {
    CALIBRATED = 2,           // folds that calibration is to have at least
    SHRINK_FITS = 12,         // that making a model smaller takes, about
    SCORES_MAXIMUM = 4000000, // of a trial that are kept
};

static const double FINAL_AGAINST_TRIALS = 2; // the final training is more exact than trials

double search_elapsed(const struct search *search)
{
    const bantam_search_options *options = search->options;
    return options->elapsed ? options->elapsed(options->context) : 0;
}

double trial_accuracy(const struct trial *trial)
{
    double right = 0, counted = 0;
    for (int fold = 0; fold < FOLDS; fold++) {
        right += trial->right[fold];
        counted += trial->counted[fold];
    }
    return counted > 0 ? right / counted : -1;
}

int trial_folds_done(const struct trial *trial)
{
    int n = 0;
    while (n < FOLDS && trial->done[n]) {
        n++;
    }
    return n;
}

bool search_shares_folds(const struct search *search)
{
    const bantam_search_options *options = search->options;
    size_t n_outputs = logistic_n_outputs(&search->sample.labels);
    return options->training.calibration != BANTAM_CALIBRATE_NONE && options->max_size == 0 &&
           options->training.folds == FOLDS && search->sample.n_rows == search->all.n_rows &&
           search->sample.n_rows * n_outputs <= SCORES_MAXIMUM;
}

double search_fit_cost(const struct search *search, const struct trial *trial)
{
    double rows = (double)search->all.n_rows / (double)search->sample.n_rows;
    return FINAL_AGAINST_TRIALS * trial->shown.seconds * rows;
}

double search_final_cost(const struct search *search, const struct trial *trial)
{
    int n_known = trial->scores ? trial_folds_done(trial) : 0, n_fits = 1;
    if (search->options->training.calibration != BANTAM_CALIBRATE_NONE && n_known < CALIBRATED) {
        n_fits += CALIBRATED - n_known;
    }
    n_fits += search->options->max_size > 0 ? SHRINK_FITS : 0;
    return search_fit_cost(search, trial) * n_fits;
}

struct trial *search_best(struct search *search)
{
    struct trial *best = NULL;
    for (size_t i = 0; i < search->n_trials; i++) {
        struct trial *trial = &search->trials[i];
        if (trial_folds_done(trial) == 0 || trial->shown.too_slow) {
            continue;
        }
        double own = 0, other = 0;
        for (int fold = 0; best && fold < FOLDS; fold++) {
            own += trial->done[fold] && best->done[fold] ? trial->right[fold] : 0;
            other += trial->done[fold] && best->done[fold] ? best->right[fold] : 0;
        }
        bool more = best && own == other && trial_folds_done(trial) > trial_folds_done(best);
        best = !best || own > other || more ? trial : best;
    }
    return best;
}

bool search_has_time(struct search *search, double seconds)
{
    const bantam_search_options *options = search->options;
    const struct trial *best = search_best(search);
    if (options->goes_on && !options->goes_on(options->context)) {
        search->stopped = true;
    }
    double reserve = best ? search_final_cost(search, best) : 0;
    return !search->stopped &&
           (!options->elapsed || search_elapsed(search) + seconds + reserve < options->seconds);
}

bool search_fit_goes_on(void *context, const char *what, size_t done, size_t total)
{
    struct search *search = context;
    (void)what, (void)done, (void)total;
    const struct trial *best = search_best(search);
    return search_has_time(search, 0) || (!best && !search->stopped);
}
