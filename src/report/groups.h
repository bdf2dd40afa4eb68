// The groups of logs as they are collected, for those who write them out.
#ifndef BANTAM_REPORT_GROUPS_H
#define BANTAM_REPORT_GROUPS_H

#include <stdint.h>

#include "bantam/group.h"
#include "bantam/history.h"
#include "base/arena.h"
#include "base/index_table.h"

struct grouped_log {
    const char *path;
    uint64_t line; // to read first
    struct grouped_log *next;
};

// One distinct failure. Texts are those of its first log, and of the arena.
struct group {
    char fingerprint[BANTAM_FINGERPRINT_SIZE];
    const char *cause, *tool, *subject, *title, *headline, *transient, *fix;
    size_t n_logs;
    size_t place; // of its first log among the groups
    struct grouped_log *logs, *last_log;
};

struct bantam_groups {
    struct arena arena;
    struct index_table table; // from fingerprints to groups
    struct group *groups;     // (n_groups) in the order of their first logs until they are told
    size_t n_groups, capacity;
    size_t n_logs, n_passed; // all logs, and those without a sign of a failure
};

void groups_write_text(bantam_buffer *out, const bantam_groups *groups,
                       const bantam_report_options *options);
void groups_write_markdown(bantam_buffer *out, const bantam_groups *groups,
                           const bantam_report_options *options);

#endif
