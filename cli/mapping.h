// A run of bytes straight from the kernel: a file mapped as it is, or anonymous memory that grows without copying.
#ifndef BANTAM_CLI_MAPPING_H
#define BANTAM_CLI_MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mapping {
    char *bytes;     // NULL while nothing is mapped
    size_t size;     // bytes in use
    size_t capacity; // bytes mapped; pages beyond `size` cost nothing until they are touched
};

// Why an input could not be read, and what to do: "reason; what to do".
struct problem {
    char text[400]; // "" where there is none
};

#define EMPTY_LOG "is empty; was the job's output written to it?"

void problem_set(struct problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Makes all of a file readable: a regular file is mapped, anything else (a pipe, a device) is read to its end, but not
// beyond `maximum` bytes. `path` "-" is standard input. An empty file is a problem. False: see `problem`.
bool mapping_open(struct mapping *mapping, const char *path, uint64_t maximum,
                  struct problem *problem);

// Room for at least one more byte, and mostly for as much again, in anonymous memory. False when memory is out.
bool mapping_grow(struct mapping *mapping, size_t first_capacity);

void mapping_release(struct mapping *mapping);

#endif
