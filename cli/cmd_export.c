// bantam export: a text classifier as C or JSON.
#include <popt.h>
#include <stdlib.h>

#include <bantam/bantam.h>

#include "classifier_file.h"
#include "command.h"
#include "message.h"
#include "options.h"
#include "write_file.h"

static const char help[] =
    "usage: bantam export --c|--json [OPTION...] MODEL\n"
    "\n"
    "Writes a text classifier as one C99 file without dependencies, which needs no\n"
    "memory but its caller's and fits a microcontroller, or as JSON, for those who\n"
    "predict in another language.\n"
    "\n"
    "      --c                    C99: tokeniser, weights, predict()\n"
    "      --json                 JSON: n-grams, weights, calibration\n"
    "  -n, --name NAME            begins every name in the C file (default\n"
    "                             classifier)\n"
    "  -o, --output FILE          write to FILE, not to standard output\n"
    "  -h, --help                 print this and leave\n"
    "\n"
    "examples:\n"
    "  bantam export --c --name intents -o intents.c intents.bantam\n"
    "  bantam export --json intents.bantam > intents.json\n"
    "\n"
    "exit status: 0 written, 2 wrong usage, 3 the model or the output could not be\n"
    "read or written.\n";

struct settings {
    char *name, *output;
    int c, json;
};

static int export(const bantam_classifier *classifier, const struct settings *settings)
{
    bantam_buffer out;
    bantam_error error;
    bantam_buffer_init(&out, (size_t)1 << 31);
    bantam_status status =
        settings->c ? bantam_classifier_export_c(
                          classifier, settings->name ? settings->name : "classifier", &out, &error)
                    : bantam_classifier_export_json(classifier, &out, &error);
    bool written = false;
    if (status) {
        message("%s%s", status == BANTAM_ERROR_ARGUMENT ? "--name: " : "", error.message);
    } else {
        written = settings->output ? write_file(settings->output, out.data, out.size)
                                   : write_output(out.data, out.size);
    }
    bantam_buffer_release(&out);
    return written ? EXIT_DIAGNOSED : status == BANTAM_ERROR_ARGUMENT ? EXIT_USAGE : EXIT_INPUT;
}

static int run(void *context, const char *const *arguments)
{
    const struct settings *settings = context;
    if (settings->c == settings->json) {
        message("export writes --c or --json; see bantam export --help");
        return EXIT_USAGE;
    }
    if (!arguments || !arguments[0] || arguments[1]) {
        message("export takes one model; see bantam export --help");
        return EXIT_USAGE;
    }
    bantam_classifier *classifier = classifier_open(arguments[0], NULL);
    int code = classifier ? export(classifier, settings) : EXIT_INPUT;
    bantam_classifier_free(&classifier);
    return code;
}

int command_export(int argc, const char **argv)
{
    struct settings settings = {0};
    int wants_help = 0;
    const struct poptOption options[] = {
        {"c", '\0', POPT_ARG_NONE, &settings.c, 0, NULL, NULL},
        {"json", '\0', POPT_ARG_NONE, &settings.json, 0, NULL, NULL},
        {"name", 'n', POPT_ARG_STRING, &settings.name, 0, NULL, NULL},
        {"output", 'o', POPT_ARG_STRING, &settings.output, 0, NULL, NULL},
        {"help", 'h', POPT_ARG_NONE, &wants_help, 0, NULL, NULL},
        POPT_TABLEEND,
    };
    const struct option_reader reader = {.command = "export",
                                         .table = options,
                                         .help = (const char *const[]){help, NULL},
                                         .wants_help = &wants_help,
                                         .run = run};
    return options_run(&reader, &settings, argc, argv);
}
