// The clock, the interrupt, and a line for each step.
#include "search_text.h"

#include <signal.h>
#include <time.h>

#include "message.h"
#include "options.h"
#include "progress.h"
#include "shrink_table.h"
#include "size_option.h"

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

struct search_state {
    struct timespec begun;
};

enum {
    MODEL_MAXIMUM = 2147483647 // bytes of a file
};

static double elapsed(void *context)
{
    const struct search_state *state = context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - state->begun.tv_sec) +
           1e-9 * (double)(now.tv_nsec - state->begun.tv_nsec);
}

static bool goes_on(void *context)
{
    (void)context;
    return !interrupted;
}

static bool tell_trial(void *context, const bantam_search_trial *trial)
{
    bantam_buffer text;
    bantam_buffer_init(&text, 4096);
    bantam_buffer_append_format(&text, "%6.1fs  %.4f  %d/5  %8zu  %s%s\n", elapsed(context),
                                trial->accuracy, trial->n_folds, trial->n_features, trial->name,
                                trial->too_slow ? "  (too slow)"
                                : trial->best   ? "  <- best"
                                                : "");
    bool told = !text.failed && write_output(text.data, text.size);
    bantam_buffer_release(&text);
    return told && !interrupted;
}

static bantam_classifier *search(const bantam_dataset *dataset,
                                 const bantam_classifier_options *training,
                                 const struct train_limits *limits,
                                 bantam_classifier_report *report, bantam_shrink_report *shrunk,
                                 bantam_error *error)
{
    static const char head[] = "   time  accuracy folds  features  options\n";
    struct search_state state;
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND};
    struct sigaction on_interrupt, on_end; // as they were
    bantam_search_options options = bantam_search_options_default();
    bantam_classifier *classifier = NULL;
    clock_gettime(CLOCK_MONOTONIC, &state.begun);
    options.training = *training;
    options.seconds = limits->seconds;
    options.elapsed = elapsed;
    options.max_size = limits->max_size;
    options.tried = tell_trial;
    options.goes_on = goes_on;
    options.context = &state;
    sigaction(SIGINT, &action, &on_interrupt);
    sigaction(SIGTERM, &action, &on_end);
    bool found = write_output(head, sizeof head - 1) &&
                 bantam_classifier_search(&classifier, dataset, &options, NULL, report, shrunk,
                                          error) == BANTAM_OK;
    sigaction(SIGINT, &on_interrupt, NULL);
    sigaction(SIGTERM, &on_end, NULL);
    return found ? classifier : NULL;
}

static bantam_classifier *train_and_shrink(const bantam_dataset *dataset,
                                           const bantam_classifier_options *options,
                                           size_t max_size, bantam_classifier_report *report,
                                           bantam_shrink_report *shrunk, bantam_error *error)
{
    bantam_buffer file;
    bantam_buffer_init(&file, MODEL_MAXIMUM);
    bantam_classifier *classifier = NULL, *whole = NULL;
    bool done = bantam_classifier_train(&whole, dataset, options, report, error) == BANTAM_OK;
    if (done && max_size > 0) { // written to see how large it is
        done = bantam_classifier_save(whole, &file, error) == BANTAM_OK;
    }
    if (done && file.size > max_size) {
        bantam_shrink_options smaller = bantam_shrink_options_default();
        smaller.max_size = max_size;
        smaller.n_threads = options->n_threads;
        smaller.progress = options->progress;
        smaller.progress_context = options->progress_context;
        done = bantam_classifier_shrink(&classifier, whole, dataset, &smaller, shrunk, error) ==
               BANTAM_OK;
    } else if (done) {
        classifier = whole;
        whole = NULL;
    }
    bantam_buffer_release(&file);
    bantam_classifier_free(&whole);
    return classifier;
}

bantam_classifier *train_within(const bantam_dataset *dataset,
                                const bantam_classifier_options *options,
                                const struct train_limits *limits, bantam_classifier_report *report,
                                bantam_error *error)
{
    *error = (bantam_error){.message = ""};
    bantam_shrink_report shrunk = {.n_steps = 0};
    bantam_classifier *classifier =
        limits->search
            ? search(dataset, options, limits, report, &shrunk, error)
            : train_and_shrink(dataset, options, limits->max_size, report, &shrunk, error);
    progress_end(!options->progress);
    if (!classifier || shrunk.n_steps == 0) {
        return classifier;
    }
    bantam_buffer text;
    bantam_buffer_init(&text, 1 << 16);
    shrink_table(&text, &shrunk);
    if (text.failed || !write_output(text.data, text.size)) {
        bantam_classifier_free(&classifier);
    }
    bantam_buffer_release(&text);
    return classifier;
}

bool train_limits_read(struct train_limits *limits, const struct train_text *text)
{
    *limits = (struct train_limits){.search = text->search != 0, .seconds = 60};
    if (text->stream && (text->search || text->max_size)) {
        message("--stream: goes without --search and --max-size; see bantam train --help");
    } else if (text->search && text->chosen) {
        message("--%s: the search chooses it; leave it out, or train without --search",
                text->chosen);
    } else if (text->time && !limits->search) {
        message("--time: goes with --search; see bantam train --help");
    } else if (text->time && !time_option_read(&limits->seconds, text->time)) {
        message("--time: takes a time as 90s or 2m; see bantam train --help");
    } else if (text->max_size && !size_option_read(&limits->max_size, text->max_size)) {
        message("--max-size: takes a size as 64KB or 1MB; see bantam train --help");
    } else {
        return true;
    }
    return false;
}
