// Walks the members of an archive and of those inside it; of a GitHub run's logs only the jobs, each with the places of its steps.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive_library.h"
#include "io_archive.h"
#include "reports.h"

#define TOO_DEEP "holds archives within archives, too deep; unpack it and give the logs"

static const char *entry_name(struct archive_entry *entry)
{
    const char *name = archive_library()->archive_entry_pathname_utf8(entry);
    // Not UTF-8: its bytes as they are.
    return name ? name : archive_library()->archive_entry_pathname(entry);
}

// ---- a GitHub run's logs ------------------------------------------------------------------------

static bool step_to(struct archive *archive, struct archive_entry **entry)
{
    int status;
    do {
        status = archive_library()->archive_read_next_header(archive, entry);
    } while (status == ARCHIVE_RETRY);
    return status == ARCHIVE_OK || status == ARCHIVE_WARN;
}

static bool list_names(struct run_plan *plan, const struct mapping *packed,
                       const struct log_limits *limits)
{
    struct archive *archive;
    struct archive_entry *entry;
    struct problem problem;
    bool listed = archive_begin(&archive, &entry, packed, &problem) == ARCHIVE_OF_MEMBERS;
    bool more = listed;
    while (more && listed && plan->n < limits->members_maximum) {
        const char *name = entry_name(entry);
        listed = run_plan_add(plan, name ? name : "");
        more = step_to(archive, &entry);
    }
    archive_end(&archive);
    return listed;
}

static void read_heads(struct run_plan *plan, const struct mapping *packed)
{
    struct archive *archive;
    struct archive_entry *entry;
    struct problem problem;
    bool more = archive_begin(&archive, &entry, packed, &problem) == ARCHIVE_OF_MEMBERS;
    for (size_t i = 0; more && i < plan->n; i++) {
        char head[2 * RUN_HEAD_SIZE];
        la_ssize_t got = !run_plan_wants_head(plan, i)
                             ? 0
                             : archive_library()->archive_read_data(archive, head, sizeof head);
        if (got > 0) {
            run_plan_set_head(plan, i, head, (size_t)got);
        }
        more = step_to(archive, &entry);
    }
    archive_end(&archive);
}

// Reports are unpacked here, and again where they are passed over later: they are small beside logs.
static void take_reports(struct archive_members *members, struct archive_level *level,
                         const struct log_limits *limits)
{
    struct archive *archive;
    struct archive_entry *entry;
    struct problem problem;
    bantam_test_reports *reports = NULL;
    bool more = archive_begin(&archive, &entry, &level->packed, &problem) == ARCHIVE_OF_MEMBERS;
    for (size_t i = 0; more && i < level->plan.n && members->total != ARCHIVE_REFUSED; i++) {
        struct mapping content = {0};
        char *path = NULL;
        if (reports_named(level->plan.members[i].name) &&
            asprintf(&path, "%s/%s", level->path, level->plan.members[i].name) >= 0 &&
            archive_extract(archive, members->levels[0].packed.size, limits, &members->total,
                            &content, &problem)) {
            level->plan.members[i].is_report = reports_take(&reports, path, &content);
        }
        mapping_release(&content);
        free(path);
        more = step_to(archive, &entry);
    }
    archive_end(&archive);
    level->reports = report_shelf_add(members->shelf, reports);
}

static bool has_named_reports(const struct run_plan *plan)
{
    bool has = false;
    for (size_t i = 0; i < plan->n; i++) {
        has |= reports_named(plan->members[i].name);
    }
    return has;
}

// Only a zip is looked at: its names are read without unpacking.
static bool plan_run(struct archive_members *members, struct archive_level *level,
                     const struct log_limits *limits)
{
    bool zip = level->packed.size > 4 && memcmp(level->packed.bytes, "PK", 2) == 0;
    if (zip && !list_names(&level->plan, &level->packed, limits)) {
        return false;
    }
    run_plan_find(&level->plan);
    if (level->plan.found || level->plan.perhaps) {
        read_heads(&level->plan, &level->packed);
    }
    run_plan_settle(&level->plan);
    if (members->shelf && has_named_reports(&level->plan)) {
        take_reports(members, level, limits);
    }
    return true;
}

// ---- levels -------------------------------------------------------------------------------------

bool archive_members_begin(struct archive_members *members, const char *path,
                           struct archive *archive, struct archive_entry *entry,
                           struct mapping *packed, const struct log_limits *limits)
{
    struct archive_level *level = &members->levels[members->depth++];
    *level = (struct archive_level){
        .archive = archive, .entry = entry, .path = strdup(path), .packed = *packed};
    *packed = (struct mapping){0};
    if (members->depth == 1) {
        members->total = 0;
        members->n_entries = 0;
    }
    return level->path && plan_run(members, level, limits);
}

static void end_level(struct archive_members *members)
{
    struct archive_level *level = &members->levels[--members->depth];
    archive_end(&level->archive);
    mapping_release(&level->packed);
    run_plan_release(&level->plan);
    free(level->path);
    *level = (struct archive_level){0};
    if (members->depth > 0) {
        members->levels[members->depth - 1].n_logs++; // what was in it has been told
    }
}

void archive_members_end(struct archive_members *members)
{
    while (members->depth > 0) {
        end_level(members);
    }
}

// ---- members ------------------------------------------------------------------------------------

// The path of a member in messages and reports; NULL when memory is out.
static char *member_path(const struct archive_level *level)
{
    const char *name = entry_name(level->entry);
    char *path;
    if (name && *name) {
        return asprintf(&path, "%s/%s", level->path, name) < 0 ? NULL : path;
    }
    return asprintf(&path, "%s/#%zu", level->path, level->n_entries) < 0 ? NULL : path;
}

enum taken {
    TAKEN_NOTHING,
    TAKEN_LOG,
    TAKEN_ARCHIVE, // a level more is open
};

// Unpacks what `log` holds of a compressed log, or opens the archive that it is.
static enum taken unwrap(struct archive_members *members, const struct log_limits *limits,
                         struct log *log)
{
    size_t packed_size = members->levels[0].packed.size;
    for (size_t layers = members->depth; archive_recognised(&log->content); layers++) {
        struct archive *archive = NULL;
        struct archive_entry *entry = NULL;
        enum archive_kind kind = archive_begin(&archive, &entry, &log->content, &log->problem);
        if (kind == ARCHIVE_NONE) {
            break;
        }
        size_t deepest = ARCHIVE_DEPTH_MAXIMUM + (kind == ARCHIVE_OF_ONE_LOG);
        if (kind != ARCHIVE_UNREADABLE && layers >= deepest) {
            problem_set(&log->problem, TOO_DEEP);
            archive_end(&archive);
            kind = ARCHIVE_UNREADABLE;
        }
        if (kind == ARCHIVE_UNREADABLE) {
            mapping_release(&log->content);
            break;
        }
        if (kind == ARCHIVE_OF_MEMBERS) {
            bool begun =
                archive_members_begin(members, log->path, archive, entry, &log->content, limits);
            if (begun) {
                log_close(log);
                return TAKEN_ARCHIVE;
            }
            end_level(members);
            problem_set(&log->problem, "not enough memory to unpack it");
            break;
        }
        struct mapping packed = log->content;
        log->content = (struct mapping){0};
        archive_extract(archive, packed_size, limits, &members->total, &log->content,
                        &log->problem);
        archive_end(&archive);
        mapping_release(&packed);
        if (log->problem.text[0]) {
            mapping_release(&log->content);
        } else if (log->content.size == 0) {
            problem_set(&log->problem, "%s", EMPTY_LOG);
        }
    }
    return TAKEN_LOG;
}

// Fills `log` from the current entry; nothing where the entry is no file, has no content, or repeats a part of another.
static enum taken take_member(struct archive_members *members, const struct log_limits *limits,
                              struct log *log)
{
    struct archive_level *level = &members->levels[members->depth - 1];
    size_t at = level->n_entries - 1;
    const struct run_member *planned =
        level->plan.found && at < level->plan.n ? &level->plan.members[at] : NULL;
    if (archive_library()->archive_entry_filetype(level->entry) != AE_IFREG ||
        run_plan_passes(&level->plan, at)) {
        return TAKEN_NOTHING;
    }
    log->member = true;
    log->reports = level->reports;
    log->path = member_path(level);
    if (planned && planned->is_job) {
        log->job = true;
        log->steps = run_plan_steps(&level->plan, at, &log->n_steps);
    }
    if (!archive_extract(level->archive, members->levels[0].packed.size, limits, &members->total,
                         &log->content, &log->problem)) {
        mapping_release(&log->content);
        level->failed = true;
        return TAKEN_LOG;
    }
    if (log->content.size == 0) {
        log_close(log);
        return TAKEN_NOTHING;
    }
    level->n_logs++;
    return log->path ? unwrap(members, limits, log) : TAKEN_LOG;
}

// What stands in the place of members that could not be reached.
static bool report(struct archive_level *level, struct log *log, const char *text)
{
    log->path = strdup(level->path);
    log->member = true;
    problem_set(&log->problem, "%s", text);
    level->failed = true;
    return true;
}

static bool report_damage(struct archive_level *level, struct log *log)
{
    struct problem problem;
    problem_set(&problem, "damaged archive after %zu entries (%s); fetch it again",
                level->n_entries, archive_reason(level->archive));
    return report(level, log, problem.text);
}

// Steps to the next entry. False at the end; `*damaged` tells whether it is one that nobody was told of yet.
static bool next_entry(struct archive_level *level, bool *damaged)
{
    *damaged = false;
    if (level->n_entries == 0 && level->entry) {
        return true; // archive_begin has read the first header
    }
    int status;
    do {
        status = archive_library()->archive_read_next_header(level->archive, &level->entry);
    } while (status == ARCHIVE_RETRY);
    if (status == ARCHIVE_OK || status == ARCHIVE_WARN) {
        return true;
    }
    *damaged = status != ARCHIVE_EOF && !level->failed;
    return false;
}

bool archive_member_next(struct archive_members *members, const struct log_limits *limits,
                         struct log *log)
{
    while (members->depth > 0) {
        struct archive_level *level = &members->levels[members->depth - 1];
        bool damaged = false, refused = members->total == ARCHIVE_REFUSED;
        if (!refused && next_entry(level, &damaged)) {
            level->n_entries++;
            if (++members->n_entries > limits->members_maximum) {
                members->total = ARCHIVE_REFUSED;
                return report(level, log, "has too many entries; unpack it and give the logs");
            }
            if (take_member(members, limits, log) == TAKEN_LOG) {
                return true;
            }
            continue;
        }
        if (damaged) {
            return report_damage(level, log);
        }
        if (level->n_logs == 0 && !level->failed && !refused) {
            return report(level, log, EMPTY_ARCHIVE);
        }
        end_level(members);
    }
    return false;
}
