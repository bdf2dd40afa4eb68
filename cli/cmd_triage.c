// bantam triage: why did these CI jobs fail?
//
// In: the command line. Out: settings for a batch. Must not read logs itself.
#include <limits.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "baselines.h"
#include "batch.h"
#include "command.h"
#include "follow.h"
#include "heap.h"
#include "lessons.h"
#include "message.h"
#include "models.h"
#include "options.h"
#include "reports.h"
#include "rules_file.h"
#include "terminal.h"

static const char help[] =
    "usage: bantam triage [OPTION...] [LOG...]\n"
    "\n"
    "Says why a CI job failed: which lines of its log explain it, what kind of cause\n"
    "it is, which tool said so, what to do first, and how sure that is.\n"
    "\n"
    "A LOG is a file, plain or packed (gz, zst, xz, bz2), an archive (zip, tar) whose\n"
    "members are logs, a folder of such, or - for standard input, which is also read\n"
    "without any LOG. Of a GitHub run's archive only the jobs that failed are told.\n"
    "\n"
    "  -f, --format FORMAT    text (default); json, or ndjson: one object a line;\n"
    "                         github: annotations of a run; markdown: a job summary;\n"
    "                         gitlab: code quality; sarif; junit; html: a page for a\n"
    "                         browser, with the log folded around the findings\n"
    "  -n, --lines N          list the N lines to read first (0 to 1000; default 10,\n"
    "                         in text 0)\n"
    "  -m, --max-findings N   at most N findings a log (1 to 100; default 3)\n"
    "      --abstain-below P  name no cause below this probability (0 to 1; default: 0.5,\n"
    "                         more likely right than wrong)\n"
    "  -C, --context N        show N lines before and after a finding (0 to 100)\n"
    "  -a, --all              show every finding in full, and up to 100 of them\n"
    "      --follow           read one log while it is written, and answer anew when the\n"
    "                         first finding changes; formats other than text and ndjson\n"
    "                         are written when it ends\n"
    "  -g, --group            one entry for each distinct failure of many logs, with how\n"
    "                         many have it; as text, json, ndjson or markdown\n"
    "  -b, --baseline GREEN   raise what is new against a green log, an archive or folder\n"
    "                         of them, or a name that bantam baseline keeps; may be\n"
    "                         given again\n"
    "      --reports FILE     join the failed tests of JUnit XML or TRX to what the log says;\n"
    "                         a folder or an archive: of all reports in it; may be given\n"
    "                         again. Those named among the logs, or that lie with the logs\n"
    "                         of a folder or a zip, are found without\n"
    "      --model FILE       use this model instead of the shipped one of its kind; a\n"
    "                         folder: every *.safetensors in it; may be given again\n"
    "      --rules FILE       use these rules of your own (default: bantam/rules.toml in the\n"
    "                         configuration folder); may be given again\n"
    "      --no-learned       do not use what bantam learn was taught\n"
    "      --redact WHAT      show as ***: secrets (default), emails: these too, or none\n"
    "      --record           remember the failure, and tell whether it was seen before\n"
    "                         (bantam history); always where BANTAM_STORE names a file\n"
    "      --store FILE       remember it there\n"
    "      --no-record        do not, whatever BANTAM_STORE says\n"
    "      --repository NAME  what the log is of, where it does not tell itself\n"
    "      --job NAME         likewise\n"
    "      --commit ID        likewise\n"
    "      --branch NAME      likewise\n"
    "  -j, --threads N        read N logs at a time (default: one a processor)\n"
    "      --color WHEN       auto (default), always or never\n"
    "  -q, --quiet            one line a log, no progress\n"
    "  -h, --help             print this and leave\n"
    "\n"
    "examples:\n"
    "  bantam triage build.log\n"
    "  make 2>&1 | bantam triage\n"
    "  bantam triage --quiet logs/*.log.gz\n"
    "  bantam triage --group logs.zip\n"
    "  bantam triage --format ndjson logs.zip | jq -r '.findings[0].cause'\n"
    "\n"
    "exit status: 0 a failure was diagnosed, 1 none was found, 2 wrong usage,\n"
    "3 an input, a model or the output could not be read or written; with several\n"
    "logs the highest.\n";

#define NOT_GIVEN LONG_MIN

struct settings {
    char *format, *abstain_below;
    struct answer_options answer;
    long lines, max_findings, context, threads; // or NOT_GIVEN
    int all, follow, group, no_learned, quiet, help;
    const char **models, **baselines, **rules, **reports;
    bantam_baseline *baseline;         // of the logs and profiles named, or NULL
    bantam_test_reports *test_reports; // that were named, or NULL
    struct record_options record;
    struct batch_options batch;
};

// Prints "--name: …" and where the options are told.
static bool refuse(const char *option, const char *reason)
{
    message("%s: %s; see bantam triage --help", option, reason);
    return false;
}

static bool in_range(const char *option, long value, long low, long high)
{
    return value == NOT_GIVEN || option_in_range("triage", option, value, low, high);
}

static bool check(struct settings *settings)
{
    struct batch_options *batch = &settings->batch;
    if (settings->format && !bantam_report_format_parse(&batch->format, settings->format)) {
        return refuse("--format",
                      "is text, json, ndjson, html, github, markdown, gitlab, sarif or junit");
    }
    if (settings->follow && (settings->group || settings->record.record)) {
        return refuse("--follow", "goes without --group and --record");
    }
    if (settings->group && !bantam_groups_format(batch->format)) {
        return refuse("--group", "is told as text, json, ndjson or markdown");
    }
    if (!answer_options_check(&batch->triage.redaction, &batch->report.color, &settings->answer,
                              "triage") ||
        !in_range("--lines", settings->lines, 0, 1000) ||
        !in_range("--max-findings", settings->max_findings, 1, 100) ||
        !in_range("--context", settings->context, 0, 100) ||
        !in_range("--threads", settings->threads, 1, 1024) ||
        !option_share("triage", "--abstain-below", settings->abstain_below,
                      &batch->triage.cause_threshold)) {
        return false;
    }
    batch->report.ascii = !terminal_utf8();
    batch->report.width = terminal_width();
    batch->report.all = settings->all;
    batch->group = settings->group;
    batch->report.brief = settings->quiet;
    batch->progress = !settings->quiet && terminal_progress();
    return true;
}

enum {
    SCREEN_ROWS = 23 // of an answer: the smallest usual terminal has one more, for the prompt
};

static void apply(struct settings *settings)
{
    struct batch_options *batch = &settings->batch;
    batch->report.rows = settings->context > 0 ? 0 : SCREEN_ROWS;
    if (settings->lines >= 0) {
        batch->triage.n_lines = (size_t)settings->lines;
        batch->report.n_lines = (size_t)settings->lines;
    }
    if (settings->all) {
        batch->triage.max_findings = 100;
    }
    if (settings->max_findings > 0) {
        batch->triage.max_findings = (size_t)settings->max_findings;
    }
    if (settings->context > 0) {
        batch->triage.context = (size_t)settings->context;
        batch->triage.excerpt_lines += 2 * (size_t)settings->context;
    }
    long threads = settings->threads > 0 ? settings->threads : sysconf(_SC_NPROCESSORS_ONLN);
    batch->n_threads = threads > 0 ? (size_t)threads : 1;
}

static bool use_models(bantam_triage *triage, const char **paths)
{
    for (size_t i = 0; paths && paths[i]; i++) {
        if (!models_use(triage, paths[i])) {
            return false;
        }
    }
    return true;
}

static bool use_baselines(struct settings *settings)
{
    bantam_error error;
    if (settings->baselines && bantam_baseline_new(&settings->baseline, &error)) {
        message("%s", error.message);
        return false;
    }
    for (size_t i = 0; settings->baselines && settings->baselines[i]; i++) {
        if (!baselines_use(settings->baseline, settings->baselines[i])) {
            return false;
        }
    }
    settings->batch.triage.baseline = settings->baseline;
    return true;
}

// The paths of logs among those that are named, in a new array that ends in NULL; reports of tests, which a pattern of the shell may
// have put there, are read as such. NULL when memory is out.
static const char **sort_out_logs(struct settings *settings, const char *const *named,
                                  size_t n_named)
{
    const char **logs = calloc(n_named + 1, sizeof *logs);
    for (size_t i = 0, n = 0; logs && i < n_named; i++) {
        if (!reports_take_file(&settings->test_reports, named[i])) {
            logs[n++] = named[i];
        }
    }
    return logs;
}

static int run(struct settings *settings, const char *const *paths)
{
    static const char *const standard_input[] = {"-", NULL};
    size_t n_paths = arguments_count(paths);
    if (n_paths == 0 && isatty(STDIN_FILENO)) {
        message("no log given; name a file or pipe one in, as in make 2>&1 | bantam triage");
        return EXIT_USAGE;
    }
    if (n_paths == 0) {
        paths = standard_input;
        n_paths = 1;
    }
    if (settings->follow && n_paths > 1) {
        refuse("--follow", "follows one log");
        return EXIT_USAGE;
    }
    settings->batch.several = n_paths > 1;
    bantam_triage *triage;
    bantam_error error;
    heap_use_large_pages();
    if (bantam_triage_new(&triage, &error)) {
        message("%s", error.message);
        return EXIT_INPUT;
    }
    int code = EXIT_INPUT;
    struct recorder recorder;
    settings->batch.recorder = &recorder;
    if (!settings->no_learned) {
        lessons_use(triage, settings->record.store);
    }
    settings->batch.triage.reports = settings->test_reports;
    if (use_models(triage, settings->models) && rules_use(triage, settings->rules) &&
        use_baselines(settings) && recorder_open(&recorder, &settings->record)) {
        code = settings->follow ? follow_run(triage, paths[0], &settings->batch)
                                : batch_run(triage, paths, n_paths, &settings->batch);
        recorder_close(&recorder);
    }
    bantam_triage_free(&triage);
    return code;
}

static int read_reports_and_run(struct settings *settings, const char *const *named)
{
    size_t n_named = arguments_count(named);
    bool whole = reports_read(&settings->test_reports, settings->reports);
    const char **logs = sort_out_logs(settings, named, n_named);
    int code = EXIT_USAGE;
    if (!logs) {
        message("not enough memory");
        code = EXIT_INPUT;
    } else if (n_named > 0 && !logs[0]) {
        message("no log given, only reports of tests; name the log too, or - for standard input");
    } else {
        code = run(settings, logs);
        code = whole ? code : EXIT_INPUT;
    }
    free(logs);
    return code;
}

static int check_and_run(void *context, const char *const *arguments)
{
    struct settings *settings = context;
    if (!check(settings)) {
        return EXIT_USAGE;
    }
    apply(settings);
    return read_reports_and_run(settings, arguments);
}

int command_triage(int argc, const char **argv)
{
    struct settings settings = {
        .lines = NOT_GIVEN, .max_findings = NOT_GIVEN, .context = NOT_GIVEN, .threads = NOT_GIVEN};
    settings.batch = (struct batch_options){.triage = bantam_triage_options_default(),
                                            .report = bantam_report_options_default(),
                                            .limits = log_limits_default()};
    const struct poptOption options[] = {
        {"format", 'f', POPT_ARG_STRING, &settings.format, 0, NULL, NULL},
        {"lines", 'n', POPT_ARG_LONG, &settings.lines, 0, NULL, NULL},
        {"max-findings", 'm', POPT_ARG_LONG, &settings.max_findings, 0, NULL, NULL},
        {"abstain-below", '\0', POPT_ARG_STRING, &settings.abstain_below, 0, NULL, NULL},
        {"context", 'C', POPT_ARG_LONG, &settings.context, 0, NULL, NULL},
        {"all", 'a', POPT_ARG_NONE, &settings.all, 0, NULL, NULL},
        {"follow", '\0', POPT_ARG_NONE, &settings.follow, 0, NULL, NULL},
        {"group", 'g', POPT_ARG_NONE, &settings.group, 0, NULL, NULL},
        {"baseline", 'b', POPT_ARG_ARGV, &settings.baselines, 0, NULL, NULL},
        {"model", '\0', POPT_ARG_ARGV, &settings.models, 0, NULL, NULL},
        {"no-learned", '\0', POPT_ARG_NONE, &settings.no_learned, 0, NULL, NULL},
        {"rules", '\0', POPT_ARG_ARGV, &settings.rules, 0, NULL, NULL},
        {"reports", '\0', POPT_ARG_ARGV, &settings.reports, 0, NULL, NULL},
        RECORD_OPTIONS(&settings.record),
        {"threads", 'j', POPT_ARG_LONG, &settings.threads, 0, NULL, NULL},
        ANSWER_OPTIONS(&settings.answer),
        {"quiet", 'q', POPT_ARG_NONE, &settings.quiet, 0, NULL, NULL},
        {"help", 'h', POPT_ARG_NONE, &settings.help, 0, NULL, NULL},
        {NULL, '\0', 0, NULL, 0, NULL, NULL}};
    const struct option_reader reader = {.command = "triage",
                                         .table = options,
                                         .help = (const char *const[]){help, NULL},
                                         .wants_help = &settings.help,
                                         .run = check_and_run};
    int code = options_run(&reader, &settings, argc, argv);
    bantam_baseline_free(&settings.baseline);
    bantam_test_reports_free(&settings.test_reports);
    return code;
}
