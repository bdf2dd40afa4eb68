// The one loop over paths, folders and members.
#include "io.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "folder_walk.h"
#include "io_archive.h"
#include "reports.h"

struct log_reader {
    const char *const *paths;
    size_t n_paths, at;
    struct log_limits limits;
    struct archive_members members; // of the archive that is being walked
    struct folder_walk walk;        // of the folder
    size_t walked;
    struct run_plan plan;               // of that folder's files
    const bantam_test_reports *reports; // among these
    struct report_shelf *shelf;         // NULL: reports of tests are logs
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

void log_reader_find_reports(struct log_reader *reader)
{
    reader->shelf = calloc(1, sizeof *reader->shelf);
    reader->members.shelf = reader->shelf;
}

void log_reader_free(struct log_reader **reader)
{
    if (*reader) {
        archive_members_end(&(*reader)->members);
        folder_walk_release(&(*reader)->walk);
        run_plan_release(&(*reader)->plan);
        report_shelf_free(&(*reader)->shelf);
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
        if (archive_members_begin(&reader->members, path, archive, entry, &log->content,
                                  &reader->limits)) {
            return false;
        }
        archive_members_end(&reader->members);
        problem_set(&log->problem, "not enough memory to unpack it");
        break;
    }
    return true;
}

static void read_head(struct run_plan *plan, size_t member, const char *path)
{
    char head[2 * RUN_HEAD_SIZE];
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    ssize_t got = descriptor >= 0 ? read(descriptor, head, sizeof head) : 0;
    if (got > 0) {
        run_plan_set_head(plan, member, head, (size_t)got);
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
}

static void take_reports(struct log_reader *reader)
{
    bantam_test_reports *reports = NULL;
    for (size_t i = 0; i < reader->walk.n; i++) {
        const char *path = reader->walk.paths[i];
        struct mapping content;
        struct problem problem;
        if (reports_named(path) &&
            mapping_open(&content, path, reader->limits.log_maximum, &problem)) {
            reader->plan.members[i].is_report = reports_take(&reports, path, &content);
            mapping_release(&content);
        }
    }
    reader->reports = report_shelf_add(reader->shelf, reports);
}

// Lists the folder's files; a run's logs that were unpacked into it are looked at as its archive would be.
static bool begin_folder(struct log_reader *reader, const char *path, struct problem *problem)
{
    reader->walked = 0;
    if (!folder_walk_list(&reader->walk, path, reader->limits.members_maximum, problem)) {
        return false;
    }
    size_t skipped = strlen(path);
    skipped += skipped > 0 && path[skipped - 1] == '/' ? 0 : 1;
    for (size_t i = 0; i < reader->walk.n; i++) {
        if (!run_plan_add(&reader->plan, reader->walk.paths[i] + skipped)) {
            problem_set(problem, "not enough memory; name the logs in it");
            return false;
        }
    }
    run_plan_find(&reader->plan);
    for (size_t i = 0; i < reader->plan.n; i++) {
        if (run_plan_wants_head(&reader->plan, i)) {
            read_head(&reader->plan, i, reader->walk.paths[i]);
        }
    }
    run_plan_settle(&reader->plan);
    if (reader->shelf) {
        take_reports(reader);
    }
    return true;
}

static void end_folder(struct log_reader *reader)
{
    folder_walk_release(&reader->walk);
    run_plan_release(&reader->plan);
    reader->reports = NULL;
}

// The next path: of the folder that is being walked, or of those given. NULL after the last.
static const char *next_path(struct log_reader *reader, struct log *log)
{
    while (reader->walked < reader->walk.n) {
        size_t at = reader->walked++;
        if (run_plan_passes(&reader->plan, at)) {
            continue;
        }
        log->member = true;
        log->reports = reader->reports;
        log->job = reader->plan.members[at].is_job;
        if (log->job) {
            log->steps = run_plan_steps(&reader->plan, at, &log->n_steps);
        }
        return reader->walk.paths[at];
    }
    end_folder(reader);
    return reader->at < reader->n_paths ? reader->paths[reader->at++] : NULL;
}

bool log_reader_next(struct log_reader *reader, struct log *log)
{
    for (;;) {
        *log = (struct log){0};
        if (archive_member_next(&reader->members, &reader->limits, log)) {
            return true;
        }
        const char *path = next_path(reader, log);
        if (!path) {
            return false;
        }
        if (is_folder(path)) {
            if (begin_folder(reader, path, &log->problem)) {
                continue;
            }
            end_folder(reader);
            log->path = strdup(path);
            return true;
        }
        bool readable =
            mapping_open(&log->content, path, reader->limits.log_maximum, &log->problem);
        if (readable && archive_recognised(&log->content) && !unwrap(reader, path, log)) {
            log_close(log);
            continue;
        }
        log->path = strdup(path);
        return true;
    }
}

// Where the line to read first begins in the log.
static uint64_t anchor_offset(const bantam_finding *finding)
{
    for (size_t i = 0; i < finding->n_excerpt; i++) {
        if (finding->excerpt[i].line == finding->anchor_line) {
            return finding->excerpt[i].offset;
        }
    }
    return 0;
}

const char *log_failed_step(const struct log *log, const bantam_diagnosis *diagnosis)
{
    if (log->n_steps == 0 || diagnosis->n_findings == 0) {
        return NULL;
    }
    return run_step_at(log->steps, log->n_steps, log->content.bytes, log->content.size,
                       (size_t)anchor_offset(diagnosis->findings));
}

// Unpacks `log->packed` into its content.
static void unpack(struct log *log, const struct log_limits *limits, size_t size, uint64_t *total)
{
    archive_extract(log->pending, size, limits, total, &log->content, &log->problem);
    archive_end(&log->pending);
    mapping_release(&log->packed);
    if (!log->problem.text[0] && log->content.size == 0) {
        problem_set(&log->problem, "%s", EMPTY_LOG);
    }
    if (log->problem.text[0]) {
        mapping_release(&log->content);
    }
}

void log_open(struct log *log, const struct log_limits *limits)
{
    size_t size = log->packed.size;
    uint64_t total = 0;
    for (int layers = 0; log->pending; layers++) {
        struct archive_entry *entry;
        unpack(log, limits, size, &total);
        if (log->problem.text[0] || !archive_recognised(&log->content)) {
            return;
        }
        enum archive_kind kind = archive_begin(&log->pending, &entry, &log->content, &log->problem);
        if (kind == ARCHIVE_NONE) {
            return;
        }
        if (kind == ARCHIVE_OF_MEMBERS || layers >= ARCHIVE_DEPTH_MAXIMUM) {
            archive_end(&log->pending);
            problem_set(&log->problem, "holds an archive in compressed form; unpack it once and "
                                       "give that");
        }
        log->packed = log->content;
        log->content = (struct mapping){0};
    }
}

void log_close(struct log *log)
{
    archive_end(&log->pending);
    mapping_release(&log->packed);
    mapping_release(&log->content);
    run_steps_free(log->steps, log->n_steps);
    free(log->path);
    *log = (struct log){0};
}
