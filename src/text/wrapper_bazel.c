// Bazel's own words, alone or inside another CI's log: test outputs, failed actions, the build's end.
//
//   ==================== Test output for //cart:cart_test:
//   …
//   ================================================================================
//   ERROR: /src/a/BUILD:3:11: Compiling a/x.cc failed: (Exit 1): gcc failed: error executing command …
#include "text/wrapper.h"

// Drops "(12:34:56) ", which --show_timestamps puts first.
static struct span without_clock(struct span text)
{
    if (text.size > 11 && text.data[0] == '(' && clock_length(span_after(text, 1)) == 8 &&
        text.data[9] == ')') {
        text = span_after(text, text.data[10] == ' ' ? 11 : 10);
    }
    return text;
}

static unsigned evidence(struct span line, size_t stamp)
{
    line = without_clock(span_after(line, stamp));
    if (span_starts(line, SPAN("==================== Test output for //")) ||
        span_starts(line, SPAN("INFO: Build completed")) ||
        span_starts(line, SPAN("INFO: Analyzed ")) ||
        span_starts(line, SPAN("INFO: Streaming build results to: ")) ||
        span_starts(line, SPAN("INFO: Invocation ID: ")) ||
        span_starts(line, SPAN("Starting local Bazel server"))) {
        return EVIDENCE_LIKELY;
    }
    if (span_starts(line, SPAN("Target //")) || span_starts(line, SPAN("ERROR: Build did NOT")) ||
        (span_starts(line, SPAN("ERROR: /")) && span_contains(line, SPAN("/BUILD")))) {
        return EVIDENCE_LIKELY;
    }
    return EVIDENCE_NONE;
}

static void read_test_output(struct log_reader *reader, struct line *line, struct span text)
{
    struct section_list *sections = &reader->sections;
    size_t label = span_find(text, SPAN("Test output for "));
    if (label != SIZE_MAX) {
        struct span name = span_after(text, label + 16);
        while (name.size > 0 &&
               (name.data[name.size - 1] == ':' || name.data[name.size - 1] == ' ')) {
            name.size--;
        }
        section_open(sections, SECTION_GROUP, name, span_of("", 0), reader->index);
        reader->bazel.in_test_output = true;
        line->flags |= LINE_MARKER;
    } else if (reader->bazel.in_test_output && text.size >= 80) {
        section_close(sections, SECTION_GROUP, NULL, reader->index);
        reader->bazel.in_test_output = false;
        line->flags |= LINE_MARKER;
    }
}

static void read_error(struct log_reader *reader, struct line *line, struct span text)
{
    int32_t code;
    line->flags |= LINE_ERROR;
    if (span_contains(text, SPAN("failed: (Exit ")) &&
        span_number_after(text, SPAN("failed: (Exit "), &code)) {
        line->flags |= LINE_EXIT | LINE_EXIT_FAILED;
    } else if (!reader->outer && span_contains(text, SPAN("Build did NOT complete successfully"))) {
        reader_job_end(reader, line, 1);
    }
}

static void read(struct log_reader *reader, struct line *line)
{
    struct span text = without_clock(line_span(line));
    if (text.size < 5) {
        return;
    }
    line_set(line, text);
    switch (text.data[0]) {
    case '=':
        if (span_starts(text, SPAN("===================="))) {
            read_test_output(reader, line, text);
        }
        break;
    case 'E':
        if (span_starts(text, SPAN("ERROR: "))) {
            read_error(reader, line, text);
        }
        break;
    case 'F':
        if (!reader->outer && span_starts(text, SPAN("FAILED: Build did NOT complete"))) {
            reader_job_end(reader, line, 1);
        }
        break;
    case 'W':
        if (span_starts(text, SPAN("WARNING: "))) {
            line->flags |= LINE_WARNING;
        }
        break;
    case 'I':
        if (!reader->outer && span_starts(text, SPAN("INFO: Build completed"))) {
            bool failed = span_contains(text, SPAN("FAILED"));
            reader_job_end(reader, line, failed ? 1 : 0);
        }
        break;
    default:
        break;
    }
}

const struct wrapper wrapper_bazel = {
    .format = LOG_BAZEL,
    .name = "bazel",
    .is_tool = true,
    .evidence = evidence,
    .read = read,
};
