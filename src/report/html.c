// What is known of a log, as a part of a page: conclusion, lines, advice, reasons; further findings folded.
#include "report/html.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "report/answers.h"
#include "report/finding.h"
#include "report/past.h"
#include "report/quantity.h"
#include "report/svg.h"
#include "report/tests.h"
#include "report/text.h"

enum {
    EVIDENCE_SHOWN = 6,
    LOCATIONS_SHOWN = 8,
    ALTERNATIVES_SHOWN = 3,
    PAGE_ROOM = 24 << 20, // bytes of a page: browsers show more, but slowly
    LOG_ROOM = 3 << 20,   // of one log in it
    MAP_WIDTH = 1000,
};

struct part {
    bantam_buffer *out;
    const bantam_diagnosis *diagnosis;
    const bantam_report_options *options;
    const struct html_log *log;
};

static void append(const struct part *part, const char *html)
{
    bantam_buffer_append_string(part->out, html);
}

void html_text(bantam_buffer *out, const char *text)
{
    svg_escape(out, text, strlen(text));
}

void html_line_number(bantam_buffer *out, const struct html_log *log, uint64_t line)
{
    struct quantity number = quantity_grouped(line);
    if (html_log_holds(log, line)) {
        bantam_buffer_append_format(out, "<a href=\"#l%zu-%" PRIu64 "\">%s</a>", log->number, line,
                                    number.text);
    } else {
        bantam_buffer_append_string(out, number.text);
    }
}

static void write_excerpt(const struct part *part, const bantam_finding *finding)
{
    append(part, "<div class=\"lines excerpt\">\n");
    for (size_t i = 0; i < finding->n_excerpt; i++) {
        const bantam_log_line *line = &finding->excerpt[i];
        uint64_t missing = i > 0 ? line->line - finding->excerpt[i - 1].line - 1 : 0;
        if (missing > 0) {
            bantam_buffer_append_format(part->out, "<div class=\"gap\">⋮ %" PRIu64 " more</div>\n",
                                        missing);
        }
        bantam_buffer_append_format(part->out, "<div data-n=\"%" PRIu64 "\"%s>", line->line,
                                    line->line == finding->anchor_line ? " class=\"a\"" : "");
        html_text(part->out, line->text);
        append(part, "\n</div>\n");
    }
    append(part, "</div>\n");
}

static void write_label(const struct part *part, const char *label)
{
    bantam_buffer_append_format(part->out, "<dt>%s</dt><dd>", label);
}

static void write_fix(const struct part *part, const bantam_finding *finding)
{
    if (finding->fix_text) {
        write_label(part, "Do first");
        html_text(part->out, finding->fix_text);
        append(part, "</dd>\n");
    }
    if (finding->fix_reproduce) {
        write_label(part, "Reproduce");
        append(part, "<code class=\"copy\">");
        html_text(part->out, finding->fix_reproduce);
        append(part, "</code></dd>\n");
    }
    if (finding->transient && strcmp(finding->transient, "yes") == 0) {
        write_label(part, "Re-run");
        append(part, "<span class=\"again\">is likely to pass: nothing of yours is at fault</span>"
                     "</dd>\n");
    }
}

static void write_places(const struct part *part, const bantam_finding *finding)
{
    if (finding->n_locations == 0) {
        return;
    }
    write_label(part, "Where");
    for (size_t i = 0; i < finding->n_locations && i < LOCATIONS_SHOWN; i++) {
        const bantam_location *place = &finding->locations[i];
        append(part, i > 0 ? ", <code>" : "<code>");
        html_text(part->out, place->file);
        if (place->line >= 0) {
            bantam_buffer_append_format(part->out, ":%" PRId64, place->line);
        }
        if (place->line >= 0 && place->column >= 0) {
            bantam_buffer_append_format(part->out, ":%" PRId64, place->column);
        }
        append(part, "</code>");
    }
    if (finding->n_locations > LOCATIONS_SHOWN) {
        bantam_buffer_append_format(part->out, " and %zu more",
                                    finding->n_locations - LOCATIONS_SHOWN);
    }
    append(part, "</dd>\n");
}

// Each reason with a bar as long as its share of the strongest one's weight.
static void write_evidence(const struct part *part, const bantam_finding *finding)
{
    double most = 0;
    for (size_t i = 0; i < finding->n_evidence; i++) {
        most = fmax(most, finding->evidence[i].weight);
    }
    if (!(most > 0)) {
        return;
    }
    write_label(part, "Why");
    append(part, "<ul>");
    for (size_t i = 0, shown = 0; i < finding->n_evidence && shown < EVIDENCE_SHOWN; i++) {
        const bantam_evidence *evidence = &finding->evidence[i];
        if (!(evidence->weight > 0)) {
            continue;
        }
        shown++;
        bantam_buffer_append_format(part->out,
                                    "<li><svg viewBox=\"0 0 48 7\" aria-hidden=\"true\"><rect "
                                    "width=\"%.1f\" height=\"7\" rx=\"2\"/></svg><span>",
                                    fmax(2, 48 * evidence->weight / most));
        html_text(part->out, evidence->feature);
        if (evidence->line) {
            append(part, " (line ");
            html_line_number(part->out, part->log, evidence->line);
            append(part, ")");
        }
        append(part, "</span></li>\n");
    }
    append(part, "</ul></dd>\n");
}

static void write_alternatives(const struct part *part, const bantam_finding *finding)
{
    size_t n = 0;
    while (n < finding->n_cause_alternatives && n < ALTERNATIVES_SHOWN &&
           finding->cause_alternatives[n].probability >= 0.05) {
        n++;
    }
    if (n == 0) {
        return;
    }
    write_label(part, finding_is_unclear(finding) ? "Perhaps" : "Or");
    for (size_t i = 0; i < n; i++) {
        struct number chance = text_percent(finding->cause_alternatives[i].probability);
        append(part, i > 0 ? ", " : "");
        html_text(part->out, finding_cause_title(finding->cause_alternatives[i].cause));
        append(part, " ");
        html_text(part->out, chance.text);
    }
    append(part, "</dd>\n");
}

static void write_lines_label(const struct part *part, const bantam_finding *finding)
{
    write_label(part, "Lines");
    html_line_number(part->out, part->log, finding->first_line);
    if (finding->last_line > finding->first_line) {
        append(part, "–");
        html_line_number(part->out, part->log, finding->last_line);
    }
    append(part, "; read ");
    html_line_number(part->out, part->log, finding->anchor_line);
    append(part, " first");
    if (finding->novelty != BANTAM_NOT_COMPARED) {
        append(part, finding->novelty == BANTAM_NEW ? "; in no green log" : "; in a green log too");
    }
    if (finding->score < 0.5) {
        struct number sure = text_percent(finding->score);
        append(part, "; the lines are a guess, ");
        html_text(part->out, sure.text);
    }
    append(part, "</dd>\n");
}

// One sentence about a test.
static void write_sentence(const struct part *part, const char *before,
                           void (*sentence)(bantam_buffer *out, const bantam_failed_test *test),
                           const bantam_failed_test *test)
{
    bantam_buffer text;
    bantam_buffer_init(&text, 1 << 16);
    sentence(&text, test);
    append(part, before);
    svg_escape(part->out, text.data, text.size);
    part->out->failed |= text.failed;
    bantam_buffer_release(&text);
}

static void write_tests(const struct part *part, const bantam_finding *finding)
{
    if (finding->n_tests == 0) {
        return;
    }
    write_label(part, finding->n_tests > 1 ? "Tests" : "Test");
    for (size_t i = 0; i < finding->n_tests && i < TESTS_SHOWN; i++) {
        write_sentence(part, i > 0 ? "<br>" : "", tests_append_test, &finding->tests[i]);
    }
    if (tests_left_out(finding->n_tests) > 0) {
        bantam_buffer_append_format(part->out, "<br>and %zu more",
                                    tests_left_out(finding->n_tests));
    }
    append(part, "</dd>\n");
}

static void write_reports(const struct part *part)
{
    const bantam_test_summary *tests = part->diagnosis->tests;
    if (!tests) {
        return;
    }
    bantam_buffer text;
    bantam_buffer_init(&text, 1 << 16);
    tests_append_summary(&text, tests);
    write_label(part, "Reports");
    svg_escape(part->out, text.data, text.size);
    part->out->failed |= text.failed;
    bantam_buffer_release(&text);
    for (size_t i = 0; i < tests->n_others && i < TESTS_SHOWN; i++) {
        write_sentence(part, "<br>", tests_append_other, &tests->others[i]);
    }
    if (tests_left_out(tests->n_not_joined) > 0) {
        bantam_buffer_append_format(part->out, "<br>and %zu more",
                                    tests_left_out(tests->n_not_joined));
    }
    append(part, "</dd>\n");
}

static void write_past(const struct part *part)
{
    const bantam_past *past = part->options->past;
    if (!past) {
        return;
    }
    write_label(part, "Before");
    past_append(part->out, past);
    append(part, "</dd>\n");
    if (past->resolution) {
        write_label(part, "Resolved by");
        html_text(part->out, past->resolution);
        append(part, "</dd>\n");
    }
}

static void write_finding(const struct part *part, const bantam_finding *finding)
{
    write_excerpt(part, finding);
    append(part, "<dl class=\"advice\">\n");
    if (finding_is_unclear(finding)) {
        write_alternatives(part, finding);
    }
    write_fix(part, finding);
    write_places(part, finding);
    write_tests(part, finding);
    write_evidence(part, finding);
    if (!finding_is_unclear(finding)) {
        write_alternatives(part, finding);
    }
    write_lines_label(part, finding);
    if (finding == part->diagnosis->findings) {
        write_reports(part);
        write_past(part);
    }
    append(part, "</dl>\n");
}

static void write_title(const struct part *part, const bantam_finding *finding)
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

static void write_conclusion(const struct part *part)
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
static void write_map(const struct part *part)
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

static void write_further(const struct part *part, const bantam_finding *finding)
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
    write_finding(part, finding);
    append(part, "</details>\n");
}

static void write_list(const struct part *part)
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

static void write_head(const struct part *part)
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

static void write_answer(const struct part *part)
{
    const bantam_diagnosis *diagnosis = part->diagnosis;
    write_head(part);
    write_conclusion(part);
    write_map(part);
    if (diagnosis->n_findings > 0) {
        append(part, "<section>\n");
        write_finding(part, diagnosis->findings);
        append(part, "</section>\n");
    } else if (diagnosis->tests) {
        append(part, "<section>\n<dl class=\"advice\">\n");
        write_reports(part);
        append(part, "</dl>\n</section>\n");
    }
    for (size_t i = 1; i < diagnosis->n_findings; i++) {
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
    struct part part = {out, diagnosis, options, &log};
    write_answer(&part);
    html_log_release(&log);
}

void html_tail(bantam_buffer *out)
{
    bantam_buffer_append_string(out, page_tail);
}
