// Tables of texts as a stream of bytes: files or standard input, plain or compressed (gzip, zstd, xz, bzip2).
//
// Memory does not grow with the data: what is read is handed on in pieces, so that a table may be larger than memory.
#ifndef BANTAM_CLI_DATA_SOURCE_H
#define BANTAM_CLI_DATA_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include <bantam/status.h>

#include "mapping.h"

struct data_source;

// "-" is standard input. NULL: see `problem`.
struct data_source *data_source_open(const char *path, struct problem *problem);

// A bantam_read; `context` is the data_source. After a negative number see data_source_tell.
ptrdiff_t data_source_read(void *context, char *buffer, size_t capacity);

// Tells why reading the source, called `name`, failed, or else what was found wrong with what it held; nothing where that has no message.
void data_source_tell(const struct data_source *source, const char *name,
                      const bantam_error *error);

void data_source_close(struct data_source **source);

#endif
