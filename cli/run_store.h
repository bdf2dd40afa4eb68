// The outputs of the last runs that were shown in part, so that the rest can be asked for: `bantam show`.
//
// A run is two files in the state folder, readable by the user alone: ID.log, the output with its secrets hidden, and ID.json, what
// is known of the run, which is written last. Old runs make room for new ones.
#ifndef BANTAM_CLI_RUN_STORE_H
#define BANTAM_CLI_RUN_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mapping.h"

enum {
    RUN_ID_SIZE = 9,   // eight hexadecimal digits and the end
    RUNS_MAXIMUM = 20, // kept
};

struct stored_run {
    char id[RUN_ID_SIZE];
    char *command; // as it was called, for a person
    int exit_code;
    double seconds; // that it took
    int64_t time;   // of its end, in milliseconds since 1970; set by run_store_add
    uint64_t n_lines;
};

// Stores the output and gives the run its id. False: see `problem`; nothing is then stored.
bool run_store_add(struct stored_run *run, const char *output, size_t size,
                   struct problem *problem);

// All runs, the newest first, in a new array; the caller calls run_store_release. False: see `problem`.
bool run_store_list(struct stored_run **runs, size_t *n_runs, struct problem *problem);
void run_store_release(struct stored_run *runs, size_t n_runs);

// Maps the output of the run whose id begins with `id`. False: see `problem`.
bool run_store_open(struct mapping *output, const char *id, struct problem *problem);

#endif
