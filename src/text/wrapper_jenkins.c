// Jenkins: freestyle jobs and pipelines, with and without the timestamper.
//
//   [2024-03-01T10:11:12.123Z] + make          12:34:56  + make
//   [Pipeline] { (Build)   [Pipeline] }        [workspace] $ /bin/sh -xe /tmp/jenkins1.sh
//   Build step 'Execute shell' marked build as failure
//   Finished: FAILURE
// Stages are steps; blocks without a name nest unseen inside them. A declarative pipeline tells of the exit code last, behind what it runs
// after any job ("Declarative: Post Actions") and the stages that it skipped: the command that failed stands before those.
#include "text/wrapper.h"

static size_t stamp_length(struct span text)
{
    if (text.size > 20 && text.data[0] == '[') {
        size_t length = timestamp_length(span_after(text, 1));
        if (length > 0 && length + 1 < text.size && text.data[length + 1] == ']') {
            length += 2;
            return length < text.size && text.data[length] == ' ' ? length + 1 : length;
        }
        return 0;
    }
    size_t length = clock_length(text);
    bool two_blanks = length > 0 && length + 1 < text.size && text.data[length] == ' ' &&
                      text.data[length + 1] == ' ';
    return two_blanks ? length + 2 : 0;
}

static bool starts_result(struct span text)
{
    static const char *const results[] = {"SUCCESS", "FAILURE", "UNSTABLE", "ABORTED", "NOT_BUILT"};
    for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
        if (span_starts(text, span_of(results[i], strlen(results[i])))) {
            return true;
        }
    }
    return false;
}

static unsigned evidence(struct span line, size_t stamp)
{
    stamp = stamp_length(line);
    line = span_after(line, stamp);
    if (span_starts(line, SPAN("[Pipeline] ")) || span_starts(line, SPAN("[EnvInject] - "))) {
        return EVIDENCE_SURE;
    }
    if (span_skip(&line, SPAN("Finished: "))) {
        return starts_result(line) ? EVIDENCE_SURE : EVIDENCE_NONE;
    }
    if (span_starts(line, SPAN("Build step '")) || span_starts(line, SPAN("Started by ")) ||
        span_starts(line, SPAN("Running on Jenkins")) ||
        span_starts(line, SPAN("Building in workspace ")) ||
        span_starts(line, SPAN("Building remotely on "))) {
        return EVIDENCE_LIKELY;
    }
    return stamp > 0 ? EVIDENCE_HINT : EVIDENCE_NONE;
}

// A stage opens. What a job runs at its end, in "Declarative: Post Actions", comes behind the command that may have failed it.
static void begin_stage(struct log_reader *reader, struct span name)
{
    bool ends_job = span_equal(name, SPAN("Declarative: Post Actions"));
    reader->jenkins.before_post = ends_job ? section_last_command(&reader->sections) + 1 : 0;
    reader->jenkins.has_branches |= span_starts(name, SPAN("Branch: "));
}

// A command and the blocks that it stands in, up to the innermost stage, which is returned; -1: there is none.
static int32_t fail_with_stage(struct section_list *sections, int32_t command, int32_t code)
{
    int32_t at = command;
    while (at >= 0) {
        section_exit(sections, at, code, 0);
        if (at != command && sections->items[at].name_size > 0) {
            return at;
        }
        at = sections->items[at].parent;
    }
    return -1;
}

// "Stage "Deploy" skipped due to earlier failure(s)": the last command failed, and what ended before its stage had gone well, unless stages
// ran side by side.
static void read_skipped_stage(struct log_reader *reader)
{
    struct section_list *sections = &reader->sections;
    if (reader->jenkins.failed > 0) {
        return;
    }
    int32_t command = section_last_command(sections);
    int32_t stage = fail_with_stage(sections, command, 1);
    for (int32_t at = 0; stage >= 0 && at < stage && !reader->jenkins.has_branches; at++) {
        const struct section *section = &sections->items[at];
        bool ended = section->last_line < sections->items[stage].first_line;
        if (ended && section->exit_code == EXIT_UNKNOWN) {
            section_exit(sections, at, 0, 0);
        }
    }
    reader->jenkins.failed = command + 1;
}

// What stands behind "[Pipeline] ".
static void read_pipeline(struct log_reader *reader, struct span rest)
{
    struct section_list *sections = &reader->sections;
    if (span_skip(&rest, SPAN("{"))) {
        rest = span_trim(rest);
        bool named = rest.size > 2 && rest.data[0] == '(' && rest.data[rest.size - 1] == ')';
        struct span name = named ? span_of(rest.data + 1, rest.size - 2) : span_of("", 0);
        if (named) {
            begin_stage(reader, name);
        }
        section_open(sections, SECTION_STEP, name, span_of("", 0), reader->index);
    } else if (span_starts(rest, SPAN("}"))) {
        section_close(sections, SECTION_STEP, NULL, reader->index);
    } else {
        section_close_weak(sections, reader_previous(reader));
    }
}

// "[workspace] $ /bin/sh -xe /tmp/jenkins1.sh": a build step's command.
static bool read_build_step(struct log_reader *reader, struct line *line)
{
    struct span text = line_span(line);
    size_t close = span_find(text, SPAN("] $ "));
    if (close == SIZE_MAX || span_find(text, SPAN(" ")) < close) {
        return false;
    }
    struct section_list *sections = &reader->sections;
    struct span name = span_of(text.data + 1, close - 1);
    section_close(sections, SECTION_COMMAND, NULL, reader_previous(reader));
    section_open(sections, SECTION_COMMAND, name, span_after(text, close + 4), reader->index);
    line->flags |= LINE_COMMAND;
    return true;
}

static void read_result(struct log_reader *reader, struct line *line)
{
    struct span text = line_span(line);
    struct section_list *sections = &reader->sections;
    int32_t code;
    if (span_starts(text, SPAN("Finished: ")) && starts_result(span_after(text, 10))) {
        section_close_all(sections, reader_previous(reader));
        reader_job_end(reader, line, span_contains(text, SPAN("SUCCESS")) ? 0 : 1);
    } else if (span_starts(text, SPAN("Build step '")) &&
               span_contains(text, SPAN("marked build as failure"))) {
        int32_t step = section_innermost_of(sections, SECTION_COMMAND);
        reader_exit(reader, line, step, 1);
        section_close(sections, SECTION_COMMAND, NULL, reader->index);
    } else if (span_starts(text, SPAN("ERROR: script returned exit code ")) &&
               span_number(span_after(text, 33), &code)) {
        line->flags |= LINE_ERROR;
        int32_t failed =
            reader->jenkins.failed ? reader->jenkins.failed : reader->jenkins.before_post;
        int32_t command = failed > 0 ? failed - 1 : section_last_command(sections);
        reader_exit(reader, line, command, code);
        (void)fail_with_stage(sections, command, code);
    } else if (span_starts(text, SPAN("Error when executing "))) {
        reader->jenkins.before_post = 0; // what ran at the end failed
    } else if (span_starts(text, SPAN("Stage \"")) &&
               span_ends(text, SPAN("\" skipped due to earlier failure(s)"))) {
        read_skipped_stage(reader);
    }
}

static void read(struct log_reader *reader, struct line *line)
{
    struct span text = line_span(line), command;
    text = span_after(text, stamp_length(text));
    line_set(line, text);
    if (text.size < 3) {
        return;
    }
    switch (text.data[0]) {
    case '[':
        if (span_starts(text, SPAN("[Pipeline] "))) {
            line->flags |= LINE_MARKER;
            read_pipeline(reader, span_after(text, 11));
        } else {
            read_build_step(reader, line);
        }
        break;
    case '+':
        if (shell_echoes(text, &command)) {
            reader_traced_command(reader, line, command);
        }
        break;
    case 'F':
    case 'B':
    case 'E':
    case 'S':
        read_result(reader, line);
        break;
    default:
        break;
    }
}

const struct wrapper wrapper_jenkins = {
    .format = LOG_JENKINS,
    .name = "jenkins",
    .evidence = evidence,
    .read = read,
};
