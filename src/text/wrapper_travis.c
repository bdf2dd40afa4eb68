// Travis CI: folds, timed commands, exit statuses.
//
// A raw line often packs several markers, each ended by "\r\e[0K" and all invisible on the site:
//   travis_fold:start:install\r\e[0Ktravis_time:start:0a1b2c3d\r\e[0K$ npm install
// A fold is a group; a pair of travis_time markers is a command, whose exit status comes after its end:
//   travis_time:end:0a1b2c3d:start=1,finish=2,duration=1\r\e[0K\e[31;1mThe command "npm test" exited with 1.\e[0m
#include "text/wrapper.h"

#include <string.h>

enum {
    EXIT_LINES = 60, // lines that a quoted command in 'The command "…" exited with 1.' can span
};

static unsigned evidence(struct span line, size_t stamp)
{
    (void)stamp;
    if (span_starts(line, SPAN("travis_")) &&
        (span_starts(line, SPAN("travis_fold:")) || span_starts(line, SPAN("travis_time:")))) {
        return EVIDENCE_SURE;
    }
    if (span_starts(line, SPAN("Done. Your build exited with ")) ||
        (span_starts(line, SPAN("The command \"")) &&
         span_contains(line, SPAN("\" exited with ")))) {
        return EVIDENCE_LIKELY;
    }
    return EVIDENCE_NONE;
}

// "start:install.1" or "end:install.1" of a fold.
static void read_fold(struct log_reader *reader, struct span rest)
{
    if (span_skip(&rest, SPAN("start:"))) {
        section_open(&reader->sections, SECTION_GROUP, rest, span_of("", 0), reader->index);
    } else if (span_skip(&rest, SPAN("end:"))) {
        section_close(&reader->sections, SECTION_GROUP, &rest, reader_previous(reader));
    }
}

// "start:0a1b2c3d" or "end:0a1b2c3d:start=…" of a command.
static void read_time(struct log_reader *reader, struct span rest)
{
    if (span_starts(rest, SPAN("start:"))) {
        section_open(&reader->sections, SECTION_COMMAND, span_of("", 0), span_of("", 0),
                     reader->index);
    } else if (span_starts(rest, SPAN("end:"))) {
        section_close(&reader->sections, SECTION_COMMAND, NULL, reader_previous(reader));
    }
}

// Where "travis_" next begins from `at` on. Looks for its rarest byte: segments are many, and most have none.
static size_t find_marker(struct span text, size_t at)
{
    static const char name[] = "travis_";
    const size_t before = sizeof name - 2; // bytes before the '_'
    for (size_t from = at + before; from < text.size;) {
        const char *found = memchr(text.data + from, '_', text.size - from);
        if (!found) {
            break;
        }
        if (memcmp(found - before, name, before) == 0) {
            return (size_t)(found - text.data) - before;
        }
        from = (size_t)(found - text.data) + 1;
    }
    return SIZE_MAX;
}

static size_t segment(struct log_reader *reader, struct span text)
{
    size_t at = 0;
    for (;;) {
        at = find_marker(text, at);
        if (at == SIZE_MAX) {
            return text.size;
        }
        struct span rest = span_after(text, at + 7);
        size_t before = span_equal(span_of(text.data, at), SPAN("nl")) ? 0 : at;
        if (span_skip(&rest, SPAN("fold:"))) {
            read_fold(reader, rest);
            return before;
        }
        if (span_skip(&rest, SPAN("time:"))) {
            read_time(reader, rest);
            return before;
        }
        at += 7;
    }
}

// Where `text` ends in "exited with N.": the code, and `text` without that.
static bool exit_status(struct span *text, int32_t *code)
{
    if (text->size < 16 || text->data[text->size - 1] != '.') {
        return false;
    }
    size_t at = text->size - 1;
    while (at > 0 && (byte_is_digit(text->data[at - 1]) || text->data[at - 1] == '-')) {
        at--;
    }
    struct span head = span_of(text->data, at);
    if (!span_ends(head, SPAN(" exited with ")) || !span_number(span_after(*text, at), code)) {
        return false;
    }
    text->size = at - (sizeof " exited with " - 1);
    return true;
}

// 'The command "x" exited with 1.', whose command can hold line ends, and 'The command "x" failed and exited with 1
// during install.'
static void read_exit(struct log_reader *reader, struct line *line)
{
    struct span text = line_span(line);
    bool begins = span_skip(&text, SPAN("The command "));
    bool quoted = begins && span_skip(&text, SPAN("\""));
    int32_t code = 0;
    bool ends = exit_status(&text, &code);
    if (begins && !ends && span_number_after(text, SPAN("\" failed and exited with "), &code)) {
        text.size = span_find(text, SPAN("\" failed and exited with ")) + 1;
        ends = true;
    }
    if (begins && !ends) {
        reader->travis.exit_started = quoted ? reader->index + 1 : 0;
        return;
    }
    uint32_t started = reader->travis.exit_started;
    bool goes_on = ends && !begins && started > 0 && reader->index - (started - 1) <= EXIT_LINES &&
                   span_ends(text, SPAN("\""));
    if (!ends || (!begins && !goes_on)) {
        return;
    }
    int32_t index = -1;
    if (begins) {
        if (quoted && span_ends(text, SPAN("\""))) {
            text.size--;
        }
        index = section_of_command(&reader->sections, text);
    }
    if (index < 0) {
        index = section_last_command(&reader->sections);
    }
    reader_exit(reader, line, index, code);
    if (index >= 0 && reader->sections.items[index].last_line == reader->index) {
        reader->section = index;
    }
    reader->travis.exit_started = 0;
}

static bool read_job_end(struct log_reader *reader, struct line *line)
{
    struct span text = line_span(line);
    int32_t code;
    // The last command's output may end without a line end and stand before it.
    struct span tail = span_after(text, text.size > 40 ? text.size - 40 : 0);
    size_t at = span_find(tail, SPAN("Done. Your build exited with "));
    if (at != SIZE_MAX) {
        bool known = span_number(span_after(tail, at + 29), &code);
        section_close_all(&reader->sections, reader_previous(reader));
        reader_job_end(reader, line, known ? code : EXIT_UNKNOWN);
        return true;
    }
    if (span_starts(text, SPAN("Your build has been stopped.")) ||
        span_starts(text, SPAN("The build has been terminated")) ||
        span_starts(text, SPAN("The job exceeded the maximum time limit"))) {
        section_close_all(&reader->sections, reader_previous(reader));
        reader_job_end(reader, line, 1);
        return true;
    }
    return false;
}

static void read(struct log_reader *reader, struct line *line)
{
    struct span text = line_span(line);
    if (text.size == 0) {
        return;
    }
    bool echo = text.size > 2 && text.data[0] == '$' && text.data[1] == ' ';
    if (echo) {
        struct span command = span_after(text, 2);
        int32_t index = section_innermost_of(&reader->sections, SECTION_COMMAND);
        // On the marker's line, or on the next where '\r' became '\n'.
        if (index >= 0 && reader->sections.items[index].first_line + 1 >= reader->index &&
            reader->sections.items[index].command_size == 0) {
            section_set_command(&reader->sections, index, command);
            line->flags |= LINE_COMMAND;
        } else {
            reader_command(reader, line, command);
        }
        int32_t fold = section_innermost_of(&reader->sections, SECTION_GROUP);
        section_set_command(&reader->sections, fold, command);
        return;
    }
    // The images for macOS lack a function that a hook of the terminal's calls; no job fails by that.
    if (span_ends(text, SPAN(": shell_session_update: command not found"))) {
        line->flags |= LINE_MARKER;
        return;
    }
    if (text.data[text.size - 1] == '.' || text.data[0] == 'T' || text.data[0] == 'Y') {
        if (!read_job_end(reader, line)) {
            read_exit(reader, line);
        }
    }
}

const struct wrapper wrapper_travis = {
    .format = LOG_TRAVIS,
    .name = "travis",
    .evidence = evidence,
    .segment = segment,
    .marker = "travis_",
    .read = read,
};
