// Trains the models of the triage (ci-lines, ci-tools, ci-cause, ci-fixes) from a recipe and folders of labelled logs.
//
// With --folds it makes one model for each fold instead, none of which has seen the fold's groups, and a folds.json that
// tells which model is honest on which log.
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bantam/bantam.h>

#include "labelled_logs.h"
#include "message.h"
#include "progress.h"
#include "train.h"
#include "write_file.h"

typedef bantam_status (*trainer)(bantam_buffer *, const bantam_labelled_log *, size_t,
                                 const bantam_train_options *, bantam_error *);

static const struct {
    const char *kind;
    trainer train;
} trainers[] = {
    {"ci-lines", bantam_train_lines},
    {"ci-tools", bantam_train_tools},
    {"ci-cause", bantam_train_causes},
    {"ci-fixes", bantam_train_fixes},
};

// One run of the command.
struct task {
    const struct train_settings *settings;
    const struct recipe *recipe;
    const char *output;
    trainer train;
    struct labelled_logs logs;
};

enum {
    MODEL_MAXIMUM = 1 << 28
};

static bool train(const struct task *task, const bantam_labelled_log *logs, size_t n_logs,
                  const char *path, const char *prefix)
{
    bantam_train_options options = bantam_train_options_default();
    options.seed = task->recipe->seed;
    options.n_threads = (int)task->settings->threads;
    options.parameters = task->recipe->parameters;
    options.data_digest = task->logs.digest;
    options.progress = task->settings->quiet ? NULL : progress_show;
    options.progress_context = (void *)(uintptr_t)prefix;
    bantam_buffer model;
    bantam_buffer_init(&model, MODEL_MAXIMUM);
    bantam_error error;
    bool trained = task->train(&model, logs, n_logs, &options, &error) == BANTAM_OK;
    progress_end(task->settings->quiet);
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

static bool train_fold(const struct task *task, const int *folds, int fold)
{
    bantam_labelled_log *seen = calloc(task->logs.n_logs + 1, sizeof *seen);
    size_t n_seen = 0;
    for (size_t i = 0; seen && i < task->logs.n_logs; i++) {
        if (folds[i] != fold) {
            seen[n_seen++] = task->logs.logs[i];
        }
    }
    char *folder = NULL, *path = NULL;
    char prefix[64];
    snprintf(prefix, sizeof prefix, "fold %d of %ld: ", fold + 1, task->settings->folds);
    bool trained = seen && asprintf(&folder, "%s/fold-%d", task->output, fold) >= 0 &&
                   asprintf(&path, "%s/%s.safetensors", folder, task->recipe->kind) >= 0;
    if (trained && mkdir(folder, 0777) != 0 && errno != EEXIST) {
        message("%s: %s; check the output folder", folder, strerror(errno));
        trained = false;
    }
    trained = trained && train(task, seen, n_seen, path, prefix);
    free(folder);
    free(path);
    free(seen);
    return trained;
}

// Folds of the logs that are constructed, or of those that are not.
static bool assign_part(int *folds, const struct task *task, bool constructed)
{
    const struct labelled_logs *all = &task->logs;
    bantam_labelled_log *part = calloc(all->n_logs + 1, sizeof *part);
    int *of_part = calloc(all->n_logs + 1, sizeof *of_part);
    size_t n = 0;
    for (size_t i = 0; part && i < all->n_logs; i++) {
        if (all->logs[i].constructed == constructed) {
            part[n++] = all->logs[i];
        }
    }
    bantam_error error;
    bool assigned = part && of_part &&
                    !bantam_assign_folds(of_part, part, n, (int)task->settings->folds, &error);
    for (size_t i = 0, at = 0; assigned && i < all->n_logs; i++) {
        if (all->logs[i].constructed == constructed) {
            folds[i] = of_part[at++];
        }
    }
    free(part);
    free(of_part);
    return assigned;
}

static bool train_folds(const struct task *task)
{
    const struct labelled_logs *logs = &task->logs;
    int *folds = calloc(logs->n_logs + 1, sizeof *folds);
    // Apart, so that a kind that learns from constructed logs, too, has the same folds as one that does not.
    if (!folds || !assign_part(folds, task, false) || !assign_part(folds, task, true)) {
        message("out of memory");
        free(folds);
        return false;
    }
    if (mkdir(task->output, 0777) != 0 && errno != EEXIST) {
        message("%s: %s; check the output folder", task->output, strerror(errno));
        free(folds);
        return false;
    }
    json_t *list = json_array();
    bool trained = true;
    for (int fold = 0; trained && fold < task->settings->folds; fold++) {
        trained = train_fold(task, folds, fold);
        char name[32];
        snprintf(name, sizeof name, "fold-%d", fold);
        json_array_append_new(list, json_pack("{s:s, s:o}", "model", name, "groups",
                                              groups_of_fold(logs, folds, fold)));
    }
    json_t *root = json_pack("{s:o}", "folds", list);
    char *text = json_dumps(root, JSON_INDENT(1)), *path = NULL;
    trained = trained && text && asprintf(&path, "%s/folds.json", task->output) >= 0 &&
              write_file(path, text, strlen(text));
    json_decref(root);
    free(text);
    free(path);
    free(folds);
    return trained;
}

static bool find_trainer(struct task *task)
{
    for (size_t i = 0; i < sizeof trainers / sizeof *trainers; i++) {
        if (strcmp(trainers[i].kind, task->recipe->kind) == 0) {
            task->train = trainers[i].train;
            return true;
        }
    }
    return false;
}

// The folder of that name below the first root that has it: --data, and build, where the corpus' logs are written.
static char *find_folder(const struct train_settings *settings, const char *name)
{
    const char *const roots[] = {settings->data ? settings->data : "../shared/data", "build"};
    char *folder = NULL;
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        free(folder);
        if (asprintf(&folder, "%s/%s", roots[i], name) < 0) {
            return NULL;
        }
        if (access(folder, R_OK) == 0) {
            return folder;
        }
    }
    message("%s: neither below %s nor below %s; the corpus is written there by make corpus-logs",
            name, roots[0], roots[1]);
    free(folder);
    return NULL;
}

static bool read_data(struct task *task)
{
    struct problem problem = {""};
    for (size_t i = 0; i < task->recipe->n_data; i++) {
        char *folder = find_folder(task->settings, task->recipe->data[i]);
        bool read = folder && labelled_logs_read(&task->logs, folder, &problem);
        if (folder && !read) {
            message("%s", problem.text);
        }
        free(folder);
        if (!read) {
            return false;
        }
    }
    labelled_logs_digest(&task->logs, strcmp(task->recipe->kind, "ci-fixes") == 0);
    return true;
}

int train_logs(const struct train_settings *settings, const struct recipe *recipe, const char *path)
{
    struct task task = {.settings = settings, .recipe = recipe};
    char *beside = NULL;
    if (!find_trainer(&task)) {
        message("no model of kind \"%s\" can be trained", recipe->kind);
        return EXIT_INPUT;
    }
    if (recipe->n_data == 0) {
        message("%s: a recipe of this kind needs \"data\" (list of folders)", path);
        return EXIT_INPUT;
    }
    task.output = settings->output ? settings->output : (beside = recipe_output_beside(path));
    bool trained = task.output && read_data(&task);
    if (trained) {
        trained = settings->folds ? train_folds(&task)
                                  : train(&task, task.logs.logs, task.logs.n_logs, task.output, "");
    }
    labelled_logs_release(&task.logs);
    free(beside);
    return trained ? EXIT_DIAGNOSED : EXIT_INPUT;
}
