// GitLab CI: sections, echoed commands, the runner's timestamps and last words.
//
//   section_start:1700000000:step_script\r\e[0K\e[36;1mExecuting "step_script" stage of the job script\e[0;m
//   \e[32;1m$ make test\e[0;m
//   2024-05-22T12:43:46.962646Z 01O text       (runner 17 on: date, stream number, O or E, '+' continues a line)
//
// What is copied from a page has no markers, but the words that head a stage.
#include "text/wrapper.h"

// Bytes of a timestamp of `date` bytes and the stream behind it, 0 where the stream is missing.
static size_t stamp_with_stream(struct span text, size_t date)
{
    struct span rest = span_after(text, date);
    bool stream = date > 0 && rest.size >= 4 && byte_is_digit(rest.data[0]) &&
                  (byte_is_digit(rest.data[1]) || (rest.data[1] >= 'a' && rest.data[1] <= 'f')) &&
                  (rest.data[2] == 'O' || rest.data[2] == 'E') &&
                  (rest.data[3] == ' ' || rest.data[3] == '+');
    return stream ? date + 4 : 0;
}

static size_t stamp_length(struct span text)
{
    return stamp_with_stream(text, timestamp_length(text));
}

// The stage that such a line heads, by the name that its marker has; empty for any other line. The script's own commands may stand
// without one.
static struct span headed_stage(struct span text)
{
    static const struct {
        const char *heading, *name;
    } stages[] = {
        {"Executing \"step_script\" stage", "step_script"},
        {"Executing \"build_script\" stage", "build_script"},
        {"Running after_script", "after_script"},
        {"Saving cache for ", "archive_cache"},
        {"Uploading artifacts for failed job", "upload_artifacts_on_failure"},
        {"Uploading artifacts for successful job", "upload_artifacts_on_success"},
        {"Cleaning up project directory and file based variables", "cleanup_file_variables"},
    };
    bool may = text.size > 0 && strchr("ERSUC", text.data[0]);
    for (size_t i = 0; may && i < sizeof stages / sizeof *stages; i++) {
        if (span_starts(text, span_of(stages[i].heading, strlen(stages[i].heading)))) {
            return span_of(stages[i].name, strlen(stages[i].name));
        }
    }
    return span_of("", 0);
}

static unsigned evidence(struct span line, size_t stamp)
{
    stamp = stamp_with_stream(line, stamp);
    line = span_after(line, stamp);
    if (span_starts(line, SPAN("section_start:")) || span_starts(line, SPAN("section_end:")) ||
        span_starts(line, SPAN("Running with gitlab-runner "))) {
        return EVIDENCE_SURE;
    }
    if (span_starts(line, SPAN("ERROR: Job failed")) || headed_stage(line).size > 0) {
        return EVIDENCE_LIKELY;
    }
    if (span_equal(line, SPAN("Job succeeded"))) {
        return EVIDENCE_LIKELY;
    }
    return stamp > 0 ? EVIDENCE_LIKELY : EVIDENCE_NONE;
}

// "1700000000:name[collapsed=true]": the name.
static struct span marker_name(struct span rest)
{
    size_t digits = span_digits(rest);
    rest = span_after(rest, digits);
    span_skip(&rest, SPAN(":"));
    size_t end = 0;
    while (end < rest.size && (uint8_t)rest.data[end] > ' ' && rest.data[end] != '[') {
        end++;
    }
    return span_of(rest.data, end);
}

static size_t segment(struct log_reader *reader, struct span text)
{
    size_t at = 0;
    for (;;) {
        size_t found = span_find(span_after(text, at), SPAN("section_"));
        if (found == SIZE_MAX) {
            return text.size;
        }
        at += found;
        struct span rest = span_after(text, at + 8);
        if (span_skip(&rest, SPAN("start:"))) {
            struct span name = marker_name(rest);
            section_open(&reader->sections, SECTION_GROUP, name, span_of("", 0), reader->index);
        } else if (span_skip(&rest, SPAN("end:"))) {
            struct span name = marker_name(rest);
            section_close(&reader->sections, SECTION_GROUP, &name, reader_previous(reader));
        } else {
            at += 8;
            continue;
        }
        return stamp_length(span_of(text.data, at)) == at ? 0 : at;
    }
}

// The section that ran the job's script: the latest step_script or build_script. −1 where the script has none of its own.
static int32_t script_section(const struct section_list *sections)
{
    for (size_t i = sections->count; i-- > 0;) {
        struct span name = section_name(&sections->items[i]);
        if (span_equal(name, SPAN("step_script")) || span_equal(name, SPAN("build_script"))) {
            return (int32_t)i;
        }
    }
    return -1;
}

// Gives the exit code to the script and to the last command in it; both ended before this line.
static void script_failed(struct log_reader *reader, int32_t code)
{
    struct section_list *sections = &reader->sections;
    int32_t script = script_section(sections);
    section_exit(sections, script, code, 0);
    for (size_t i = sections->count, end = script < 0 ? 0 : (size_t)script; i-- > end;) {
        const struct section *section = &sections->items[i];
        if (section->parent == script && section->command_size > 0) {
            section_exit(sections, (int32_t)i, code, 0);
            return;
        }
    }
}

static bool read_job_end(struct log_reader *reader, struct line *line)
{
    struct span text = line_span(line);
    if (span_equal(text, SPAN("Job succeeded"))) {
        section_close_all(&reader->sections, reader_previous(reader));
        reader_job_end(reader, line, 0);
        return true;
    }
    if (!span_starts(text, SPAN("ERROR: Job failed"))) {
        return false;
    }
    int32_t code = 1;
    bool told = span_number_after(text, SPAN("exit code "), &code) ||
                span_number_after(text, SPAN("exit status "), &code);
    line->flags |= LINE_ERROR;
    if (told) {
        script_failed(reader, code);
    }
    section_close_all(&reader->sections, reader_previous(reader));
    reader_job_end(reader, line, told ? code : 1);
    return true;
}

static void read(struct log_reader *reader, struct line *line)
{
    struct span text = line_span(line);
    text = span_after(text, stamp_length(text));
    line_set(line, text);
    if (text.size < 3 || (line->flags & LINE_MARKER)) {
        return;
    }
    int32_t innermost = section_innermost(&reader->sections);
    struct span stage;
    bool header = innermost >= 0 && reader->sections.items[innermost].name_size > 0 &&
                  reader->sections.items[innermost].first_line == reader->index;
    if (text.data[0] == '$' && text.data[1] == ' ') {
        struct span command = span_after(text, 2);
        if (header) { // a command of several lines, which the runner folds
            section_set_command(&reader->sections, innermost, command);
            line->flags |= LINE_COMMAND;
        } else {
            reader_command(reader, line, command);
        }
    } else if (read_job_end(reader, line)) {
        return;
    } else if (header || span_starts(text, SPAN("Running with gitlab-runner "))) {
        line->flags |= LINE_MARKER;
    } else if ((stage = headed_stage(text)).size > 0) {
        section_close_all(&reader->sections, reader_previous(reader));
        section_open(&reader->sections, SECTION_GROUP, stage, span_of("", 0), reader->index);
        line->flags |= LINE_MARKER;
    } else if (span_starts(text, SPAN("WARNING: "))) {
        line->flags |= LINE_WARNING;
    }
}

const struct wrapper wrapper_gitlab = {
    .format = LOG_GITLAB,
    .name = "gitlab",
    .evidence = evidence,
    .segment = segment,
    .marker = "section_",
    .read = read,
};
