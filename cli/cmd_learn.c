// bantam learn: corrections of answers, and what is learned from them.
//
// In: a log and what is right of it. Out: a lesson in the store, and the layer of all lessons, which later answers use.
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bantam/bantam.h>

#include "command.h"
#include "io.h"
#include "lessons.h"
#include "message.h"
#include "options.h"

static const char help[] =
    "usage: bantam learn [OPTION...] LOG\n"
    "       bantam learn [OPTION...] [list | forget N]\n"
    "       bantam learn --report\n"
    "\n"
    "Teaches what is right of a log: the lines that explain the failure, those that do\n"
    "not, and the cause, a shipped one or one of your own. Later answers lean on it where\n"
    "a log is alike; the shipped models stay as they are beneath. A lesson holds hashes of\n"
    "words and none of the log's text. What is learned is checked against the lessons, each\n"
    "answered by the others, and not used where that gets worse.\n"
    "\n"
    "  -l, --lines FIRST-LAST  the lines that explain it (default: those that are found)\n"
    "      --not FIRST-LAST    lines that do not\n"
    "  -c, --cause CAUSE       small letters, digits, _ and -, as in network or pool-quota\n"
    "      --fix TEXT          what to do about such a failure\n"
    "      --report            only tell how good what is learned is\n"
    "      --force             use it also where it gets worse\n"
    "      --store FILE        keep it there (default: BANTAM_STORE, or the data folder)\n"
    "  -h, --help              print this and leave\n"
    "\n"
    "examples:\n"
    "  bantam learn build.log --lines 1042-1057 --cause network\n"
    "  bantam learn build.log --cause pool-quota --fix \"Ask for a larger pool.\"\n"
    "  bantam learn build.log --not 12-14\n"
    "  bantam learn --report\n"
    "\n"
    "exit status: 0 done, 1 there is nothing, or what is learned got worse and is not used,\n"
    "2 wrong usage, 3 a log or the store could not be read or written.\n";

#define LAYER_MAXIMUM ((size_t)1 << 28)

struct settings {
    char *lines, *not_lines, *cause, *fix, *store;
    int report, force, help;
    bantam_correction correction;
};

// "1042-1057" or "1042".
static bool parse_span(bantam_span *span, const char *text, const char *option)
{
    char *end = NULL;
    bool digits = text[0] >= '0' && text[0] <= '9';
    unsigned long long first = digits ? strtoull(text, &end, 10) : 0, last = first;
    if (digits && *end == '-' && end[1] >= '0' && end[1] <= '9') {
        last = strtoull(end + 1, &end, 10);
    }
    *span = (bantam_span){first, last};
    bool right = digits && !*end && first > 0 && last >= first;
    if (!right) {
        message("%s: takes lines, as in 1042-1057 or 1042; see bantam learn --help", option);
    }
    return right;
}

static bool check(struct settings *settings)
{
    bantam_correction *correction = &settings->correction;
    if ((settings->lines && !parse_span(&correction->lines, settings->lines, "--lines")) ||
        (settings->not_lines &&
         !parse_span(&correction->not_lines, settings->not_lines, "--not"))) {
        return false;
    }
    correction->cause = settings->cause;
    correction->fix = settings->fix;
    for (char *at = settings->fix; at && *at; at++) {
        *at = *at == '\n' ? ' ' : *at;
    }
    return true;
}

static bool make_lesson(bantam_buffer *lesson, const struct settings *settings, const char *path)
{
    struct log_limits limits = log_limits_default();
    const char *const paths[] = {path};
    struct log_reader *reader = log_reader_new(paths, 1, &limits);
    struct log log;
    bantam_triage *triage = NULL;
    bantam_error error;
    bool made = reader && log_reader_next(reader, &log);
    if (!made) {
        message("%s: holds no log", path);
        log_reader_free(&reader);
        return false;
    }
    log_open(&log, &limits);
    if (log.problem.text[0] || log.member) {
        message("%s: %s", path,
                log.member ? "is an archive of logs; unpack the one to learn from"
                           : log.problem.text);
        made = false;
    } else if (bantam_triage_new(&triage, &error) ||
               bantam_lesson_make(lesson, triage, log.content.bytes, log.content.size,
                                  &settings->correction, &error)) {
        message("%s: %s", path, error.message);
        made = false;
    }
    bantam_triage_free(&triage);
    log_close(&log);
    log_reader_free(&reader);
    return made;
}

// For a person: "cause pool-quota, lines 3-4, fix".
static void describe(char what[160], const struct settings *settings)
{
    size_t size = 0;
    what[0] = '\0';
    const char *const told[][2] = {{"cause ", settings->cause},
                                   {"lines ", settings->lines},
                                   {"not lines ", settings->not_lines}};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        if (told[i][1] && size < 120) {
            size += (size_t)snprintf(what + size, 160 - size, "%s%s%.40s", size ? ", " : "",
                                     told[i][0], told[i][1]);
        }
    }
    snprintf(what + size, 160 - size, "%s", settings->fix ? ", with a fix" : "");
}

static void append_figures(bantam_buffer *text, size_t n_lessons,
                           const bantam_learned_figures *figures)
{
    bantam_buffer_append_format(text, "%zu %s", n_lessons, n_lessons == 1 ? "lesson" : "lessons");
    if (figures->n_causes > 0) {
        bantam_buffer_append_format(
            text,
            ", %zu with a cause: right in %zu by the shipped model, in %zu by what the other "
            "lessons teach (%zu mended, %zu worsened)",
            figures->n_causes, figures->n_before, figures->n_after, figures->n_mended,
            figures->n_worsened);
    }
    bantam_buffer_append_string(text, "\n");
}

// Learns from all lessons; *worse tells that the layer was left as it was.
static bool learn(bantam_buffer *text, bool *worse, struct store *store, bool force, bool save,
                  struct problem *problem)
{
    struct lessons lessons;
    bantam_learned_figures figures = {0};
    bantam_buffer layer;
    bantam_error error;
    bantam_buffer_init(&layer, LAYER_MAXIMUM);
    bool learned = lessons_read(&lessons, store, problem);
    bool any = learned && lessons.n_items > 0;
    *worse = false;
    if (any && (bantam_learn_check(&figures, lessons.items, lessons.n_items, &error) ||
                (save && bantam_learn(&layer, lessons.items, lessons.n_items, &error)))) {
        problem_set(problem, "%s", error.message);
        learned = false;
    }
    if (learned) {
        append_figures(text, lessons.n_items, &figures);
        *worse = any && figures.n_after < figures.n_before && !force;
    }
    if (learned && save && !*worse) {
        learned = lessons_save_layer(store, any ? &layer : NULL);
    }
    lessons_release(&lessons);
    bantam_buffer_release(&layer);
    return learned;
}

static void append_row(void *context, const struct lesson_row *row)
{
    bantam_buffer *text = context;
    char date[16] = "?";
    time_t seconds = (time_t)(row->time / 1000);
    struct tm parts;
    if (gmtime_r(&seconds, &parts)) {
        strftime(date, sizeof date, "%Y-%m-%d", &parts);
    }
    bantam_buffer_append_format(text, "%4lld  %s  %s: %s\n", (long long)row->id, date, row->path,
                                row->what);
}

enum way {
    WAY_TEACH,
    WAY_LIST,
    WAY_FORGET,
    WAY_REPORT,
};

static bool teach(bantam_buffer *text, struct store *store, const struct settings *settings,
                  const char *path, struct problem *problem)
{
    bantam_buffer lesson;
    bantam_buffer_init(&lesson, LAYER_MAXIMUM);
    char what[160];
    int64_t id;
    describe(what, settings);
    bool taught = make_lesson(&lesson, settings, path) &&
                  lessons_add(store, &id, &lesson, path, what, problem);
    if (taught) {
        bantam_buffer_append_format(text, "%s: lesson %lld, %s\n", path, (long long)id, what);
    }
    bantam_buffer_release(&lesson);
    return taught;
}

static int go(bantam_buffer *text, struct store *store, const struct settings *settings,
              enum way way, const char *argument)
{
    struct problem problem = {""};
    bool done = true, found = true, worse = false;
    if (way == WAY_TEACH) {
        done = teach(text, store, settings, argument, &problem);
    } else if (way == WAY_FORGET) {
        done = lessons_forget(store, strtoll(argument, NULL, 10), &found, &problem);
    } else if (way == WAY_LIST) {
        done = lessons_list(store, append_row, text, &problem);
        found = text->size > 0;
    }
    if (done && !found) {
        message(way == WAY_LIST
                    ? "nothing was taught yet; as in bantam learn build.log --cause network"
                    : "no such lesson; bantam learn list shows them");
    } else if (done && way != WAY_LIST) {
        done = learn(text, &worse, store, settings->force, way != WAY_REPORT, &problem);
    }
    if (worse && way != WAY_REPORT) {
        message("with this, more of your lessons are answered wrongly: it is kept, but what was "
                "learned before stays in use; --force uses it, bantam learn forget drops it");
    }
    if (problem.text[0]) {
        message("%s", problem.text);
    }
    return !done ? EXIT_INPUT : found && !worse ? EXIT_DIAGNOSED : EXIT_NONE_FOUND;
}

static int run(const struct settings *settings, enum way way, const char *argument)
{
    struct problem problem = {""};
    struct store store;
    char *path = store_path(settings->store, &problem);
    bantam_buffer text, visible;
    int code = EXIT_INPUT;
    bantam_buffer_init(&text, LAYER_MAXIMUM);
    bantam_buffer_init(&visible, 3 * LAYER_MAXIMUM);
    if (path && store_open(&store, path, &problem)) {
        code = go(&text, &store, settings, way, argument);
        store_close(&store);
    } else {
        message("%s", problem.text);
    }
    if (text.size > 0) {
        bantam_text_visible(&visible, text.data, text.size);
    }
    if (!write_output(visible.data, visible.size)) {
        code = EXIT_INPUT;
    }
    bantam_buffer_release(&text);
    bantam_buffer_release(&visible);
    free(path);
    return code;
}

static int dispatch(const struct settings *settings, const char *const *arguments)
{
    size_t n = arguments_count(arguments);
    bool told = settings->cause || settings->lines || settings->not_lines;
    if (settings->report && n == 0) {
        return run(settings, WAY_REPORT, NULL);
    }
    if (!told && (n == 0 || (n == 1 && strcmp(arguments[0], "list") == 0))) {
        return run(settings, WAY_LIST, NULL);
    }
    if (!told && n == 2 && strcmp(arguments[0], "forget") == 0) {
        return run(settings, WAY_FORGET, arguments[1]);
    }
    if (told && n == 1) {
        return run(settings, WAY_TEACH, arguments[0]);
    }
    message(n == 1 && !told
                ? "learn: say what is right: --cause, --lines or --not; see bantam learn "
                  "--help"
                : "learn takes one LOG with what is right of it, list, forget N or "
                  "--report; see bantam learn --help");
    return EXIT_USAGE;
}

static int check_and_run(void *context, const char *const *arguments)
{
    struct settings *settings = context;
    return check(settings) ? dispatch(settings, arguments) : EXIT_USAGE;
}

int command_learn(int argc, const char **argv)
{
    struct settings settings = {.report = 0};
    const struct poptOption options[] = {
        {"lines", 'l', POPT_ARG_STRING, &settings.lines, 0, NULL, NULL},
        {"not", '\0', POPT_ARG_STRING, &settings.not_lines, 0, NULL, NULL},
        {"cause", 'c', POPT_ARG_STRING, &settings.cause, 0, NULL, NULL},
        {"fix", '\0', POPT_ARG_STRING, &settings.fix, 0, NULL, NULL},
        {"report", '\0', POPT_ARG_NONE, &settings.report, 0, NULL, NULL},
        {"force", '\0', POPT_ARG_NONE, &settings.force, 0, NULL, NULL},
        {"store", '\0', POPT_ARG_STRING, &settings.store, 0, NULL, NULL},
        {"help", 'h', POPT_ARG_NONE, &settings.help, 0, NULL, NULL},
        {NULL, '\0', 0, NULL, 0, NULL, NULL}};
    const struct option_reader reader = {.command = "learn",
                                         .table = options,
                                         .help = (const char *const[]){help, NULL},
                                         .wants_help = &settings.help,
                                         .run = check_and_run};
    return options_run(&reader, &settings, argc, argv);
}
