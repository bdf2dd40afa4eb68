// The history of failures in the store: a row for each triaged log, and one for each of its findings.
//
// Kept are fingerprints, titles, the line to read first with its secrets hidden, and where the log came from; nothing else of it.
#ifndef BANTAM_CLI_HISTORY_H
#define BANTAM_CLI_HISTORY_H

#include <bantam/bantam.h>

#include "store.h"

// One log that was triaged. Everything is borrowed.
struct history_entry {
    const bantam_diagnosis *diagnosis;
    const char *path;
    const char *digest; // of the log: the same log of the same job and commit is kept once
    const bantam_origin *origin;
};

// A past with what it points to.
struct history_past {
    bantam_past known;
    char commit[65], resolution[512];
};

// Records the log and tells what was known before of its first finding's failure. False: see `problem`; nothing is then recorded.
bool history_record(struct store *store, struct history_past *past,
                    const struct history_entry *entry, struct problem *problem);

// Which failures are asked for; NULL and 0 stand for all.
struct history_filter {
    const char *cause, *repository, *job, *branch;
    const char *commit; // its first digits
    int64_t since;      // in milliseconds since 1970
    int64_t most;       // rows
};

// A failure that was seen once or more often. Texts are borrowed until the callback returns.
struct history_failure {
    const char *fingerprint, *cause, *title, *headline, *transient;
    int64_t n_logs, n_commits, n_branches, first, last;
    const char *resolution; // "" where there is none
    int64_t resolved;
};

typedef void (*history_failure_visitor)(void *context, const struct history_failure *failure);

// Visits the failures, the one seen last first.
bool history_failures(struct store *store, const struct history_filter *filter,
                      history_failure_visitor visit, void *context, struct problem *problem);

struct history_log {
    const char *path, *status, *repository, *job, *commit, *branch, *fingerprint, *title;
    int64_t time;
};

typedef void (*history_log_visitor)(void *context, const struct history_log *log);

// Visits the logs, the newest first; those of one failure where a fingerprint is given.
bool history_logs(struct store *store, const char *fingerprint, const struct history_filter *filter,
                  history_log_visitor visit, void *context, struct problem *problem);

// Why a failure may be a flaky one.
enum history_evidence {
    EVIDENCE_SAME_COMMIT,   // one log of the commit's job failed, another did not
    EVIDENCE_CAME_AND_WENT, // a log of another commit in between did not fail
    EVIDENCE_BRANCHES,      // it occurs on several branches
};

struct history_suspect {
    const char *fingerprint;
    enum history_evidence evidence;
    const char *repository, *job;
    const char *red, *green; // commits; EVIDENCE_BRANCHES: "" and ""
    int64_t red_time, green_time, n_times;
};

typedef void (*history_suspect_visitor)(void *context, const struct history_suspect *suspect);

// Visits the evidence of one failure or, with NULL, of all, one after the other; the strongest first.
bool history_suspects(struct store *store, const char *fingerprint, history_suspect_visitor visit,
                      void *context, struct problem *problem);

// Finds the only failure whose fingerprint begins with `id`. False: see `problem`.
bool history_find(struct store *store, char fingerprint[BANTAM_FINGERPRINT_SIZE], const char *id,
                  struct problem *problem);

// Keeps what the user said that resolved it.
bool history_resolve(struct store *store, const char *fingerprint, const char *text, int64_t time,
                     struct problem *problem);

// Forgets the failure's findings and what resolved it; the logs stay as logs that failed.
bool history_forget(struct store *store, const char *fingerprint, struct problem *problem);

#endif
