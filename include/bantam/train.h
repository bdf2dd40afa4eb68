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
    const char *const
        *fixes; // (n_fixes) ids of the table of fixes, any of which is right to do first
    size_t n_fixes;
    const char *transient; // "yes", "no", "maybe" or NULL
    bool green;            // the job succeeded
    bool
        constructed; // made by breaking a project on purpose: spans show the message, not all that belongs to it
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

BANTAM_API bantam_train_options bantam_train_options_default(void);

// Gives each group a fold below n_folds: the largest groups first, each to the fold with the fewest logs; ties go by the
// order of the logs. `folds` is (n_logs). Errors: BANTAM_ERROR_ARGUMENT (n_folds below 1), BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_assign_folds(int *folds,
                                                               const bantam_labelled_log *logs,
                                                               size_t n_logs, int n_folds,
                                                               bantam_error *error);

// Trains the line finder (kind "ci-lines") and appends its model file to `model`. Logs without spans are passed over.
//
// Linear weights are the mean over bags of groups; what a bag's weights say of the groups they have not seen trains the
// trees that re-rank lines and grow chunks. Errors: BANTAM_ERROR_ARGUMENT (parameters; fewer than two groups with spans),
// BANTAM_ERROR_MEMORY, BANTAM_ERROR_CANCELLED. The same logs, options and seed give the same bytes.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_train_lines(bantam_buffer *model,
                                                              const bantam_labelled_log *logs,
                                                              size_t n_logs,
                                                              const bantam_train_options *options,
                                                              bantam_error *error);

// Trains the weights that rank tools (kind "ci-tools") over the shipped tool table and appends the model file to `model`. Logs
// without spans or tools are passed over. The metadata "measured" tells how often a group's tool is named rightly by weights that
// have not seen the group. Errors: BANTAM_ERROR_ARGUMENT, BANTAM_ERROR_MEMORY, BANTAM_ERROR_CANCELLED.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_train_tools(bantam_buffer *model,
                                                              const bantam_labelled_log *logs,
                                                              size_t n_logs,
                                                              const bantam_train_options *options,
                                                              bantam_error *error);

// Trains the cause classifier (kind "ci-cause") over the shipped tables of messages and tools and appends the model file to
// `model`. Logs without spans or a cause, or with the cause "unknown", are passed over. Temperature and threshold are chosen on
// groups that the weights have not seen. Errors: BANTAM_ERROR_ARGUMENT, BANTAM_ERROR_MEMORY, BANTAM_ERROR_CANCELLED.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_train_causes(bantam_buffer *model,
                                                               const bantam_labelled_log *logs,
                                                               size_t n_logs,
                                                               const bantam_train_options *options,
                                                               bantam_error *error);

// Trains the weights that rank fixes (kind "ci-fixes") over the shipped table of fixes and appends the model file to `model`. Logs
// without a cause are passed over; those with fixes are learned from as they are answered by the shipped models of lines and
// tools, and by cause models trained here, none of which has seen the log's group. The metadata "measured" tells how often the
// fix is right for groups that the weights, too, have not seen. Errors: BANTAM_ERROR_ARGUMENT (parameters; fewer than two groups
// with fixes), BANTAM_ERROR_MEMORY, BANTAM_ERROR_CANCELLED.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_train_fixes(bantam_buffer *model,
                                                              const bantam_labelled_log *logs,
                                                              size_t n_logs,
                                                              const bantam_train_options *options,
                                                              bantam_error *error);

#endif
