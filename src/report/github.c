// Annotations of a GitHub Actions run, as workflow commands on standard output.
//
// A step shows ten errors and drops the rest without a word; what comes after ten is printed as plain lines instead. The
// annotation stands at the file in the repository where the finding names one, else the run's page has it.
#include <inttypes.h>
#include <string.h>

#include "report/answers.h"
#include "report/finding.h"
#include "report/tests.h"

enum {
    ANNOTATIONS_MAXIMUM = 10,   // of one level in a step
    MESSAGE_MAXIMUM = 60 * 1024 // bytes; a message is cut at 64 KiB
};

// Percent, and what ends a command's line or, in a property, the property.
static void append_escaped(bantam_buffer *out, const char *text, bool property)
{
    for (; *text; text++) {
        bool escaped = strchr("%\r\n", *text) || (property && strchr(":,", *text));
        if (escaped) {
            bantam_buffer_append_format(out, "%%%02X", (unsigned)(unsigned char)*text);
        } else {
            bantam_buffer_append(out, text, 1);
        }
    }
}

// "#" opens no file: a path that is absolute is not the repository's.
static const bantam_location *place_in_repository(const bantam_finding *finding)
{
    for (size_t i = 0; i < finding->n_locations; i++) {
        if (finding_repository_path(finding->locations[i].file)[0] != '/') {
            return &finding->locations[i];
        }
    }
    return NULL;
}

static void append_place(bantam_buffer *out, const bantam_location *place)
{
    bantam_buffer_append_string(out, "file=");
    append_escaped(out, finding_repository_path(place->file), true);
    if (place->line > 0) {
        bantam_buffer_append_format(out, ",line=%" PRId64, place->line);
    }
    if (place->line > 0 && place->column > 0) {
        bantam_buffer_append_format(out, ",col=%" PRId64, place->column);
    }
    bantam_buffer_append_string(out, ",");
}

static void append_message(bantam_buffer *message, const bantam_finding *finding, const char *path)
{
    for (size_t i = 0; i < finding->n_excerpt && message->size < MESSAGE_MAXIMUM / 2; i++) {
        bantam_buffer_append_format(message, "%s\n", finding->excerpt[i].text);
    }
    finding_append_advice(message, finding);
    bantam_buffer_append_format(message, "%s, line %" PRIu64, path, finding->anchor_line);
}

static void write_annotation(bantam_buffer *out, const bantam_finding *finding, const char *path,
                             bool annotated)
{
    bantam_buffer title, message;
    bantam_buffer_init(&title, MESSAGE_MAXIMUM);
    bantam_buffer_init(&message, MESSAGE_MAXIMUM);
    finding_append_title(&title, finding);
    bantam_buffer_append(&title, "", 1);
    append_message(&message, finding, path);
    bantam_buffer_append(&message, "", 1);
    out->failed |= title.failed || message.failed;
    if (!out->failed && annotated) {
        const bantam_location *place = place_in_repository(finding);
        bantam_buffer_append_string(out, "::error ");
        if (place) {
            append_place(out, place);
        }
        bantam_buffer_append_string(out, "title=");
        append_escaped(out, title.data, true);
        bantam_buffer_append_string(out, "::");
        append_escaped(out, message.data, false);
        bantam_buffer_append_string(out, "\n");
    } else if (!out->failed) {
        bantam_buffer_append_format(out, "%s:%" PRIu64 ": %s\n", path, finding->anchor_line,
                                    title.data);
    }
    bantam_buffer_release(&title);
    bantam_buffer_release(&message);
}

void answer_github(bantam_buffer *out, size_t *n_elements, const bantam_diagnosis *diagnosis,
                   const bantam_report_options *options)
{
    const char *path = options->path ? options->path : "-";
    for (size_t i = 0; i < diagnosis->n_failures; i++) {
        write_annotation(out, &diagnosis->findings[i], path, *n_elements < ANNOTATIONS_MAXIMUM);
        *n_elements += *n_elements < ANNOTATIONS_MAXIMUM;
    }
    if (diagnosis->n_findings == 0) {
        bantam_buffer_append_format(out, "%s: no sign of a failure\n", path);
    }
    if (diagnosis->tests) {
        bantam_buffer_append_format(out, "%s: reports: ", path);
        tests_append_summary(out, diagnosis->tests);
        bantam_buffer_append_string(out, "\n");
    }
}
