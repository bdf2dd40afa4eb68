// What is known of a log, as a part of a page: conclusion, map, the first finding; further findings folded.
#include "report/html.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "report/answers.h"
#include "report/finding.h"
#include "report/quantity.h"
#include "report/svg.h"
#include "report/text.h"

enum {
    PAGE_ROOM = 24 << 20, // bytes of a page: browsers show more, but slowly
    LOG_ROOM = 3 << 20,   // of one log in it
    MAP_WIDTH = 1000,
};

static void append(const struct html_part *part, const char *html)
{
    bantam_buffer_append_string(part->out, html);
}

static void write_title(const struct html_part *part, const bantam_finding *finding)
{
    append(part, "<b>");
    html_text(part->out, finding_cause_title(finding->cause));
    append(part, "</b>");
    if (finding->tool) {
        append(part, " <i>·</i> ");
        html_text(part->out, finding->tool);
    }
    if (finding->subject) {
        append(part, " <i>·</i> ");
        html_text(part->out, finding->subject);
    }
}

static void write_conclusion(const struct html_part *part)
{
    const bantam_diagnosis *diagnosis = part->diagnosis;
    append(part, "<h1><span class=\"verdict\">");
    if (diagnosis->n_findings == 0) {
        append(part, "OK</span><b>no sign of a failure</b></h1>\n");
        return;
    }
    append(part, "FAIL</span>");
    write_title(part, diagnosis->findings);
    if (!finding_is_unclear(diagnosis->findings)) {
        struct number chance = text_percent(diagnosis->findings->cause_probability);
        append(part, " <small title=\"how likely the cause is\">");
        html_text(part->out, chance.text);
        append(part, "</small>");
    }
    append(part, "</h1>\n");
}

// Where in the log the findings are, each a link; faint where the page holds the log.
static void write_map(const struct html_part *part)
{
    const bantam_diagnosis *diagnosis = part->diagnosis;
    if (diagnosis->n_findings == 0 || diagnosis->n_lines < 2) {
        return;
    }
    double scale = MAP_WIDTH / (double)diagnosis->n_lines;
    bantam_buffer_append_format(part->out,
                                "<svg class=\"map\" viewBox=\"0 0 %d 10\" "
                                "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"Where the "
                                "findings are in the log\">\n",
                                MAP_WIDTH);
    for (size_t i = 0; i < part->log->n_ranges; i++) {
        const struct html_range *range = &part->log->ranges[i];
        double first = (double)(range->first + part->log->document.first_line_number - 1);
        bantam_buffer_append_format(
            part->out, "<rect class=\"shown\" x=\"%.2f\" width=\"%.2f\" height=\"10\"/>\n",
            first * scale, (double)(range->last - range->first + 1) * scale);
    }
    for (size_t i = diagnosis->n_findings; i-- > 0;) {
        const bantam_finding *finding = &diagnosis->findings[i];
        double width = fmax(4, (double)(finding->last_line - finding->first_line + 1) * scale);
        double x = fmin((double)(finding->first_line - 1) * scale, MAP_WIDTH - width);
        bool linked = html_log_holds(part->log, finding->anchor_line);
        if (linked) {
            bantam_buffer_append_format(part->out, "<a href=\"#l%zu-%" PRIu64 "\">",
                                        part->log->number, finding->anchor_line);
        }
        bantam_buffer_append_format(part->out,
                                    "<rect class=\"place\" x=\"%.2f\" width=\"%.2f\" height=\"10\" "
                                    "opacity=\"%s\"><title>line %" PRIu64 "</title></rect>",
                                    x, width, i == 0 ? "1" : ".55", finding->anchor_line);
        append(part, linked ? "</a>\n" : "\n");
    }
    append(part, "</svg>\n");
}

static void write_further(const struct html_part *part, const bantam_finding *finding)
{
    append(part, "<details class=\"finding\"><summary>Also: ");
    write_title(part, finding);
    append(part, "<small>");
    if (!finding_is_unclear(finding)) {
        struct number chance = text_percent(finding->cause_probability);
        html_text(part->out, chance.text);
        append(part, " · ");
    }
    append(part, "line ");
    html_text(part->out, quantity_grouped(finding->anchor_line).text);
    append(part, "</small></summary>\n");
    html_finding(part, finding);
    append(part, "</details>\n");
}

static void write_list(const struct html_part *part)
{
    const bantam_diagnosis *diagnosis = part->diagnosis;
    if (diagnosis->n_findings == 0 || diagnosis->n_lines_listed < 2) {
        return;
    }
    bantam_buffer_append_format(part->out,
                                "<details class=\"finding\"><summary>The %zu lines to read first"
                                "<small>best first</small></summary>\n<div class=\"lines\">\n",
                                diagnosis->n_lines_listed);
    for (size_t i = 0; i < diagnosis->n_lines_listed; i++) {
        bantam_buffer_append_format(part->out, "<div data-n=\"%" PRIu64 "\">",
                                    diagnosis->lines[i].line);
        html_text(part->out, diagnosis->lines[i].text);
        append(part, "\n</div>\n");
    }
    append(part, "</div></details>\n");
}

static void write_head(const struct html_part *part)
{
    const bantam_diagnosis *diagnosis = part->diagnosis;
    const char *path = part->options->path ? part->options->path : "-";
    const char *kind = diagnosis->n_findings == 0                    ? "good"
                       : finding_is_unclear(&diagnosis->findings[0]) ? "unsure"
                                                                     : "failed";
    bantam_buffer_append_format(part->out, "<article id=\"log-%zu\" class=\"%s\" data-path=\"",
                                part->log->number, kind);
    html_text(part->out, path);
    append(part, "\" data-title=\"");
    if (diagnosis->n_findings == 0) {
        append(part, "no sign of a failure");
    } else {
        bantam_buffer title;
        bantam_buffer_init(&title, 1 << 16);
        finding_append_title(&title, diagnosis->findings);
        svg_escape(part->out, title.data, title.size);
        part->out->failed |= title.failed;
        bantam_buffer_release(&title);
    }
    append(part, "\">\n<p class=\"path\">");
    html_text(part->out, path);
    bantam_buffer_append_format(part->out, " · %s lines · %s · %s",
                                quantity_grouped(diagnosis->n_lines).text,
                                quantity_bytes(diagnosis->n_bytes).text, diagnosis->format);
    if (part->options->step) {
        append(part, " · step ");
        html_text(part->out, part->options->step);
    }
    append(part, "</p>\n");
}

static void write_answer(const struct html_part *part)
{
    const bantam_diagnosis *diagnosis = part->diagnosis;
    write_head(part);
    write_conclusion(part);
    write_map(part);
    if (diagnosis->n_findings > 0) {
        append(part, "<section>\n");
        html_finding(part, diagnosis->findings);
        append(part, "</section>\n");
    } else if (diagnosis->tests) {
        append(part, "<section>\n<dl class=\"advice\">\n");
        html_reports(part);
        append(part, "</dl>\n</section>\n");
    }
    for (size_t i = 1; i < diagnosis->n_failures; i++) {
        write_further(part, &diagnosis->findings[i]);
    }
    write_list(part);
    html_log_write(part->out, part->log, diagnosis);
    if (part->options->log && part->log->n_ranges == 0) {
        append(part,
               "<p class=\"path\">The page is full: ask for this log alone to see it here.</p>\n");
    }
    size_t n_hidden =
        diagnosis->n_hidden > part->log->n_hidden ? diagnosis->n_hidden : part->log->n_hidden;
    if (n_hidden > 0) {
        bantam_buffer_append_format(part->out, "<p class=\"path\">%zu %s here as ***.</p>\n",
                                    n_hidden, n_hidden == 1 ? "secret stands" : "secrets stand");
    }
    append(part, "</article>\n");
}

void html_head(bantam_buffer *out, const char *title)
{
    bantam_buffer_append_string(out, page_head);
    html_text(out, title);
    bantam_buffer_append_string(out, page_body);
}

void answer_html(bantam_buffer *out, size_t number, size_t n_bytes,
                 const bantam_diagnosis *diagnosis, const bantam_report_options *options)
{
    size_t left = n_bytes < PAGE_ROOM ? PAGE_ROOM - n_bytes : 0;
    struct html_log log;
    bantam_status status =
        html_log_init(&log, number, diagnosis, options, left < LOG_ROOM ? left : LOG_ROOM);
    out->failed |= status != BANTAM_OK;
    struct html_part part = {out, diagnosis, options, &log};
    write_answer(&part);
    html_log_release(&log);
}

void html_tail(bantam_buffer *out)
{
    bantam_buffer_append_string(out, page_tail);
}
