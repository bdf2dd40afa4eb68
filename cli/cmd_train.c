// bantam train: makes a model from a recipe and labelled logs.
//
// With --folds it makes one model for each fold instead, none of which has seen the fold's groups, and a folds.json that
// tells which model is honest on which log.
#include <errno.h>
#include <jansson.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bantam/bantam.h>

#include "command.h"
#include "labelled_logs.h"
#include "message.h"
#include "options.h"
#include "recipe.h"
#include "terminal.h"

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

typedef bantam_status (*trainer)(bantam_buffer *, const bantam_labelled_log *, size_t,
                                 const bantam_train_options *, bantam_error *);

static const struct {
    const char *kind;
    trainer train;
} trainers[] = {
    {"ci-lines", bantam_train_lines},
    {"ci-tools", bantam_train_tools},
    {"ci-cause", bantam_train_causes},
};

struct settings {
    char *data, *output;
    long folds, threads;
    int quiet, help;
    struct recipe recipe;
    trainer train;
    struct labelled_logs logs;
};

enum {
    MODEL_MAXIMUM = 1 << 28
};

static bool show_progress(void *context, const char *what, size_t done, size_t total)
{
    const char *prefix = context;
    fprintf(stderr, "\r\033[K%s%s %zu/%zu", prefix, what, done, total);
    fflush(stderr);
    return true;
}

// Writes to a temporary file beside the path, then renames it: a reader never sees half a model.
static bool write_file(const char *path, const void *bytes, size_t size)
{
    char *temporary = NULL;
    if (asprintf(&temporary, "%s.part", path) < 0) {
        return false;
    }
    FILE *file = fopen(temporary, "wb");
    bool written = file && fwrite(bytes, 1, size, file) == size;
    written = file && fclose(file) == 0 && written && rename(temporary, path) == 0;
    if (!written) {
        message("%s: %s; check the folder and the space on the disk", path, strerror(errno));
        unlink(temporary);
    }
    free(temporary);
    return written;
}

static bool train(const struct settings *settings, const bantam_labelled_log *logs, size_t n_logs,
                  const char *path, const char *prefix)
{
    bantam_train_options options = bantam_train_options_default();
    options.seed = settings->recipe.seed;
    options.n_threads = (int)settings->threads;
    options.parameters = settings->recipe.parameters;
    options.data_digest = settings->logs.digest;
    options.progress = settings->quiet ? NULL : show_progress;
    options.progress_context = (void *)(uintptr_t)prefix;
    bantam_buffer model;
    bantam_buffer_init(&model, MODEL_MAXIMUM);
    bantam_error error;
    bool trained = settings->train(&model, logs, n_logs, &options, &error) == BANTAM_OK;
    if (!settings->quiet) {
        fputs("\r\033[K", stderr);
    }
    if (!trained) {
        message("%s", error.message);
    }
    trained = trained && write_file(path, model.data, model.size);
    if (trained) {
        char line[600];
        int size =
            snprintf(line, sizeof line, "%s: %zu logs, %zu bytes\n", path, n_logs, model.size);
        trained = write_output(line, (size_t)size);
    }
    bantam_buffer_release(&model);
    return trained;
}

static json_t *groups_of_fold(const struct labelled_logs *logs, const int *folds, int fold)
{
    json_t *groups = json_array();
    for (size_t i = 0; i < logs->n_logs; i++) {
        bool known = folds[i] != fold;
        for (size_t j = 0; !known && j < json_array_size(groups); j++) {
            known = strcmp(json_string_value(json_array_get(groups, j)), logs->logs[i].group) == 0;
        }
        if (!known) {
            json_array_append_new(groups, json_string(logs->logs[i].group));
        }
    }
    return groups;
}

static bool train_fold(const struct settings *settings, const int *folds, int fold)
{
    bantam_labelled_log *seen = calloc(settings->logs.n_logs + 1, sizeof *seen);
    size_t n_seen = 0;
    for (size_t i = 0; seen && i < settings->logs.n_logs; i++) {
        if (folds[i] != fold) {
            seen[n_seen++] = settings->logs.logs[i];
        }
    }
    char *folder = NULL, *path = NULL;
    char prefix[64];
    snprintf(prefix, sizeof prefix, "fold %d of %ld: ", fold + 1, settings->folds);
    bool trained = seen && asprintf(&folder, "%s/fold-%d", settings->output, fold) >= 0 &&
                   asprintf(&path, "%s/%s.safetensors", folder, settings->recipe.kind) >= 0;
    if (trained && mkdir(folder, 0777) != 0 && errno != EEXIST) {
        message("%s: %s; check the output folder", folder, strerror(errno));
        trained = false;
    }
    trained = trained && train(settings, seen, n_seen, path, prefix);
    free(folder);
    free(path);
    free(seen);
    return trained;
}

static bool train_folds(const struct settings *settings)
{
    const struct labelled_logs *logs = &settings->logs;
    int *folds = calloc(logs->n_logs + 1, sizeof *folds);
    bantam_error error;
    if (!folds ||
        bantam_assign_folds(folds, logs->logs, logs->n_logs, (int)settings->folds, &error)) {
        message("out of memory");
        free(folds);
        return false;
    }
    if (mkdir(settings->output, 0777) != 0 && errno != EEXIST) {
        message("%s: %s; check the output folder", settings->output, strerror(errno));
        free(folds);
        return false;
    }
    json_t *list = json_array();
    bool trained = true;
    for (int fold = 0; trained && fold < settings->folds; fold++) {
        trained = train_fold(settings, folds, fold);
        char name[32];
        snprintf(name, sizeof name, "fold-%d", fold);
        json_array_append_new(list, json_pack("{s:s, s:o}", "model", name, "groups",
                                              groups_of_fold(logs, folds, fold)));
    }
    json_t *root = json_pack("{s:o}", "folds", list);
    char *text = json_dumps(root, JSON_INDENT(1)), *path = NULL;
    trained = trained && text && asprintf(&path, "%s/folds.json", settings->output) >= 0 &&
              write_file(path, text, strlen(text));
    json_decref(root);
    free(text);
    free(path);
    free(folds);
    return trained;
}

static bool find_trainer(struct settings *settings)
{
    for (size_t i = 0; i < sizeof trainers / sizeof *trainers; i++) {
        if (strcmp(trainers[i].kind, settings->recipe.kind) == 0) {
            settings->train = trainers[i].train;
            return true;
        }
    }
    message("no model of kind \"%s\" can be trained", settings->recipe.kind);
    return false;
}

static bool read_data(struct settings *settings, const char *recipe)
{
    struct problem problem = {""};
    if (!recipe_read(&settings->recipe, recipe, &problem)) {
        message("%s: %s", recipe, problem.text);
        return false;
    }
    if (!find_trainer(settings)) {
        return false;
    }
    const char *root = settings->data ? settings->data : "../shared/data";
    for (size_t i = 0; i < settings->recipe.n_data; i++) {
        char *folder = NULL;
        bool read = asprintf(&folder, "%s/%s", root, settings->recipe.data[i]) >= 0 &&
                    labelled_logs_read(&settings->logs, folder, &problem);
        free(folder);
        if (!read) {
            message("%s", problem.text);
            return false;
        }
    }
    labelled_logs_digest(&settings->logs);
    return true;
}

static int run(struct settings *settings, const char *recipe)
{
    if (settings->folds == 1 || settings->folds < 0 || settings->folds > 1000) {
        message("--folds: takes a number from 2 to 1000; see bantam train --help");
        return EXIT_USAGE;
    }
    if (!settings->output && settings->folds) {
        message("--folds: needs --output FOLDER; see bantam train --help");
        return EXIT_USAGE;
    }
    if (!settings->output) {
        const char *slash = strrchr(recipe, '/');
        int folder = slash ? (int)(slash - recipe) + 1 : 0;
        if (asprintf(&settings->output, "%.*smodel.safetensors", folder, recipe) < 0) {
            settings->output = NULL;
            return EXIT_INPUT;
        }
    }
    settings->quiet = settings->quiet || !isatty(STDERR_FILENO);
    bool trained = read_data(settings, recipe);
    if (trained) {
        trained = settings->folds ? train_folds(settings)
                                  : train(settings, settings->logs.logs, settings->logs.n_logs,
                                          settings->output, "");
    }
    return trained ? EXIT_DIAGNOSED : EXIT_INPUT;
}

int command_train(int argc, const char **argv)
{
    struct settings settings = {.threads = sysconf(_SC_NPROCESSORS_ONLN)};
    const struct poptOption options[] = {
        {"data", 'd', POPT_ARG_STRING, &settings.data, 0, NULL, NULL},
        {"output", 'o', POPT_ARG_STRING, &settings.output, 0, NULL, NULL},
        {"folds", 0, POPT_ARG_LONG, &settings.folds, 0, NULL, NULL},
        {"threads", 'j', POPT_ARG_LONG, &settings.threads, 0, NULL, NULL},
        {"quiet", 'q', POPT_ARG_NONE, &settings.quiet, 0, NULL, NULL},
        {"help", 'h', POPT_ARG_NONE, &settings.help, 0, NULL, NULL},
        POPT_TABLEEND,
    };
    poptContext context = poptGetContext("bantam train", argc, argv, options, 0);
    int problem = poptGetNextOpt(context), code = EXIT_USAGE;
    const char *recipe = poptGetArg(context);
    if (problem < -1) {
        options_refuse(context, problem, "train", argc, argv);
    } else if (settings.help) {
        code = write_output(help, sizeof help - 1) ? EXIT_DIAGNOSED : EXIT_INPUT;
    } else if (!recipe || poptPeekArg(context)) {
        message("train takes one recipe; see bantam train --help");
    } else {
        code = run(&settings, recipe);
    }
    labelled_logs_release(&settings.logs);
    recipe_release(&settings.recipe);
    free(settings.data);
    free(settings.output);
    poptFreeContext(context);
    return code;
}
