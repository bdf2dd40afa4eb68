// scandir, folder by folder; deep trees end at a fixed depth.
#include "folder_walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    DEPTH_MAXIMUM = 24
};

bool is_folder(const char *path)
{
    struct stat about;
    return strcmp(path, "-") != 0 && stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

// Takes the path over.
static bool add(struct folder_walk *walk, char *path, size_t maximum)
{
    if (walk->n == walk->capacity && walk->n < maximum) {
        size_t capacity = walk->capacity ? 2 * walk->capacity : 64;
        char **paths = realloc(walk->paths, capacity * sizeof *paths);
        walk->capacity = paths ? capacity : walk->capacity;
        walk->paths = paths ? paths : walk->paths;
    }
    bool room = walk->n < walk->capacity && walk->n < maximum;
    if (room) {
        walk->paths[walk->n++] = path;
    } else {
        free(path);
    }
    return room;
}

static bool list(struct folder_walk *walk, const char *folder, size_t maximum, int depth)
{
    struct dirent **entries = NULL;
    int n_entries = scandir(folder, &entries, is_visible, alphasort);
    bool listed = n_entries >= 0;
    size_t length = strlen(folder);
    for (int i = 0; i < n_entries; i++) {
        char *path = NULL;
        struct stat about;
        const char *between = length > 0 && folder[length - 1] == '/' ? "" : "/";
        if (!listed || asprintf(&path, "%s%s%s", folder, between, entries[i]->d_name) < 0) {
            path = NULL;
            listed = false;
        } else if (lstat(path, &about) == 0 && S_ISDIR(about.st_mode) && depth < DEPTH_MAXIMUM) {
            listed = list(walk, path, maximum, depth + 1);
            free(path);
        } else if (stat(path, &about) == 0 && S_ISREG(about.st_mode)) {
            listed = add(walk, path, maximum);
        } else {
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
    return listed;
}

bool folder_walk_list(struct folder_walk *walk, const char *folder, size_t maximum,
                      struct problem *problem)
{
    *walk = (struct folder_walk){0};
    errno = 0;
    if (!list(walk, folder, maximum, 0)) {
        problem_set(problem,
                    errno ? "folder not readable whole (%s); name the logs in it"
                          : "has too many files; name the logs in it",
                    strerror(errno));
        folder_walk_release(walk);
        return false;
    }
    if (walk->n == 0) {
        problem_set(problem, "is a folder without logs; check the path");
        return false;
    }
    return true;
}

void folder_walk_release(struct folder_walk *walk)
{
    for (size_t i = 0; i < walk->n; i++) {
        free(walk->paths[i]);
    }
    free(walk->paths);
    *walk = (struct folder_walk){0};
}
