// Buildkite: groups ("~~~ ", "--- ", "+++ "), echoed commands, "🚨 Error: The command exited with status 1".
//
// Its timestamps are escape strings, \e_bk;t=1700000000000\a, and are gone before a line comes here.
#include "text/wrapper.h"

static unsigned evidence(struct span line, size_t stamp)
{
    (void)stamp;
    if (span_starts(line, SPAN("\x1B_bk;t="))) {
        return EVIDENCE_SURE;
    }
    if (span_starts(line, SPAN("~~~ Running ")) || span_starts(line, SPAN("~~~ Preparing ")) ||
        span_starts(line, SPAN("^^^ +++"))) {
        return EVIDENCE_LIKELY;
    }
    // A grey dollar before a command, a grey comment: the agent's, also where its timestamps were taken off.
    if (span_starts(line, SPAN("$\x1B[0m ")) || span_starts(line, SPAN("# Creating \""))) {
        return EVIDENCE_LIKELY;
    }
    return span_contains(line, SPAN("Error: The command exited with status ")) ? EVIDENCE_LIKELY
                                                                               : EVIDENCE_NONE;
}

// A group's header; not the head of a diff ("--- a/x.c", "+++ b/x.c") nor of a Go or Perl test ("--- FAIL: TestX").
static bool is_group(struct span text)
{
    if (span_starts(text, SPAN("~~~ "))) {
        return true;
    }
    if (!span_skip(&text, SPAN("--- ")) && !span_skip(&text, SPAN("+++ "))) {
        return false;
    }
    static const char *const others[] = {
        "a/", "b/", "/dev/null", "FAIL: ", "PASS: ", "SKIP: ", "BENCH: ", "- "};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (span_starts(text, span_of(others[i], strlen(others[i])))) {
            return false;
        }
    }
    return !span_contains(text, SPAN("\t"));
}

static void read_exit(struct log_reader *reader, struct line *line)
{
    static const char *const forms[] = {"Error: The command exited with status ",
                                        "user command error: exit status ",
                                        "Error running command: exit status "};
    struct section_list *sections = &reader->sections;
    struct span text = line_span(line);
    int32_t code;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (span_number_after(text, span_of(forms[i], strlen(forms[i])), &code)) {
            line->flags |= LINE_ERROR;
            reader_exit(reader, line, section_innermost_of(sections, SECTION_GROUP), code);
            if (reader->document->job_exit_code == EXIT_UNKNOWN) {
                reader->document->job_exit_code = code;
            }
            return;
        }
    }
}

static void read(struct log_reader *reader, struct line *line)
{
    struct section_list *sections = &reader->sections;
    struct span text = line_span(line);
    if (text.size < 4) {
        return;
    }
    switch (text.data[0]) {
    case '~':
    case '-':
    case '+':
        if (is_group(text)) {
            line->flags |= LINE_MARKER;
            section_close(sections, SECTION_GROUP, NULL, reader_previous(reader));
            section_open(sections, SECTION_GROUP, span_after(text, 4), span_of("", 0),
                         reader->index);
        }
        break;
    case '^':
        if (span_starts(text, SPAN("^^^ +++"))) {
            line->flags |= LINE_MARKER;
        }
        break;
    case '$':
        if (text.data[1] == ' ') {
            struct span command = span_after(text, 2);
            int32_t group = section_innermost_of(sections, SECTION_GROUP);
            section_set_command(sections, group, command);
            reader_command(reader, line, command);
        }
        break;
    case '\xF0': // 🚨
    case 'E':
    case 'u':
        read_exit(reader, line);
        break;
    default:
        break;
    }
}

const struct wrapper wrapper_buildkite = {
    .format = LOG_BUILDKITE,
    .name = "buildkite",
    .evidence = evidence,
    .read = read,
};
