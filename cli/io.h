// Logs from files, standard input and archives, one after another, in the order given.
//
// In: paths as they stand on the command line. Out: each log's bytes, or a problem in words. A plain file is mapped,
// never copied; the files of a folder are read in the order of their names; a compressed one is decompressed once into memory that grows without copying. Must not know what a log
// says.
#ifndef BANTAM_CLI_IO_H
#define BANTAM_CLI_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bantam/bantam.h>

#include "mapping.h"

struct archive;

struct log_limits {
    uint64_t log_maximum;     // bytes of one log from a pipe or an archive
    uint64_t archive_maximum; // bytes of all members of one archive
    uint64_t ratio_free;      // bytes that any archive may grow to …
    uint64_t ratio_maximum;   // … before more than so many bytes for each of its own are refused
    size_t members_maximum;   // entries of one archive, or files of one folder
};

// 8 GB a log, 64 GB an archive, 256 MB and then 500-fold, 100,000 entries.
struct log_limits log_limits_default(void);

struct log {
    char *path;             // as given; a member's is "archive/member"; owned
    bool member;            // of an archive or a folder
    bool job;               // a job's log in a run's archive: one that did not fail is no news
    struct run_step *steps; // (n_steps) of that job
    size_t n_steps;
    const bantam_test_reports *reports; // that lie in its folder or archive, or NULL; the reader's
    struct mapping content;
    struct problem problem; // "" where `content` is the log
    // Between log_reader_next and log_open, for one compressed log:
    struct archive *pending;
    struct mapping packed;
};

struct log_reader;

enum {
    ARCHIVE_DEPTH_MAXIMUM = 4 // archives within archives
};

// Borrows `paths` (n_paths). NULL when memory is out.
struct log_reader *log_reader_new(const char *const *paths, size_t n_paths,
                                  const struct log_limits *limits);

void log_reader_free(struct log_reader **reader);

// Lets reports of tests that lie in a folder or a zip be no logs, but the logs' `reports`. Before the first log.
void log_reader_find_reports(struct log_reader *reader);

// The next log; false after the last one. One thread at a time.
bool log_reader_next(struct log_reader *reader, struct log *log);

// The name of the step that the first finding of a job's log stands in, or NULL. Borrowed from the log.
const char *log_failed_step(const struct log *log, const bantam_diagnosis *diagnosis);

// Does the part of the reading that may run beside others: decompresses a single compressed log.
void log_open(struct log *log, const struct log_limits *limits);

void log_close(struct log *log);

#endif
