// bantam history: which failures were seen, how often, where, and what resolved them.
//
// In: the store. Out: failures, logs and suspects as text or JSON.
#include <limits.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bantam/bantam.h>
#include <jansson.h>

#include "command.h"
#include "history.h"
#include "message.h"
#include "options.h"

static const char help[] =
    "usage: bantam history [OPTION...] [list | flaky | logs]\n"
    "       bantam history [OPTION...] show ID\n"
    "       bantam history [OPTION...] resolve ID TEXT\n"
    "       bantam history [OPTION...] forget ID\n"
    "\n"
    "Tells of failures that bantam triage --record and bantam run --record remember: the\n"
    "same one has the same ID in every log, whatever its numbers, folders and order. It\n"
    "lists the failures, the latest first; those that may be flaky, and why; or the logs.\n"
    "With show, one failure and its logs; resolve keeps what resolved it, and forget\n"
    "forgets it. An ID may be cut to what is still its own.\n"
    "\n"
    "  -f, --format FORMAT    text (default), json, or ndjson: one object a line\n"
    "  -n, --most N           at most N of them (1 to 1000000; default 20, in JSON all)\n"
    "      --cause CAUSE      of that cause\n"
    "      --repository NAME  of that repository\n"
    "      --job NAME         of that job\n"
    "      --branch NAME      of that branch\n"
    "      --commit ID        of the commit that begins so\n"
    "      --since TIME       since a day (2026-11-26) or so many days (7d)\n"
    "      --store FILE       the store (default: BANTAM_STORE, or history.sqlite in the\n"
    "                         data folder)\n"
    "  -h, --help             print this and leave\n"
    "\n"
    "examples:\n"
    "  bantam triage --record logs/*.log\n"
    "  bantam history --since 7d\n"
    "  bantam history resolve 4f1c \"pinned numpy below 2\"\n"
    "\n"
    "exit status: 0 there are some, 1 there are none, 2 wrong usage, 3 the store could\n"
    "not be read or written.\n";

#define TEXT_MAXIMUM ((size_t)1 << 30)

enum {
    ID_SHOWN = 8, // digits
    MOST_SHOWN = 20,
};

struct settings {
    char *format, *cause, *repository, *job, *branch, *commit, *since, *store;
    long most;
    int help;
    struct history_filter filter;
    bool json, lines; // an array, or an object a line
};

// What visitors write into.
struct listing {
    const struct settings *settings;
    struct store *store;
    struct problem *problem;
    bantam_buffer text;
    json_t *array;    // with --format json
    const char *only; // the failure that is shown; NULL: all
    size_t n;
    char last[BANTAM_FINGERPRINT_SIZE]; // failure that the last suspect was of
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
static void add_object(struct listing *listing, json_t *object)
{
    if (listing->settings->lines) {
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

static void write_failure(struct listing *listing, const struct history_failure *failure)
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
    struct listing *listing = context;
    if (listing->only && strcmp(listing->only, failure->fingerprint) != 0) {
        return;
    }
    if (listing->settings->json) {
        add_object(listing, failure_object(failure));
    } else {
        write_failure(listing, failure);
    }
}

static void visit_log(void *context, const struct history_log *log)
{
    struct listing *listing = context;
    bantam_buffer *text = &listing->text;
    char date[16];
    if (listing->settings->json) {
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
    struct listing *listing = context;
    bantam_buffer *text = &listing->text;
    if (listing->settings->json) {
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

static bool list_failures(struct listing *listing)
{
    return history_failures(listing->store, &listing->settings->filter, visit_failure, listing,
                            listing->problem);
}

static bool list_logs(struct listing *listing)
{
    return history_logs(listing->store, NULL, &listing->settings->filter, visit_log, listing,
                        listing->problem);
}

static bool list_suspects(struct listing *listing)
{
    return history_suspects(listing->store, NULL, visit_suspect, listing, listing->problem);
}

static void keep_suspect(void *context, const struct history_suspect *suspect)
{
    json_t *suspects = context;
    json_array_append_new(suspects, suspect_object(suspect));
}

// With --format json the failure has its evidence and its logs as members.
static bool show_json(struct listing *listing, const char *fingerprint)
{
    const struct history_filter all = {.cause = NULL};
    json_t *suspects = json_array(), *logs = json_array();
    json_t *failure = NULL;
    struct settings inner = *listing->settings;
    struct listing of_logs = {.settings = &inner, .array = logs};
    inner.lines = false;
    struct listing of_failure = {.settings = &inner, .only = fingerprint, .array = json_array()};
    bool shown =
        history_failures(listing->store, &all, visit_failure, &of_failure, listing->problem) &&
        history_suspects(listing->store, fingerprint, keep_suspect, suspects, listing->problem) &&
        history_logs(listing->store, fingerprint, &all, visit_log, &of_logs, listing->problem);
    failure = json_incref(json_array_get(of_failure.array, 0));
    failure = failure ? failure : json_pack("{s:s}", "fingerprint", fingerprint);
    json_object_set_new(failure, "flaky", suspects);
    json_object_set_new(failure, "logs", logs);
    json_decref(of_failure.array);
    char *text = json_dumps(failure, listing->settings->lines ? JSON_COMPACT : JSON_INDENT(2));
    bantam_buffer_append_format(&listing->text, "%s\n", text ? text : "");
    free(text);
    json_decref(failure);
    listing->n++;
    return shown;
}

static bool show(struct listing *listing, const char *id)
{
    char fingerprint[BANTAM_FINGERPRINT_SIZE];
    const struct history_filter all = {.cause = NULL};
    if (!history_find(listing->store, fingerprint, id, listing->problem)) {
        return false;
    }
    if (listing->settings->json) {
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

static bool resolve(struct listing *listing, const char *id, const char *what)
{
    char fingerprint[BANTAM_FINGERPRINT_SIZE];
    bantam_buffer hidden, kept;
    bantam_buffer_init(&hidden, 1 << 16);
    bantam_buffer_init(&kept, 1 << 18);
    bantam_text_redact(&hidden, what, strlen(what), BANTAM_REDACT_SECRETS);
    bantam_text_visible(&kept, hidden.data, hidden.size);
    bantam_buffer_append(&kept, "", 1);
    for (char *at = kept.failed ? NULL : kept.data; at && *at; at++) {
        *at = *at == '\n' ? ' ' : *at;
    }
    bool resolved = !hidden.failed && !kept.failed &&
                    history_find(listing->store, fingerprint, id, listing->problem) &&
                    history_resolve(listing->store, fingerprint, kept.data,
                                    (int64_t)time(NULL) * 1000, listing->problem);
    bantam_buffer_release(&hidden);
    bantam_buffer_release(&kept);
    listing->n++;
    return resolved;
}

static bool forget(struct listing *listing, const char *id)
{
    char fingerprint[BANTAM_FINGERPRINT_SIZE];
    listing->n++;
    return history_find(listing->store, fingerprint, id, listing->problem) &&
           history_forget(listing->store, fingerprint, listing->problem);
}

// Which of the ways the arguments ask for; -1 where none.
enum way {
    WAY_LIST,
    WAY_SHOW,
    WAY_FLAKY,
    WAY_LOGS,
    WAY_RESOLVE,
    WAY_FORGET,
    WAYS,
};

static enum way way_of(const char *const *arguments)
{
    static const struct {
        const char *name;
        size_t n_arguments;
    } ways[WAYS] = {
        [WAY_LIST] = {"list", 1}, [WAY_SHOW] = {"show", 2},       [WAY_FLAKY] = {"flaky", 1},
        [WAY_LOGS] = {"logs", 1}, [WAY_RESOLVE] = {"resolve", 3}, [WAY_FORGET] = {"forget", 2},
    };
    size_t n = arguments_count(arguments);
    if (n == 0) {
        return WAY_LIST;
    }
    for (int i = 0; i < WAYS; i++) {
        if (strcmp(arguments[0], ways[i].name) == 0 && n == ways[i].n_arguments) {
            return (enum way)i;
        }
    }
    return WAYS;
}

static bool go(struct listing *listing, enum way way, const char *const *arguments)
{
    switch (way) {
    case WAY_SHOW:
        return show(listing, arguments[1]);
    case WAY_FLAKY:
        return list_suspects(listing);
    case WAY_LOGS:
        return list_logs(listing);
    case WAY_RESOLVE:
        return resolve(listing, arguments[1], arguments[2]);
    case WAY_FORGET:
        return forget(listing, arguments[1]);
    default:
        return list_failures(listing);
    }
}

static bool print(struct listing *listing, enum way way)
{
    bool list = way == WAY_LIST || way == WAY_FLAKY || way == WAY_LOGS;
    if (list && listing->settings->json && !listing->settings->lines) {
        char *text = json_dumps(listing->array, JSON_INDENT(2));
        bantam_buffer_append_format(&listing->text, "%s\n", text ? text : "[]");
        free(text);
    } else if (list && listing->n == 0) {
        message(way == WAY_FLAKY ? "no failure looks flaky by what is recorded"
                                 : "nothing of that kind is recorded");
    }
    // Paths are hostile, and so may be the store of someone else.
    bantam_buffer visible;
    bantam_buffer_init(&visible, 3 * TEXT_MAXIMUM);
    bantam_text_visible(&visible, listing->text.data, listing->text.size);
    bool whole = !listing->text.failed && !visible.failed;
    if (!whole) {
        message("not enough memory; ask for less with --most");
    }
    bool written = whole && write_output(visible.data, visible.size);
    bantam_buffer_release(&visible);
    return written;
}

static int run(const struct settings *settings, enum way way, const char *const *arguments)
{
    struct problem problem = {""};
    struct store store;
    char *path = store_path(settings->store, &problem);
    if (path && access(path, F_OK) != 0) {
        message("%s: nothing is recorded yet; as in bantam triage --record build.log", path);
        free(path);
        return EXIT_NONE_FOUND;
    }
    bool opened = path && store_open(&store, path, &problem), done = false;
    struct listing listing = {.settings = settings, .store = &store, .problem = &problem};
    bantam_buffer_init(&listing.text, TEXT_MAXIMUM);
    listing.array = json_array();
    if (opened) {
        done = go(&listing, way, arguments);
        store_close(&store);
    }
    if (!done) {
        message("%s", problem.text);
    }
    done = done && print(&listing, way);
    json_decref(listing.array);
    bantam_buffer_release(&listing.text);
    free(path);
    return !done ? EXIT_INPUT : listing.n > 0 ? EXIT_DIAGNOSED : EXIT_NONE_FOUND;
}

// "7d": so many days ago; "2026-11-26": that day's beginning in UTC.
static bool parse_since(int64_t *since, const char *text)
{
    char *end;
    long days = strtol(text, &end, 10);
    if (end > text && strcmp(end, "d") == 0 && days >= 0 && days < 36500) {
        *since = ((int64_t)time(NULL) - days * 86400) * 1000;
        return true;
    }
    struct tm parts = {.tm_mday = 0};
    end = strptime(text, "%Y-%m-%d", &parts);
    *since = end && !*end ? (int64_t)timegm(&parts) * 1000 : 0;
    return end && !*end;
}

static bool check(struct settings *settings)
{
    const char *format = settings->format ? settings->format : "text";
    settings->lines = strcmp(format, "ndjson") == 0;
    settings->json = settings->lines || strcmp(format, "json") == 0;
    if (!settings->json && strcmp(format, "text") != 0) {
        message("--format: is text, json or ndjson; see bantam history --help");
        return false;
    }
    if (settings->most != LONG_MIN && (settings->most < 1 || settings->most > 1000000)) {
        message("--most: takes a number from 1 to 1000000; see bantam history --help");
        return false;
    }
    if (settings->since && !parse_since(&settings->filter.since, settings->since)) {
        message("--since: is a day, as in 2026-11-26, or so many days, as in 7d; see bantam "
                "history --help");
        return false;
    }
    settings->filter.cause = settings->cause;
    settings->filter.repository = settings->repository;
    settings->filter.job = settings->job;
    settings->filter.branch = settings->branch;
    settings->filter.commit = settings->commit;
    settings->filter.most = settings->most > 0 ? settings->most : settings->json ? 0 : MOST_SHOWN;
    return true;
}

static int check_and_run(void *context, const char *const *arguments)
{
    struct settings *settings = context;
    enum way way = way_of(arguments);
    if (way == WAYS) {
        message("history takes nothing, show ID, flaky, logs, resolve ID TEXT or forget ID; see "
                "bantam history --help");
        return EXIT_USAGE;
    }
    return check(settings) ? run(settings, way, arguments) : EXIT_USAGE;
}

int command_history(int argc, const char **argv)
{
    struct settings settings = {.most = LONG_MIN};
    const struct poptOption options[] = {
        {"format", 'f', POPT_ARG_STRING, &settings.format, 0, NULL, NULL},
        {"most", 'n', POPT_ARG_LONG, &settings.most, 0, NULL, NULL},
        {"cause", '\0', POPT_ARG_STRING, &settings.cause, 0, NULL, NULL},
        {"repository", '\0', POPT_ARG_STRING, &settings.repository, 0, NULL, NULL},
        {"job", '\0', POPT_ARG_STRING, &settings.job, 0, NULL, NULL},
        {"branch", '\0', POPT_ARG_STRING, &settings.branch, 0, NULL, NULL},
        {"commit", '\0', POPT_ARG_STRING, &settings.commit, 0, NULL, NULL},
        {"since", '\0', POPT_ARG_STRING, &settings.since, 0, NULL, NULL},
        {"store", '\0', POPT_ARG_STRING, &settings.store, 0, NULL, NULL},
        {"help", 'h', POPT_ARG_NONE, &settings.help, 0, NULL, NULL},
        {NULL, '\0', 0, NULL, 0, NULL, NULL}};
    const struct option_reader reader = {.command = "history",
                                         .table = options,
                                         .help = (const char *const[]){help, NULL},
                                         .wants_help = &settings.help,
                                         .run = check_and_run};
    return options_run(&reader, &settings, argc, argv);
}
