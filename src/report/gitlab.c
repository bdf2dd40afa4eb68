// GitLab's code quality report: the subset of the Code Climate format that GitLab reads.
#include <stdio.h>

#include "bantam/history.h"
#include "report/answers.h"
#include "report/finding.h"
#include "report/json_writer.h"

// A finding's place in the repository, or, where the log names none, the line of the log itself.
static void write_location(struct json_writer *writer, const bantam_finding *finding,
                           const char *path)
{
    const bantam_location *place = finding->n_locations > 0 ? finding->locations : NULL;
    json_write_key(writer, "location");
    json_write_open(writer, '{', true);
    json_write_string_member(writer, "path", place ? finding_repository_path(place->file) : path);
    json_write_key(writer, "lines");
    json_write_open(writer, '{', true);
    json_write_key(writer, "begin");
    json_write_unsigned(writer, !place            ? finding->anchor_line
                                : place->line > 0 ? (uint64_t)place->line
                                                  : 1);
    json_write_close(writer, '}');
    json_write_close(writer, '}');
}

void answer_gitlab(bantam_buffer *out, size_t *n_elements, const bantam_diagnosis *diagnosis,
                   const bantam_report_options *options)
{
    for (size_t i = 0; i < diagnosis->n_failures; i++) {
        const bantam_finding *finding = &diagnosis->findings[i];
        char fingerprint[BANTAM_FINGERPRINT_SIZE];
        out->failed |= bantam_fingerprint(fingerprint, finding, NULL) != BANTAM_OK;
        bantam_buffer title;
        bantam_buffer_init(&title, 1 << 16);
        finding_append_title(&title, finding);
        bantam_buffer_append_format(&title, ": %s", finding_anchor_text(finding));
        bantam_buffer_append(&title, "", 1);
        bantam_buffer_append_string(out, (*n_elements)++ > 0 ? ",\n" : "\n");
        struct json_writer writer;
        json_writer_init(&writer, out, false);
        json_write_open(&writer, '{', false);
        json_write_string_member(&writer, "description",
                                 title.failed ? finding->cause : title.data);
        json_write_string_member(&writer, "check_name", finding->cause);
        json_write_string_member(&writer, "fingerprint", fingerprint);
        json_write_string_member(&writer, "severity", i == 0 ? "critical" : "minor");
        write_location(&writer, finding, options->path ? options->path : "-");
        json_write_close(&writer, '}');
        out->failed |= title.failed;
        bantam_buffer_release(&title);
    }
}
