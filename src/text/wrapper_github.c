// GitHub Actions: the raw log of a job, and the log of the gh tool ("job<TAB>step<TAB>timestamp text").
//
// A step begins with a group "Run …" that shows its script, its shell and its environment; what follows the group's end
// is the step's output, up to the next such group. Older and newer runners, with and without byte order mark.
#include "text/word_list.h"
#include "text/workflow_command.h"
#include "text/wrapper.h"

static unsigned evidence(struct span line, size_t stamp)
{
    struct span text = line;
    const char *tab = stamp == 0 ? memchr(text.data, '\t', text.size) : NULL;
    if (tab) {
        struct span rest = span_after(text, (size_t)(tab - text.data) + 1);
        size_t second = span_find(rest, SPAN("\t"));
        rest = second == SIZE_MAX ? span_of("", 0) : span_after(rest, second + 1);
        span_skip(&rest, SPAN("\xEF\xBB\xBF"));
        if (timestamp_length(rest) > 20) {
            return EVIDENCE_LIKELY;
        }
    }
    text = span_after(text, stamp);
    if (span_starts(text, SPAN("##["))) {
        if (span_starts(text, SPAN("##[group]Run ")) ||
            span_starts(text, SPAN("##[error]Process completed with exit code "))) {
            return EVIDENCE_SURE;
        }
        return span_starts(text, SPAN("##[group]")) || span_starts(text, SPAN("##[error]"))
                   ? EVIDENCE_LIKELY
                   : EVIDENCE_NONE;
    }
    if (span_starts(text, SPAN("Job defined at: ")) ||
        span_starts(text, SPAN("Download action repository '"))) {
        return EVIDENCE_SURE;
    }
    return stamp == 29 ? EVIDENCE_HINT : EVIDENCE_NONE; // seven digits of a second
}

// Closes all sections before the line at hand. An action that fails tells no number: its step's last line is an error, or, with more lines to
// the error, no step is run after it (`stops`). A step that fails tells an error, so that one without any has passed.
static void end_step(struct log_reader *reader, bool stops)
{
    struct section_list *sections = &reader->sections;
    int32_t step = section_innermost_of(sections, SECTION_STEP);
    bool told = step >= 0 && reader->github.error > sections->items[step].first_line;
    bool stopped_job = told && stops && reader->document->job_exit_code == EXIT_UNKNOWN;
    reader_ends_in_error(reader, stopped_job ? reader->index : reader->github.error);
    if (!told && step >= 0 && sections->items[step].exit_code == EXIT_UNKNOWN) {
        section_exit(sections, step, 0, reader_previous(reader));
    }
    section_close_all(sections, reader_previous(reader));
}

// Drops "job<TAB>step<TAB>" and opens a section where the step changes.
static void read_columns(struct log_reader *reader, struct span *text)
{
    const char *tab = text->size > 0 ? memchr(text->data, '\t', text->size) : NULL;
    if (!tab) {
        return;
    }
    struct span rest = span_after(*text, (size_t)(tab - text->data) + 1);
    size_t second = span_find(rest, SPAN("\t"));
    if (second == SIZE_MAX) {
        return;
    }
    struct span step = span_of(rest.data, second);
    struct span after = span_after(rest, second + 1), stamp = after;
    workflow_skip_timestamp(&stamp);
    if (stamp.data == after.data) {
        return;
    }
    *text = after;
    bool known = !span_equal(step, SPAN("UNKNOWN STEP"));
    if (known && !span_equal(step, reader->github.step)) {
        end_step(reader, false);
        section_open(&reader->sections, SECTION_STEP, step, span_of("", 0), reader->index);
        reader->github.step = step;
        reader->github.in_header = false;
    }
}

// "Run x": a step of its own, or, where the gh tool told the step, its command.
static void open_run(struct log_reader *reader, struct span name)
{
    struct section_list *sections = &reader->sections;
    struct span command = span_after(name, 4);
    reader->github.in_header = true;
    if (reader->github.step.size > 0) {
        section_set_command(sections, section_innermost_of(sections, SECTION_STEP), command);
        section_open(sections, SECTION_GROUP, name, span_of("", 0), reader->index);
        return;
    }
    end_step(reader, false);
    section_open(sections, SECTION_STEP, name, command, reader->index);
    section_open(sections, SECTION_GROUP, name, span_of("", 0), reader->index);
}

// A command that hardly fails and is not what its script is for: it tells a version, changes the folder, sets up the shell; or a comment.
static bool only_prepares(struct span command)
{
    static const char first[] = "#|echo |printf |ulimit |umask ";
    static const char *const last[] = {" --version", " -version", " version", " -V", " -v"};
    if (command_sets_up_shell(command) || word_list_begins(first, '|', command)) {
        return !span_contains(command, SPAN("&&"));
    }
    for (size_t i = 0; i < sizeof last / sizeof *last; i++) {
        if (span_ends(command, span_of(last[i], strlen(last[i])))) {
            return true;
        }
    }
    return false;
}

// In a step's header: the script is cyan, all else is the runner's. The step's command is the script's first that does more than
// prepare.
static void read_header(struct log_reader *reader, struct line *line)
{
    struct span text = line_span(line);
    int32_t step = section_innermost_of(&reader->sections, SECTION_STEP);
    bool script = (line->flags & LINE_COLORED) && (line->flags & LINE_BOLD);
    bool runner = span_starts(text, SPAN("shell: ")) || span_starts(text, SPAN("env:")) ||
                  span_starts(text, SPAN("with:")) || span_starts(text, SPAN("  "));
    if (script) {
        line->flags |= LINE_COMMAND;
        if (step >= 0 && only_prepares(section_command(&reader->sections.items[step]))) {
            section_replace_command(&reader->sections, step, text);
        }
    } else if (runner) {
        line->flags |= LINE_MARKER;
    }
}

static void read_error(struct log_reader *reader, struct line *line)
{
    struct span text = line_span(line);
    struct section_list *sections = &reader->sections;
    int32_t step = section_innermost_of(sections, SECTION_STEP), code;
    line->flags |= LINE_ERROR;
    if (reader->github.error == 0 && reader->document->job_exit_code == 0) {
        reader->document->job_exit_code = EXIT_UNKNOWN; // of a job before this one
    }
    reader->github.error = reader->index + 1;
    if (span_starts(text, SPAN("Process completed with exit code ")) &&
        span_number(span_after(text, 33), &code)) {
        reader_exit(reader, line, step, code);
        if (code != 0 || reader->document->job_exit_code == EXIT_UNKNOWN) {
            reader->document->job_exit_code = code;
        }
    } else if (span_starts(text, SPAN("The operation was canceled"))) {
        section_exit(sections, step, 1, reader->index);
        reader_job_end(reader, line, 1);
    } else if (span_starts(text, SPAN("The runner has received a shutdown signal")) ||
               (span_starts(text, SPAN("The job ")) &&
                span_contains(text, SPAN("exceeded the maximum execution time")))) {
        section_exit(sections, step, 1, reader->index); // the reason, not only the end
        reader->document->job_exit_code = 1;
    } else if (span_starts(text, SPAN("The process '")) &&
               span_number_after(text, SPAN("failed with exit code "), &code)) {
        reader_exit(reader, line, step, code);
    }
}

static void read_command(struct log_reader *reader, struct line *line,
                         enum workflow_command command)
{
    struct section_list *sections = &reader->sections;
    struct span text = line_span(line);
    switch (command) {
    case WORKFLOW_GROUP:
        line->flags |= LINE_MARKER;
        if (span_starts(text, SPAN("Run "))) {
            open_run(reader, text);
            line->flags |= LINE_COMMAND;
        } else {
            section_open(sections, SECTION_GROUP, text, span_of("", 0), reader->index);
        }
        break;
    case WORKFLOW_END_GROUP:
        line->flags |= LINE_MARKER;
        reader->github.in_header = false;
        section_close(sections, SECTION_GROUP, NULL, reader->index);
        break;
    case WORKFLOW_ERROR:
        read_error(reader, line);
        break;
    case WORKFLOW_WARNING:
        line->flags |= LINE_WARNING;
        break;
    case WORKFLOW_COMMAND:
        reader_command(reader, line, text);
        break;
    case WORKFLOW_SECTION:
    case WORKFLOW_NOTICE:
    case WORKFLOW_DEBUG:
    case WORKFLOW_NONE:
        break;
    }
}

// The runner's own words between and after the steps.
static void read_runner(struct log_reader *reader, struct line *line)
{
    static const char *const openers[] = {"Post job cleanup.", "Cleaning up orphan processes"};
    struct span text = line_span(line);
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++) {
        if (span_equal(span_trim(text), span_of(openers[i], strlen(openers[i])))) {
            line->flags |= LINE_MARKER;
            if (reader->github.step.size == 0) {
                end_step(reader, true);
                section_open(&reader->sections, SECTION_STEP, text, span_of("", 0), reader->index);
            }
            // The job's last words: the runner calls every error by name, and has called none.
            if (i == 1 && reader->github.error == 0 &&
                reader->document->job_exit_code == EXIT_UNKNOWN) {
                reader->document->job_exit_code = 0;
            }
        }
    }
}

static void read(struct log_reader *reader, struct line *line)
{
    struct span text = line_span(line);
    if (text.size > 0 && !byte_is_digit(text.data[0])) {
        read_columns(reader, &text);
    }
    workflow_skip_timestamp(&text);
    enum workflow_command command = WORKFLOW_NONE;
    if (text.size > 2 && (text.data[0] == '#' || text.data[0] == '[' || text.data[0] == ':')) {
        command = workflow_read(&text);
    }
    line_set(line, text);
    if (command != WORKFLOW_NONE) {
        read_command(reader, line, command);
    } else if (reader->github.in_header) {
        read_header(reader, line);
    } else if (text.size > 16 && (text.data[0] == 'P' || text.data[0] == 'C')) {
        read_runner(reader, line);
    }
}

const struct wrapper wrapper_github = {
    .format = LOG_GITHUB,
    .name = "github",
    .evidence = evidence,
    .read = read,
};
