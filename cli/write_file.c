// A file beside the path takes the bytes and its name in one step at the end.
#include "write_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message.h"

int write_begin(struct write_target *target, const char *path)
{
    struct stat status;
    bool exists = stat(path, &status) == 0;
    bool as_it_is = exists && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
    char *followed = exists && !as_it_is ? realpath(path, NULL) : NULL;
    target->path = followed ? followed : strdup(path);
    target->temporary = NULL;
    if (!target->path ||
        asprintf(&target->temporary, "%s%s", target->path, as_it_is ? "" : ".part") < 0) {
        target->temporary = NULL;
        errno = ENOMEM;
        return -1;
    }
    return open(target->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
}

static bool is_renamed(const struct write_target *target)
{
    return target->temporary && strcmp(target->temporary, target->path) != 0;
}

bool write_end(const struct write_target *target, int descriptor)
{
    return close(descriptor) == 0 &&
           (!is_renamed(target) || rename(target->temporary, target->path) == 0);
}

void write_discard(const struct write_target *target)
{
    if (is_renamed(target)) {
        unlink(target->temporary);
    }
}

void write_release(struct write_target *target)
{
    free(target->path);
    free(target->temporary);
    *target = (struct write_target){NULL, NULL};
}

bool write_file(const char *path, const void *bytes, size_t size)
{
    struct write_target target;
    int descriptor = write_begin(&target, path);
    bool written = descriptor >= 0 && write_all(descriptor, bytes, size);
    int reason = errno;
    if (written) {
        written = write_end(&target, descriptor);
        reason = errno;
    } else if (descriptor >= 0) {
        close(descriptor);
    }
    if (!written) {
        message("%s: %s; check the folder and the space on the disk", path, strerror(reason));
        write_discard(&target);
    }
    write_release(&target);
    return written;
}
