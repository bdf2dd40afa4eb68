// SARIF 2.1.0 (OASIS, 2020): one run, a rule for each cause, a result for each finding.
//
// The first location of a result is the place in the repository where the log names one, else the line of the log; the lines of
// the log stand among the related locations. Results of one failure share a fingerprint from run to run.
#include <inttypes.h>

#include "bantam/history.h"
#include "report/answers.h"
#include "report/finding.h"
#include "report/json_writer.h"
#include "triage/causes.h"

static void text_member(struct json_writer *writer, const char *key, const char *text)
{
    json_write_key(writer, key);
    json_write_open(writer, '{', true);
    json_write_string_member(writer, "text", text);
    json_write_close(writer, '}');
}

void sarif_head(bantam_buffer *out)
{
    bantam_buffer_append_string(
        out, "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\","
             "\"runs\":[{\"tool\":{\"driver\":{\"name\":\"bantam triage\",\"rules\":[");
    for (int cause = 0; cause <= CAUSE_UNKNOWN; cause++) {
        struct json_writer writer;
        bantam_buffer_append_string(out, cause > 0 ? "," : "");
        json_writer_init(&writer, out, false);
        json_write_open(&writer, '{', false);
        json_write_string_member(&writer, "id", cause_name((enum cause)cause));
        text_member(&writer, "shortDescription",
                    finding_cause_title(cause_name((enum cause)cause)));
        json_write_close(&writer, '}');
    }
    bantam_buffer_append_string(out, "]}},\"columnKind\":\"utf16CodeUnits\",\"results\":[");
}

void sarif_tail(bantam_buffer *out)
{
    bantam_buffer_append_string(out, "\n]}]}\n");
}

// A path as a URI reference: what RFC 3986 does not let stand in one is percent-encoded.
static void append_uri(bantam_buffer *out, const char *path)
{
    for (; *path; path++) {
        unsigned char byte = (unsigned char)*path;
        bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= 'a' && byte <= 'z');
        for (const char *other = "-._~/!$&'()*+,;=@"; *other && !plain; other++) {
            plain = byte == (unsigned char)*other;
        }
        bantam_buffer_append_format(out, plain ? "%c" : "%%%02X", byte);
    }
}

static void open_physical_location(struct json_writer *writer, const char *path)
{
    bantam_buffer uri;
    bantam_buffer_init(&uri, 1 << 16);
    append_uri(&uri, path);
    bantam_buffer_append(&uri, "", 1);
    writer->out->failed |= uri.failed;
    json_write_open(writer, '{', false);
    json_write_key(writer, "physicalLocation");
    json_write_open(writer, '{', false);
    json_write_key(writer, "artifactLocation");
    json_write_open(writer, '{', false);
    json_write_string_member(writer, "uri", uri.failed ? "" : uri.data);
    json_write_close(writer, '}');
    bantam_buffer_release(&uri);
}

static void close_physical_location(struct json_writer *writer)
{
    json_write_close(writer, '}');
    json_write_close(writer, '}');
}

static void write_source_location(struct json_writer *writer, const bantam_location *place)
{
    open_physical_location(writer, finding_repository_path(place->file));
    if (place->line > 0) {
        json_write_key(writer, "region");
        json_write_open(writer, '{', false);
        json_write_key(writer, "startLine");
        json_write_position(writer, place->line);
        if (place->column > 0) {
            json_write_key(writer, "startColumn");
            json_write_position(writer, place->column);
        }
        json_write_close(writer, '}');
    }
    close_physical_location(writer);
}

// `last` and `snippet` may be left out: 0 and NULL.
static void write_log_location(struct json_writer *writer, const char *path, uint64_t first,
                               uint64_t last, const char *snippet)
{
    open_physical_location(writer, path);
    json_write_key(writer, "region");
    json_write_open(writer, '{', false);
    json_write_key(writer, "startLine");
    json_write_unsigned(writer, first);
    if (last > 0) {
        json_write_key(writer, "endLine");
        json_write_unsigned(writer, last);
    }
    if (snippet) {
        text_member(writer, "snippet", snippet);
    }
    json_write_close(writer, '}');
    close_physical_location(writer);
}

static void write_locations(struct json_writer *writer, const bantam_finding *finding,
                            const char *path)
{
    json_write_key(writer, "locations");
    json_write_open(writer, '[', false);
    if (finding->n_locations > 0) {
        write_source_location(writer, &finding->locations[0]);
    } else {
        write_log_location(writer, path, finding->anchor_line, 0, finding_anchor_text(finding));
    }
    json_write_close(writer, ']');
    json_write_key(writer, "relatedLocations");
    json_write_open(writer, '[', false);
    write_log_location(writer, path, finding->first_line, finding->last_line, NULL);
    for (size_t i = 0; i < finding->n_excerpt; i++) {
        write_log_location(writer, path, finding->excerpt[i].line, 0, finding->excerpt[i].text);
    }
    for (size_t i = 1; i < finding->n_locations; i++) {
        write_source_location(writer, &finding->locations[i]);
    }
    json_write_close(writer, ']');
}

static void write_properties(struct json_writer *writer, const bantam_finding *finding)
{
    json_write_key(writer, "properties");
    json_write_open(writer, '{', false);
    json_write_key(writer, "causeProbability");
    json_write_number(writer, finding->cause_probability);
    json_write_string_member(writer, "failingTool", finding->tool);
    json_write_string_member(writer, "subject", finding->subject);
    json_write_string_member(writer, "transient", finding->transient);
    json_write_string_member(writer, "reproduce", finding->fix_reproduce);
    json_write_close(writer, '}');
}

void answer_sarif(bantam_buffer *out, size_t *n_elements, const bantam_diagnosis *diagnosis,
                  const bantam_report_options *options)
{
    const char *path = options->path ? options->path : "-";
    for (size_t i = 0; i < diagnosis->n_failures; i++) {
        const bantam_finding *finding = &diagnosis->findings[i];
        char fingerprint[BANTAM_FINGERPRINT_SIZE];
        out->failed |= bantam_fingerprint(fingerprint, finding, NULL) != BANTAM_OK;
        bantam_buffer message;
        bantam_buffer_init(&message, 1 << 16);
        finding_append_title(&message, finding);
        bantam_buffer_append_format(&message, "\n%s\n", finding_anchor_text(finding));
        finding_append_advice(&message, finding);
        bantam_buffer_append(&message, "", 1);
        bantam_buffer_append_string(out, (*n_elements)++ > 0 ? ",\n" : "\n");
        struct json_writer writer;
        json_writer_init(&writer, out, false);
        json_write_open(&writer, '{', false);
        json_write_string_member(&writer, "ruleId", finding->cause);
        json_write_string_member(&writer, "level", i == 0 ? "error" : "warning");
        text_member(&writer, "message", message.failed ? finding->cause : message.data);
        write_locations(&writer, finding, path);
        json_write_key(&writer, "partialFingerprints");
        json_write_open(&writer, '{', false);
        json_write_string_member(&writer, "bantamFailure/v1", fingerprint);
        json_write_close(&writer, '}');
        write_properties(&writer, finding);
        json_write_close(&writer, '}');
        out->failed |= message.failed;
        bantam_buffer_release(&message);
    }
}
