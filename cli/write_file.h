// Writing a file whole: what was made stands there complete, or the file is as it was.
#ifndef BANTAM_CLI_WRITE_FILE_H
#define BANTAM_CLI_WRITE_FILE_H

#include <stdbool.h>
#include <stddef.h>

// Writes to a temporary file beside the path, then renames it: a reader never sees half a file. False: the reason was told.
bool write_file(const char *path, const void *bytes, size_t size);

#endif
