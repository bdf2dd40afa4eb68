// Environment variables and mkdir.
#include "folders.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

// Makes the folder and those above it; what is there already stays as it is.
static bool make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made) {
            return false;
        }
    }
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

static char *folder_of(const char *variable, const char *below_home, const char *name,
                       struct problem *problem)
{
    const char *root = getenv(variable), *home = getenv("HOME");
    char *path = NULL;
    bool absolute = root && root[0] == '/'; // the specification passes over relative ones
    if (!absolute && (!home || home[0] != '/')) {
        problem_set(problem, "neither %s nor HOME names a folder; set one of them", variable);
        return NULL;
    }
    int size = absolute ? asprintf(&path, "%s/bantam/%s", root, name)
                        : asprintf(&path, "%s/%s/bantam/%s", home, below_home, name);
    if (size < 0) {
        problem_set(problem, "not enough memory");
        return NULL;
    }
    if (!make_folders(path)) {
        problem_set(problem, "%s: %s; check the folder's permissions and the space on the disk",
                    path, strerror(errno));
        free(path);
        return NULL;
    }
    return path;
}

char *state_folder(const char *name, struct problem *problem)
{
    return folder_of("XDG_STATE_HOME", ".local/state", name, problem);
}

char *data_folder(const char *name, struct problem *problem)
{
    return folder_of("XDG_DATA_HOME", ".local/share", name, problem);
}

static char *file_of(const char *variable, const char *below_home, const char *name)
{
    const char *root = getenv(variable), *home = getenv("HOME");
    char *path = NULL;
    bool absolute = root && root[0] == '/';
    if (!absolute && (!home || home[0] != '/')) {
        return NULL;
    }
    int size = absolute ? asprintf(&path, "%s/bantam/%s", root, name)
                        : asprintf(&path, "%s/%s/bantam/%s", home, below_home, name);
    return size < 0 ? NULL : path;
}

char *configuration_file(const char *name)
{
    return file_of("XDG_CONFIG_HOME", ".config", name);
}

char *data_file(const char *name)
{
    return file_of("XDG_DATA_HOME", ".local/share", name);
}
