// bantam run: runs a command as if it stood alone, and says why when it fails.
//
// In: a command. Out: its own output, untouched, and after a failure the triage of it; with --budget so many lines at most and where
// the rest is kept. The exit status is the command's.
#include <fcntl.h>
#include <limits.h>
#include <popt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <bantam/bantam.h>

#include "child.h"
#include "command.h"
#include "lessons.h"
#include "line_range.h"
#include "message.h"
#include "options.h"
#include "recorder.h"
#include "rules_file.h"
#include "run_store.h"
#include "terminal.h"
#include "write_file.h"

static const char help[] =
    "usage: bantam run [OPTION...] [--] COMMAND [ARGUMENT...]\n"
    "\n"
    "Runs the command, passes its output on untouched, and when it fails says why: the\n"
    "lines that explain it, the cause, what to do first (on standard error). On a\n"
    "terminal the command has a terminal too; keys and signals reach it.\n"
    "\n"
    "  -b, --budget N       print no output but at most N lines (8 to 10000) that tell\n"
    "                       most, the answer included; what is left out is kept, and a\n"
    "                       line tells how to see it (bantam show)\n"
    "  -l, --log FILE       keep the whole output in FILE\n"
    "  -q, --quiet          print only the answer, and nothing when the command succeeds\n"
    "      --record         remember the run, and tell whether its failure was seen before\n"
    "                       (bantam history); always where BANTAM_STORE names a file\n"
    "      --store FILE     remember it there\n"
    "      --no-record      do not, whatever BANTAM_STORE says\n"
    "      --repository NAME\n"
    "                       what is run, where no CI system tells\n"
    "      --job NAME       likewise\n"
    "      --commit ID      likewise\n"
    "      --branch NAME    likewise\n"
    "      --redact WHAT    in the answer show as ***: secrets (default), emails: these\n"
    "                       too, or none\n"
    "      --color WHEN     auto (default), always or never\n"
    "  -h, --help           print this and leave\n"
    "\n"
    "examples:\n"
    "  bantam run -- make test\n"
    "  bantam run --log build.log -- npm run build\n"
    "  bantam run --budget 40 -- cargo test\n"
    "\n"
    "exit status: the command's, and a signal that ends it ends bantam too; 126 the\n"
    "command could not be run, 127 there is none of that name, 2 wrong usage, 3 the log\n"
    "could not be written.\n";

#define NOT_GIVEN LONG_MIN

enum {
    BUDGET_LEAST = 8,
    BUDGET_MOST = 10000,
    LAST_LINES = 10, // of a command that succeeded
    ANSWER_ROWS = 23,
};

#define TEXT_MAXIMUM ((size_t)1 << 30)

struct settings {
    long budget; // or NOT_GIVEN
    char *log;
    struct answer_options answer;
    int quiet, help;
    bantam_redaction redaction;
    bool colored;
    char *command; // in one line, for a person
    struct record_options record;
    struct recorder *recorder;
};

// The arguments with blanks between; those that a shell would take apart stand in quotes.
static char *join(char *const *arguments)
{
    bantam_buffer text;
    bantam_buffer_init(&text, TEXT_MAXIMUM);
    for (size_t i = 0; arguments[i]; i++) {
        bool plain = arguments[i][0] && !strpbrk(arguments[i], " \t\n\"'$&|;<>()*?\\`");
        bantam_buffer_append_format(&text, plain ? "%s%s" : "%s'%s'", i ? " " : "", arguments[i]);
    }
    bantam_buffer hidden;
    bantam_buffer_init(&hidden, TEXT_MAXIMUM);
    bantam_text_redact(&hidden, text.data, text.size, BANTAM_REDACT_SECRETS);
    bantam_buffer_append(&hidden, "", 1);
    char *joined = text.failed || hidden.failed ? NULL : strdup(hidden.data);
    bantam_buffer_release(&text);
    bantam_buffer_release(&hidden);
    return joined;
}

// Lines of the output, from 1; 0 for none.
struct lines {
    uint64_t first, last;
};

// Remembers how the run ended. What it says of the past is borrowed from the recorder; a run is no worse for what cannot be kept.
static const bantam_past *record(const struct settings *settings, const bantam_diagnosis *diagnosis,
                                 const struct mapping *output)
{
    const bantam_past *past = NULL;
    const struct recorded_log recorded = {.diagnosis = diagnosis,
                                          .path = settings->command,
                                          .bytes = output->bytes,
                                          .size = output->size,
                                          .here = true};
    if (recorder_open(settings->recorder, &settings->record) &&
        !recorder_add(settings->recorder, &past, &recorded)) {
        past = NULL;
    }
    return past;
}

// The answer as text, and the lines of its first finding; false where there is none to be had.
static bool diagnose(bantam_buffer *answer, struct lines *told, const struct settings *settings,
                     const struct mapping *output, size_t rows)
{
    bantam_triage *triage = NULL;
    bantam_diagnosis *diagnosis = NULL;
    bantam_error error;
    bantam_triage_options options = bantam_triage_options_default();
    options.known_failed = true;
    options.redaction = settings->redaction;
    bool diagnosed = bantam_triage_new(&triage, &error) == BANTAM_OK;
    if (diagnosed) {
        lessons_use(triage, settings->record.store);
        rules_use(triage, NULL); // a run is explained all the same
    }
    diagnosed = diagnosed && bantam_triage_run(&diagnosis, triage, output->bytes, output->size,
                                               &options, &error) == BANTAM_OK;
    if (diagnosed) {
        bantam_report_options report = bantam_report_options_default();
        report.path = settings->log ? settings->log : settings->command;
        report.color = settings->colored;
        report.ascii = !terminal_utf8();
        report.width = terminal_width();
        report.rows = rows;
        report.past = record(settings, diagnosis, output);
        bantam_report_text(answer, diagnosis, &report);
        if (diagnosis->n_findings > 0) {
            *told = (struct lines){diagnosis->findings->first_line, diagnosis->findings->last_line};
        }
    } else {
        message("%s", error.message);
    }
    bantam_diagnosis_free(&diagnosis);
    bantam_triage_free(&triage);
    return diagnosed && !answer->failed;
}

static bool print(int to, const bantam_buffer *text)
{
    if (to == STDOUT_FILENO) {
        return write_output(text->data, text->size);
    }
    return fwrite(text->data, 1, text->size, stderr) == text->size;
}

// Where the last `n` lines begin.
static const char *last_lines(const char *text, size_t size, size_t n)
{
    const char *at = text + size;
    at -= size > 0 && at[-1] == '\n';
    while (at > text) {
        at--;
        if (*at == '\n' && --n == 0) {
            return at + 1;
        }
    }
    return text;
}

// At most `n` lines of `text`; what is cut is counted.
static size_t keep_lines(bantam_buffer *text, size_t n)
{
    size_t kept = 0, at = 0;
    while (at < text->size && kept < n) {
        const char *end = memchr(text->data + at, '\n', text->size - at);
        at = end ? (size_t)(end - text->data) + 1 : text->size;
        kept++;
    }
    size_t cut = (size_t)line_count(text->data + at, text->size - at);
    text->size = at;
    return cut;
}

static void describe_end(bantam_buffer *text, const struct child_result *result, uint64_t n_lines)
{
    if (result->signal) {
        bantam_buffer_append_format(text, "ended by signal %d (%s)", result->signal,
                                    strsignal(result->signal));
    } else {
        bantam_buffer_append_format(text, "exit status %d", result->exit_code);
    }
    bantam_buffer_append_format(text, " after %.1f s, %llu %s\n", result->seconds,
                                (unsigned long long)n_lines, n_lines == 1 ? "line" : "lines");
}

// The last lines, for a command that succeeded or whose failure nothing explains.
static void append_end(bantam_buffer *text, const struct settings *settings,
                       const struct mapping *output, size_t n)
{
    const char *from = last_lines(output->bytes, output->size, n);
    bantam_buffer shown;
    bantam_buffer_init(&shown, TEXT_MAXIMUM);
    bantam_text_redact(&shown, from, output->size - (size_t)(from - output->bytes),
                       settings->redaction);
    bantam_text_visible(text, shown.data, shown.size);
    if (text->size > 0 && text->data[text->size - 1] != '\n') {
        bantam_buffer_append(text, "\n", 1);
    }
    bantam_buffer_release(&shown);
}

// The last line of the budget: where the rest is.
static void append_rest(bantam_buffer *text, struct stored_run *run, const struct mapping *output,
                        struct lines told, size_t n_cut)
{
    struct problem problem;
    if (!run_store_add(run, output->bytes, output->size, &problem)) {
        message("%s", problem.text);
        return;
    }
    if (n_cut > 0) {
        bantam_buffer_append_format(text, "%zu lines of the answer are cut; ", n_cut);
    }
    uint64_t first = told.first > 5 ? told.first - 5 : 1, last = told.last + 5;
    first = told.first > 0 ? first : run->n_lines > 50 ? run->n_lines - 49 : 1;
    last = told.first > 0 && last < run->n_lines ? last : run->n_lines;
    bantam_buffer_append_format(text, "more: bantam show %s %llu-%llu\n", run->id,
                                (unsigned long long)first, (unsigned long long)last);
}

// Within the budget: how it ended, the answer or the last lines, and where the rest is.
static void print_budget(const struct settings *settings, const struct child_result *result,
                         const struct mapping *output)
{
    size_t room = (size_t)settings->budget - 2, n_cut = 0;
    struct stored_run run = {.command = settings->command,
                             .exit_code = result->exit_code,
                             .seconds = result->seconds,
                             .n_lines = line_count(output->bytes, output->size)};
    struct lines told = {0, 0};
    bantam_buffer text, answer;
    bantam_buffer_init(&text, TEXT_MAXIMUM);
    bantam_buffer_init(&answer, TEXT_MAXIMUM);
    describe_end(&text, result, run.n_lines);
    size_t n_last = result->exit_code == 0 && room > LAST_LINES ? LAST_LINES : room;
    bool explained = result->exit_code != 0 && output->size > 0 &&
                     diagnose(&answer, &told, settings, output, room);
    if (explained) {
        n_cut = keep_lines(&answer, room);
    } else if (output->size > 0) {
        append_end(&answer, settings, output, n_last);
    }
    bantam_buffer_append(&text, answer.data, answer.size);
    if (explained || run.n_lines > n_last) {
        append_rest(&text, &run, output, told, n_cut);
    }
    print(STDOUT_FILENO, &text);
    bantam_buffer_release(&text);
    bantam_buffer_release(&answer);
}

static void print_answer(const struct settings *settings, const struct mapping *output)
{
    bantam_buffer text;
    bantam_buffer_init(&text, TEXT_MAXIMUM);
    if (!settings->quiet) {
        bantam_buffer_append(&text, "\n", 1);
    }
    struct lines told;
    if (diagnose(&text, &told, settings, output, ANSWER_ROWS)) {
        print(settings->quiet ? STDOUT_FILENO : STDERR_FILENO, &text);
    }
    bantam_buffer_release(&text);
}

// Someone asked it to end: there is nothing to explain.
static bool was_ended(const struct child_result *result)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (result->signal == numbers[i]) {
            return true;
        }
    }
    return false;
}

// As the command ended, so do we: who waits for us sees the same.
static int end_alike(const struct child_result *result)
{
    if (result->signal) {
        const struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none); // the core to look at is the command's
        signal(result->signal, SIG_DFL);
        raise(result->signal);
    }
    return result->exit_code;
}

// The log grows under a name of its own and takes the wanted one at the end.
static bool close_log(const char *path, const struct write_target *target, int log, bool failed)
{
    if (failed) {
        close(log);
    }
    if (failed || !write_end(target, log)) {
        message("%s: not all of the output could be written; what there is stands in %s", path,
                target->temporary);
        return false;
    }
    return true;
}

static int run(struct settings *settings, char *const *arguments)
{
    struct write_target target = {NULL, NULL};
    int log = settings->log ? write_begin(&target, settings->log) : -1;
    if (settings->log && log < 0) {
        message("%s: cannot be written; check the folder and its permissions", settings->log);
        write_release(&target);
        return EXIT_INPUT;
    }
    bool budget = settings->budget != NOT_GIVEN, silent = budget || settings->quiet;
    struct child_options options = {.arguments = arguments,
                                    .pass_on = !silent,
                                    .progress = silent && isatty(STDERR_FILENO),
                                    .log = log};
    struct child_result result;
    struct mapping output;
    struct problem problem = {""};
    bool started = child_run(&result, &output, &options, &problem);
    struct recorder recorder = {.open = false};
    settings->recorder = &recorder;
    if (started && result.exit_code == 0) {
        const bantam_diagnosis passed = {.status = BANTAM_NO_FAILURE_FOUND};
        record(settings, &passed, &output);
    }
    bool logged = log < 0 || close_log(settings->log, &target, log, result.log_failed);
    write_release(&target);
    if (!started) {
        message("%s", problem.text);
    } else if (budget) {
        print_budget(settings, &result, &output);
    } else if (result.exit_code != 0 && !was_ended(&result) && output.size > 0) {
        print_answer(settings, &output);
    } else if (result.exit_code != 0 && !was_ended(&result)) {
        message("%s: exit status %d, and nothing was printed", settings->command, result.exit_code);
    }
    if (started && !result.kept_all) {
        message("the output is too large to be looked at whole; the answer tells of its beginning");
    }
    recorder_close(&recorder);
    mapping_release(&output);
    int code = started ? end_alike(&result) : result.exit_code;
    return code == 0 && !logged ? EXIT_INPUT : code;
}

static bool check(struct settings *settings)
{
    if (settings->budget != NOT_GIVEN &&
        !option_in_range("run", "--budget", settings->budget, BUDGET_LEAST, BUDGET_MOST)) {
        return false;
    }
    if (!answer_options_check(&settings->redaction, &settings->colored, &settings->answer, "run")) {
        return false;
    }
    bool always = settings->answer.color && strcmp(settings->answer.color, "always") == 0;
    bool to_terminal = settings->quiet || settings->budget != NOT_GIVEN || isatty(STDERR_FILENO);
    settings->colored &= to_terminal || always;
    return true;
}

static int check_and_run(void *context, const char *const *command)
{
    struct settings *settings = context;
    if (!check(settings)) {
        return EXIT_USAGE;
    }
    if (!command) {
        message("no command given; as in bantam run -- make test");
        return EXIT_USAGE;
    }
    settings->command = join((char *const *)(uintptr_t)command);
    if (!settings->command) {
        message("not enough memory");
        return EXIT_INPUT;
    }
    return run(settings, (char *const *)(uintptr_t)command);
}

int command_run(int argc, const char **argv)
{
    struct settings settings = {.budget = NOT_GIVEN};
    const struct poptOption options[] = {
        {"budget", 'b', POPT_ARG_LONG, &settings.budget, 0, NULL, NULL},
        {"log", 'l', POPT_ARG_STRING, &settings.log, 0, NULL, NULL},
        {"quiet", 'q', POPT_ARG_NONE, &settings.quiet, 0, NULL, NULL},
        RECORD_OPTIONS(&settings.record),
        ANSWER_OPTIONS(&settings.answer),
        {"help", 'h', POPT_ARG_NONE, &settings.help, 0, NULL, NULL},
        {NULL, '\0', 0, NULL, 0, NULL, NULL}};
    // What comes behind the command's name is the command's.
    const struct option_reader reader = {.command = "run",
                                         .table = options,
                                         .help = (const char *const[]){help, NULL},
                                         .wants_help = &settings.help,
                                         .flags = POPT_CONTEXT_POSIXMEHARDER,
                                         .run = check_and_run};
    int code = options_run(&reader, &settings, argc, argv);
    free(settings.command);
    return code;
}
