// bantam eval: how good is a text classifier, and how sure is that?
//
// In: one model or several and labelled rows they have not seen, or rows alone for cross-validation. Out: a report as text, JSON or one
// HTML page.
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bantam/bantam.h>

#include "classifier_file.h"
#include "command.h"
#include "message.h"
#include "options.h"
#include "progress.h"
#include "terminal.h"
#include "train_text.h"
#include "write_file.h"

static const char help_begin[] =
    "usage: bantam eval [OPTION...] MODEL DATA...\n"
    "       bantam eval --folds N [OPTION...] DATA...\n"
    "\n"
    "Says how good a text classifier is on labelled rows that it has not seen: its\n"
    "accuracy, whether its probabilities can be trusted, what it confuses. With --folds\n"
    "there is no MODEL: each part of the rows is held out in turn, and a classifier is\n"
    "trained on the others. Ranges come from 1,000 resamples of the rows.\n"
    "\n"
    "  -f, --format FORMAT        text (default), json, or html: one page with plots\n"
    "  -o, --output FILE          write the report there instead of standard output\n"
    "      --compare MODEL        compare with this model on the same rows; given again,\n"
    "                             the further ones stand in the plot of sizes only\n"
    "      --folds N              cross-validation with N parts (2 to 1000), each class\n"
    "                             spread evenly; with --group no group is split\n"
    "      --resamples N          for the ranges (0 to 100000; default 1000)\n"
    "      --threshold P          with several labels a row: a label is given from this\n"
    "                             probability on (default 0.5)\n"
    "  -a, --all                  text: list every class, pair and mistake\n"
    "  -j, --threads N            threads (default: one a processor)\n"
    "      --color WHEN           auto (default), always or never\n"
    "  -h, --help                 print this and leave\n"
    "\n"
    "how the data are read:\n";

static const char help_end[] =
    "\n"
    "how classifiers are trained, with --folds:\n"
    "  the options that bantam train --help lists, such as --ngrams 1-2 --C 10\n"
    "\n"
    "examples:\n"
    "  bantam eval intents.bantam test.csv\n"
    "  bantam eval -f html -o report.html --compare small.bantam intents.bantam test.csv\n"
    "  bantam eval --folds 5 --group author --ngrams 1-2 --C 10 train.csv\n"
    "\n"
    "exit status: 0 evaluated, 2 wrong usage, 3 a model, the data or the output could not\n"
    "be read or written.\n";

enum {
    REPORT_MAXIMUM = 1 << 30,
    MODELS_MAXIMUM = 20,
};

enum report_format {
    REPORT_TEXT,
    REPORT_JSON,
    REPORT_HTML,
};

struct settings {
    char *format, *output, *threshold, *color;
    const char **compare;
    long folds, resamples, threads;
    int all;
    struct train_text text; // how data are read and, with --folds, classifiers trained
    enum report_format report;
    bantam_dataset_options rows;
    bantam_evaluate_options evaluate;
};

// Everything that a report may speak of; released whole.
struct evaluated {
    const char *names[MODELS_MAXIMUM]; // borrowed paths
    bantam_classifier *classifiers[MODELS_MAXIMUM];
    size_t sizes[MODELS_MAXIMUM]; // bytes
    size_t n_models;
    bantam_dataset *dataset;
    bantam_scored_dataset *scored;
    bantam_evaluation *evaluations[MODELS_MAXIMUM];
    bantam_comparison comparison;
    char *data; // how the rows are called
};

static void release(struct evaluated *all)
{
    for (size_t i = 0; i < MODELS_MAXIMUM; i++) {
        bantam_classifier_free(&all->classifiers[i]);
        bantam_evaluation_free(&all->evaluations[i]);
    }
    bantam_scored_dataset_free(&all->scored);
    bantam_dataset_free(&all->dataset);
    free(all->data);
}

static bool open_models(struct evaluated *all, const char *model, const char *const *others)
{
    all->names[all->n_models++] = model;
    for (; others && *others; others++) {
        if (all->n_models == MODELS_MAXIMUM) {
            message("--compare: at most %d models are compared", MODELS_MAXIMUM - 1);
            return false;
        }
        all->names[all->n_models++] = *others;
    }
    for (size_t i = 0; i < all->n_models; i++) {
        all->classifiers[i] = classifier_open(all->names[i], &all->sizes[i]);
        if (!all->classifiers[i]) {
            return false;
        }
    }
    return true;
}

static bool read_rows(struct evaluated *all, const struct settings *settings,
                      const char *const *paths, size_t n_paths)
{
    all->data = data_name(paths, n_paths);
    return all->data && data_read_all(&all->dataset, &settings->rows, paths, n_paths);
}

// Which label a row is stratified by: its first; a row without labels counts as of one more class.
static uint32_t *labels_to_spread(const bantam_dataset *dataset)
{
    size_t n_rows = bantam_dataset_n_rows(dataset);
    uint32_t *labels = calloc(n_rows + 1, sizeof *labels);
    for (size_t i = 0; labels && i < n_rows; i++) {
        const bantam_row *row = bantam_dataset_row(dataset, i);
        labels[i] = row->n_labels ? row->labels[0] : (uint32_t)bantam_dataset_n_labels(dataset);
    }
    return labels;
}

static bantam_status assign_folds(int *folds, const struct settings *settings,
                                  const bantam_dataset *dataset, bantam_error *error)
{
    size_t n_rows = bantam_dataset_n_rows(dataset), n_classes = bantam_dataset_n_labels(dataset);
    uint32_t *numbers = labels_to_spread(dataset);
    *error = (bantam_error){.code = BANTAM_ERROR_MEMORY, .message = "out of memory"};
    bantam_status status = BANTAM_ERROR_MEMORY;
    if (numbers && settings->rows.group_column) {
        for (size_t i = 0; i < n_rows; i++) {
            numbers[i] = bantam_dataset_row(dataset, i)->group;
        }
        status = bantam_folds_grouped(folds, numbers, n_rows, bantam_dataset_n_groups(dataset),
                                      (int)settings->folds, error);
    } else if (numbers) {
        status = bantam_folds_stratified(folds, numbers, n_rows, n_classes + 1,
                                         (int)settings->folds, settings->text.options.seed, error);
    }
    free(numbers);
    return status;
}

static bool cross_validate(struct evaluated *all, const struct settings *settings)
{
    bantam_classifier_options options = settings->text.options;
    options.n_threads = (int)settings->threads;
    bool progress = terminal_progress();
    options.progress = progress ? progress_show : NULL;
    options.progress_context = (void *)(uintptr_t) "";
    int *folds = calloc(bantam_dataset_n_rows(all->dataset) + 1, sizeof *folds);
    bantam_error error = {.message = "out of memory"};
    bool done = folds && !assign_folds(folds, settings, all->dataset, &error) &&
                !bantam_scored_dataset_cross_validate(&all->scored, all->dataset, folds,
                                                      (int)settings->folds, &options, &error);
    progress_end(!progress);
    free(folds);
    if (!done) {
        message("%s: %s", all->data, error.message);
    }
    all->names[0] = "cross-validation";
    all->n_models = 1;
    return done;
}

static bool ask_models(struct evaluated *all, const struct settings *settings)
{
    bantam_error error;
    if (bantam_scored_dataset_new(&all->scored, all->dataset,
                                  (const bantam_classifier *const *)all->classifiers, all->n_models,
                                  (int)settings->threads, &error)) {
        message("%s: %s", all->data, error.message);
        return false;
    }
    for (size_t i = 0; i < all->n_models; i++) {
        size_t n_unknown = bantam_scored_dataset_n_unknown(all->scored, i);
        if (n_unknown) {
            message("%s: %zu of %zu rows have a label that %s does not know; they count as wrong",
                    all->data, n_unknown, bantam_dataset_n_rows(all->dataset), all->names[i]);
        }
    }
    return true;
}

static bool measure(struct evaluated *all, const struct settings *settings)
{
    bantam_error error;
    for (size_t i = 0; i < all->n_models; i++) {
        bantam_evaluate_options options = settings->evaluate;
        options.n_resamples = i < 2 ? options.n_resamples : 0;
        if (bantam_evaluate(&all->evaluations[i], bantam_scored_dataset_predictions(all->scored, i),
                            &options, &error)) {
            message("%s: %s", all->data, error.message);
            return false;
        }
    }
    if (all->n_models > 1 &&
        bantam_compare(&all->comparison, bantam_scored_dataset_predictions(all->scored, 0),
                       bantam_scored_dataset_predictions(all->scored, 1), &settings->evaluate,
                       &error)) {
        message("%s: %s", all->data, error.message);
        return false;
    }
    return true;
}

static bool write_report(const struct settings *settings, const bantam_evaluation_report *report)
{
    static void (*const writers[])(bantam_buffer *, const bantam_evaluation_report *) = {
        bantam_evaluation_report_text, bantam_evaluation_report_json,
        bantam_evaluation_report_html};
    bantam_buffer out;
    bantam_buffer_init(&out, REPORT_MAXIMUM);
    writers[settings->report](&out, report);
    bool written = !out.failed;
    if (out.failed) {
        message("not enough memory for the report");
    } else if (settings->output) {
        written = write_file(settings->output, out.data, out.size);
    } else {
        written = write_output(out.data, out.size);
    }
    bantam_buffer_release(&out);
    return written;
}

static bool report(const struct evaluated *all, const struct settings *settings)
{
    enum color_choice color = COLOR_AUTO;
    char method[100];
    bantam_size_point sizes[MODELS_MAXIMUM];
    snprintf(method, sizeof method, "%ld-fold cross-validation, %s", settings->folds,
             settings->rows.group_column ? "no group split" : "each class spread evenly");
    if (settings->color) {
        color_choice_parse(&color, settings->color); // checked before
    }
    bantam_evaluation_report about = {
        .model = all->names[0],
        .data = all->data,
        .method = settings->folds ? method : NULL,
        .model_bytes = all->sizes[0],
        .evaluation = all->evaluations[0],
        .sizes = sizes,
        .all = settings->all,
        .color = !settings->output && terminal_color(color),
        .ascii = !terminal_utf8(),
        .width = settings->output ? 0 : terminal_width(),
        .pretty = true,
    };
    if (all->n_models > 1) {
        about.second_model = all->names[1];
        about.second_bytes = all->sizes[1];
        about.second = all->evaluations[1];
        about.comparison = &all->comparison;
    }
    for (size_t i = 2; i < all->n_models; i++) {
        sizes[about.n_sizes++] =
            (bantam_size_point){all->names[i], all->sizes[i], all->evaluations[i]->accuracy.value};
    }
    return write_report(settings, &about);
}

static bool check_numbers(struct settings *settings)
{
    if ((settings->folds != 0 && !option_in_range("eval", "--folds", settings->folds, 2, 1000)) ||
        !option_in_range("eval", "--resamples", settings->resamples, 0, 100000) ||
        !option_in_range("eval", "--threads", settings->threads, 1, 1024)) {
        return false;
    }
    settings->evaluate = bantam_evaluate_options_default();
    if (!option_share("eval", "--threshold", settings->threshold, &settings->evaluate.threshold)) {
        return false;
    }
    settings->evaluate.n_resamples = (size_t)settings->resamples;
    settings->evaluate.n_threads = (int)settings->threads;
    settings->evaluate.seed = settings->text.options.seed;
    settings->evaluate.n_mistakes = settings->all ? 1000 : settings->evaluate.n_mistakes;
    settings->evaluate.n_confused = settings->all ? 1000 : settings->evaluate.n_confused;
    return true;
}

static bool check(struct settings *settings)
{
    static const char *const formats[] = {"text", "json", "html"};
    size_t format = 0;
    enum color_choice color;
    while (settings->format && format < 3 && strcmp(settings->format, formats[format]) != 0) {
        format++;
    }
    if (format == 3) {
        message("--format: is text, json or html; see bantam eval --help");
        return false;
    }
    settings->report = (enum report_format)format;
    if (settings->color && !color_choice_parse(&color, settings->color)) {
        message("--color: is auto, always or never; see bantam eval --help");
        return false;
    }
    if (settings->text.options_given && !settings->folds) {
        message("options of the training go with --folds; see bantam eval --help");
        return false;
    }
    if (settings->folds && settings->compare) {
        message("--compare: compares models, and with --folds there are none; see bantam eval "
                "--help");
        return false;
    }
    return check_numbers(settings) &&
           data_options_parse(&settings->rows, &settings->text.data, "eval");
}

static int run(struct settings *settings, const char *const *paths)
{
    size_t n_paths = arguments_count(paths), n_models = settings->folds ? 0 : 1;
    if (!check(settings)) {
        return EXIT_USAGE;
    }
    if (n_paths <= n_models) {
        message(n_models ? "eval takes a model and labelled data; see bantam eval --help"
                         : "eval --folds takes labelled data; see bantam eval --help");
        return EXIT_USAGE;
    }
    struct evaluated all = {0};
    bool done = settings->folds || open_models(&all, paths[0], settings->compare);
    if (done && settings->threshold && all.n_models > 0 &&
        !bantam_classifier_is_multi_label(all.classifiers[0])) {
        message("--threshold: the model gives one label a text, the likeliest");
        release(&all);
        return EXIT_USAGE;
    }
    done = done && read_rows(&all, settings, paths + n_models, n_paths - n_models);
    done = done && (settings->folds ? cross_validate(&all, settings) : ask_models(&all, settings));
    done = done && measure(&all, settings) && report(&all, settings);
    release(&all);
    return done ? EXIT_DIAGNOSED : EXIT_INPUT;
}

int command_eval(int argc, const char **argv)
{
    struct settings settings = {.resamples = 1000,
                                .threads = sysconf(_SC_NPROCESSORS_ONLN),
                                .text = {.options = bantam_classifier_options_default()}};
    struct poptOption data_table[DATA_OPTIONS], text_table[TRAIN_TEXT_OPTIONS];
    int wants_help = 0;
    data_options_table(data_table, &settings.text.data);
    train_text_table(text_table);
    const struct poptOption options[] = {
        {"format", 'f', POPT_ARG_STRING, &settings.format, 0, NULL, NULL},
        {"output", 'o', POPT_ARG_STRING, &settings.output, 0, NULL, NULL},
        {"compare", 0, POPT_ARG_ARGV, &settings.compare, 0, NULL, NULL},
        {"folds", 0, POPT_ARG_LONG, &settings.folds, 0, NULL, NULL},
        {"resamples", 0, POPT_ARG_LONG, &settings.resamples, 0, NULL, NULL},
        {"threshold", 0, POPT_ARG_STRING, &settings.threshold, 0, NULL, NULL},
        {"all", 'a', POPT_ARG_NONE, &settings.all, 0, NULL, NULL},
        {"threads", 'j', POPT_ARG_LONG, &settings.threads, 0, NULL, NULL},
        {"color", 0, POPT_ARG_STRING, &settings.color, 0, NULL, NULL},
        {"help", 'h', POPT_ARG_NONE, &wants_help, 0, NULL, NULL},
        {NULL, 0, POPT_ARG_INCLUDE_TABLE, data_table, 0, NULL, NULL},
        {NULL, 0, POPT_ARG_INCLUDE_TABLE, text_table, 0, NULL, NULL},
        POPT_TABLEEND,
    };
    poptContext context = poptGetContext("bantam eval", argc, argv, options, 0);
    int problem = train_text_take_options(&settings.text, context, "eval"), code = EXIT_USAGE;
    if (problem < -1) {
        options_refuse(context, problem, "eval", argc, argv);
    } else if (wants_help) {
        code = options_print_help(
            (const char *const[]){help_begin, data_options_help, help_end, NULL});
    } else if (problem == -1) {
        code = run(&settings, (const char *const *)poptGetArgs(context));
    }
    options_release(options);
    poptFreeContext(context);
    return code;
}
