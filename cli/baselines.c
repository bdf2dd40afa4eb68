// Logs through the reader of logs, profiles as model files.
#include "baselines.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folders.h"
#include "io.h"
#include "message.h"

#define PROFILE_SUFFIX ".safetensors"
#define PROFILE_MAXIMUM ((uint64_t)1 << 28)

char *baselines_path(const char *name)
{
    if (!*name || *name == '.' || strchr(name, '/')) {
        message("%s: is no name of a baseline: letters, digits, dots and dashes", name);
        return NULL;
    }
    struct problem problem;
    char *path = NULL, *folder = data_folder("baselines", &problem);
    if (!folder) {
        message("%s", problem.text);
    } else if (asprintf(&path, "%s/%s" PROFILE_SUFFIX, folder, name) < 0) {
        path = NULL;
    }
    free(folder);
    return path;
}

bool baselines_add_logs(bantam_baseline *baseline, const char *const *paths, size_t n_paths)
{
    struct log_limits limits = log_limits_default();
    struct log_reader *reader = log_reader_new(paths, n_paths, &limits);
    struct log log;
    bool added = reader != NULL;
    while (added && log_reader_next(reader, &log)) {
        bantam_error error;
        log_open(&log, &limits);
        if (!log.path || log.problem.text[0]) {
            message("%s: %s", log.path ? log.path : "?", log.problem.text);
            added = false;
        } else if (bantam_baseline_add_log(baseline, log.content.bytes, log.content.size, &error)) {
            message("%s: %s", log.path, error.message);
            added = false;
        }
        log_close(&log);
    }
    log_reader_free(&reader);
    return added;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool use_folder(bantam_baseline *baseline, const char *folder)
{
    struct dirent **entries = NULL;
    int n_entries = scandir(folder, &entries, is_visible, alphasort);
    bool used = n_entries > 0;
    if (!used) {
        message("baseline %s: a folder without logs; check the path", folder);
    }
    for (int i = 0; i < n_entries; i++) {
        char *path = NULL;
        struct stat about;
        if (used && asprintf(&path, "%s/%s", folder, entries[i]->d_name) >= 0 &&
            stat(path, &about) == 0 && S_ISREG(about.st_mode)) {
            const char *const one[] = {path};
            used = baselines_add_logs(baseline, one, 1);
        }
        free(path);
        free(entries[i]);
    }
    free(entries);
    return used;
}

static bool use_profile(bantam_baseline *baseline, const char *path)
{
    struct mapping content;
    struct problem problem;
    bantam_error error;
    if (!mapping_open(&content, path, PROFILE_MAXIMUM, &problem)) {
        message("baseline %s: %s", path, problem.text);
        return false;
    }
    bool used =
        bantam_baseline_add_profile(baseline, content.bytes, content.size, &error) == BANTAM_OK;
    if (!used) {
        message("baseline %s: %s", path, error.message);
    }
    mapping_release(&content);
    return used;
}

static bool ends(const char *text, const char *suffix)
{
    size_t size = strlen(text), length = strlen(suffix);
    return size > length && strcmp(text + size - length, suffix) == 0;
}

bool baselines_use(bantam_baseline *baseline, const char *name)
{
    struct stat about;
    if (stat(name, &about) == 0) {
        if (S_ISDIR(about.st_mode)) {
            return use_folder(baseline, name);
        }
        return ends(name, PROFILE_SUFFIX) ? use_profile(baseline, name)
                                          : baselines_add_logs(baseline, &name, 1);
    }
    char *path = strchr(name, '/') ? NULL : baselines_path(name);
    bool kept = path && access(path, F_OK) == 0;
    if (!kept) {
        message("baseline %s: no such log, folder or kept baseline; bantam baseline lists those",
                name);
    }
    bool used = kept && use_profile(baseline, path);
    free(path);
    return used;
}
