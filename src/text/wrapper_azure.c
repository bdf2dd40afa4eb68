// Azure Pipelines: a timestamp on every line, "##[section]Starting: x" … "##[section]Finishing: x" for each task.
//
// Between them a header framed in lines of '=' describes the task, right behind its start: tests print such lines, too. Then come the
// task's output and "##[error]Bash exited with code '1'.". A script of one line stands behind "Script contents:"; the agent then runs it
// from a file of its own, ".../_temp/<id>.sh", which is no program that anyone would name or run again.
#include "text/workflow_command.h"
#include "text/wrapper.h"

static unsigned evidence(struct span line, size_t stamp)
{
    line = span_after(line, stamp);
    if (span_starts(line, SPAN("##[section]"))) {
        return EVIDENCE_SURE;
    }
    return span_starts(line, SPAN("##[error]Bash exited with code '")) ||
                   span_starts(line, SPAN("##[command]")) || span_starts(line, SPAN("##vso["))
               ? EVIDENCE_LIKELY
               : EVIDENCE_NONE;
}

static void read_section(struct log_reader *reader, struct line *line)
{
    struct span text = line_span(line);
    line->flags |= LINE_MARKER;
    if (span_skip(&text, SPAN("Starting: "))) {
        section_open(&reader->sections, SECTION_STEP, text, span_of("", 0), reader->index);
        reader->azure.in_header = reader->azure.script_next = false;
        reader->azure.header_next = true;
        reader->azure.script = span_of("", 0);
    } else if (span_skip(&text, SPAN("Finishing: "))) {
        struct span name = span_trim(text);
        reader_ends_in_error(reader, reader->azure.error); // a task may fail without a number
        section_close(&reader->sections, SECTION_STEP, &name, reader->index);
        if (reader->azure.error == 0 && section_innermost_of(&reader->sections, SECTION_STEP) < 0) {
            reader->document->job_exit_code = 0; // the agent calls every error by name
        }
    }
}

// "Bash exited with code '1'.", "The process '/usr/bin/dotnet' failed with exit code 1".
static void read_error(struct log_reader *reader, struct line *line)
{
    struct span text = line_span(line);
    int32_t code, step = section_innermost_of(&reader->sections, SECTION_STEP);
    line->flags |= LINE_ERROR;
    if (reader->azure.error == 0 && reader->document->job_exit_code == 0) {
        reader->document->job_exit_code = EXIT_UNKNOWN;
    }
    reader->azure.error = reader->index + 1;
    if (span_number_after(text, SPAN(" exited with code '"), &code) ||
        (span_starts(text, SPAN("The process '")) &&
         span_number_after(text, SPAN(" failed with exit code "), &code)) ||
        span_number_after(text, SPAN("failed with return code: "), &code)) {
        reader_exit(reader, line, step, code);
        if (code != 0) {
            reader->document->job_exit_code = code;
        }
    } else if (span_starts(text, SPAN("The operation was canceled"))) {
        section_exit(&reader->sections, step, 1, reader->index);
        reader_job_end(reader, line, 1);
    }
}

static void read_header(struct log_reader *reader, struct line *line)
{
    struct span text = line_span(line);
    bool framed = span_starts(text, SPAN("=============================="));
    bool begins = reader->azure.header_next && framed, inside = reader->azure.in_header;
    reader->azure.header_next = false;
    reader->azure.in_header = begins || (inside && !framed);
    if (begins || inside || span_starts(text, SPAN("Generating script."))) {
        line->flags |= LINE_MARKER;
    }
}

static void read_script(struct log_reader *reader, struct span text)
{
    if (reader->azure.script_next) {
        reader->azure.script = text;
    }
    reader->azure.script_next = span_equal(text, SPAN("Script contents:"));
}

// The command of the step: what its script says where the log shows it, rather than the agent's call of it.
static struct span command_of(const struct log_reader *reader, struct span call)
{
    bool own = span_find(call, SPAN("/_temp/")) != SIZE_MAX ||
               span_find(call, SPAN("\\_temp\\")) != SIZE_MAX;
    return own && reader->azure.script.size > 0 ? reader->azure.script : call;
}

static void read(struct log_reader *reader, struct line *line)
{
    struct section_list *sections = &reader->sections;
    struct span text = line_span(line);
    workflow_skip_timestamp(&text);
    enum workflow_command command = WORKFLOW_NONE;
    if (text.size > 2 && (text.data[0] == '#' || text.data[0] == '[')) {
        command = workflow_read(&text);
    }
    line_set(line, text);
    switch (command) {
    case WORKFLOW_SECTION:
        read_section(reader, line);
        break;
    case WORKFLOW_GROUP:
        line->flags |= LINE_MARKER;
        section_open(sections, SECTION_GROUP, text, span_of("", 0), reader->index);
        break;
    case WORKFLOW_END_GROUP:
        line->flags |= LINE_MARKER;
        section_close(sections, SECTION_GROUP, NULL, reader->index);
        break;
    case WORKFLOW_ERROR:
        read_error(reader, line);
        break;
    case WORKFLOW_WARNING:
        line->flags |= LINE_WARNING;
        break;
    case WORKFLOW_COMMAND:
        text = command_of(reader, text);
        section_set_command(sections, section_innermost_of(sections, SECTION_STEP), text);
        reader_command(reader, line, text);
        break;
    default:
        read_script(reader, text);
        if (text.size > 0) {
            read_header(reader, line);
        }
        break;
    }
}

const struct wrapper wrapper_azure = {
    .format = LOG_AZURE,
    .name = "azure",
    .evidence = evidence,
    .read = read,
};
