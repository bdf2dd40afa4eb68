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

char *state_folder(const char *name, struct problem *problem)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    char *path = NULL;
    bool absolute = state && state[0] == '/'; // the specification passes over relative ones
    if (!absolute && (!home || home[0] != '/')) {
        problem_set(problem, "neither XDG_STATE_HOME nor HOME names a folder; set one of them");
        return NULL;
    }
    int size = absolute ? asprintf(&path, "%s/bantam/%s", state, name)
                        : asprintf(&path, "%s/.local/state/bantam/%s", home, name);
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
