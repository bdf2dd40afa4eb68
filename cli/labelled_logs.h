// Reads labelled logs from folders for training.
//
// A folder holds labels.ndjson, one JSON object a log, in one of two layouts:
//   "log": path below the folder, "repo", "gold" and "alternatives": spans; "validated": "invalid" leaves the log out
//   "id": the failed log is ID/fail.log, "project", "error": spans; ID/pass.log is a green log
// with "constructed": true where spans show the message alone; with "cause", "alternative", "tool", "fix" and "transient" in the row, or in a causes.ndjson, joined by "id"; and optionally
// passed.ndjson, green logs: "id", "log", "repo".
#ifndef BANTAM_CLI_LABELLED_LOGS_H
#define BANTAM_CLI_LABELLED_LOGS_H

#include <bantam/bantam.h>

#include "mapping.h"

struct labelled_logs {
    bantam_labelled_log *logs; // (n_logs)
    size_t n_logs, capacity;
    struct mapping *contents; // (n_logs)
    void **owned;             // (n_owned) strings and spans
    size_t n_owned, owned_capacity;
    char digest[33]; // of the labels and the logs, in order; terminated
};

// Appends the logs of the folder. False: see `problem`, which names the file and the line.
bool labelled_logs_read(struct labelled_logs *logs, const char *folder, struct problem *problem);

// Fills in the digest, of the fixes in the labels as well where they are learned from; call once after the last folder.
void labelled_logs_digest(struct labelled_logs *logs, bool with_fixes);

void labelled_logs_release(struct labelled_logs *logs);

#endif
