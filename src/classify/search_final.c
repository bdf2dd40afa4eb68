// The search's model: the best trial's options on all rows, calibrated on the folds that it has and those that there is time for,
// and shrunk where a size is asked for.
#include "classify/search.h"

#include <math.h>

#include "base/error.h"
#include "classify/classifier.h"

enum {
    FOLDS_MAXIMUM = 20, // that the options allow
    FIRST_LOOKS =
        6,     // that the final fit has before time may end it: it learns most in its first epochs
    AHEAD = 2, // times between two looks that an epoch, and making and writing the model, may take
};

static const double FINAL_TOLERANCE = 1e-2; // a third of what trials are fitted to

// Time ends the folds of calibration early enough for the last fit, and that one when there is none left.
static bool final_goes_on(void *context, const char *what, size_t done, size_t total)
{
    struct search *search = context;
    const bantam_search_options *options = search->options;
    const bantam_classifier_options *training = &options->training;
    if (training->progress && !training->progress(training->progress_context, what, done, total)) {
        search->cancelled = true;
        return false;
    }
    if (!options->elapsed) {
        return true;
    }
    if (!search->known.folds_ended) {
        return search_elapsed(search) + search->final_fit < options->seconds;
    }
    double now = search_elapsed(search);
    if (search->n_looks > 0) {
        search->longest_look = fmax(search->longest_look, now - search->last_look);
    }
    search->last_look = now;
    return search->n_looks++ < FIRST_LOOKS || now + AHEAD * search->longest_look < options->seconds;
}

static bantam_status train_best(bantam_classifier **out, const bantam_dataset *dataset,
                                struct search *search, const struct trial *best,
                                bantam_classifier_report *report, bantam_error *error)
{
    bantam_classifier_options training = best->options;
    bool done[FOLDS_MAXIMUM] = {false};
    for (int fold = 0; best->scores && fold < FOLDS; fold++) {
        done[fold] = best->done[fold];
    }
    search->known = (struct held_out_known){best->scores, done, true, false};
    search->final_fit = search_fit_cost(search, best);
    training.tolerance = fmax(training.tolerance, FINAL_TOLERANCE);
    training.progress = final_goes_on;
    training.progress_context = search;
    bantam_status status =
        classifier_train_knowing(out, dataset, &training, &search->known, report, error);
    if (!status && search->cancelled) {
        status = error_set(error, BANTAM_ERROR_CANCELLED, "training was stopped");
    }
    return status;
}

bantam_status search_finish(bantam_classifier **out, const bantam_dataset *dataset,
                            struct search *search, const struct trial *best,
                            bantam_classifier_report *report, bantam_shrink_report *shrunk,
                            bantam_error *error)
{
    const bantam_classifier_options *training = &search->options->training;
    bantam_status status = train_best(out, dataset, search, best, report, error);
    size_t max_size = search->options->max_size;
    if (status || max_size == 0) {
        return status;
    }
    bantam_buffer bytes;
    bantam_buffer_init(&bytes, 2147483647);
    status = bantam_classifier_save(*out, &bytes, error);
    bool fits = bytes.size <= max_size;
    bantam_buffer_release(&bytes);
    if (status || fits) {
        return status;
    }
    bantam_classifier *whole = *out;
    bantam_shrink_options options = bantam_shrink_options_default();
    options.max_size = max_size;
    options.n_threads = training->n_threads;
    options.progress = training->progress;
    options.progress_context = training->progress_context;
    status = bantam_classifier_shrink(out, whole, dataset, &options, shrunk, error);
    bantam_classifier_free(&whole);
    return status;
}
