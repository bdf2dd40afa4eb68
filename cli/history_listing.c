// Rows of the store become lines or objects as they are visited.
#include "history_listing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    ID_SHOWN = 8, // digits
};

static const char *day(char text[16], int64_t time)
{
    time_t seconds = (time_t)(time / 1000);
    struct tm parts;
    if (!gmtime_r(&seconds, &parts) || strftime(text, 16, "%Y-%m-%d", &parts) == 0) {
        snprintf(text, 16, "?");
    }
    return text;
}

static json_t *string_or_null(const char *text)
{
    return *text ? json_string(text) : json_null();
}

static json_t *day_or_null(int64_t time)
{
    char text[16];
    return time ? json_string(day(text, time)) : json_null();
}

// Takes the object over.
static void add_object(struct history_listing *listing, json_t *object)
{
    if (listing->lines) {
        char *line = json_dumps(object, JSON_COMPACT);
        bantam_buffer_append_string(&listing->text, line ? line : "");
        bantam_buffer_append_string(&listing->text, "\n");
        listing->text.failed |= !line;
        free(line);
        json_decref(object);
    } else {
        listing->text.failed |= json_array_append_new(listing->array, object) != 0;
    }
    listing->n++;
}

static void append_count(bantam_buffer *text, int64_t count, const char *one)
{
    bantam_buffer_append_format(text, "%lld %s%s", (long long)count, one, count == 1 ? "" : "s");
}

static void write_failure(struct history_listing *listing, const struct history_failure *failure)
{
    bantam_buffer *text = &listing->text;
    char first[16], last[16], resolved[16];
    bantam_buffer_append_format(text, "%s%.*s  %s\n          ", listing->n++ ? "\n" : "", ID_SHOWN,
                                failure->fingerprint, failure->title);
    append_count(text, failure->n_logs, "time");
    if (failure->n_commits > 0) {
        bantam_buffer_append_string(text, ", ");
        append_count(text, failure->n_commits, "commit");
    }
    if (failure->n_branches > 1) {
        bantam_buffer_append_string(text, ", ");
        append_count(text, failure->n_branches, "branche");
    }
    day(first, failure->first);
    day(last, failure->last);
    bantam_buffer_append_format(text, strcmp(first, last) == 0 ? ", %s\n" : ", %s to %s\n", first,
                                last);
    if (*failure->headline) {
        bantam_buffer_append_format(text, "          %s\n", failure->headline);
    }
    if (*failure->resolution) {
        bantam_buffer_append_format(text, "          resolved %s: %s\n",
                                    day(resolved, failure->resolved), failure->resolution);
    }
}

static json_t *failure_object(const struct history_failure *failure)
{
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:o, s:o, s:o, s:o}", "fingerprint",
        failure->fingerprint, "cause", failure->cause, "title", failure->title, "headline",
        failure->headline, "transient", failure->transient, "times", (json_int_t)failure->n_logs,
        "commits", (json_int_t)failure->n_commits, "branches", (json_int_t)failure->n_branches,
        "first", day_or_null(failure->first), "last", day_or_null(failure->last), "resolution",
        string_or_null(failure->resolution), "resolved", day_or_null(failure->resolved));
}

static void visit_failure(void *context, const struct history_failure *failure)
{
    struct history_listing *listing = context;
    if (listing->only && strcmp(listing->only, failure->fingerprint) != 0) {
        return;
    }
    if (listing->json) {
        add_object(listing, failure_object(failure));
    } else {
        write_failure(listing, failure);
    }
}

static void visit_log(void *context, const struct history_log *log)
{
    struct history_listing *listing = context;
    bantam_buffer *text = &listing->text;
    char date[16];
    if (listing->json) {
        add_object(listing,
                   json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "path", log->path,
                             "status", log->status, "time", day_or_null(log->time), "repository",
                             string_or_null(log->repository), "job", string_or_null(log->job),
                             "commit", string_or_null(log->commit), "branch",
                             string_or_null(log->branch), "fingerprint",
                             string_or_null(log->fingerprint), "title",
                             string_or_null(log->title)));
        return;
    }
    bantam_buffer_append_format(text, "  %s  %-10.10s  %s", day(date, log->time),
                                *log->commit ? log->commit : "-", log->path);
    const char *const known[] = {log->repository, log->job, log->branch};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        bantam_buffer_append_format(text, "%s%s", *known[i] ? " · " : "", known[i]);
    }
    if (listing->only) {
        bantam_buffer_append_string(text, "\n");
    } else if (*log->fingerprint) {
        bantam_buffer_append_format(text, "  %.*s %s\n", ID_SHOWN, log->fingerprint, log->title);
    } else {
        bantam_buffer_append_format(text, "  %s\n", log->status);
    }
    listing->n++;
}

static void append_evidence(bantam_buffer *text, const struct history_suspect *suspect)
{
    char red[16], green[16];
    day(red, suspect->red_time);
    day(green, suspect->green_time);
    switch (suspect->evidence) {
    case EVIDENCE_SAME_COMMIT:
        bantam_buffer_append_format(text, "commit %.10s failed so (%s) and passed (%s)",
                                    suspect->red, red, green);
        break;
    case EVIDENCE_CAME_AND_WENT:
        bantam_buffer_append_format(text,
                                    "came back on %.10s (%s) after commit %.10s had passed (%s)",
                                    suspect->red, red, suspect->green, green);
        break;
    case EVIDENCE_BRANCHES:
        bantam_buffer_append_format(text, "seen on %lld branches, last %s",
                                    (long long)suspect->n_times, red);
        break;
    }
    if (*suspect->job) {
        bantam_buffer_append_format(text, ", job %s", suspect->job);
    }
}

static json_t *suspect_object(const struct history_suspect *suspect)
{
    static const char *const names[] = {
        [EVIDENCE_SAME_COMMIT] = "same_commit",
        [EVIDENCE_CAME_AND_WENT] = "came_and_went",
        [EVIDENCE_BRANCHES] = "branches",
    };
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "fingerprint", suspect->fingerprint,
        "evidence", names[suspect->evidence], "repository", string_or_null(suspect->repository),
        "job", string_or_null(suspect->job), "failed_commit", string_or_null(suspect->red),
        "passed_commit", string_or_null(suspect->green), "failed", day_or_null(suspect->red_time),
        "passed", day_or_null(suspect->green_time), "times", (json_int_t)suspect->n_times);
}

struct title {
    const char *fingerprint;
    bantam_buffer *text;
};

static void visit_title(void *context, const struct history_failure *failure)
{
    struct title *title = context;
    if (strcmp(title->fingerprint, failure->fingerprint) == 0) {
        bantam_buffer_append_string(title->text, failure->title);
        bantam_buffer_append_format(title->text, "%s%s", *failure->headline ? "\n          " : "",
                                    failure->headline);
    }
}

static void visit_suspect(void *context, const struct history_suspect *suspect)
{
    struct history_listing *listing = context;
    bantam_buffer *text = &listing->text;
    if (listing->json) {
        add_object(listing, suspect_object(suspect));
        return;
    }
    if (!listing->only && strcmp(listing->last, suspect->fingerprint) != 0) {
        const struct history_filter all = {.cause = NULL};
        struct title title = {suspect->fingerprint, text};
        bantam_buffer_append_format(text, "%s%.*s  ", listing->n ? "\n" : "", ID_SHOWN,
                                    suspect->fingerprint);
        snprintf(listing->last, sizeof listing->last, "%s", suspect->fingerprint);
        if (!history_failures(listing->store, &all, visit_title, &title, listing->problem)) {
            return;
        }
        bantam_buffer_append_string(text, "\n");
    }
    bantam_buffer_append_string(text, listing->only ? "  perhaps flaky: " : "          ");
    append_evidence(text, suspect);
    bantam_buffer_append_string(text, "\n");
    listing->n++;
}

bool history_list_failures(struct history_listing *listing)
{
    return history_failures(listing->store, listing->filter, visit_failure, listing,
                            listing->problem);
}

bool history_list_logs(struct history_listing *listing)
{
    return history_logs(listing->store, NULL, listing->filter, visit_log, listing,
                        listing->problem);
}

bool history_list_suspects(struct history_listing *listing)
{
    return history_suspects(listing->store, NULL, visit_suspect, listing, listing->problem);
}

static void keep_suspect(void *context, const struct history_suspect *suspect)
{
    json_t *suspects = context;
    json_array_append_new(suspects, suspect_object(suspect));
}

// With --format json the failure has its evidence and its logs as members.
static bool show_json(struct history_listing *listing, const char *fingerprint)
{
    const struct history_filter all = {.cause = NULL};
    json_t *suspects = json_array(), *logs = json_array();
    json_t *failure = NULL;
    struct history_listing of_logs = {.json = true, .array = logs};
    struct history_listing of_failure = {.json = true, .only = fingerprint, .array = json_array()};
    bool shown =
        history_failures(listing->store, &all, visit_failure, &of_failure, listing->problem) &&
        history_suspects(listing->store, fingerprint, keep_suspect, suspects, listing->problem) &&
        history_logs(listing->store, fingerprint, &all, visit_log, &of_logs, listing->problem);
    failure = json_incref(json_array_get(of_failure.array, 0));
    failure = failure ? failure : json_pack("{s:s}", "fingerprint", fingerprint);
    json_object_set_new(failure, "flaky", suspects);
    json_object_set_new(failure, "logs", logs);
    json_decref(of_failure.array);
    char *text = json_dumps(failure, listing->lines ? JSON_COMPACT : JSON_INDENT(2));
    bantam_buffer_append_format(&listing->text, "%s\n", text ? text : "");
    free(text);
    json_decref(failure);
    listing->n++;
    return shown;
}

bool history_show(struct history_listing *listing, const char *id)
{
    char fingerprint[BANTAM_FINGERPRINT_SIZE];
    const struct history_filter all = {.cause = NULL};
    if (!history_find(listing->store, fingerprint, id, listing->problem)) {
        return false;
    }
    if (listing->json) {
        return show_json(listing, fingerprint);
    }
    listing->only = fingerprint;
    bool shown =
        history_failures(listing->store, &all, visit_failure, listing, listing->problem) &&
        history_suspects(listing->store, fingerprint, visit_suspect, listing, listing->problem) &&
        history_logs(listing->store, fingerprint, &all, visit_log, listing, listing->problem);
    listing->only = NULL;
    return shown;
}
