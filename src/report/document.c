// Several diagnoses as one document: heads, separators, tails, and the limits that the places have.
#include <string.h>

#include "bantam/text.h"
#include "report/answers.h"

enum {
    MARKDOWN_MAXIMUM = 1000 * 1000 // bytes; GitHub refuses a job summary above 1 MiB
};

bool bantam_report_format_parse(bantam_report_format *format, const char *name)
{
    static const struct {
        const char *name;
        bantam_report_format format;
    } formats[] = {
        {"text", BANTAM_REPORT_TEXT},     {"json", BANTAM_REPORT_JSON},
        {"ndjson", BANTAM_REPORT_NDJSON}, {"github", BANTAM_REPORT_GITHUB},
        {"gitlab", BANTAM_REPORT_GITLAB}, {"markdown", BANTAM_REPORT_MARKDOWN},
        {"sarif", BANTAM_REPORT_SARIF},   {"junit", BANTAM_REPORT_JUNIT},
        {"html", BANTAM_REPORT_HTML},
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (strcmp(formats[i].name, name) == 0) {
            *format = formats[i].format;
            return true;
        }
    }
    return false;
}

void bantam_report_begin(bantam_report_document *document, bantam_report_format format)
{
    *document = (bantam_report_document){.format = format};
}

static void write_head(const bantam_report_document *document, bantam_buffer *out, const char *path)
{
    switch (document->format) {
    case BANTAM_REPORT_JSON:
        bantam_buffer_append_string(out, document->several ? "[" : "");
        break;
    case BANTAM_REPORT_GITLAB:
        bantam_buffer_append_string(out, "[");
        break;
    case BANTAM_REPORT_SARIF:
        sarif_head(out);
        break;
    case BANTAM_REPORT_JUNIT:
        bantam_buffer_append_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                         "<testsuites name=\"bantam triage\">\n");
        break;
    case BANTAM_REPORT_HTML:
        html_head(out, document->several || !path ? "logs" : path);
        break;
    default:
        break;
    }
}

// The object alone, a line of its own, or an element of the array that write_head began.
static void add_json(const bantam_report_document *document, bantam_buffer *out,
                     const bantam_diagnosis *diagnosis, bantam_report_options *options)
{
    options->pretty = document->format == BANTAM_REPORT_JSON;
    bool element = options->pretty && document->several;
    if (element) {
        bantam_buffer_append_string(out, document->n_answers > 0 ? ",\n" : "\n");
    }
    bantam_report_json(out, diagnosis, options);
    out->size -= element && !out->failed; // its newline: the next comma or the end has one
}

static void add_lines(bantam_report_document *document, bantam_buffer *out,
                      const bantam_diagnosis *diagnosis, const bantam_report_options *options)
{
    bantam_buffer answer;
    bantam_buffer_init(&answer, out->maximum);
    if (document->format == BANTAM_REPORT_GITHUB) {
        answer_github(&answer, &document->n_elements, diagnosis, options);
    } else if (document->format == BANTAM_REPORT_JUNIT) {
        answer_junit(&answer, diagnosis, options);
    } else {
        bantam_buffer_append_string(&answer, document->n_answers > 0 ? "\n" : "");
        answer_markdown(&answer, diagnosis, options);
    }
    // A job summary takes the whole answer or none of it.
    bool summary = document->format == BANTAM_REPORT_MARKDOWN;
    if (summary && document->n_bytes + answer.size > MARKDOWN_MAXIMUM) {
        document->n_left_out++;
    } else {
        // A diagnosis of a log is fit to be shown; one that a program put together may not be.
        out->failed |= answer.failed;
        bantam_text_visible(out, answer.data, answer.size);
        document->n_bytes += answer.size;
    }
    bantam_buffer_release(&answer);
}

static void add_part_of_page(bantam_report_document *document, bantam_buffer *out,
                             const bantam_diagnosis *diagnosis,
                             const bantam_report_options *options)
{
    size_t before = out->size;
    answer_html(out, document->n_answers + 1, document->n_bytes, diagnosis, options);
    document->n_bytes += out->size - before;
}

void bantam_report_add(bantam_report_document *document, bantam_buffer *out,
                       const bantam_diagnosis *diagnosis, const bantam_report_options *options)
{
    bantam_report_options chosen = options ? *options : bantam_report_options_default();
    if (document->n_answers == 0) {
        write_head(document, out, chosen.path);
    }
    switch (document->format) {
    case BANTAM_REPORT_TEXT:
        if (document->n_answers > 0 && !chosen.brief) {
            bantam_buffer_append_string(out, "\n");
        }
        bantam_report_text(out, diagnosis, &chosen);
        break;
    case BANTAM_REPORT_JSON:
    case BANTAM_REPORT_NDJSON:
        add_json(document, out, diagnosis, &chosen);
        break;
    case BANTAM_REPORT_GITHUB:
    case BANTAM_REPORT_MARKDOWN:
    case BANTAM_REPORT_JUNIT:
        add_lines(document, out, diagnosis, &chosen);
        break;
    case BANTAM_REPORT_GITLAB:
        answer_gitlab(out, &document->n_elements, diagnosis, &chosen);
        break;
    case BANTAM_REPORT_SARIF:
        answer_sarif(out, &document->n_elements, diagnosis, &chosen);
        break;
    case BANTAM_REPORT_HTML:
        add_part_of_page(document, out, diagnosis, &chosen);
        break;
    }
    document->n_answers++;
}

static const char *json_end(const bantam_report_document *document)
{
    if (!document->several) {
        return "";
    }
    return document->n_answers > 0 ? "\n]\n" : "]\n";
}

void bantam_report_end(bantam_report_document *document, bantam_buffer *out)
{
    if (document->n_answers == 0) {
        write_head(document, out, NULL);
    }
    switch (document->format) {
    case BANTAM_REPORT_JSON:
        bantam_buffer_append_string(out, json_end(document));
        break;
    case BANTAM_REPORT_GITLAB:
        bantam_buffer_append_string(out, document->n_elements > 0 ? "\n]\n" : "]\n");
        break;
    case BANTAM_REPORT_SARIF:
        sarif_tail(out);
        break;
    case BANTAM_REPORT_JUNIT:
        bantam_buffer_append_string(out, "</testsuites>\n");
        break;
    case BANTAM_REPORT_HTML:
        html_tail(out);
        break;
    case BANTAM_REPORT_MARKDOWN:
        if (document->n_left_out > 0) {
            bantam_buffer_append_format(out, "\n%zu more %s had no room here.\n",
                                        document->n_left_out,
                                        document->n_left_out == 1 ? "log" : "logs");
        }
        break;
    default:
        break;
    }
}
