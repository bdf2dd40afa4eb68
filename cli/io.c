// The one loop over paths and members.
#include "io.h"

#include <stdlib.h>
#include <string.h>

#include "io_archive.h"

struct log_reader {
    const char *const *paths;
    size_t n_paths, at;
    struct log_limits limits;
    struct archive_members members; // of the archive that is being walked
};

struct log_limits log_limits_default(void)
{
    return (struct log_limits){
        .log_maximum = (uint64_t)8 << 30,
        .archive_maximum = (uint64_t)64 << 30,
        .ratio_free = (uint64_t)256 << 20,
        .ratio_maximum = 500,
        .members_maximum = 100000,
    };
}

struct log_reader *log_reader_new(const char *const *paths, size_t n_paths,
                                  const struct log_limits *limits)
{
    struct log_reader *reader = calloc(1, sizeof *reader);
    if (reader) {
        *reader = (struct log_reader){.paths = paths, .n_paths = n_paths, .limits = *limits};
    }
    return reader;
}

void log_reader_free(struct log_reader **reader)
{
    if (*reader) {
        archive_end(&(*reader)->members.archive);
        mapping_release(&(*reader)->members.packed);
        free(*reader);
        *reader = NULL;
    }
}

// Looks into a file that starts like an archive. False: its members are to be walked.
static bool unwrap(struct log_reader *reader, const char *path, struct log *log)
{
    struct archive *archive;
    struct archive_entry *entry = NULL;
    switch (archive_begin(&archive, &entry, &log->content, &log->problem)) {
    case ARCHIVE_NONE:
        break;
    case ARCHIVE_UNREADABLE:
        mapping_release(&log->content);
        break;
    case ARCHIVE_OF_ONE_LOG:
        log->pending = archive;
        log->packed = log->content;
        log->content = (struct mapping){0};
        break;
    case ARCHIVE_OF_MEMBERS:
        reader->members = (struct archive_members){
            .archive = archive, .entry = entry, .path = path, .packed = log->content};
        log->content = (struct mapping){0};
        return false;
    }
    return true;
}

bool log_reader_next(struct log_reader *reader, struct log *log)
{
    for (;;) {
        *log = (struct log){0};
        if (reader->members.archive &&
            archive_member_next(&reader->members, &reader->limits, log)) {
            return true;
        }
        if (reader->at == reader->n_paths) {
            return false;
        }
        const char *path = reader->paths[reader->at++];
        bool readable =
            mapping_open(&log->content, path, reader->limits.log_maximum, &log->problem);
        if (readable && archive_recognised(&log->content) && !unwrap(reader, path, log)) {
            continue;
        }
        log->path = strdup(path);
        return true;
    }
}

void log_open(struct log *log, const struct log_limits *limits)
{
    if (!log->pending) {
        return;
    }
    uint64_t total = 0;
    bool whole = archive_extract(log->pending, log->packed.size, limits, &total, &log->content,
                                 &log->problem);
    archive_end(&log->pending);
    mapping_release(&log->packed);
    if (whole && log->content.size == 0) {
        problem_set(&log->problem, "%s", EMPTY_LOG);
    }
    if (log->problem.text[0]) {
        mapping_release(&log->content);
    }
}

void log_close(struct log *log)
{
    archive_end(&log->pending);
    mapping_release(&log->packed);
    mapping_release(&log->content);
    free(log->path);
    *log = (struct log){0};
}
