// bantam tune: goes on from a trained text classifier with a handful of one's own examples.
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bantam/bantam.h>

#include "classifier_file.h"
#include "command.h"
#include "data_options.h"
#include "message.h"
#include "options.h"
#include "progress.h"

static const char help_begin[] =
    "usage: bantam tune [OPTION...] MODEL --data FILE\n"
    "\n"
    "Teaches a trained text classifier a handful of examples. What they do not speak of\n"
    "stays as MODEL has it; labels that it lacks are added. It tells how many of the\n"
    "examples are answered rightly before and after (by models that have not seen them),\n"
    "and the same of what MODEL knew: of --check's rows, or of the texts that it keeps.\n"
    "\n"
    "  -d, --data FILE            the examples; may be given again, - is standard input\n"
    "      --check FILE           rows that it should still know; they are not learned\n"
    "  -o, --output FILE          the new model (default: MODEL with .tuned in its name)\n"
    "      --C X                  how far it may go for the examples' sake (default 1)\n"
    "  -j, --threads N            threads (default: one a processor)\n"
    "  -q, --quiet                no progress\n"
    "  -h, --help                 print this and leave\n"
    "\n"
    "how the data are read:\n";

static const char help_end[] =
    "\n"
    "examples:\n"
    "  bantam tune intents.bantam --data mine.csv\n"
    "  bantam tune --check test.csv -o better.bantam intents.bantam --data mine.csv\n"
    "\n"
    "exit status: 0 tuned, 2 wrong usage, 3 the model, the data or the output could not\n"
    "be read or written.\n";

struct settings {
    const char **data; // terminated by NULL
    char *check, *output;
    double C;
    long n_threads;
    int quiet;
    struct data_options columns;
};

static bool tell(const char *path, const bantam_tune_report *report, size_t n_labels, size_t size)
{
    bantam_buffer text;
    bantam_buffer_init(&text, 4096);
    bantam_buffer_append_format(&text, "%s: %zu examples, %zu labels (%zu new), %zu bytes\n", path,
                                report->n_rows, n_labels, report->n_new_labels, size);
    bantam_buffer_append_format(&text,
                                "the examples: accuracy %.3f before, %.3f after (held out)\n",
                                report->own_before, report->own_after);
    if (report->n_unknown > 0) {
        bantam_buffer_append_format(
            &text, "%zu of them have no n-gram that the model knows: they teach it little\n",
            report->n_unknown);
    }
    if (report->n_known > 0) {
        bantam_buffer_append_format(&text,
                                    "what it knew: accuracy %.3f before, %.3f after, on %zu rows\n",
                                    report->known_before, report->known_after, report->n_known);
    } else {
        bantam_buffer_append_string(
            &text,
            "what it knew: not measured; the model keeps no texts, give rows with --check\n");
    }
    bool told = !text.failed && write_output(text.data, text.size);
    bantam_buffer_release(&text);
    return told;
}

static bool tune(const struct settings *settings, const bantam_classifier *base,
                 const bantam_dataset *dataset, const bantam_tune_options *options,
                 const char *path)
{
    bantam_classifier *tuned = NULL;
    bantam_tune_report report;
    bantam_error error;
    size_t size;
    bool made =
        bantam_classifier_tune(&tuned, base, dataset, options, &report, &error) == BANTAM_OK;
    progress_end(settings->quiet);
    if (!made) {
        data_tell(settings->data, arguments_count(settings->data), &error);
    }
    made = made && classifier_write(tuned, path, &size) &&
           tell(path, &report, bantam_classifier_n_labels(tuned), size);
    bantam_classifier_free(&tuned);
    return made;
}

static bool read_check(bantam_dataset **known, const struct settings *settings,
                       const bantam_dataset_options *data)
{
    const char *const path[] = {settings->check};
    if (!data_read_all(known, data, path, 1)) {
        return false;
    }
    if (bantam_dataset_n_rows(*known) == 0) {
        message("--check: %s has no rows; give labelled ones that the model should still know",
                settings->check);
    }
    return bantam_dataset_n_rows(*known) > 0;
}

static bool tune_files(const struct settings *settings, const char *model, const char *output,
                       const bantam_dataset_options *data)
{
    size_t n_files = arguments_count(settings->data);
    bantam_dataset *examples = NULL, *known = NULL;
    bantam_classifier *base = classifier_open(model, NULL);
    bool done = base && data_read_all(&examples, data, settings->data, n_files) &&
                (!settings->check || read_check(&known, settings, data));
    if (done) {
        bantam_tune_options options = bantam_tune_options_default();
        options.C = settings->C;
        options.n_threads = (int)settings->n_threads;
        options.known = known;
        options.progress = settings->quiet ? NULL : progress_show;
        options.progress_context = (void *)(uintptr_t) "";
        done = tune(settings, base, examples, &options, output);
    }
    bantam_dataset_free(&examples);
    bantam_dataset_free(&known);
    bantam_classifier_free(&base);
    return done;
}

static int run(void *context, const char *const *arguments)
{
    struct settings *settings = context;
    settings->quiet |= !isatty(STDERR_FILENO);
    bantam_dataset_options data;
    if (!arguments || !arguments[0] || arguments[1]) {
        message("tune takes one model, and examples by --data; see bantam tune --help");
        return EXIT_USAGE;
    }
    if (!settings->data) {
        message("tune needs --data FILE with examples; see bantam tune --help");
        return EXIT_USAGE;
    }
    if (!(settings->C >= 1e-9 && settings->C <= 1e9)) {
        message("--C: takes a number from 1e-9 to 1e9; see bantam tune --help");
        return EXIT_USAGE;
    }
    if (!option_in_range("tune", "--threads", settings->n_threads, 1, 1024)) {
        return EXIT_USAGE;
    }
    if (!data_options_parse(&data, &settings->columns, "tune")) {
        return EXIT_USAGE;
    }
    char *named = settings->output ? NULL : classifier_name_beside(arguments[0], "tuned");
    const char *output = settings->output ? settings->output : named;
    bool done = output && tune_files(settings, arguments[0], output, &data);
    free(named);
    return done ? EXIT_DIAGNOSED : EXIT_INPUT;
}

int command_tune(int argc, const char **argv)
{
    struct settings settings = {.C = bantam_tune_options_default().C,
                                .n_threads = sysconf(_SC_NPROCESSORS_ONLN)};
    struct poptOption data_table[DATA_OPTIONS];
    int wants_help = 0;
    data_options_table(data_table, &settings.columns);
    const struct poptOption options[] = {
        {"data", 'd', POPT_ARG_ARGV, &settings.data, 0, NULL, NULL},
        {"check", 0, POPT_ARG_STRING, &settings.check, 0, NULL, NULL},
        {"output", 'o', POPT_ARG_STRING, &settings.output, 0, NULL, NULL},
        {"C", 0, POPT_ARG_DOUBLE, &settings.C, 0, NULL, NULL},
        {"threads", 'j', POPT_ARG_LONG, &settings.n_threads, 0, NULL, NULL},
        {"quiet", 'q', POPT_ARG_NONE, &settings.quiet, 0, NULL, NULL},
        {"help", 'h', POPT_ARG_NONE, &wants_help, 0, NULL, NULL},
        {NULL, 0, POPT_ARG_INCLUDE_TABLE, data_table, 0, NULL, NULL},
        POPT_TABLEEND,
    };
    const struct option_reader reader = {
        .command = "tune",
        .table = options,
        .help = (const char *const[]){help_begin, data_options_help, help_end, NULL},
        .wants_help = &wants_help,
        .run = run};
    return options_run(&reader, &settings, argc, argv);
}
