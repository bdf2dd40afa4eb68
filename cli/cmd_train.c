// bantam train: makes a model. What kind, the recipe says; each kind of model has its own train_<kind>.c.
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "message.h"
#include "options.h"
#include "terminal.h"
#include "train.h"

static const char help[] =
    "usage: bantam train [OPTION...] RECIPE\n"
    "\n"
    "Trains the model that RECIPE describes (models/*/recipe.json). The same data,\n"
    "recipe and program give the same bytes, on any number of threads.\n"
    "\n"
    "  -d, --data DIR       where the recipe's data folders lie (default ../shared/data)\n"
    "  -o, --output FILE    the model file (default: model.safetensors beside RECIPE);\n"
    "                       with --folds a folder\n"
    "      --folds N        instead N models, each of which has not seen one part of the\n"
    "                       repositories, as OUTPUT/fold-K/KIND.safetensors, and\n"
    "                       OUTPUT/folds.json that tells them apart\n"
    "  -j, --threads N      threads (default: one a processor)\n"
    "  -q, --quiet          no progress\n"
    "  -h, --help           print this and leave\n"
    "\n"
    "examples:\n"
    "  bantam train models/ci-lines/recipe.json\n"
    "  bantam train --folds 8 -o build/folds models/ci-lines/recipe.json\n"
    "\n"
    "exit status: 0 trained, 2 wrong usage, 3 data, recipe or output could not be read\n"
    "or written.\n";

// To add a kind: write train_<kind>.c, declare it in train.h, add its line here and its file in meson.build.
static const struct {
    const char *kind;
    train_recipe train;
} kinds[] = {
    {"ci-lines", train_logs},
    {"ci-tools", train_logs},
    {"ci-cause", train_logs},
};

char *train_output_beside(const char *recipe_path)
{
    const char *slash = strrchr(recipe_path, '/');
    int folder = slash ? (int)(slash - recipe_path) + 1 : 0;
    char *output = NULL;
    if (asprintf(&output, "%.*smodel.safetensors", folder, recipe_path) < 0) {
        message("out of memory");
        return NULL;
    }
    return output;
}

bool train_show_progress(void *context, const char *what, size_t done, size_t total)
{
    const char *prefix = context;
    fprintf(stderr, "\r\033[K%s%s %zu/%zu", prefix, what, done, total);
    fflush(stderr);
    return true;
}

void train_end_progress(bool quiet)
{
    if (!quiet) {
        fputs("\r\033[K", stderr);
    }
}

static train_recipe find_kind(const char *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].kind, kind) == 0) {
            return kinds[i].train;
        }
    }
    message("no model of kind \"%s\" can be trained", kind);
    return NULL;
}

static int run(const struct train_settings *settings, const char *path)
{
    if (settings->folds == 1 || settings->folds < 0 || settings->folds > 1000) {
        message("--folds: takes a number from 2 to 1000; see bantam train --help");
        return EXIT_USAGE;
    }
    if (!settings->output && settings->folds) {
        message("--folds: needs --output FOLDER; see bantam train --help");
        return EXIT_USAGE;
    }
    struct recipe recipe;
    struct problem problem = {""};
    if (!recipe_read(&recipe, path, &problem)) {
        message("%s: %s", path, problem.text);
        return EXIT_INPUT;
    }
    train_recipe train = find_kind(recipe.kind);
    int code = train ? train(settings, &recipe, path) : EXIT_INPUT;
    recipe_release(&recipe);
    return code;
}

int command_train(int argc, const char **argv)
{
    struct train_settings settings = {.threads = sysconf(_SC_NPROCESSORS_ONLN)};
    int quiet = 0, wants_help = 0;
    const struct poptOption options[] = {
        {"data", 'd', POPT_ARG_STRING, &settings.data, 0, NULL, NULL},
        {"output", 'o', POPT_ARG_STRING, &settings.output, 0, NULL, NULL},
        {"folds", 0, POPT_ARG_LONG, &settings.folds, 0, NULL, NULL},
        {"threads", 'j', POPT_ARG_LONG, &settings.threads, 0, NULL, NULL},
        {"quiet", 'q', POPT_ARG_NONE, &quiet, 0, NULL, NULL},
        {"help", 'h', POPT_ARG_NONE, &wants_help, 0, NULL, NULL},
        POPT_TABLEEND,
    };
    poptContext context = poptGetContext("bantam train", argc, argv, options, 0);
    int problem = poptGetNextOpt(context), code = EXIT_USAGE;
    const char *path = poptGetArg(context);
    settings.quiet = quiet || !isatty(STDERR_FILENO);
    if (problem < -1) {
        options_refuse(context, problem, "train", argc, argv);
    } else if (wants_help) {
        code = write_output(help, sizeof help - 1) ? EXIT_DIAGNOSED : EXIT_INPUT;
    } else if (!path || poptPeekArg(context)) {
        message("train takes one recipe; see bantam train --help");
    } else {
        code = run(&settings, path);
    }
    free(settings.data);
    free(settings.output);
    poptFreeContext(context);
    return code;
}
