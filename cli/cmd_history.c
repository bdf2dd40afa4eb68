// bantam history: which failures were seen, how often, where, and what resolved them.
//
// In: the store. Out: failures, logs and suspects as text or JSON.
#include <limits.h>
#include <popt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bantam/bantam.h>

#include "command.h"
#include "history_listing.h"
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
    MOST_SHOWN = 20,
};

struct settings {
    char *format, *cause, *repository, *job, *branch, *commit, *since, *store;
    long most;
    int help;
    struct history_filter filter;
    bool json, lines; // an array, or an object a line
};

static bool resolve(struct history_listing *listing, const char *id, const char *what)
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

static bool forget(struct history_listing *listing, const char *id)
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

static bool go(struct history_listing *listing, enum way way, const char *const *arguments)
{
    switch (way) {
    case WAY_SHOW:
        return history_show(listing, arguments[1]);
    case WAY_FLAKY:
        return history_list_suspects(listing);
    case WAY_LOGS:
        return history_list_logs(listing);
    case WAY_RESOLVE:
        return resolve(listing, arguments[1], arguments[2]);
    case WAY_FORGET:
        return forget(listing, arguments[1]);
    default:
        return history_list_failures(listing);
    }
}

static bool print(struct history_listing *listing, enum way way)
{
    bool list = way == WAY_LIST || way == WAY_FLAKY || way == WAY_LOGS;
    if (list && listing->json && !listing->lines) {
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
    struct history_listing listing = {.store = &store,
                                      .filter = &settings->filter,
                                      .problem = &problem,
                                      .json = settings->json,
                                      .lines = settings->lines};
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
    if (settings->most != LONG_MIN &&
        !option_in_range("history", "--most", settings->most, 1, 1000000)) {
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
