// Reads the tables, trains, writes the model whole, and tells what was measured.
#include "train_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classifier_file.h"
#include "message.h"
#include "options.h"
#include "progress.h"
#include "search_text.h"
#include "train_stream.h"

enum {
    HELP_COLUMN = 29 // where the help of an option begins
};

// Options that the command has by itself.
static bool is_shared(const char *name)
{
    return strcmp(name, "folds") == 0;
}

void train_text_table(struct poptOption table[TRAIN_TEXT_OPTIONS])
{
    size_t n_options, n = 0;
    const bantam_classifier_option *options = bantam_classifier_option_table(&n_options);
    for (size_t i = 0; i < n_options && n + 1 < TRAIN_TEXT_OPTIONS; i++) {
        if (!is_shared(options[i].name)) {
            table[n++] = (struct poptOption){options[i].name,
                                             0,
                                             POPT_ARG_STRING,
                                             NULL,
                                             TRAIN_TEXT_FIRST_VALUE + (int)i,
                                             NULL,
                                             NULL};
        }
    }
    table[n] = (struct poptOption)POPT_TABLEEND;
}

static bool is_one_of(const char *name, const char *const *names)
{
    while (*names && strcmp(name, *names) != 0) {
        names++;
    }
    return *names;
}

// Remembers an option that would count for nothing in a search or of a stream.
static void note_option(struct train_text *text, const char *name, const char *value)
{
    static const char *const searched[] = {
        "analyzer", "ngrams",      "sublinear-tf", "lowercase", "min-df",    "binary", "idf",
        "C",        "multi-class", "balanced",     "tolerance", "hash-bits", NULL};
    static const char *const of_rows[] = {"smooth-idf", "penalty",        "l1-ratio",   "balanced",
                                          "tolerance",  "max-iterations", "keep-texts", NULL};
    bool by_rarity = strcmp(name, "idf") == 0 && strstr(value, "yes"); // at least one part's
    text->chosen = is_one_of(name, searched) ? name : text->chosen;
    text->without_part = by_rarity || is_one_of(name, of_rows) ? name : text->without_part;
    text->strength_given |= strcmp(name, "C") == 0;
}

// Takes the option that poptGetNextOpt returned as `number`. False: the problem was told.
static bool take_option(struct train_text *text, int number, const char *value, const char *command)
{
    size_t n_options;
    const bantam_classifier_option *options = bantam_classifier_option_table(&n_options);
    bantam_error error;
    const char *name = options[number - TRAIN_TEXT_FIRST_VALUE].name;
    text->options_given = true;
    note_option(text, name, value);
    if (bantam_classifier_option_set(&text->options, name, value, &error)) {
        message("--%s; see bantam %s --help", error.message, command);
        return false;
    }
    return true;
}

// Options that are each in their range may not go together. False: the problem was told.
static bool check_together(const struct train_text *text, const char *command)
{
    bantam_classifier_options options =
        text->stream ? train_stream_options(&text->options) : text->options;
    bantam_error error;
    if (bantam_classifier_options_check(&options, &error)) {
        message("--%s; see bantam %s --help", error.message, command);
        return false;
    }
    return true;
}

int train_text_take_options(struct train_text *text, poptContext context, const char *command)
{
    int number;
    while ((number = poptGetNextOpt(context)) >= 0) {
        char *value = poptGetOptArg(context);
        bool taken = value && take_option(text, number, value, command);
        free(value);
        if (!taken) {
            return number;
        }
    }
    return number == -1 && !check_together(text, command) ? TRAIN_TEXT_FIRST_VALUE : number;
}

void train_text_help(bantam_buffer *out)
{
    size_t n_options;
    const bantam_classifier_option *options = bantam_classifier_option_table(&n_options);
    for (size_t i = 0; i < n_options; i++) {
        size_t before = out->size;
        bantam_buffer_append_format(out, "      --%s %s", options[i].name, options[i].value);
        if (out->size - before >= HELP_COLUMN) {
            bantam_buffer_append_string(out, "\n");
            before = out->size;
        }
        int pad = HELP_COLUMN - (int)(out->size - before);
        bantam_buffer_append_format(out, "%*s%s (default %s)\n", pad, "", options[i].help,
                                    options[i].initial);
    }
}

bool train_text_given(const struct train_text *text)
{
    return text->options_given || text->search || text->time || text->max_size || text->stream ||
           text->labels || text->n_passes != PASSES_NOT_GIVEN || data_options_given(&text->data);
}

static const char *calibration_name(bantam_calibration calibration)
{
    static const char *const names[] = {"none", "temperature", "sigmoid", "isotonic", "adaptive"};
    return names[calibration];
}

static bool tell(const char *path, const bantam_classifier_report *report,
                 const bantam_classifier_options *options, const struct train_text *asked,
                 size_t size)
{
    char how[32] = "1 row in 20";
    if (!asked->stream) {
        snprintf(how, sizeof how, "%d folds", options->folds);
    }
    bantam_buffer text;
    bantam_buffer_init(&text, 4096);
    bantam_buffer_append_format(&text, "%s: %zu rows, %zu labels, %zu features, %zu bytes\n", path,
                                report->n_rows, report->n_labels, report->n_features, size);
    if (report->n_held_out > 0) {
        bantam_buffer_append_format(
            &text, "held out (%s): accuracy %.3f, log-loss %.3f, calibration error %.3f", how,
            report->accuracy, report->log_loss, report->calibration_error);
        bantam_buffer_append_format(&text, " (%.3f before %s)\n", report->calibration_error_before,
                                    calibration_name(report->calibration));
    } else if (options->calibration != BANTAM_CALIBRATE_NONE) {
        bantam_buffer_append_format(&text, "%s: not calibrated, not measured\n",
                                    asked->search ? "no time was left to hold rows out"
                                                  : "too few rows to hold some out");
    }
    bool told = !text.failed && write_output(text.data, text.size);
    bantam_buffer_release(&text);
    return told;
}

// Takes the classifier.
static bool write_model(bantam_classifier *classifier, const bantam_classifier_report *report,
                        const bantam_classifier_options *options, const struct train_text *text,
                        const char *path)
{
    size_t size;
    bool written =
        classifier_write(classifier, path, &size) && tell(path, report, options, text, size);
    bantam_classifier_free(&classifier);
    return written;
}

// NULL: the problem was told.
static bantam_classifier *train(const bantam_classifier_options *options,
                                const struct train_limits *limits, const char *const *paths,
                                size_t n_paths, const bantam_dataset_options *data,
                                bantam_classifier_report *report)
{
    bantam_dataset *dataset = NULL;
    if (!data_read_all(&dataset, data, paths, n_paths)) {
        return NULL;
    }
    bantam_error error;
    bantam_classifier *classifier = train_within(dataset, options, limits, report, &error);
    if (!classifier && error.message[0]) {
        data_tell(paths, n_paths, &error);
    }
    bantam_dataset_free(&dataset);
    return classifier;
}

// What goes with a stream is refused without one, and what has no part in it with one. False: the problem was told.
static bool check_stream(const struct train_settings *settings, const struct train_text *text,
                         const char *const *paths, size_t n_paths)
{
    const char *unused = text->data.group  ? "group"
                         : settings->folds ? "folds"
                                           : text->without_part;
    bool passes_given = text->n_passes != PASSES_NOT_GIVEN;
    if (passes_given && !option_in_range("train", "--passes", text->n_passes, 1, 100)) {
        return false;
    }
    if (!text->stream && (text->labels || passes_given)) {
        message("--%s: goes with --stream; see bantam train --help",
                text->labels ? "labels" : "passes");
        return false;
    }
    if (text->stream && unused) {
        message("--%s: has no part in learning from a stream; leave it out, or train without "
                "--stream",
                unused);
        return false;
    }
    if (text->labels && text->strength_given) {
        message("--C: needs the number of rows, which --labels leaves uncounted; leave out one");
        return false;
    }
    for (size_t i = 0; text->stream && i < n_paths; i++) {
        if (strcmp(paths[i], "-") == 0 && (!text->labels || text->n_passes != 1)) {
            message("--stream: standard input comes only once: tell its labels with --labels, and "
                    "give --passes 1");
            return false;
        }
    }
    return true;
}

int train_text(const struct train_settings *settings, const struct train_text *text,
               const char *const *paths, size_t n_paths)
{
    bantam_dataset_options data;
    if (!settings->output) {
        message("training on texts needs --output FILE for the model; see bantam train --help");
        return EXIT_USAGE;
    }
    if (settings->folds > 20) {
        message("--folds: takes a number from 2 to 20 with texts; see bantam train --help");
        return EXIT_USAGE;
    }
    struct train_limits limits;
    if (!train_limits_read(&limits, text) || !data_options_parse(&data, &text->data, "train")) {
        return EXIT_USAGE;
    }
    if (!check_stream(settings, text, paths, n_paths)) {
        return EXIT_USAGE;
    }
    bantam_classifier_options options = text->options;
    options.folds = settings->folds ? (int)settings->folds : options.folds;
    options.n_threads = (int)settings->threads;
    options.progress = settings->quiet ? NULL : progress_show;
    options.progress_context = (void *)(uintptr_t) "";
    bantam_classifier_report report;
    bantam_classifier *classifier =
        text->stream ? train_stream(settings, text, paths, n_paths, &data, &report)
                     : train(&options, &limits, paths, n_paths, &data, &report);
    bool trained = classifier && write_model(classifier, &report, &options, text, settings->output);
    return trained ? EXIT_DIAGNOSED : EXIT_INPUT;
}
