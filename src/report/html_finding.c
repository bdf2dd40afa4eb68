// What a page says of one finding: its lines, what to do first, where it is, why, and what the tests' reports and the history say.
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "report/finding.h"
#include "report/html.h"
#include "report/past.h"
#include "report/tests.h"
#include "report/text.h"

enum {
    EVIDENCE_SHOWN = 6,
    LOCATIONS_SHOWN = 8,
    LIKELY_BYTES = 1000,
};

static void append(const struct html_part *part, const char *html)
{
    bantam_buffer_append_string(part->out, html);
}

static void write_excerpt(const struct html_part *part, const bantam_finding *finding)
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

static void write_label(const struct html_part *part, const char *label)
{
    bantam_buffer_append_format(part->out, "<dt>%s</dt><dd>", label);
}

static void write_fix(const struct html_part *part, const bantam_finding *finding)
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

static void write_places(const struct html_part *part, const bantam_finding *finding)
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
static void write_evidence(const struct html_part *part, const bantam_finding *finding)
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

static void write_alternatives(const struct html_part *part, const bantam_finding *finding)
{
    if (finding_n_likely(finding) == 0) {
        return;
    }
    bantam_buffer likely;
    bantam_buffer_init(&likely, LIKELY_BYTES);
    finding_append_likely(&likely, finding);
    bantam_buffer_append(&likely, "", 1);
    part->out->failed |= likely.failed;
    if (!likely.failed) {
        write_label(part, finding_is_unclear(finding) ? "Perhaps" : "Or");
        html_text(part->out, likely.data);
        append(part, "</dd>\n");
    }
    bantam_buffer_release(&likely);
}

static void write_lines_label(const struct html_part *part, const bantam_finding *finding)
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

static void write_tests(const struct html_part *part, const char *label,
                        struct test_sentences *sentences)
{
    while (tests_next(sentences)) {
        if (sentences->n == 1) {
            write_label(part, label);
        } else {
            append(part, "<br>");
        }
        html_text(part->out, sentences->text);
    }
    if (sentences->n_left_out > 0) {
        bantam_buffer_append_format(part->out, "<br>and %zu more", sentences->n_left_out);
    }
    append(part, sentences->n > 0 ? "</dd>\n" : "");
}

void html_reports(const struct html_part *part)
{
    if (part->diagnosis->tests) {
        struct test_sentences sentences = tests_of_reports(part->diagnosis->tests, part->out);
        write_tests(part, "Reports", &sentences);
    }
}

static void write_past(const struct html_part *part)
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

void html_finding(const struct html_part *part, const bantam_finding *finding)
{
    struct test_sentences tests = tests_of_finding(finding, part->out);
    write_excerpt(part, finding);
    append(part, "<dl class=\"advice\">\n");
    if (finding_is_unclear(finding)) {
        write_alternatives(part, finding);
    }
    write_fix(part, finding);
    write_places(part, finding);
    write_tests(part, finding->n_tests > 1 ? "Tests" : "Test", &tests);
    write_evidence(part, finding);
    if (!finding_is_unclear(finding)) {
        write_alternatives(part, finding);
    }
    write_lines_label(part, finding);
    if (finding == part->diagnosis->findings) {
        html_reports(part);
        write_past(part);
    }
    append(part, "</dl>\n");
}
