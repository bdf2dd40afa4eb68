// The steps that readers of wrappers share; see reader.h.
#include "text/reader.h"

#include "text/word_list.h"

void reader_exit(struct log_reader *reader, struct line *line, int32_t index, int32_t code)
{
    line->flags |= LINE_EXIT;
    if (code != 0) {
        line->flags |= LINE_EXIT_FAILED;
    }
    struct section_list *sections = &reader->sections;
    int32_t weak = section_innermost(sections);
    if (code != 0 && weak >= 0 && weak != index && sections->depth > 0 &&
        sections->kinds[sections->depth - 1] == SECTION_WEAK &&
        sections->items[weak].exit_code == EXIT_UNKNOWN) {
        // A shell that stops at errors stopped at the last command it echoed.
        section_exit(sections, weak, code, reader_previous(reader));
    }
    section_close_weak(sections, reader_previous(reader));
    section_exit(sections, index, code, reader->index);
}

void reader_ends_in_error(struct log_reader *reader, uint32_t error)
{
    struct section_list *sections = &reader->sections;
    int32_t step = section_innermost_of(sections, SECTION_STEP);
    bool failed = reader->index > 0 && error == reader->index;
    if (failed && step >= 0 && sections->items[step].exit_code == EXIT_UNKNOWN) {
        section_exit(sections, step, 1, reader_previous(reader));
        if (reader->document->job_exit_code == EXIT_UNKNOWN) {
            reader->document->job_exit_code = 1;
        }
    }
}

void reader_job_end(struct log_reader *reader, struct line *line, int32_t code)
{
    line->flags |= LINE_JOB_END | LINE_EXIT;
    if (code != 0) {
        line->flags |= LINE_EXIT_FAILED;
    }
    reader->document->job_exit_code = code;
}

void reader_command(struct log_reader *reader, struct line *line, struct span command)
{
    line->flags |= LINE_COMMAND;
    if (reader->section >= 0) {
        section_set_command(&reader->sections, reader->section, command);
        return;
    }
    section_open(&reader->sections, SECTION_WEAK, span_of("", 0), command, reader->index);
}

// The failed status that a variable for one is set to; 0 for anything else.
static int32_t kept_status(struct span command)
{
    enum {
        MOST = 165 // of a shell: 128 and a signal's number
    };
    static const char *const names = "rc RC ret RET retval st ST status STATUS exit_code EXIT_CODE "
                                     "exit_status EXIT_STATUS exitcode result err failed fail";
    size_t size = span_find(command, SPAN("="));
    struct span value = span_after(command, size < command.size ? size + 1 : command.size);
    int32_t code = 0;
    bool told = value.size > 0 && span_digits(value) == value.size && span_number(value, &code) &&
                word_list_holds(names, ' ', span_of(command.data, size));
    return told && code <= MOST ? code : 0;
}

// "true" and ":", which scripts run where something failed that they do not mind.
static bool does_nothing(struct span command)
{
    return span_equal(command, SPAN("true")) || span_equal(command, SPAN(":"));
}

// "make check || true": what failed in the command before, makes within it included, counts as nothing.
static void tolerate(struct section_list *sections, int32_t command)
{
    for (size_t i = command < 0 ? sections->count : (size_t)command; i < sections->count; i++) {
        section_exit(sections, (int32_t)i, 0, 0);
    }
}

void reader_traced_command(struct log_reader *reader, struct line *line, struct span command)
{
    int32_t code = kept_status(command);
    bool tolerated = does_nothing(command);
    if ((code == 0 && !tolerated) || reader->section >= 0) {
        reader_command(reader, line, command);
        return;
    }
    int32_t before = section_last_command(&reader->sections);
    line->flags |= LINE_COMMAND;
    if (tolerated) {
        tolerate(&reader->sections, before);
    } else {
        section_exit(&reader->sections, before, code, 0);
    }
    section_close_weak(&reader->sections, reader_previous(reader));
}

// "npm run lint || true", "... || echo 'not enforced'": whatever fails in it, the shell goes on. Of several commands it is the last alone.
static bool is_tolerant(struct span command)
{
    struct span tail = command;
    for (size_t at; (at = span_find(tail, SPAN("|| "))) != SIZE_MAX;) {
        tail = span_after(tail, at + 3);
    }
    bool several = span_contains(command, SPAN(";")) || span_contains(tail, SPAN("&&"));
    return tail.size < command.size && !several &&
           (does_nothing(tail) || span_equal(tail, SPAN("exit 0")) ||
            span_starts(tail, SPAN("echo ")));
}

void reader_tolerant_commands(struct log_reader *reader)
{
    bool tolerant = false;
    for (size_t i = 0; i < reader->sections.count; i++) {
        struct section *section = &reader->sections.items[i];
        const struct line *line = &reader->document->lines[section->first_line];
        struct span command = section_command(section);
        bool of_shell = shell_echoes(line_span(line), &command);
        bool within = tolerant && (line->flags & LINE_COMMAND) && !of_shell;
        // Of a step of GitHub's this may be the first command of several.
        tolerant = within ||
                   ((of_shell || reader->document->format != LOG_GITHUB) && is_tolerant(command));
        if (tolerant && section->exit_code == EXIT_UNKNOWN) {
            section->exit_code = 0;
        }
    }
}

void reader_traced_exit(struct log_reader *reader)
{
    const struct document *document = reader->document;
    size_t n_lines = document->n_lines;
    while (n_lines > 0 && document->lines[n_lines - 1].size == 0) {
        n_lines--;
    }
    if (n_lines == 0 || document->job_exit_code != EXIT_UNKNOWN) {
        return;
    }
    struct line *last = &document->lines[n_lines - 1];
    struct span rest;
    int32_t code;
    if (shell_echoes(line_span(last), &rest) && span_skip(&rest, SPAN("exit ")) &&
        span_digits(rest) == rest.size && span_number(rest, &code)) {
        reader_job_end(reader, last, code);
    }
}

// Matches `text` with a pattern in which '0' stands for any digit.
static bool matches_digits(struct span text, const char *pattern, size_t size)
{
    if (text.size < size) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        bool fits = pattern[i] == '0' ? byte_is_digit(text.data[i]) : text.data[i] == pattern[i];
        if (!fits) {
            return false;
        }
    }
    return true;
}

size_t timestamp_length(struct span text)
{
    static const char pattern[] = "0000-00-00T00:00:00";
    size_t at = sizeof pattern - 1;
    if (text.size < at || text.data[4] != '-' || text.data[10] != 'T' ||
        !matches_digits(text, pattern, at)) {
        return 0;
    }
    if (at < text.size && text.data[at] == '.') {
        at++;
        at += span_digits(span_after(text, at));
    }
    if (at < text.size && text.data[at] == 'Z') {
        at++;
    } else if (at < text.size && (text.data[at] == '+' || text.data[at] == '-') &&
               matches_digits(span_after(text, at + 1), "00:00", 5)) {
        at += 6;
    } else {
        return 0;
    }
    return at < text.size && text.data[at] == ' ' ? at + 1 : at;
}

size_t clock_length(struct span text)
{
    if (!matches_digits(text, "00:00:00", 8)) {
        return 0;
    }
    return matches_digits(span_after(text, 8), ".000", 4) ? 12 : 8;
}
