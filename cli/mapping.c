// Files by mmap; what has no size is spooled into anonymous pages that mremap moves.
#include "mapping.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SPOOL_FIRST = 1 << 20,
};

// Up to here all pages are mapped at once: cheaper than a fault for every few of them.
#define POPULATE_MAXIMUM ((size_t)64 << 20)

void problem_set(struct problem *problem, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(problem->text, sizeof problem->text, format, arguments);
    va_end(arguments);
}

bool mapping_grow(struct mapping *mapping, size_t first_capacity)
{
    if (mapping->size < mapping->capacity) {
        return true;
    }
    size_t capacity = mapping->capacity ? mapping->capacity * 2 : first_capacity;
    void *bytes = mapping->bytes
                      ? mremap(mapping->bytes, mapping->capacity, capacity, MREMAP_MAYMOVE)
                      : mmap(NULL, capacity, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (bytes == MAP_FAILED) {
        return false;
    }
    mapping->bytes = bytes;
    mapping->capacity = capacity;
    return true;
}

void mapping_release(struct mapping *mapping)
{
    if (mapping->bytes) {
        munmap(mapping->bytes, mapping->capacity);
    }
    *mapping = (struct mapping){0};
}

static bool spool(struct mapping *mapping, int descriptor, uint64_t maximum,
                  struct problem *problem)
{
    for (;;) {
        if (!mapping_grow(mapping, SPOOL_FIRST)) {
            problem_set(problem, "not enough memory; give it as a file, which is not read whole");
            return false;
        }
        size_t room = mapping->capacity - mapping->size;
        ssize_t got = read(descriptor, mapping->bytes + mapping->size, room);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            problem_set(problem, "not readable (%s)", strerror(errno));
            return false;
        }
        if (got == 0) {
            return true;
        }
        mapping->size += (size_t)got;
        if (mapping->size > maximum) {
            problem_set(problem, "more than %" PRIu64 " GB; give it as a file", maximum >> 30);
            return false;
        }
    }
}

static bool map_file(struct mapping *mapping, int descriptor, size_t size)
{
    int populate = size <= POPULATE_MAXIMUM ? MAP_POPULATE : 0;
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE | populate, descriptor, 0);
    if (bytes == MAP_FAILED) {
        return false;
    }
    madvise(bytes, size, MADV_SEQUENTIAL);
    *mapping = (struct mapping){.bytes = bytes, .size = size, .capacity = size};
    return true;
}

static bool read_descriptor(struct mapping *mapping, int descriptor, uint64_t maximum,
                            struct problem *problem)
{
    struct stat about;
    if (fstat(descriptor, &about)) {
        problem_set(problem, "not readable (%s)", strerror(errno));
        return false;
    }
    if (S_ISDIR(about.st_mode)) {
        problem_set(problem, "is a folder; name the logs in it, as in FOLDER/*.log");
        return false;
    }
    // Standard input may be a regular file that someone has read from already: only from the start may it be mapped.
    bool whole = S_ISREG(about.st_mode) && lseek(descriptor, 0, SEEK_CUR) == 0;
    bool mapped = whole && about.st_size > 0 && (uint64_t)about.st_size <= SIZE_MAX &&
                  map_file(mapping, descriptor, (size_t)about.st_size);
    if (!mapped && !spool(mapping, descriptor, maximum, problem)) {
        return false;
    }
    if (mapping->size == 0) {
        problem_set(problem, "%s", EMPTY_LOG);
        return false;
    }
    return true;
}

bool mapping_open(struct mapping *mapping, const char *path, uint64_t maximum,
                  struct problem *problem)
{
    *mapping = (struct mapping){0};
    bool standard_input = strcmp(path, "-") == 0;
    int descriptor = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) {
        if (errno == ENOENT || errno == ENOTDIR) {
            problem_set(problem, "no such file; check the path");
        } else {
            problem_set(problem, "not readable (%s); check its permissions", strerror(errno));
        }
        return false;
    }
    bool read = read_descriptor(mapping, descriptor, maximum, problem);
    if (!standard_input) {
        close(descriptor);
    }
    if (!read) {
        mapping_release(mapping);
    }
    return read;
}
