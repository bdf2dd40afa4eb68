// bantam predict: which class does each text belong to?
//
// In: a text classifier and tables or lines of texts. Out: one answer a text, in the order of the input. Texts are read, predicted on
// all threads and written in batches, so that memory does not grow with the input.
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bantam/bantam.h>

#include "classifier_file.h"
#include "command.h"
#include "data_options.h"
#include "data_source.h"
#include "message.h"
#include "options.h"

static const char help_begin[] =
    "usage: bantam predict [OPTION...] MODEL [FILE...]\n"
    "\n"
    "Says which label each text has and how sure that is. MODEL is what bantam train\n"
    "wrote. A FILE named *.csv, *.tsv, *.ndjson or *.jsonl (plain or packed) is read as\n"
    "such, any other line by line; - is standard input, also read without any FILE.\n"
    "\n"
    "  -f, --format FORMAT        text (default), csv, or ndjson: one object a line\n"
    "  -t, --top K                list the K most likely labels, too\n"
    "      --abstain-below P      name no label below this probability (0 to 1)\n"
    "      --set-coverage P       list a set of labels that holds the true one in this\n"
    "                             share of texts like those of the training (say 0.9)\n"
    "      --threshold P          with several labels a text: give a label from this\n"
    "                             probability on (default 0.5)\n"
    "  -j, --threads N            threads (default: one a processor)\n"
    "  -h, --help                 print this and leave\n"
    "\n"
    "how the data are read:\n";

static const char help_end[] =
    "\n"
    "examples:\n"
    "  bantam predict intents.bantam questions.txt\n"
    "  echo 'where is my card' | bantam predict --top 3 intents.bantam\n"
    "  bantam predict -f csv --text query intents.bantam new.csv > answers.csv\n"
    "\n"
    "exit status: 0 answered, 2 wrong usage, 3 the model, an input or the output could\n"
    "not be read or written.\n";

enum prediction_format {
    PREDICTION_TEXT,
    PREDICTION_CSV,
    PREDICTION_NDJSON,
};

enum {
    BATCH_ROWS = 4096,
    BATCH_BYTES = 16 << 20, // of texts; one text may go beyond
};

struct settings {
    char *format, *abstain_below, *set_coverage, *threshold;
    long n_top, n_threads;
    struct data_options data;
    enum prediction_format answer;
    bantam_dataset_options rows;
    bantam_decision_options decision;
    bantam_prediction_options report;
};

struct batch {
    const bantam_classifier *classifier;
    bantam_predictor **predictors; // (n_predictors)
    size_t n_predictors;
    bantam_text texts[BATCH_ROWS]; // (n_rows) bytes are offsets into `bytes` until it is full
    size_t offsets[BATCH_ROWS];
    size_t n_rows;
    bantam_buffer bytes;
    float *probabilities; // (BATCH_ROWS, n_labels)
    uint32_t *ranked;     // (n_labels)
    bantam_buffer out;
};

static void batch_release(struct batch *batch)
{
    for (size_t i = 0; i < batch->n_predictors; i++) {
        bantam_predictor_free(&batch->predictors[i]);
    }
    free(batch->predictors);
    free(batch->probabilities);
    free(batch->ranked);
    bantam_buffer_release(&batch->bytes);
    bantam_buffer_release(&batch->out);
    free(batch);
}

// NULL: the problem was told.
static struct batch *batch_new(const bantam_classifier *classifier, size_t n_threads)
{
    size_t n_labels = bantam_classifier_n_labels(classifier);
    struct batch *batch = calloc(1, sizeof *batch);
    bantam_error error = {.message = "out of memory"};
    if (!batch) {
        message("%s", error.message);
        return NULL;
    }
    batch->classifier = classifier;
    bantam_buffer_init(&batch->bytes, (size_t)1 << 30);
    bantam_buffer_init(&batch->out, (size_t)1 << 34);
    batch->probabilities = calloc(BATCH_ROWS, n_labels * sizeof *batch->probabilities);
    batch->ranked = calloc(n_labels, sizeof *batch->ranked);
    batch->predictors = calloc(n_threads, sizeof *batch->predictors);
    bool made = batch->probabilities && batch->ranked && batch->predictors;
    while (made && batch->n_predictors < n_threads) {
        made = bantam_predictor_new(&batch->predictors[batch->n_predictors], classifier, &error) ==
               BANTAM_OK;
        batch->n_predictors += made;
    }
    if (!made) {
        message("%s", error.message);
        batch_release(batch);
        return NULL;
    }
    return batch;
}

static void append_answer(struct batch *batch, const struct settings *settings, size_t row)
{
    bool ranks = settings->report.n_top > 0 || settings->report.with_set ||
                 bantam_classifier_is_multi_label(batch->classifier);
    bantam_decision decision;
    bantam_prediction prediction = {
        .text = batch->texts[row],
        .probabilities = batch->probabilities + row * bantam_classifier_n_labels(batch->classifier),
        .ranked = ranks ? batch->ranked : NULL,
        .decision = &decision,
    };
    if (bantam_classifier_decide(batch->classifier, prediction.probabilities, &settings->decision,
                                 ranks ? batch->ranked : NULL, &decision, NULL)) {
        batch->out.failed = true; // the options were checked before
        return;
    }
    if (settings->answer == PREDICTION_CSV) {
        bantam_prediction_csv(&batch->out, batch->classifier, &prediction, &settings->report);
    } else if (settings->answer == PREDICTION_NDJSON) {
        bantam_prediction_json(&batch->out, batch->classifier, &prediction, &settings->report);
    } else {
        bantam_prediction_text(&batch->out, batch->classifier, &prediction, &settings->report);
    }
}

// Answers what is in the batch and empties it. False: the problem was told.
static bool batch_flush(struct batch *batch, const struct settings *settings)
{
    bantam_error error;
    for (size_t i = 0; i < batch->n_rows; i++) {
        batch->texts[i].bytes = batch->bytes.data + batch->offsets[i];
    }
    // A predictor for each few hundred texts: a thread costs more than a handful of them.
    size_t n_predictors = 1 + batch->n_rows / 256;
    n_predictors = n_predictors < batch->n_predictors ? n_predictors : batch->n_predictors;
    if (batch->n_rows > 0 && bantam_predictors_run(batch->predictors, n_predictors, batch->texts,
                                                   batch->n_rows, batch->probabilities, &error)) {
        message("%s", error.message);
        return false;
    }
    for (size_t i = 0; i < batch->n_rows; i++) {
        append_answer(batch, settings, i);
    }
    if (batch->out.failed) {
        message("out of memory");
        return false;
    }
    bool written = write_output(batch->out.data, batch->out.size);
    batch->n_rows = batch->bytes.size = batch->out.size = 0;
    return written;
}

static bool batch_add(struct batch *batch, const struct settings *settings, bantam_text text)
{
    batch->offsets[batch->n_rows] = batch->bytes.size;
    batch->texts[batch->n_rows++].size = text.size;
    bantam_buffer_append(&batch->bytes, text.bytes, text.size);
    if (batch->bytes.failed) {
        message("out of memory");
        return false;
    }
    bool full = batch->n_rows == BATCH_ROWS || batch->bytes.size >= BATCH_BYTES;
    return !full || batch_flush(batch, settings);
}

// Tables are told by their names, as a line with a comma in it is nothing to go by.
static bool is_table(const char *path)
{
    static const char *const endings[] = {".csv", ".tsv", ".ndjson", ".jsonl"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const char *found = strstr(path, endings[i]);
        size_t size = strlen(endings[i]);
        if (found && (found[size] == '\0' || found[size] == '.')) {
            return true;
        }
    }
    return false;
}

static bool predict_rows(struct batch *batch, const struct settings *settings,
                         bantam_row_reader *reader, bantam_error *error)
{
    for (;;) {
        const bantam_record *record;
        if (bantam_row_reader_next(reader, &record, error)) {
            return false;
        }
        if (!record) {
            return true;
        }
        if (!batch_add(batch, settings, record->text)) {
            error->message[0] = '\0'; // told
            return false;
        }
    }
}

// False: the problem was told.
static bool predict_file(struct batch *batch, const struct settings *settings, const char *path)
{
    struct problem problem = {""};
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    struct data_source *source = data_source_open(path, &problem);
    if (!source) {
        message("%s: %s", name, problem.text);
        return false;
    }
    bantam_dataset_options options = settings->rows;
    if (!data_options_given(&settings->data) && !is_table(path)) {
        options.format = BANTAM_ROWS_LINES;
    }
    bantam_row_reader *reader = NULL;
    bantam_error error;
    bool read = bantam_row_reader_new(&reader, &options, name, data_source_read, source, &error) ==
                    BANTAM_OK &&
                predict_rows(batch, settings, reader, &error);
    if (!read) {
        data_source_tell(source, name, &error);
    }
    bantam_row_reader_free(&reader);
    data_source_close(&source);
    return batch_flush(batch, settings) && read;
}

static bool check(struct settings *settings)
{
    static const char *const formats[] = {"text", "csv", "ndjson"};
    size_t format = 0;
    while (settings->format && format < 3 && strcmp(settings->format, formats[format]) != 0) {
        format++;
    }
    if (format == 3) {
        message("--format: is text, csv or ndjson; see bantam predict --help");
        return false;
    }
    if (!option_in_range("predict", "--top", settings->n_top, 0, 1000000) ||
        !option_in_range("predict", "--threads", settings->n_threads, 1, 1024)) {
        return false;
    }
    settings->answer = (enum prediction_format)format;
    settings->decision = bantam_decision_options_default();
    settings->report.n_top = (size_t)settings->n_top;
    settings->report.with_set = settings->set_coverage != NULL;
    bantam_decision_options *decision = &settings->decision;
    if (!option_share("predict", "--abstain-below", settings->abstain_below,
                      &decision->abstain_below) ||
        !option_share("predict", "--set-coverage", settings->set_coverage,
                      &decision->set_coverage) ||
        !option_share("predict", "--threshold", settings->threshold, &decision->threshold) ||
        !data_options_parse(&settings->rows, &settings->data, "predict")) {
        return false;
    }
    settings->rows.label_optional = true;
    return true;
}

// Asks the classifier for one decision, so that what it cannot do is told before anything is read.
static bool can_decide(const struct batch *batch, const struct settings *settings)
{
    bantam_decision decision;
    bantam_error error;
    bool several = bantam_classifier_is_multi_label(batch->classifier);
    if (several ? settings->abstain_below : settings->threshold) {
        message(several ? "--abstain-below: the model gives several labels a text; see --threshold"
                        : "--threshold: the model gives one label a text; see --abstain-below");
        return false;
    }
    if (bantam_classifier_decide(batch->classifier, batch->probabilities, &settings->decision, NULL,
                                 &decision, &error)) {
        message("--%s", error.message);
        return false;
    }
    return true;
}

static int predict_all(const struct settings *settings, struct batch *batch,
                       const char *const *paths)
{
    static const char *const standard_input[] = {"-", NULL};
    if (!can_decide(batch, settings)) {
        return EXIT_USAGE;
    }
    if (!*paths && isatty(STDIN_FILENO)) {
        message("reading texts from the terminal, one a line; Ctrl-D ends");
    }
    paths = *paths ? paths : standard_input;
    if (settings->answer == PREDICTION_CSV) {
        bantam_prediction_csv_header(&batch->out, batch->classifier, &settings->report);
    }
    int code = EXIT_DIAGNOSED;
    for (size_t i = 0; paths[i]; i++) {
        if (!predict_file(batch, settings, paths[i])) {
            code = EXIT_INPUT;
        }
    }
    return code;
}

static int run(void *context, const char *const *arguments)
{
    struct settings *settings = context;
    if (!arguments || !arguments[0]) {
        message("predict takes a model, and files of texts; see bantam predict --help");
        return EXIT_USAGE;
    }
    if (!check(settings)) {
        return EXIT_USAGE;
    }
    bantam_classifier *classifier = classifier_open(arguments[0], NULL);
    struct batch *batch = classifier ? batch_new(classifier, (size_t)settings->n_threads) : NULL;
    int code = batch ? predict_all(settings, batch, arguments + 1) : EXIT_INPUT;
    if (batch) {
        batch_release(batch);
    }
    bantam_classifier_free(&classifier);
    return code;
}

int command_predict(int argc, const char **argv)
{
    struct settings settings = {.n_threads = sysconf(_SC_NPROCESSORS_ONLN)};
    struct poptOption data_table[DATA_OPTIONS];
    int wants_help = 0;
    data_options_table(data_table, &settings.data);
    const struct poptOption options[] = {
        {"format", 'f', POPT_ARG_STRING, &settings.format, 0, NULL, NULL},
        {"top", 't', POPT_ARG_LONG, &settings.n_top, 0, NULL, NULL},
        {"abstain-below", 0, POPT_ARG_STRING, &settings.abstain_below, 0, NULL, NULL},
        {"set-coverage", 0, POPT_ARG_STRING, &settings.set_coverage, 0, NULL, NULL},
        {"threshold", 0, POPT_ARG_STRING, &settings.threshold, 0, NULL, NULL},
        {"threads", 'j', POPT_ARG_LONG, &settings.n_threads, 0, NULL, NULL},
        {"help", 'h', POPT_ARG_NONE, &wants_help, 0, NULL, NULL},
        {NULL, 0, POPT_ARG_INCLUDE_TABLE, data_table, 0, NULL, NULL},
        POPT_TABLEEND,
    };
    const struct option_reader reader = {
        .command = "predict",
        .table = options,
        .help = (const char *const[]){help_begin, data_options_help, help_end, NULL},
        .wants_help = &wants_help,
        .run = run};
    return options_run(&reader, &settings, argc, argv);
}
