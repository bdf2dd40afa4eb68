// Collects logs by the fingerprints of their first findings, and tells the groups as JSON.
#include "report/groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "report/json_writer.h"

bantam_status bantam_groups_new(bantam_groups **out, bantam_error *error)
{
    bantam_groups *groups = *out = memory_allocate_array(1, sizeof *groups);
    if (!groups || !index_table_init(&groups->table, 64)) {
        bantam_groups_free(out);
        return error_memory(error);
    }
    return BANTAM_OK;
}

void bantam_groups_free(bantam_groups **groups)
{
    if (*groups) {
        index_table_release(&(*groups)->table);
        arena_release(&(*groups)->arena);
        memory_free((*groups)->groups);
        memory_free(*groups);
        *groups = NULL;
    }
}

static bool make_room(bantam_groups *groups)
{
    if (groups->n_groups < groups->capacity) {
        return true;
    }
    size_t capacity = groups->capacity ? 2 * groups->capacity : 16;
    struct group *more = memory_allocate_array(capacity, sizeof *more);
    if (!more) {
        return false;
    }
    if (groups->n_groups > 0) {
        memcpy(more, groups->groups, groups->n_groups * sizeof *more);
    }
    memory_free(groups->groups);
    groups->groups = more;
    groups->capacity = capacity;
    return true;
}

// A copy in the arena; NULL stays NULL. *copied becomes false when memory is out.
static const char *copy(bantam_groups *groups, const char *text, bool *copied)
{
    const char *own = text ? arena_copy_string(&groups->arena, text) : NULL;
    *copied = *copied && (own || !text);
    return own;
}

static const char *copy_kept(bantam_groups *groups, const bantam_finding *finding, bool *copied,
                             void (*append)(bantam_buffer *, const bantam_finding *))
{
    bantam_buffer text;
    bantam_buffer_init(&text, 1 << 16);
    append(&text, finding);
    const char *own = text.failed ? NULL : arena_copy(&groups->arena, text.data, text.size);
    *copied = *copied && own;
    bantam_buffer_release(&text);
    return own;
}

static bool fill_group(struct group *group, bantam_groups *groups, const bantam_finding *finding,
                       const char *fingerprint)
{
    bool copied = true;
    *group = (struct group){
        .cause = copy(groups, finding->cause, &copied),
        .tool = copy(groups, finding->tool, &copied),
        .subject = copy(groups, finding->subject, &copied),
        .transient = copy(groups, finding->transient, &copied),
        .fix = copy(groups, finding->fix_text, &copied),
        .title = copy_kept(groups, finding, &copied, bantam_title),
        .headline = copy_kept(groups, finding, &copied, bantam_headline),
        .place = groups->n_groups,
    };
    memcpy(group->fingerprint, fingerprint, BANTAM_FINGERPRINT_SIZE);
    return copied;
}

static bool add_log(struct group *group, bantam_groups *groups, const char *path, uint64_t line)
{
    struct grouped_log *log = arena_allocate_array(&groups->arena, 1, sizeof *log);
    bool copied = log != NULL;
    if (log) {
        *log = (struct grouped_log){.path = copy(groups, path, &copied), .line = line};
    }
    if (!copied) {
        return false;
    }
    if (group->last_log) {
        group->last_log->next = log;
    } else {
        group->logs = log;
    }
    group->last_log = log;
    group->n_logs++;
    return true;
}

bantam_status bantam_groups_add(bantam_groups *groups, const char *path,
                                const bantam_diagnosis *diagnosis, bantam_error *error)
{
    groups->n_logs++;
    if (diagnosis->n_findings == 0) {
        groups->n_passed++;
        return BANTAM_OK;
    }
    const bantam_finding *finding = diagnosis->findings;
    char fingerprint[BANTAM_FINGERPRINT_SIZE];
    bantam_status status = bantam_fingerprint(fingerprint, finding, error);
    if (status || !make_room(groups)) {
        return status ? status : error_memory(error);
    }
    bool is_new;
    uint64_t hash = strtoull(fingerprint, NULL, 16);
    uint32_t *index = index_table_entry(&groups->table, hash ? hash : 1, &is_new);
    if (!index) {
        return error_memory(error);
    }
    if (is_new) {
        *index = (uint32_t)groups->n_groups;
        if (!fill_group(&groups->groups[groups->n_groups], groups, finding, fingerprint)) {
            return error_memory(error);
        }
        groups->n_groups++;
    }
    return add_log(&groups->groups[*index], groups, path, finding->anchor_line)
               ? BANTAM_OK
               : error_memory(error);
}

static void write_logs(struct json_writer *writer, const struct group *group)
{
    json_write_open_member(writer, "logs", '[', false);
    for (const struct grouped_log *log = group->logs; log; log = log->next) {
        json_write_open(writer, '{', true);
        json_write_string_member(writer, "path", log->path);
        json_write_unsigned_member(writer, "line", log->line);
        json_write_close(writer, '}');
    }
    json_write_close(writer, ']');
}

static void write_group(struct json_writer *writer, const struct group *group)
{
    json_write_open(writer, '{', false);
    json_write_string_member(writer, "fingerprint", group->fingerprint);
    json_write_unsigned_member(writer, "count", group->n_logs);
    json_write_string_member(writer, "cause", group->cause);
    json_write_string_member(writer, "tool", group->tool);
    json_write_string_member(writer, "subject", group->subject);
    json_write_string_member(writer, "headline", group->headline);
    json_write_string_member(writer, "transient", group->transient);
    json_write_string_member(writer, "fix", group->fix);
    write_logs(writer, group);
    json_write_close(writer, '}');
}

static void write_json(bantam_buffer *out, const bantam_groups *groups)
{
    struct json_writer writer;
    json_writer_init(&writer, out, true);
    json_write_open(&writer, '{', false);
    json_write_string_member(&writer, "schema", "bantam-groups/1");
    json_write_unsigned_member(&writer, "logs", groups->n_logs);
    json_write_unsigned_member(&writer, "no_failure_found", groups->n_passed);
    json_write_open_member(&writer, "failures", '[', false);
    for (size_t i = 0; i < groups->n_groups; i++) {
        write_group(&writer, &groups->groups[i]);
    }
    json_write_close(&writer, ']');
    json_write_close(&writer, '}');
    bantam_buffer_append_string(out, "\n");
}

static void write_ndjson(bantam_buffer *out, const bantam_groups *groups)
{
    for (size_t i = 0; i < groups->n_groups; i++) {
        struct json_writer writer;
        json_writer_init(&writer, out, false);
        write_group(&writer, &groups->groups[i]);
        bantam_buffer_append_string(out, "\n");
    }
}

static int most_logs_first(const void *a, const void *b)
{
    const struct group *left = a, *right = b;
    if (left->n_logs != right->n_logs) {
        return left->n_logs < right->n_logs ? 1 : -1;
    }
    return (left->place > right->place) - (left->place < right->place);
}

bool bantam_groups_format(bantam_report_format format)
{
    return format == BANTAM_REPORT_TEXT || format == BANTAM_REPORT_JSON ||
           format == BANTAM_REPORT_NDJSON || format == BANTAM_REPORT_MARKDOWN;
}

void bantam_groups_report(bantam_buffer *out, const bantam_groups *groups,
                          bantam_report_format format, const bantam_report_options *options)
{
    bantam_report_options chosen = options ? *options : bantam_report_options_default();
    bantam_groups sorted = *groups; // a view: what follows adds nothing
    struct group *order = memory_allocate_array(groups->n_groups + 1, sizeof *order);
    out->failed |= !order;
    if (!order) {
        return;
    }
    if (groups->n_groups > 0) {
        memcpy(order, groups->groups, groups->n_groups * sizeof *order);
        qsort(order, groups->n_groups, sizeof *order, most_logs_first);
    }
    sorted.groups = order;
    if (format == BANTAM_REPORT_JSON) {
        write_json(out, &sorted);
    } else if (format == BANTAM_REPORT_NDJSON) {
        write_ndjson(out, &sorted);
    } else if (format == BANTAM_REPORT_MARKDOWN) {
        groups_write_markdown(out, &sorted, &chosen);
    } else {
        groups_write_text(out, &sorted, &chosen);
    }
    memory_free(order);
}
