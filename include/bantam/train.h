// Training the triage's models from labelled logs: the same path of data that bantam_triage_run walks, and then a learner.
#ifndef BANTAM_TRAIN_H
#define BANTAM_TRAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "status.h"

typedef struct bantam_span {
    uint64_t first, last; // lines, 1-based, inclusive
} bantam_span;

// One log and what is known of it. Everything is borrowed for the time of the training call.
typedef struct bantam_labelled_log {
    const char *id;    // names the log in messages
    const char *group; // repository or project: folds never split a group
    const void *bytes;
    size_t size;
    const bantam_span
        *spans; // (n_spans) lines that explain the failure; n_spans 0: not known, or nothing failed
    size_t n_spans;
    const bantam_span
        *alternatives; // (n_alternatives) other places with the same text: neither right nor wrong
    size_t n_alternatives;
    const char *cause;             // NULL: not known
    const char *cause_alternative; // NULL: none
    const char *const *tools;      // (n_tools) any of them is right
    size_t n_tools;
    const char *transient; // "yes", "no", "maybe" or NULL
    bool green;            // the job succeeded
} bantam_labelled_log;

// Told now and then what is going on; `done` of `total` steps. Returning false cancels (BANTAM_ERROR_CANCELLED).
typedef bool (*bantam_progress)(void *context, const char *what, size_t done, size_t total);

typedef struct bantam_train_options {
    uint64_t seed;            // default 1
    int n_threads;            // default 1; the result does not depend on it
    const char *parameters;   // JSON object of hyper-parameters by name; NULL: all defaults
    const char *data_digest;  // recorded in the model; NULL: ""
    bantam_progress progress; // may be NULL
    void *progress_context;
} bantam_train_options;

#endif
