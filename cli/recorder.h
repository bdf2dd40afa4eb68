// Records triaged logs in the store where the user wants that: by --record, by naming a store, or by BANTAM_STORE.
//
// In: the options about it, logs with their diagnoses. Out: rows of the history, and what was known before.
#ifndef BANTAM_CLI_RECORDER_H
#define BANTAM_CLI_RECORDER_H

#include <popt.h>

#include "history.h"

struct record_options {
    int record, no_record;
    char *store, *repository, *job, *commit, *branch; // or NULL; options_release frees them
};

// Rows of a popt table.
#define RECORD_OPTIONS(options)                                                                    \
    {"record", '\0', POPT_ARG_NONE, &(options)->record, 0, NULL, NULL},                            \
        {"no-record", '\0', POPT_ARG_NONE, &(options)->no_record, 0, NULL, NULL},                  \
        {"store", '\0', POPT_ARG_STRING, &(options)->store, 0, NULL, NULL},                        \
        {"repository", '\0', POPT_ARG_STRING, &(options)->repository, 0, NULL, NULL},              \
        {"job", '\0', POPT_ARG_STRING, &(options)->job, 0, NULL, NULL},                            \
        {"commit", '\0', POPT_ARG_STRING, &(options)->commit, 0, NULL, NULL},                      \
    {                                                                                              \
        "branch", '\0', POPT_ARG_STRING, &(options)->branch, 0, NULL, NULL                         \
    }

struct recorder {
    const struct record_options *options;
    struct store store;
    bool open;
    struct history_past past; // of the log recorded last
};

// Opens the store where recording is wanted. False: the reason was told.
bool recorder_open(struct recorder *recorder, const struct record_options *options);
void recorder_close(struct recorder *recorder);

// One triaged log.
struct recorded_log {
    const bantam_diagnosis *diagnosis;
    const char *path; // "-" for standard input
    const char *bytes;
    size_t size;
    bool
        here; // it was written by what runs here: the environment tells its commit, and it is a new one even where it is the
              // same as another
};

// Records the log; *past is then what was known before, borrowed until the next call. It stays NULL where nothing is recorded.
// False: the reason was told.
bool recorder_add(struct recorder *recorder, const bantam_past **past,
                  const struct recorded_log *log);

#endif
