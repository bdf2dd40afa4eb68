// CircleCI: the output of steps, whose script begins with its shell and whose end tells the exit status.
//
//   ====>> Run tests                  (the circleci tool, and logs joined step by step)
//   #!/bin/bash -eo pipefail
//   npm test
//   …
//   Exited with code exit status 1
#include "text/wrapper.h"

static unsigned evidence(struct span line, size_t stamp)
{
    (void)stamp;
    if (span_starts(line, SPAN("Exited with code exit status ")) ||
        span_starts(line, SPAN("CircleCI received exit code ")) ||
        span_starts(line, SPAN("====>> ")) || span_starts(line, SPAN("Starting container cimg/"))) {
        return EVIDENCE_SURE;
    }
    return span_starts(line, SPAN("#!/bin/bash -eo pipefail")) ||
                   span_starts(line, SPAN("Build-agent version "))
               ? EVIDENCE_LIKELY
               : EVIDENCE_NONE;
}

// Where the steps so far went well, the job's end is open again: a step that is lost prints no status.
static void open_step(struct log_reader *reader, struct span name)
{
    struct section_list *sections = &reader->sections;
    section_close_all(sections, reader_previous(reader));
    section_open(sections, SECTION_STEP, name, span_of("", 0), reader->index);
    if (reader->document->job_exit_code == 0) {
        reader->document->job_exit_code = EXIT_UNKNOWN;
    }
}

static void read(struct log_reader *reader, struct line *line)
{
    struct section_list *sections = &reader->sections;
    struct span text = line_span(line);
    int32_t code;
    if (reader->circleci.script_next && text.size > 0) {
        reader->circleci.script_next = false;
        line->flags |= LINE_COMMAND;
        section_set_command(sections, section_innermost(sections), text);
        return;
    }
    if (text.size < 8) {
        return;
    }
    if (span_starts(text, SPAN("====>> "))) {
        line->flags |= LINE_MARKER;
        open_step(reader, span_after(text, 7));
    } else if ((text.data[0] == '#' || text.data[0] == ' ') &&
               span_starts(span_trim(text), SPAN("#!/bin/"))) {
        line->flags |= LINE_MARKER;
        int32_t step = section_innermost(sections);
        bool header = step >= 0 && sections->items[step].first_line + 1 >= reader->index;
        if (!header) {
            open_step(reader, span_of("", 0));
        }
        reader->circleci.script_next = true;
    } else if ((span_starts(text, SPAN("Exited with code exit status ")) ||
                span_starts(text, SPAN("CircleCI received exit code "))) &&
               (span_number_after(text, SPAN("exit status "), &code) ||
                span_number_after(text, SPAN("exit code "), &code))) {
        int32_t step = section_innermost_of(sections, SECTION_STEP);
        reader_exit(reader, line, step >= 0 ? step : section_last_command(sections), code);
        if (code != 0 || reader->document->job_exit_code == EXIT_UNKNOWN) {
            reader->document->job_exit_code = code;
        }
        section_close_all(sections, reader->index);
    }
}

const struct wrapper wrapper_circleci = {
    .format = LOG_CIRCLECI,
    .name = "circleci",
    .evidence = evidence,
    .read = read,
};
