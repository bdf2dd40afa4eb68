// Compressed files and archives through libarchive, with caps against hostile ones.
//
// In: the mapped bytes of a file. Out: its members' bytes one after another. Only gzip, zstd, xz, bzip2, zip and tar are
// tried. An archive inside an archive is opened up to a depth; the caps hold for the outermost with all within.
#ifndef BANTAM_CLI_IO_ARCHIVE_H
#define BANTAM_CLI_IO_ARCHIVE_H

#include <stdbool.h>

#include "io.h"
#include "run_plan.h"

struct archive_entry;

#define EMPTY_ARCHIVE "is an archive without a log; check what was put into it"

// Whether the first bytes are those of a format that we open.
bool archive_recognised(const struct mapping *content);

enum archive_kind {
    ARCHIVE_OF_MEMBERS, // zip or tar: go on with archive_member_next
    ARCHIVE_OF_ONE_LOG, // a compressed log: go on with archive_extract
    ARCHIVE_NONE,       // not an archive after all: the bytes are the log
    ARCHIVE_UNREADABLE, // see the problem
};

// Opens what archive_recognised saw and steps to its first `*entry`. `packed` must outlive `*out`, which is NULL for the
// last two kinds.
enum archive_kind archive_begin(struct archive **out, struct archive_entry **entry,
                                const struct mapping *packed, struct problem *problem);

// What `*total` becomes once a cap was passed: nothing more is read from that archive.
#define ARCHIVE_REFUSED UINT64_MAX

// Decompresses the current entry whole. `*total` counts the bytes of all entries so far, for the caps. False: see the
// problem.
bool archive_extract(struct archive *archive, size_t packed_size, const struct log_limits *limits,
                     uint64_t *total, struct mapping *content, struct problem *problem);

// One archive that is being walked.
struct archive_level {
    struct archive *archive;
    char *path;                  // owned
    struct mapping packed;       // owned
    struct archive_entry *entry; // the current one, as archive_begin gave it at first
    size_t n_entries, n_logs;
    struct run_plan plan;               // of a GitHub run's logs
    bool failed;                        // a problem was told
    const bantam_test_reports *reports; // that are in it, or NULL
};

// An archive, and those inside it that are open, outermost first.
struct archive_members {
    struct archive_level levels[ARCHIVE_DEPTH_MAXIMUM];
    size_t depth;               // 0: none is open
    struct report_shelf *shelf; // where reports in archives go, NULL: they are logs; borrowed
    uint64_t total;             // bytes unpacked
    size_t n_entries;
};

// Starts to walk an opened archive, whose bytes and whose entry it takes over. False when memory is out.
bool archive_members_begin(struct archive_members *members, const char *path,
                           struct archive *archive, struct archive_entry *entry,
                           struct mapping *packed, const struct log_limits *limits);

// Fills `log` with the next member that is a file with content, or with a problem; false at the end, and then all is closed.
bool archive_member_next(struct archive_members *members, const struct log_limits *limits,
                         struct log *log);

void archive_members_end(struct archive_members *members);

void archive_end(struct archive **archive);

// What libarchive says of its last failure.
const char *archive_reason(struct archive *archive);

#endif
