// Which tools the lines of a finding name, and whether the CI system itself speaks in them.
//
// In: a gathering with its lines. Out: its evidence of names and of who speaks.
#include "triage/tool_evidence.h"

#include <string.h>

#include "triage/command_words.h"

// Words that begin lines of many programs and are no program's name.
static bool is_word_of_messages(struct span name)
{
    static const char *const words[] = {
        "error",     "warning",   "fatal",      "note",       "info",    "debug",
        "failed",    "failure",   "usage",      "hint",       "help",    "caused",
        "cause",     "reason",    "message",    "output",     "stderr",  "stdout",
        "status",    "panic",     "abort",      "trace",      "details", "summary",
        "result",    "results",   "test",       "tests",      "file",    "line",
        "column",    "expected",  "actual",     "got",        "command", "step",
        "job",       "task",      "stage",      "build",      "compile", "install",
        "target",    "source",    "package",    "module",     "server",  "client",
        "remote",    "local",     "main",       "worker",     "thread",  "process",
        "system",    "kernel",    "internal",   "syntax",     "type",    "runtime",
        "assertion", "exception", "unhandled",  "unexpected", "parse",   "parser",
        "request",   "response",  "connection", "download",   "config",  "configuration",
        "root",      "user",      "app",        "input",      "run",
    };
    return SPAN_IS_ONE_OF(name, words);
}

// "ledger: error: …", "ledger: cannot …", "ledger[4711]: …": a program that no table knows, not a file, a word or a key of a report.
static bool names_itself(struct span name, struct span rest)
{
    static const char *const starts[] = {": error:",
                                         ": ERROR:",
                                         ": fatal:",
                                         ": Fatal",
                                         ": fatal error",
                                         ": cannot ",
                                         ": can't ",
                                         ": could not ",
                                         ": failed to ",
                                         ": unable to ",
                                         ": unrecognized option",
                                         ": invalid option",
                                         ": unknown option",
                                         ": missing operand"};
    for (size_t i = 0; i < name.size; i++) {
        char byte = name.data[i];
        if ((byte >= 'A' && byte <= 'Z') || byte == '.') {
            return false;
        }
    }
    if (is_word_of_messages(name)) {
        return false;
    }
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        if (span_starts(rest, span_of(starts[i], strlen(starts[i])))) {
            return true;
        }
    }
    size_t digits = rest.size > 1 && rest.data[0] == '[' ? span_digits(span_after(rest, 1)) : 0;
    return digits > 0 && span_starts(span_after(rest, 1 + digits), SPAN("]: "));
}

static void read_unknown_speaker(struct gathering *all, struct span name, struct span rest)
{
    struct script *script = NULL;
    for (size_t i = 0; i < all->n_scripts && !script; i++) {
        const char *known = all->scripts[i].name;
        if (span_starts(rest, SPAN(": ")) && span_equal(name, span_of(known, strlen(known)))) {
            script = &all->scripts[i];
        }
    }
    if (!script && names_itself(name, rest)) {
        script = tool_evidence_note_script(all, name.data, name.size);
    }
    if (script) {
        script->speaks = true;
    }
}

// A line that a program says of itself begins with its name, often as it was called: "cabal.exe: …", "/usr/bin/ld: …".
static void read_speaker(struct gathering *all, const struct line *line)
{
    struct span text = span_trim(line_span(line));
    size_t start = 0, end = 0;
    while (end < text.size && (tool_name_byte(text.data[end]) || text.data[end] == '/')) {
        start = text.data[end] == '/' ? end + 1 : start;
        end++;
    }
    struct span name = span_of(text.data + start, end - start), rest = span_after(text, end);
    if (end + 1 >= text.size || name.size < 2 || name.size >= COMMAND_TEXT_MAXIMUM) {
        return;
    }
    if (span_ends(name, SPAN(".exe"))) {
        name.size -= 4;
    }
    size_t first, n = tool_commands_find(all->table, name.data, name.size, &first);
    if (n == 0) {
        read_unknown_speaker(all, name, rest);
    }
    for (size_t k = 0; k < n && span_starts(rest, SPAN(": ")); k++) {
        all->tools[all->table->commands[first + k].tool].speaks = true;
    }
}

// A shell tells of its script's lines by the script's name: "ci/build.sh: line 8: jq: command not found", with dash "build.sh: 8: …".
static void read_shell(struct gathering *all, const struct line *line)
{
    struct span text = span_trim(line_span(line));
    size_t end = span_find(text, SPAN(".sh: "));
    if (end == SIZE_MAX || span_find(text, SPAN(" ")) < end) {
        return;
    }
    struct span rest = span_after(text, end + 5);
    (void)span_skip(&rest, SPAN("line "));
    size_t digits = span_digits(rest);
    const struct tool *shell = tool_table_find(all->table, "bash");
    if (digits == 0 || digits == rest.size || rest.data[digits] != ':' || !shell) {
        return;
    }
    all->tools[shell - all->table->tools].speaks = true;
    for (size_t i = 0; i < all->n_scripts; i++) {
        struct script *script = &all->scripts[i];
        script->named = script->named_inside = script->last = script->section = false;
    }
}

// Commands that are words of every program's messages, too: "closed by the remote host" names no resolver of names.
static bool is_word_of_prose(struct span word)
{
    static const char *const words[] = {
        "act",    "activator", "auto",    "batch",       "beam",     "behave",   "black",
        "build",  "catch",     "check",   "danger",      "emulator", "enforcer", "env",
        "eval",   "expect",    "fake",    "find",        "forge",    "func",     "hatch",
        "host",   "hub",       "install", "instruments", "kernel",   "kind",     "kitchen",
        "lean",   "metro",     "mill",    "mock",        "next",     "notebook", "now",
        "parcel", "patch",     "pod",     "prove",       "rat",      "reuse",    "revive",
        "robot",  "safety",    "scan",    "security",    "service",  "shell",    "snap",
        "sort",   "source",    "spec",    "spring",      "stack",    "standard", "stat",
        "steep",  "strip",     "tape",    "testing",     "timeout",  "touch",    "trial",
        "unity",  "unused",    "view",    "whispers",    "wish",     "yard",
    };
    return SPAN_IS_ONE_OF(word, words);
}

static void read_words(struct gathering *all, uint32_t at, bool inside)
{
    const struct line *line = &all->document->lines[at];
    size_t size = line->size < PHRASE_LINE_MAXIMUM ? line->size : PHRASE_LINE_MAXIMUM;
    if (tool_command_is_systems(span_of(line->text, size))) {
        return;
    }
    for (size_t i = 0; i < size;) {
        size_t start = i;
        while (i < size && tool_name_byte(line->text[i])) {
            i++;
        }
        size_t end = i;
        i += i == start;
        while (end > start && (line->text[end - 1] == '.' || line->text[end - 1] == '-')) {
            end--;
        }
        struct span word = span_of(line->text + start, end - start);
        size_t first, n = word.size >= TOOL_NAME_MINIMUM && word.size < COMMAND_TEXT_MAXIMUM &&
                                  !is_word_of_prose(word)
                              ? tool_commands_find(all->table, word.data, word.size, &first)
                              : 0;
        for (size_t k = 0; k < n; k++) {
            struct evidence *tool = &all->tools[all->table->commands[first + k].tool];
            tool->name_inside = tool->name_inside || inside;
            tool->name_close = true;
        }
        bool is_host = start > 1 && line->text[start - 1] == '/' && line->text[start - 2] == '/';
        if (n == 0 && word.size > TOOL_NAME_MINIMUM && span_ends(word, SPAN(".sh")) && !is_host &&
            !(line->flags & LINE_EXIT)) { // the system names the step there, whatever failed in it
            struct script *script = tool_evidence_note_script(all, word.data, word.size);
            if (script) {
                script->named = true;
                script->named_inside = script->named_inside || inside;
            }
        }
    }
}

void tool_evidence_read_names(struct gathering *all)
{
    enum {
        REACH = 6,
        HEAD = 40,
    };
    uint32_t last =
        all->lines.last - all->lines.first > HEAD ? all->lines.first + HEAD : all->lines.last;
    uint32_t n_lines = (uint32_t)all->document->n_lines;
    for (uint32_t at = lines_before(all->lines.first, REACH); at < n_lines && at <= last + REACH;
         at++) {
        read_words(all, at, at >= all->lines.first && at <= last);
        if (at >= all->lines.first && at <= last) {
            read_speaker(all, &all->document->lines[at]);
            read_shell(all, &all->document->lines[at]);
        }
    }
}

// What a runner says of the job as a whole: nothing that ran in it would.
static bool speaks_of_job(struct span text)
{
    static const char *const words[] = {
        "was evicted",
        "[Evicted]",
        "preempted",
        "ob was stopped",
        "ob timed out",
        "time limit for jobs",
        "uild was cancel",
        "Job failed: execution",
        "Job failed: cancel",
        "Job failed (system",
        "The operation was cancel",
        "has received a shutdown signal",
        "exceeded the maximum execution time",
        "Aborted by ",
        "went offline",
        "connection to the virtual machine",
        "worker received a signal",
        "lost communication with the server",
        "is shutting down",
        "no output (exceeded",
        "command execution failed",
        "task has timed out",
        "Received \"terminated\" signal",
        "touching the log file",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (span_contains(text, span_of(words[i], strlen(words[i])))) {
            return true;
        }
    }
    return false;
}

void tool_evidence_read_own_words(struct gathering *all)
{
    static const char *const systems[LOG_FORMATS] = {
        [LOG_TRAVIS] = "travis",
        [LOG_GITHUB] = "github-actions",
        [LOG_GITLAB] = "gitlab-runner",
        [LOG_JENKINS] = "jenkins",
        [LOG_AZURE] = "azure-pipelines",
        [LOG_CIRCLECI] = "circleci",
        [LOG_BUILDKITE] = "buildkite-agent",
    };
    const struct line *anchor = &all->document->lines[all->lines.anchor];
    bool of_job = speaks_of_job(line_span(anchor)), told = of_job;
    for (uint32_t at = all->lines.first; !of_job && at <= all->lines.last; at++) {
        const struct line *line = &all->document->lines[at];
        told = told || (line->flags & (LINE_EXIT_FAILED | LINE_JOB_END)) != 0;
        if (tool_line_cleans_up(line) || (line->size > 0 && !(line->flags & LINE_OF_WRAPPER))) {
            return;
        }
    }
    const char *name = systems[all->document->format];
    const struct tool *tool = told && name ? tool_table_find(all->table, name) : NULL;
    if (tool) {
        all->tools[tool - all->table->tools].own_words = true;
    }
}
