// The files below a folder, in the order of their names.
//
// In: a folder. Out: paths. Hidden files and folders, links to folders and what is no file are passed over.
#ifndef BANTAM_CLI_FOLDER_WALK_H
#define BANTAM_CLI_FOLDER_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "mapping.h"

struct folder_walk {
    char **paths; // (n): FOLDER/…
    size_t n, capacity;
};

// Whether the path names a folder.
bool is_folder(const char *path);

// Lists the files, at most `maximum`; the caller calls folder_walk_release. False: see `problem`.
bool folder_walk_list(struct folder_walk *walk, const char *folder, size_t maximum,
                      struct problem *problem);

void folder_walk_release(struct folder_walk *walk);

#endif
