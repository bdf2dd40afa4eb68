// Docker BuildKit's plain progress, alone or inside another CI's log.
//
//   #12 [builder 3/7] RUN make
//   #12 0.345 gcc -c x.c
//   #12 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 2
// Steps run at the same time and their lines interleave, so each line names its step. What repeats the failed step's
// last lines at the end, between two lines of '-', goes to that step's section as well by its own header.
#include "text/wrapper.h"

#include "base/arena.h"

// "#12 " at the start: the step's number into *step, and its length; else 0.
static size_t step_prefix(struct span text, int32_t *step)
{
    if (text.size < 4 || text.data[0] != '#') {
        return 0;
    }
    size_t digits = span_digits(span_after(text, 1));
    if (digits == 0 || digits > 4 || text.size < digits + 3 || text.data[digits + 1] != ' ') {
        return 0;
    }
    span_number(span_after(text, 1), step);
    return digits + 2;
}

// "0.345 " at the start of a step's output: its length, else 0.
static size_t seconds_length(struct span text)
{
    size_t whole = span_digits(text);
    if (whole == 0 || whole > 6 || text.size < whole + 2 || text.data[whole] != '.') {
        return 0;
    }
    size_t length = whole + 1 + span_digits(span_after(text, whole + 1));
    if (length == text.size) {
        return length;
    }
    return length > whole + 1 && text.data[length] == ' ' ? length + 1 : 0;
}

static unsigned evidence(struct span line, size_t stamp)
{
    line = span_after(line, stamp);
    int32_t step;
    size_t prefix = step_prefix(line, &step);
    struct span rest = span_after(line, prefix);
    if (prefix == 0) {
        return span_starts(line, SPAN("ERROR: failed to solve: ")) ||
                       span_starts(line, SPAN("ERROR: failed to build: failed to solve: ")) ||
                       span_starts(line, SPAN("executor failed running ["))
                   ? EVIDENCE_SURE
                   : EVIDENCE_NONE;
    }
    if (span_starts(rest, SPAN("[internal] load ")) || span_starts(rest, SPAN("DONE ")) ||
        span_starts(rest, SPAN("CACHED")) ||
        span_starts(rest, SPAN("ERROR: executor failed running ["))) {
        return EVIDENCE_LIKELY;
    }
    return seconds_length(rest) > 0 ? EVIDENCE_HINT : EVIDENCE_NONE;
}

// The section of a step, made at its first line; -1 when there is no room.
static int32_t *section_of_step(struct log_reader *reader, int32_t step)
{
    if (!reader->buildkit.steps) {
        reader->buildkit.steps = arena_allocate_array(&reader->document->arena, BUILDKIT_STEPS,
                                                      sizeof *reader->buildkit.steps);
        reader->out_of_memory |= !reader->buildkit.steps;
    }
    return reader->buildkit.steps && step < BUILDKIT_STEPS ? &reader->buildkit.steps[step] : NULL;
}

// "[builder 3/7] RUN make": the command is what stands behind "RUN ".
static void open_step(struct log_reader *reader, struct line *line, int32_t *slot, struct span text)
{
    size_t run = span_find(text, SPAN("] RUN "));
    struct span command = run == SIZE_MAX ? span_of("", 0) : span_after(text, run + 6);
    *slot = section_add(&reader->sections, text, command, reader->index) + 1;
    line->flags |= run == SIZE_MAX ? LINE_MARKER : LINE_COMMAND;
}

static void read_step(struct log_reader *reader, struct line *line, int32_t step, struct span text)
{
    int32_t *slot = section_of_step(reader, step);
    if (!slot) {
        return;
    }
    bool header = text.size > 0 && text.data[0] == '[';
    if (header && (*slot == 0 || !span_equal(span_trim(text),
                                             section_name(&reader->sections.items[*slot - 1])))) {
        open_step(reader, line, slot, text);
    } else if (*slot == 0) {
        *slot = section_add(&reader->sections, span_of("", 0), span_of("", 0), reader->index) + 1;
    }
    reader->section = *slot - 1;
    if (reader->section < 0) {
        return;
    }
    struct section *section = &reader->sections.items[reader->section];
    section->last_line = reader->index;
    int32_t code = 1;
    if (span_starts(text, SPAN("ERROR: "))) {
        span_number_after(text, SPAN("exit code: "), &code);
        line->flags |= LINE_ERROR;
        line->flags |= LINE_EXIT | LINE_EXIT_FAILED;
        section->exit_code = code;
        reader->buildkit.last_failed = reader->section + 1;
    } else if (span_starts(text, SPAN("DONE "))) {
        section->exit_code = 0;
        line->flags |= LINE_MARKER;
    } else if (span_starts(text, SPAN("CACHED")) || span_starts(text, SPAN("sha256:")) ||
               span_starts(text, SPAN("..."))) {
        line->flags |= LINE_MARKER;
    }
}

// " > [builder 3/7] RUN make:" heads the last lines of the step that failed. It opens that step's section where nothing told of the failure
// before: a terminal's progress is gone from the log, or somebody saved its end alone.
static void read_heading(struct log_reader *reader, struct line *line, struct span text)
{
    if (reader->buildkit.last_failed > 0) {
        line->flags |= LINE_MARKER;
        return;
    }
    span_skip(&text, SPAN(" > "));
    text.size -= span_ends(text, SPAN(":"));
    int32_t slot = 0;
    open_step(reader, line, &slot, text);
    reader->section = slot - 1;
    reader->buildkit.last_failed = slot;
    reader->buildkit.in_summary = slot > 0;
    if (slot > 0) {
        reader->sections.items[slot - 1].exit_code = 1;
    }
}

// "0.345 " is off the output's lines; a ruler ends what the summary opened.
static void read_output(struct log_reader *reader, struct line *line, struct span text)
{
    if (byte_is_digit(text.data[0])) {
        line_set(line, span_after(text, seconds_length(text)));
    }
    if (reader->buildkit.in_summary) {
        if (span_starts(text, SPAN("------"))) {
            reader->buildkit.in_summary = false;
            reader->section = -1;
        } else {
            reader->section = reader->buildkit.last_failed - 1;
            reader->sections.items[reader->section].last_line = reader->index;
        }
    }
}

// The last word: "ERROR: failed to solve: …", and by older ones "executor failed running [/bin/sh -c make]: exit code: 2".
static bool ends_build(struct span text)
{
    return span_starts(text, SPAN("ERROR: failed to ")) ||
           span_starts(text, SPAN("executor failed running ["));
}

static void read(struct log_reader *reader, struct line *line)
{
    struct span text = line_span(line);
    if (text.size == 0) {
        return;
    }
    int32_t step = 0, code = 1;
    size_t prefix = step_prefix(text, &step);
    if (prefix > 0) {
        struct span rest = span_after(text, prefix);
        read_step(reader, line, step, rest);
        line_set(line, span_after(rest, seconds_length(rest)));
    } else if (ends_build(text)) {
        line->flags |= LINE_ERROR | LINE_EXIT | LINE_EXIT_FAILED;
        bool told = span_number_after(text, SPAN("exit code: "), &code);
        if (!reader->outer) {
            reader_job_end(reader, line, told ? code : 1);
        }
    } else if (span_starts(text, SPAN(" > ["))) {
        read_heading(reader, line, text);
    } else if (reader->buildkit.last_failed > 0 || !reader->buildkit.steps) {
        read_output(reader, line, text);
    }
}

const struct wrapper wrapper_buildkit = {
    .format = LOG_BUILDKIT,
    .name = "buildkit",
    .is_tool = true,
    .evidence = evidence,
    .read = read,
};
