// A file beside the path takes the bytes and its name in one step at the end.
#include "write_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "message.h"

bool write_file(const char *path, const void *bytes, size_t size)
{
    char *temporary = NULL;
    if (asprintf(&temporary, "%s.part", path) < 0) {
        message("%s: out of memory", path);
        return false;
    }
    FILE *file = fopen(temporary, "wb");
    bool written = file && fwrite(bytes, 1, size, file) == size;
    int reason = errno;
    if (file && fclose(file) != 0 && written) {
        reason = errno;
        written = false;
    }
    if (written && rename(temporary, path) != 0) {
        reason = errno;
        written = false;
    }
    if (!written) {
        message("%s: %s; check the folder and the space on the disk", path, strerror(reason));
        unlink(temporary);
    }
    free(temporary);
    return written;
}
