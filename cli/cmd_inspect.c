// bantam inspect: what is a model made of?
#include <popt.h>
#include <stdlib.h>
#include <string.h>

#include <bantam/bantam.h>

#include "classifier_file.h"
#include "command.h"
#include "message.h"
#include "options.h"

static const char help[] =
    "usage: bantam inspect [OPTION...] MODEL\n"
    "\n"
    "Says what a text classifier is made of: labels, features, how it was trained,\n"
    "what was measured then, and which n-grams speak most for each label. Of any\n"
    "other model: what its file says of it, and its tensors.\n"
    "\n"
    "  -f, --format FORMAT        text (default) or json\n"
    "  -n, --ngrams N             list the N most telling n-grams of each label\n"
    "  -l, --label LABEL          of this label only (and 10 n-grams, if not told)\n"
    "  -h, --help                 print this and leave\n"
    "\n"
    "examples:\n"
    "  bantam inspect intents.bantam\n"
    "  bantam inspect --label lost_card intents.bantam\n"
    "  bantam inspect models/ci-cause/model.safetensors\n"
    "\n"
    "exit status: 0 told, 2 wrong usage, 3 the model or the output could not be read\n"
    "or written.\n";

struct settings {
    char *format, *label;
    long n_ngrams;
};

enum {
    NGRAMS_OF_LABEL = 10
};

static bool find_label(const bantam_classifier *classifier, const char *name,
                       bantam_inspection_options *options)
{
    for (size_t i = 0; i < bantam_classifier_n_labels(classifier); i++) {
        if (strcmp(bantam_classifier_label(classifier, i), name) == 0) {
            options->label = (uint32_t)i;
            options->label_given = true;
            return true;
        }
    }
    message("--label: the model has no label \"%s\"", name);
    return false;
}

static int finish(bantam_buffer *out, bantam_status status, const bantam_error *error)
{
    if (status) {
        message("%s", error->message);
    }
    bool told = !status && write_output(out->data, out->size);
    bantam_buffer_release(out);
    return told ? EXIT_DIAGNOSED : EXIT_INPUT;
}

// A model that is no text classifier.
static int inspect_other(const bantam_model *model, const struct settings *settings, bool json,
                         size_t file_size)
{
    if (settings->label || settings->n_ngrams) {
        message("--ngrams and --label are for text classifiers; this is a model of kind %s",
                bantam_model_metadata(model, "kind"));
        return EXIT_USAGE;
    }
    bantam_buffer out;
    bantam_error error;
    bantam_buffer_init(&out, (size_t)1 << 31);
    bantam_status status = json ? bantam_model_json(&out, model, file_size, &error)
                                : bantam_model_text(&out, model, file_size, &error);
    return finish(&out, status, &error);
}

static int inspect(const bantam_classifier *classifier, const struct settings *settings, bool json,
                   size_t file_size)
{
    bantam_inspection_options options = bantam_inspection_options_default();
    options.n_ngrams = (size_t)settings->n_ngrams;
    options.file_size = file_size;
    if (settings->label && !find_label(classifier, settings->label, &options)) {
        return EXIT_USAGE;
    }
    if (options.label_given && options.n_ngrams == 0) {
        options.n_ngrams = NGRAMS_OF_LABEL;
    }
    bantam_buffer out;
    bantam_error error;
    bantam_buffer_init(&out, (size_t)1 << 31);
    bantam_status status = json ? bantam_inspection_json(&out, classifier, &options, &error)
                                : bantam_inspection_text(&out, classifier, &options, &error);
    return finish(&out, status, &error);
}

static int open_and_inspect(const char *path, const struct settings *settings, bool json)
{
    size_t file_size = 0;
    bantam_model *other = NULL;
    bantam_classifier *classifier = classifier_open_any(path, &other, &file_size);
    int code = classifier ? inspect(classifier, settings, json, file_size)
               : other    ? inspect_other(other, settings, json, file_size)
                          : EXIT_INPUT;
    bantam_classifier_free(&classifier);
    bantam_model_free(&other);
    return code;
}

static int run(void *context, const char *const *arguments)
{
    const struct settings *settings = context;
    bool json = settings->format && strcmp(settings->format, "json") == 0;
    if (!arguments || !arguments[0] || arguments[1]) {
        message("inspect takes one model; see bantam inspect --help");
        return EXIT_USAGE;
    }
    if (settings->format && !json && strcmp(settings->format, "text") != 0) {
        message("--format: is text or json; see bantam inspect --help");
        return EXIT_USAGE;
    }
    if (!option_in_range("inspect", "--ngrams", settings->n_ngrams, 0, 10000)) {
        return EXIT_USAGE;
    }
    return open_and_inspect(arguments[0], settings, json);
}

int command_inspect(int argc, const char **argv)
{
    struct settings settings = {.n_ngrams = 0};
    int wants_help = 0;
    const struct poptOption options[] = {
        {"format", 'f', POPT_ARG_STRING, &settings.format, 0, NULL, NULL},
        {"ngrams", 'n', POPT_ARG_LONG, &settings.n_ngrams, 0, NULL, NULL},
        {"label", 'l', POPT_ARG_STRING, &settings.label, 0, NULL, NULL},
        {"help", 'h', POPT_ARG_NONE, &wants_help, 0, NULL, NULL},
        POPT_TABLEEND,
    };
    const struct option_reader reader = {.command = "inspect",
                                         .table = options,
                                         .help = (const char *const[]){help, NULL},
                                         .wants_help = &wants_help,
                                         .run = run};
    return options_run(&reader, &settings, argc, argv);
}
