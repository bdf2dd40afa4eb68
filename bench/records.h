// Reads the development data for benches in C: files whole, and JSON lines by their ids.
//
// Nothing is freed for the caller but what is said; a file that is not there is NULL, and its records are an empty map.
#ifndef BANTAM_BENCH_RECORDS_H
#define BANTAM_BENCH_RECORDS_H

#include <jansson.h>
#include <stddef.h>

// "root/name", to be freed.
char *join_path(const char *root, const char *name);

// The bytes, terminated, to be freed.
char *read_file(const char *path, size_t *size);

// The records of a file of JSON lines by their member "id". Lives as long as the program.
json_t *read_records(const char *root, const char *name);

#endif
