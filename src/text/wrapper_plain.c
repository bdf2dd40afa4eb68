// No wrapper at all: what shells, npm and make tell of the commands they run. Read in every log, after the wrappers.
//
// Opens weak sections for echoed commands ("$ cmd", "+ cmd" of set -x, "> script" of npm) and for the folders that make
// enters. Guesses only: nothing here overrides what a wrapper told.
#include "text/wrapper.h"

// "ERROR!", "Expected:": a script tells something between marks of its own.
static bool is_word_of_prose(struct span word)
{
    return word.size > 1 && strchr("!:,", word.data[word.size - 1]);
}

bool shell_echoes(struct span text, struct span *command)
{
    if (text.size < 3 || (text.data[0] != '$' && text.data[0] != '+')) {
        return false;
    }
    size_t at = 1;
    while (text.data[0] == '+' && at < text.size && text.data[at] == '+' && at < 8) {
        at++; // "++ date": a shell within the shell
    }
    if (at == 3) {
        return false; // "+++ b/x.c": a diff
    }
    if (at + 1 >= text.size || text.data[at] != ' ') {
        return false;
    }
    char first = text.data[at + 1];
    bool letter = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
    if (!letter && !strchr("./_'\"[:", first)) {
        return false;
    }
    *command = span_after(text, at + 1);
    size_t blank = span_find(*command, SPAN(" "));
    if (is_word_of_prose(span_of(command->data, blank < command->size ? blank : command->size))) {
        return false;
    }
    return at == 1; // of deeper shells only the flag matters
}

// npm and yarn: "> package@1.0.0 test" or "> package@1.0.0 test /home/me/package", then "> jest".
static void read_npm(struct log_reader *reader, struct line *line)
{
    struct span rest = span_after(line_span(line), 2);
    size_t at_sign = span_find(span_after(rest, 1), SPAN("@"));
    size_t blank = span_find(rest, SPAN(" "));
    bool names_package = at_sign != SIZE_MAX && blank != SIZE_MAX && at_sign + 1 < blank &&
                         blank + 1 < rest.size && span_digits(span_after(rest, at_sign + 2)) > 0;
    const struct section_list *sections = &reader->sections;
    if (reader->section >= 0) { // lines interleave: the one above may be of another program
        bool second = reader->index > 0 && line[-1].section == reader->section &&
                      (line[-1].flags & LINE_COMMAND) && line[-1].text[0] == '>';
        line->flags |= names_package ? LINE_COMMAND : 0;
        if (second) {
            reader_command(reader, line, rest);
        }
        return;
    }
    if (names_package) {
        reader_command(reader, line, rest);
        return;
    }
    // The second line says what runs; it follows the first.
    int32_t index = section_innermost(sections);
    if (index >= 0 && sections->items[index].first_line + 1 == reader->index &&
        sections->items[index].name_size == 0 && reader->index > 0) {
        const struct line *previous = line - 1;
        if (previous->size > 2 && previous->text[0] == '>' && (previous->flags & LINE_COMMAND)) {
            struct section *section = &reader->sections.items[index];
            section->name = section->command;
            section->name_size = section->command_size;
            section->command_size = 0;
            section_set_command(&reader->sections, index, rest);
            line->flags |= LINE_COMMAND;
        }
    }
}

// "make[1]: Entering directory '/x'", "make[1]: Leaving directory '/x'", "make: *** [Makefile:3: all] Error 2".
static void read_make(struct log_reader *reader, struct line *line)
{
    struct span text = line_span(line);
    size_t colon = span_find(text, SPAN(": "));
    if (colon == SIZE_MAX || colon > 16) {
        return;
    }
    struct span rest = span_after(text, colon + 2);
    int32_t code;
    int32_t section = reader->section >= 0 ? reader->section : section_innermost(&reader->sections);
    if (span_starts(rest, SPAN("Entering directory")) && reader->section < 0) {
        section_open(&reader->sections, SECTION_WEAK, text, span_of("", 0), reader->index);
    } else if (span_starts(rest, SPAN("*** ")) &&
               span_number_after(rest, SPAN("] Error "), &code)) {
        section_exit(&reader->sections, section, code, reader->index);
    } else if (span_starts(rest, SPAN("Leaving directory"))) {
        section_close_weak(&reader->sections, reader->index);
    }
}

// "Error: Process completed with exit code 1.": as GitHub's page shows the end of a step, copied from there.
static void read_copied_end(struct log_reader *reader, struct line *line)
{
    struct span text = line_span(line);
    int32_t code;
    if (span_skip(&text, SPAN("Error: ")) &&
        span_number_after(text, SPAN("Process completed with exit code "), &code)) {
        line_set(line, text);
        line->flags |= LINE_ERROR;
        reader_exit(reader, line, -1, code);
        reader->document->job_exit_code = code;
    }
}

static void read(struct log_reader *reader, struct line *line)
{
    if (line->size < 3 || (line->flags & (LINE_MARKER | LINE_COMMAND))) {
        return;
    }
    struct span text = line_span(line), command = {0};
    switch (text.data[0]) {
    case '$':
    case '+':
        if (shell_echoes(text, &command)) {
            reader_traced_command(reader, line, command);
        } else if (command.size > 0) {
            line->flags |= LINE_COMMAND;
        }
        break;
    case '>':
        if (text.data[1] == ' ') {
            read_npm(reader, line);
        }
        break;
    case 'm':
        if (span_starts(text, SPAN("make"))) {
            read_make(reader, line);
        }
        break;
    case 'g':
        if (span_starts(text, SPAN("gmake"))) {
            read_make(reader, line);
        }
        break;
    case 'E':
        read_copied_end(reader, line);
        break;
    default:
        break;
    }
}

const struct wrapper wrapper_plain = {
    .format = LOG_PLAIN,
    .name = "plain",
    .is_tool = true,
    .read = read,
};
