// Baselines by name or path: profiles that were kept, and green logs as they are.
#ifndef BANTAM_CLI_BASELINES_H
#define BANTAM_CLI_BASELINES_H

#include <stdbool.h>

#include <bantam/bantam.h>

#include "mapping.h"

// Adds to the baseline what `name` stands for: a green log (plain, packed, an archive of logs), a folder of such logs, a profile's
// file, or the name of a kept profile where there is no such file. On failure tells why and returns false.
bool baselines_use(bantam_baseline *baseline, const char *name);

// Adds green logs alone, as above.
bool baselines_add_logs(bantam_baseline *baseline, const char *const *paths, size_t n_paths);

// The file of the kept profile of that name; the caller frees it. NULL: the reason was told.
char *baselines_path(const char *name);

#endif
