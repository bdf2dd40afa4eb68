// Files and folders of models.
#include "models.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "mapping.h"
#include "message.h"

#define MODEL_MAXIMUM ((uint64_t)1 << 30)
#define MODEL_SUFFIX ".safetensors"

static bool use_file(bantam_triage *triage, const char *path)
{
    struct mapping content;
    struct problem problem = {""};
    if (!mapping_open(&content, path, MODEL_MAXIMUM, &problem)) {
        message("model %s: %s", path, problem.text);
        return false;
    }
    bantam_error error;
    bool used = bantam_triage_use(triage, content.bytes, content.size, &error) == BANTAM_OK;
    if (!used) {
        message("model %s: %s", path, error.message);
    }
    mapping_release(&content);
    return used;
}

static int is_model(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name), suffix = strlen(MODEL_SUFFIX);
    return size > suffix && strcmp(entry->d_name + size - suffix, MODEL_SUFFIX) == 0;
}

static bool use_folder(bantam_triage *triage, const char *path)
{
    struct dirent **entries = NULL;
    int n_entries = scandir(path, &entries, is_model, alphasort);
    bool used = n_entries > 0;
    if (!used) {
        message("model %s: a folder without a *" MODEL_SUFFIX " file; check the path", path);
    }
    for (int i = 0; i < n_entries; i++) {
        char *file = NULL;
        if (used) {
            used =
                asprintf(&file, "%s/%s", path, entries[i]->d_name) >= 0 && use_file(triage, file);
            free(file);
        }
        free(entries[i]);
    }
    free(entries);
    return used;
}

bool models_use(bantam_triage *triage, const char *path)
{
    struct stat about;
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode)) {
        return use_folder(triage, path);
    }
    return use_file(triage, path);
}
