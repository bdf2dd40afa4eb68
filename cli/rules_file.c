// Files of rules, each read whole.
#include "rules_file.h"

#include <stdlib.h>
#include <unistd.h>

#include "folders.h"
#include "mapping.h"
#include "message.h"

#define RULES_MAXIMUM ((uint64_t)1 << 24)

static bool use_file(bantam_triage *triage, const char *path)
{
    struct mapping content;
    struct problem problem = {""};
    if (!mapping_open(&content, path, RULES_MAXIMUM, &problem)) {
        message("rules %s: %s", path, problem.text);
        return false;
    }
    bantam_error error;
    bool used = bantam_triage_use_rules(triage, content.bytes, content.size, &error) == BANTAM_OK;
    if (!used) {
        message("rules %s: %s", path, error.message);
    }
    mapping_release(&content);
    return used;
}

bool rules_use(bantam_triage *triage, const char *const *paths)
{
    if (!paths) {
        char *path = configuration_file("rules.toml");
        bool used = !path || access(path, F_OK) != 0 || use_file(triage, path);
        free(path);
        return used;
    }
    for (size_t i = 0; paths[i]; i++) {
        if (!use_file(triage, paths[i])) {
            return false;
        }
    }
    return true;
}
