// Writing a file whole: what was made stands there complete, or the file is as it was.
#ifndef BANTAM_CLI_WRITE_FILE_H
#define BANTAM_CLI_WRITE_FILE_H

#include <stdbool.h>
#include <stddef.h>

// Writes to a temporary file beside the path, then renames it: a reader never sees half a file. False: the reason was told.
bool write_file(const char *path, const void *bytes, size_t size);

// The same in steps, for what comes piece by piece. A link is followed, and stays; what is no plain file, as /dev/null or a pipe, is
// written to as it is: a renamed file would take its place.
struct write_target {
    char *path;      // behind links
    char *temporary; // what is written to: the path with ".part", or the path itself
};

// Opens the temporary file. -1: see errno; release the target all the same.
int write_begin(struct write_target *target, const char *path);

// Closes it and gives it its name; false: see errno, what was written stands in `temporary`.
bool write_end(const struct write_target *target, int descriptor);

// Takes the temporary file away, after write_end failed or instead of it.
void write_discard(const struct write_target *target);

void write_release(struct write_target *target);

#endif
