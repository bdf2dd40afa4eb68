// bantam shrink: a smaller text classifier, and what each size costs.
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <bantam/bantam.h>

#include "classifier_file.h"
#include "command.h"
#include "data_options.h"
#include "message.h"
#include "options.h"
#include "progress.h"
#include "shrink_table.h"
#include "size_option.h"

static const char help_begin[] =
    "usage: bantam shrink [OPTION...] MODEL --data FILE\n"
    "\n"
    "Makes a trained text classifier smaller: it keeps the weights that count most, in\n"
    "eight or four bits, and n-grams by their hashes alone. It tells the accuracy at\n"
    "several sizes. Where FILE is what MODEL was trained on, each size is cross-validated\n"
    "as a whole and what stays is learned again; other rows only serve to measure.\n"
    "\n"
    "  -d, --data FILE            labelled rows; may be given again, - is standard input\n"
    "  -s, --max-size SIZE        most bytes of the new model, as 64KB or 1MB; without\n"
    "                             it the smallest within --max-loss is taken\n"
    "      --max-loss X           share of accuracy that may go (default 0.005); given\n"
    "                             with --max-size, a model that loses more is refused\n"
    "      --keep-names           keep n-grams readable, for bantam explain\n"
    "  -o, --output FILE          the new model (default: MODEL with .small in its name)\n"
    "  -j, --threads N            threads (default: one a processor)\n"
    "  -q, --quiet                no progress\n"
    "  -h, --help                 print this and leave\n"
    "\n"
    "how the data are read:\n";

static const char help_end[] =
    "\n"
    "examples:\n"
    "  bantam shrink intents.bantam --data train.csv\n"
    "  bantam shrink --max-size 64KB -o tiny.bantam intents.bantam --data train.csv\n"
    "\n"
    "exit status: 0 shrunk, 2 wrong usage, 3 the model, the data or the output could not\n"
    "be read or written, or no model keeps to the limits.\n";

struct settings {
    const char **data; // terminated by NULL
    char *output, *size;
    double max_loss; // negative: not given
    long n_threads;
    int keep_names, quiet;
    struct data_options columns;
};

static bool tell(const char *path, const bantam_shrink_report *report, size_t size)
{
    bantam_buffer text;
    bantam_buffer_init(&text, 1 << 16);
    shrink_table(&text, report);
    bantam_buffer_append_format(&text, "%s: %zu bytes\n", path, size);
    bool told = !text.failed && write_output(text.data, text.size);
    bantam_buffer_release(&text);
    return told;
}

static bool shrink(const struct settings *settings, const bantam_classifier *base,
                   const bantam_dataset *dataset, const bantam_shrink_options *options,
                   const char *path)
{
    bantam_classifier *small = NULL;
    bantam_shrink_report report;
    bantam_error error;
    size_t size;
    bool made =
        bantam_classifier_shrink(&small, base, dataset, options, &report, &error) == BANTAM_OK;
    progress_end(settings->quiet);
    if (!made) {
        data_tell(settings->data, arguments_count(settings->data), &error);
    }
    made = made && classifier_write(small, path, &size) && tell(path, &report, size);
    bantam_classifier_free(&small);
    return made;
}

static bool shrink_file(const struct settings *settings, const char *model, const char *output,
                        size_t max_size, const bantam_dataset_options *data)
{
    size_t n_files = arguments_count(settings->data);
    bantam_dataset *dataset = NULL;
    bantam_classifier *base = classifier_open(model, NULL);
    bool done = base && data_read_all(&dataset, data, settings->data, n_files);
    if (done) {
        bantam_shrink_options options = bantam_shrink_options_default();
        options.max_size = max_size;
        options.strict = settings->max_loss >= 0;
        options.max_loss = options.strict ? settings->max_loss : options.max_loss;
        options.keep_names = settings->keep_names;
        options.n_threads = (int)settings->n_threads;
        options.progress = settings->quiet ? NULL : progress_show;
        options.progress_context = (void *)(uintptr_t) "";
        done = shrink(settings, base, dataset, &options, output);
    }
    bantam_dataset_free(&dataset);
    bantam_classifier_free(&base);
    return done;
}

static int run(void *context, const char *const *arguments)
{
    struct settings *settings = context;
    settings->quiet |= !isatty(STDERR_FILENO);
    bantam_dataset_options data;
    size_t max_size = 0;
    if (!arguments || !arguments[0] || arguments[1]) {
        message("shrink takes one model, and rows by --data; see bantam shrink --help");
        return EXIT_USAGE;
    }
    if (!settings->data) {
        message("shrink needs --data FILE with labelled rows; see bantam shrink --help");
        return EXIT_USAGE;
    }
    if (settings->size && !size_option_read(&max_size, settings->size)) {
        message("--max-size: takes a size as 64KB or 1MB; see bantam shrink --help");
        return EXIT_USAGE;
    }
    if (settings->max_loss > 1) {
        message("--max-loss: takes a share from 0 to 1; see bantam shrink --help");
        return EXIT_USAGE;
    }
    if (!option_in_range("shrink", "--threads", settings->n_threads, 1, 1024)) {
        return EXIT_USAGE;
    }
    if (!data_options_parse(&data, &settings->columns, "shrink")) {
        return EXIT_USAGE;
    }
    char *named = settings->output ? NULL : classifier_name_beside(arguments[0], "small");
    const char *output = settings->output ? settings->output : named;
    bool done = output && shrink_file(settings, arguments[0], output, max_size, &data);
    free(named);
    return done ? EXIT_DIAGNOSED : EXIT_INPUT;
}

int command_shrink(int argc, const char **argv)
{
    struct settings settings = {.max_loss = -1, .n_threads = sysconf(_SC_NPROCESSORS_ONLN)};
    struct poptOption data_table[DATA_OPTIONS];
    int wants_help = 0;
    data_options_table(data_table, &settings.columns);
    const struct poptOption options[] = {
        {"data", 'd', POPT_ARG_ARGV, &settings.data, 0, NULL, NULL},
        {"max-size", 's', POPT_ARG_STRING, &settings.size, 0, NULL, NULL},
        {"max-loss", 0, POPT_ARG_DOUBLE, &settings.max_loss, 0, NULL, NULL},
        {"keep-names", 0, POPT_ARG_NONE, &settings.keep_names, 0, NULL, NULL},
        {"output", 'o', POPT_ARG_STRING, &settings.output, 0, NULL, NULL},
        {"threads", 'j', POPT_ARG_LONG, &settings.n_threads, 0, NULL, NULL},
        {"quiet", 'q', POPT_ARG_NONE, &settings.quiet, 0, NULL, NULL},
        {"help", 'h', POPT_ARG_NONE, &wants_help, 0, NULL, NULL},
        {NULL, 0, POPT_ARG_INCLUDE_TABLE, data_table, 0, NULL, NULL},
        POPT_TABLEEND,
    };
    const struct option_reader reader = {
        .command = "shrink",
        .table = options,
        .help = (const char *const[]){help_begin, data_options_help, help_end, NULL},
        .wants_help = &wants_help,
        .run = run};
    return options_run(&reader, &settings, argc, argv);
}
