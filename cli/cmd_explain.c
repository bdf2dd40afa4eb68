// bantam explain: which n-grams of a text speak for the label, and which against it?
#include <popt.h>
#include <stdlib.h>
#include <string.h>

#include <bantam/bantam.h>

#include "classifier_file.h"
#include "command.h"
#include "data_source.h"
#include "message.h"
#include "options.h"
#include "terminal.h"

static const char help[] =
    "usage: bantam explain [OPTION...] MODEL [TEXT...]\n"
    "\n"
    "Says what each n-gram of a TEXT adds to the score of a label, exactly, and where\n"
    "in the text it stands. Without TEXT each line of standard input is one.\n"
    "\n"
    "  -f, --format FORMAT        text (default), or ndjson: one object a text\n"
    "  -l, --label LABEL          explain this label (default: the most likely one)\n"
    "      --against LABEL        explain why not this one: the difference of scores\n"
    "  -n, --ngrams N             list at most N n-grams (default 10; 0: all)\n"
    "  -k, --neighbours K         nearest training texts, where the model keeps them\n"
    "                             (default 3; train with --keep-texts yes)\n"
    "      --color WHEN           auto (default), always or never\n"
    "  -h, --help                 print this and leave\n"
    "\n"
    "examples:\n"
    "  bantam explain intents.bantam 'where is my card'\n"
    "  bantam explain --against lost_card intents.bantam 'where is my card'\n"
    "\n"
    "exit status: 0 explained, 2 wrong usage, 3 the model, an input or the output could\n"
    "not be read or written.\n";

struct settings {
    char *format, *label, *against, *color;
    long n_ngrams, n_neighbours;
    bool json;
    bantam_explain_options explain;
    bantam_explanation_options report;
};

static bool find_label(const bantam_classifier *classifier, const char *option, const char *name,
                       bool *given, uint32_t *label)
{
    size_t n_labels = bantam_classifier_n_labels(classifier);
    for (size_t i = 0; name && i < n_labels; i++) {
        if (strcmp(bantam_classifier_label(classifier, i), name) == 0) {
            *label = (uint32_t)i;
            *given = true;
            return true;
        }
    }
    if (name) {
        message("%s: the model has no label \"%s\"; see bantam inspect", option, name);
    }
    return !name;
}

static bool explain(bantam_explainer *explainer, const bantam_classifier *classifier,
                    const struct settings *settings, bantam_text text)
{
    bantam_explanation *explanation = NULL;
    bantam_error error;
    if (bantam_explain(&explanation, explainer, text.bytes, text.size, &settings->explain,
                       &error)) {
        message("%s", error.message);
        return false;
    }
    bantam_buffer out;
    bantam_buffer_init(&out, (size_t)1 << 31);
    if (settings->json) {
        bantam_explanation_json(&out, classifier, explanation, text);
    } else {
        bantam_explanation_text(&out, classifier, explanation, text, &settings->report);
    }
    bantam_explanation_free(&explanation);
    bool written = !out.failed && write_output(out.data, out.size);
    if (out.failed) {
        message("out of memory");
    }
    bantam_buffer_release(&out);
    return written;
}

static bool explain_lines(bantam_explainer *explainer, const bantam_classifier *classifier,
                          const struct settings *settings)
{
    struct problem problem = {""};
    struct data_source *source = data_source_open("-", &problem);
    if (!source) {
        message("standard input: %s", problem.text);
        return false;
    }
    bantam_dataset_options options = bantam_dataset_options_default();
    options.format = BANTAM_ROWS_LINES;
    options.label_optional = true;
    bantam_row_reader *reader = NULL;
    bantam_error error;
    bool read = bantam_row_reader_new(&reader, &options, "standard input", data_source_read, source,
                                      &error) == BANTAM_OK;
    const bantam_record *record = NULL;
    for (size_t n = 0; read; n++) {
        read = bantam_row_reader_next(reader, &record, &error) == BANTAM_OK;
        if (!read || !record) {
            break;
        }
        bool separated = n == 0 || settings->json || write_output("\n", 1);
        if (!separated || !explain(explainer, classifier, settings, record->text)) {
            error.message[0] = '\0'; // told
            read = false;
        }
    }
    if (!read && error.message[0]) {
        message("%s", error.message);
    }
    bantam_row_reader_free(&reader);
    data_source_close(&source);
    return read;
}

static int run_with(const bantam_classifier *classifier, struct settings *settings,
                    const char *const *texts)
{
    if (!find_label(classifier, "--label", settings->label, &settings->explain.label_given,
                    &settings->explain.label) ||
        !find_label(classifier, "--against", settings->against, &settings->explain.against_given,
                    &settings->explain.against)) {
        return EXIT_USAGE;
    }
    bantam_explainer *explainer = NULL;
    bantam_error error;
    if (bantam_explainer_new(&explainer, classifier, &error)) {
        message("%s", error.message);
        return EXIT_INPUT;
    }
    bool explained = *texts || explain_lines(explainer, classifier, settings);
    for (size_t i = 0; explained && texts[i]; i++) {
        explained =
            (i == 0 || settings->json || write_output("\n", 1)) &&
            explain(explainer, classifier, settings, (bantam_text){texts[i], strlen(texts[i])});
    }
    bantam_explainer_free(&explainer);
    return explained ? EXIT_DIAGNOSED : EXIT_INPUT;
}

static bool check(struct settings *settings)
{
    enum color_choice color = COLOR_AUTO;
    settings->json = settings->format && strcmp(settings->format, "ndjson") == 0;
    if (settings->format && !settings->json && strcmp(settings->format, "text") != 0) {
        message("--format: is text or ndjson; see bantam explain --help");
        return false;
    }
    if (settings->color && !color_choice_parse(&color, settings->color)) {
        message("--color: is auto, always or never; see bantam explain --help");
        return false;
    }
    if (!option_in_range("explain", "--ngrams", settings->n_ngrams, 0, 1000000) ||
        !option_in_range("explain", "--neighbours", settings->n_neighbours, 0, 1000)) {
        return false;
    }
    settings->explain = bantam_explain_options_default();
    settings->explain.n_neighbours = (size_t)settings->n_neighbours;
    settings->report = bantam_explanation_options_default();
    settings->report.color = terminal_color(color);
    settings->report.n_contributions = (size_t)settings->n_ngrams;
    return true;
}

static int run(void *context, const char *const *arguments)
{
    struct settings *settings = context;
    if (!arguments || !arguments[0]) {
        message("explain takes a model, and texts; see bantam explain --help");
        return EXIT_USAGE;
    }
    if (!check(settings)) {
        return EXIT_USAGE;
    }
    bantam_classifier *classifier = classifier_open(arguments[0], NULL);
    int code = classifier ? run_with(classifier, settings, arguments + 1) : EXIT_INPUT;
    bantam_classifier_free(&classifier);
    return code;
}

int command_explain(int argc, const char **argv)
{
    struct settings settings = {.n_ngrams = 10, .n_neighbours = 3};
    int wants_help = 0;
    const struct poptOption options[] = {
        {"format", 'f', POPT_ARG_STRING, &settings.format, 0, NULL, NULL},
        {"label", 'l', POPT_ARG_STRING, &settings.label, 0, NULL, NULL},
        {"against", 0, POPT_ARG_STRING, &settings.against, 0, NULL, NULL},
        {"ngrams", 'n', POPT_ARG_LONG, &settings.n_ngrams, 0, NULL, NULL},
        {"neighbours", 'k', POPT_ARG_LONG, &settings.n_neighbours, 0, NULL, NULL},
        {"color", 0, POPT_ARG_STRING, &settings.color, 0, NULL, NULL},
        {"help", 'h', POPT_ARG_NONE, &wants_help, 0, NULL, NULL},
        POPT_TABLEEND,
    };
    const struct option_reader reader = {.command = "explain",
                                         .table = options,
                                         .help = (const char *const[]){help, NULL},
                                         .wants_help = &wants_help,
                                         .run = run};
    return options_run(&reader, &settings, argc, argv);
}
