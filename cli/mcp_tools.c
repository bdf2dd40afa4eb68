// One function a tool. Every text of a log that leaves here has its secrets hidden and no control characters.
#include "mcp_tools.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"
#include "io.h"
#include "lessons.h"
#include "line_range.h"
#include "reports.h"
#include "rules_file.h"
#include "run_store.h"

enum {
    BUDGET_DEFAULT = 40, // lines of an answer
    BUDGET_LEAST = 8,
    BUDGET_MOST = 2000,
    LOGS_MOST = 50, // answered in one call
    HISTORY_MOST = 20,
};

#define TEXT_MAXIMUM ((size_t)16 << 20)
#define SHOWN_MAXIMUM ((size_t)256 << 10) // bytes of lines that one call shows
#define WHOLE_MAXIMUM ((size_t)64 << 20)  // of a log that is read for secrets from its beginning

static const char tool_list[] =
    "[{\"name\":\"triage\",\"title\":\"Say why a CI job failed\",\"description\":\"Reads a CI or "
    "build "
    "log (a file, an archive, a folder, or text) and says which lines explain the failure, the "
    "kind of "
    "cause, the tool and its subject, what to do first, and how sure that is. Reads nothing but "
    "the "
    "log, sends nothing anywhere.\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"path\":"
    "{\"type\":\"string\",\"description\":\"a log file, plain or packed; an archive of logs, such "
    "as a "
    "GitHub run's zip; or a folder of logs\"},\"text\":{\"type\":\"string\",\"description\":\"the "
    "log "
    "itself, instead of a path\"},\"reports\":{\"type\":\"string\",\"description\":\"JUnit XML or "
    "TRX "
    "of the job's tests, or a folder or archive of them: failed tests are joined to the "
    "answer\"},\"budget\":{\"type\":\"integer\",\"minimum\":8,\"maximum\":2000,"
    "\"description\":\"lines of the answer for each log; default 40\"}}},\"annotations\":"
    "{\"readOnlyHint\":true,\"openWorldHint\":false}},"
    "{\"name\":\"show\",\"title\":\"Show lines of a log\",\"description\":\"Lines of a log file, "
    "or of "
    "the kept output of bantam run, with their numbers, secrets "
    "hidden.\",\"inputSchema\":{\"type\":"
    "\"object\",\"properties\":{\"path\":{\"type\":\"string\",\"description\":\"a log "
    "file\"},\"id\":"
    "{\"type\":\"string\",\"description\":\"of a run, as bantam run --budget printed "
    "it\"},\"lines\":"
    "{\"type\":\"string\",\"description\":\"a line (1042), a range (1042-1057) or the last lines "
    "(-20)\"}},\"required\":[\"lines\"]},\"annotations\":{\"readOnlyHint\":true,\"openWorldHint\":"
    "false}},"
    "{\"name\":\"history\",\"title\":\"Failures seen before\",\"description\":\"The failures that "
    "this "
    "user's store holds, the one seen last first: how often, since when, and what resolved them.\","
    "\"inputSchema\":{\"type\":\"object\",\"properties\":{\"cause\":{\"type\":\"string\"},"
    "\"repository\":"
    "{\"type\":\"string\"},\"branch\":{\"type\":\"string\"},\"job\":{\"type\":\"string\"}}},"
    "\"annotations\":{\"readOnlyHint\":true,\"openWorldHint\":false}},"
    "{\"name\":\"add\",\"title\":\"Add two numbers\",\"description\":\"Adds two numbers of up to "
    "ten "
    "digits with a transformer of eight parameters that is proved right on all "
    "pairs.\",\"inputSchema\":"
    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":"
    "9999999999},\"b\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":9999999999}},\"required\":"
    "[\"a\",\"b\"]},\"annotations\":{\"readOnlyHint\":true,\"openWorldHint\":false}}]";

json_t *mcp_tools_list(void)
{
    return json_loads(tool_list, 0, NULL);
}

__attribute__((format(printf, 2, 3))) static void refuse(struct mcp_answer *answer,
                                                         const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    bantam_text_visible(&answer->text, text, strlen(text));
    answer->failed = true;
}

static const char *string_of(json_t *arguments, const char *name)
{
    return json_string_value(json_object_get(arguments, name));
}

// ---- triage -------------------------------------------------------------------------------------

struct triage_call {
    bantam_triage *triage;
    bantam_test_reports *reports; // that were named, or NULL
    struct mcp_answer *answer;
    size_t budget;
    json_t *results;
};

// The answer's text within the budget; what is cut is told.
static void append_within(bantam_buffer *out, const bantam_buffer *text, size_t budget)
{
    size_t at = 0, n = 0;
    while (at < text->size && n < budget) {
        const char *end = memchr(text->data + at, '\n', text->size - at);
        at = end ? (size_t)(end - text->data) + 1 : text->size;
        n++;
    }
    bantam_buffer_append(out, text->data, at);
    if (at < text->size) {
        bantam_buffer_append_format(out, "(%" PRIu64 " more lines: ask with a larger budget)\n",
                                    line_count(text->data + at, text->size - at));
    }
}

// A job of a run that did not fail is no news.
static void answer_log(struct triage_call *call, const struct log *log)
{
    bantam_triage_options triage = bantam_triage_options_default();
    triage.reports = call->reports ? call->reports : log->reports;
    bantam_diagnosis *diagnosis = NULL;
    bantam_error error;
    bantam_buffer text, json;
    bantam_buffer_init(&text, TEXT_MAXIMUM);
    bantam_buffer_init(&json, TEXT_MAXIMUM);
    if (bantam_triage_run(&diagnosis, call->triage, log->content.bytes, log->content.size, &triage,
                          &error)) {
        refuse(call->answer, "%s: %s\n", log->path, error.message);
    } else if (!log->job || diagnosis->n_findings > 0) {
        bantam_report_options options = bantam_report_options_default();
        options.path = log->path;
        options.step = log_failed_step(log, diagnosis);
        options.rows = call->budget;
        bantam_report_text(&text, diagnosis, &options);
        bantam_report_json(&json, diagnosis, &options);
        append_within(&call->answer->text, &text, call->budget);
        json_t *object = json_loadb(json.data, json.size, 0, NULL);
        json_array_append_new(call->results, object);
    }
    bantam_diagnosis_free(&diagnosis);
    bantam_buffer_release(&text);
    bantam_buffer_release(&json);
}

static void answer_path(struct triage_call *call, const char *path)
{
    struct log_limits limits = log_limits_default();
    const char *const paths[] = {path};
    struct log_reader *reader = log_reader_new(paths, 1, &limits);
    struct log log;
    size_t n = 0, n_more = 0;
    if (reader) {
        log_reader_find_reports(reader);
    }
    while (reader && log_reader_next(reader, &log)) {
        log_open(&log, &limits);
        if (!log.path || log.problem.text[0]) {
            refuse(call->answer, "%s: %s\n", log.path ? log.path : path, log.problem.text);
        } else if (n == LOGS_MOST) {
            n_more++;
        } else {
            answer_log(call, &log);
            n++;
        }
        log_close(&log);
    }
    log_reader_free(&reader);
    if (n_more > 0) {
        bantam_buffer_append_format(&call->answer->text,
                                    "(%zu more logs: name fewer of them at once)\n", n_more);
    }
}

static void answer_text(struct triage_call *call, json_t *text)
{
    static char path[] = "text";
    struct log log = {.path = path,
                      .content = {.bytes = (char *)(uintptr_t)json_string_value(text),
                                  .size = json_string_length(text)}};
    answer_log(call, &log);
}

// A triage with the user's own rules and lessons as they are now: the server may outlive both.
static bool begin(struct triage_call *call, json_t *arguments)
{
    const char *const reports[] = {string_of(arguments, "reports"), NULL};
    bantam_error error;
    if (bantam_triage_new(&call->triage, &error)) {
        refuse(call->answer, "%s", error.message);
        return false;
    }
    lessons_use(call->triage, NULL);
    if (!rules_use(call->triage, NULL)) {
        refuse(call->answer, "the user's rules can't be used: bantam triage says why");
        return false;
    }
    if (reports[0] && !reports_read(&call->reports, reports)) {
        refuse(call->answer, "reports: %s holds no report of tests that can be read whole",
               reports[0]);
        return false;
    }
    return true;
}

static void call_triage(struct mcp_answer *answer, json_t *arguments)
{
    const char *path = string_of(arguments, "path"), *text = string_of(arguments, "text");
    json_t *budget = json_object_get(arguments, "budget");
    long long wanted = budget ? json_integer_value(budget) : BUDGET_DEFAULT;
    if (!path == !text) {
        refuse(answer, "give either path, a log file, archive or folder, or text, the log itself");
    } else if (wanted < BUDGET_LEAST || wanted > BUDGET_MOST) {
        refuse(answer, "budget: takes a number from %d to %d", BUDGET_LEAST, BUDGET_MOST);
    } else if (path && strcmp(path, "-") == 0) {
        refuse(answer, "path: standard input speaks the protocol; give the log as text");
    } else {
        struct triage_call call = {
            .answer = answer, .budget = (size_t)wanted, .results = json_array()};
        if (begin(&call, arguments) && path) {
            answer_path(&call, path);
        } else if (!answer->failed) {
            answer_text(&call, json_object_get(arguments, "text"));
        }
        answer->data = json_pack("{s:o}", "answers", call.results);
        bantam_test_reports_free(&call.reports);
        bantam_triage_free(&call.triage);
    }
}

// ---- show ---------------------------------------------------------------------------------------

static void append_lines(struct mcp_answer *answer, const struct mapping *content,
                         const struct line_range *range)
{
    bantam_buffer shown, hidden;
    bantam_buffer_init(&shown, SHOWN_MAXIMUM);
    bantam_buffer_init(&hidden, 2 * WHOLE_MAXIMUM);
    uint64_t n_lines;
    bool small = content->size <= WHOLE_MAXIMUM; // a private key is known by its first line
    if (small) {
        bantam_text_redact(&hidden, content->bytes, content->size, BANTAM_REDACT_SECRETS);
    }
    bool has = line_range_append(&shown, &n_lines, small ? hidden.data : content->bytes,
                                 small ? hidden.size : content->size, range);
    if (!has) {
        refuse(answer, "there are only %" PRIu64 " lines", n_lines);
    } else if (small) {
        bantam_buffer_append(&answer->text, shown.data, shown.size);
    } else {
        bantam_text_redact(&answer->text, shown.data, shown.size, BANTAM_REDACT_SECRETS);
    }
    if (has && shown.failed) {
        bantam_buffer_append_string(&answer->text,
                                    "(cut here: these are too many lines for one answer)\n");
    }
    bantam_buffer_release(&shown);
    bantam_buffer_release(&hidden);
}

static void call_show(struct mcp_answer *answer, json_t *arguments)
{
    const char *path = string_of(arguments, "path"), *id = string_of(arguments, "id");
    const char *lines = string_of(arguments, "lines");
    struct line_range range;
    struct mapping content = {0};
    struct problem problem;
    if (!path == !id) {
        refuse(answer, "give either path, a log file, or id, of a kept run");
    } else if (!lines || !line_range_parse(&range, lines)) {
        refuse(answer, "lines: " LINE_RANGE_ERROR);
    } else if (path ? strcmp(path, "-") == 0 ||
                          !mapping_open(&content, path, (uint64_t)8 << 30, &problem)
                    : !run_store_open(&content, id, &problem)) {
        refuse(answer, "%s: %s", path ? path : id,
               path && strcmp(path, "-") == 0 ? "is no file" : problem.text);
    } else {
        append_lines(answer, &content, &range);
    }
    mapping_release(&content);
}

// ---- history ------------------------------------------------------------------------------------

struct history_call {
    struct mcp_answer *answer;
    json_t *failures;
};

static void add_failure(void *context, const struct history_failure *failure)
{
    struct history_call *call = context;
    bantam_buffer *text = &call->answer->text;
    bantam_buffer_append_format(text, "%.8s  %s: %" PRId64 " times on %" PRId64 " commits\n",
                                failure->fingerprint, failure->title, failure->n_logs,
                                failure->n_commits);
    if (*failure->headline) {
        bantam_buffer_append_format(text, "          %s\n", failure->headline);
    }
    if (*failure->resolution) {
        bantam_buffer_append_format(text, "          resolved: %s\n", failure->resolution);
    }
    json_array_append_new(
        call->failures,
        json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:s}", "fingerprint", failure->fingerprint,
                  "cause", failure->cause, "title", failure->title, "headline", failure->headline,
                  "times", (json_int_t)failure->n_logs, "commits", (json_int_t)failure->n_commits,
                  "resolution", failure->resolution));
}

static void call_history(struct mcp_answer *answer, json_t *arguments)
{
    struct history_filter filter = {.cause = string_of(arguments, "cause"),
                                    .repository = string_of(arguments, "repository"),
                                    .branch = string_of(arguments, "branch"),
                                    .job = string_of(arguments, "job"),
                                    .most = HISTORY_MOST};
    struct history_call call = {answer, json_array()};
    struct store store = {.sqlite = NULL};
    struct problem problem;
    char *path = store_path(NULL, &problem);
    if (!path || !store_open(&store, path, &problem)) {
        refuse(answer, "%s", problem.text);
    } else {
        if (!history_failures(&store, &filter, add_failure, &call, &problem)) {
            refuse(answer, "%s", problem.text);
        } else if (json_array_size(call.failures) == 0) {
            bantam_buffer_append_string(&answer->text, "No such failure is kept.\n");
        }
        store_close(&store);
    }
    answer->data = json_pack("{s:o}", "failures", call.failures);
    free(path);
}

// ---- add ----------------------------------------------------------------------------------------

static void call_add(struct mcp_answer *answer, json_t *arguments)
{
    static const char *const names[] = {"a", "b"};
    uint64_t numbers[2], sum = 0;
    for (size_t i = 0; i < 2; i++) {
        json_t *number = json_object_get(arguments, names[i]);
        if (!json_is_integer(number) || json_integer_value(number) < 0) {
            refuse(answer, "%s: takes a number of up to ten digits", names[i]);
            return;
        }
        numbers[i] = (uint64_t)json_integer_value(number);
    }
    bantam_adder *adder = NULL;
    bantam_error error;
    if (bantam_adder_open(&adder, NULL, BANTAM_FLOAT64, &error) ||
        bantam_adder_add(adder, &numbers[0], &numbers[1], &sum, 1, &error)) {
        refuse(answer, "%s", error.message);
    } else {
        bantam_buffer_append_format(&answer->text, "%" PRIu64 "\n", sum);
        answer->data = json_pack("{s:I}", "sum", (json_int_t)sum);
    }
    bantam_adder_free(&adder);
}

bool mcp_tools_call(struct mcp_answer *answer, const char *name, json_t *arguments)
{
    *answer = (struct mcp_answer){.data = NULL};
    bantam_buffer_init(&answer->text, TEXT_MAXIMUM);
    if (strcmp(name, "triage") == 0) {
        call_triage(answer, arguments);
    } else if (strcmp(name, "show") == 0) {
        call_show(answer, arguments);
    } else if (strcmp(name, "history") == 0) {
        call_history(answer, arguments);
    } else if (strcmp(name, "add") == 0) {
        call_add(answer, arguments);
    } else {
        return false;
    }
    return true;
}

void mcp_answer_release(struct mcp_answer *answer)
{
    bantam_buffer_release(&answer->text);
    json_decref(answer->data);
    answer->data = NULL;
}
