// A diagnosis for a person: the conclusion, the lines, what to do, why, and what else was found.
//
// In: a diagnosis and what the terminal can show. Out: lines, most of them cut to its width, a screenful by default.
#include "report/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/finding.h"

enum {
    LINES_IN_DOUBT = 3, // of those to read first, where the cause is not clear
    HEAD_ROWS = 3,      // the conclusion, the place, a blank line
    EXCERPT_LEAST = 5,  // rows, whatever else there is to say
};

#define FAINT_SHARE 0.05 // of the best line's score; what is below is noise

bantam_report_options bantam_report_options_default(void)
{
    return (bantam_report_options){.path = NULL};
}

struct number text_percent(double probability)
{
    struct number number = {"0%"};
    double hundredths = isfinite(probability) ? fmin(fmax(probability, 0), 1) * 100 : 0;
    if (hundredths > 99 && hundredths < 100) {
        return (struct number){">99%"};
    }
    if (hundredths > 0 && hundredths < 1) {
        return (struct number){"<1%"};
    }
    snprintf(number.text, sizeof number.text, "%.0f%%", hundredths);
    return number;
}

struct number text_grouped(uint64_t value)
{
    struct number plain, number;
    snprintf(plain.text, sizeof plain.text, "%" PRIu64, value);
    size_t size = strlen(plain.text), at = 0;
    for (size_t i = 0; i < size; i++) {
        if (i && (size - i) % 3 == 0) {
            number.text[at++] = ',';
        }
        number.text[at++] = plain.text[i];
    }
    number.text[at] = '\0';
    return number;
}

static struct number line_range(const struct report *report, uint64_t first, uint64_t last)
{
    struct number number;
    if (first == last) {
        snprintf(number.text, sizeof number.text, "%" PRIu64, first);
    } else {
        snprintf(number.text, sizeof number.text, "%" PRIu64 "%s%" PRIu64, first, report->dash,
                 last);
    }
    return number;
}

// "test failed · pytest · tests/test_cart.py::test_discount"; `probability` must live until the line ends.
static void add_conclusion(struct report *report, const bantam_finding *finding,
                           const struct number *probability)
{
    struct layout *layout = &report->layout;
    bool unclear = finding_is_unclear(finding);
    layout_add(layout, STYLE_BOLD, finding_cause_title(finding->cause));
    if (finding->tool) {
        layout_add(layout, STYLE_DIM, report->dot);
        layout_add(layout, STYLE_PLAIN, finding->tool);
    }
    if (finding->subject) {
        layout_add(layout, STYLE_DIM, report->dot);
        layout_add_shrinking(layout, STYLE_BOLD, finding->subject);
    }
    if (!unclear) {
        layout_add(layout, STYLE_DIM, report->dot);
        layout_add(layout, STYLE_PLAIN, probability->text);
    }
}

// The job failed once: what comes after the first finding may be its echo, or nothing.
static void add_lead(struct report *report, const bantam_finding *finding)
{
    enum style style = finding_is_unclear(finding) ? STYLE_UNSURE : STYLE_FAILED;
    bool first = finding == report->diagnosis->findings;
    layout_add(&report->layout, first ? style : STYLE_DIM, first ? "FAIL" : "ALSO");
    layout_add(&report->layout, STYLE_PLAIN, report->options->brief ? " " : "  ");
}

static void write_place(struct report *report, const bantam_finding *finding)
{
    struct layout *layout = &report->layout;
    struct number anchor, range = line_range(report, finding->first_line, finding->last_line),
                          total = text_grouped(report->diagnosis->n_lines),
                          sure = text_percent(finding->score);
    snprintf(anchor.text, sizeof anchor.text, ":%" PRIu64, finding->anchor_line);
    layout_add(layout, STYLE_PLAIN, "      ");
    layout_add_shrinking(layout, STYLE_DIM, report->path);
    layout_add(layout, STYLE_DIM, anchor.text);
    layout_add(layout, STYLE_DIM, report->dot);
    layout_add(layout, STYLE_DIM, finding->first_line == finding->last_line ? "line " : "lines ");
    layout_add(layout, STYLE_DIM, range.text);
    layout_add(layout, STYLE_DIM, " of ");
    layout_add(layout, STYLE_DIM, total.text);
    if (finding->score < 0.5) {
        layout_add(layout, STYLE_DIM, report->dot);
        layout_add(layout, STYLE_DIM, "a guess, ");
        layout_add(layout, STYLE_DIM, sure.text);
    }
    layout_add(layout, STYLE_DIM, report->dot);
    layout_add(layout, STYLE_DIM, report->diagnosis->format);
    if (report->options->step && finding == report->diagnosis->findings) {
        layout_add(layout, STYLE_DIM, report->dot);
        layout_add(layout, STYLE_DIM, "step ");
        layout_add(layout, STYLE_DIM, report->options->step);
    }
    if (finding->novelty != BANTAM_NOT_COMPARED) {
        layout_add(layout, STYLE_DIM, report->dot);
        layout_add(layout, STYLE_DIM,
                   finding->novelty == BANTAM_NEW ? "in no green log" : "in a green log too");
    }
    layout_end_line(layout);
}

void text_blank(struct report *report)
{
    layout_end_line(&report->layout);
}

static const char *anchor_text(const bantam_finding *finding)
{
    for (size_t i = 0; i < finding->n_excerpt; i++) {
        if (finding->excerpt[i].line == finding->anchor_line) {
            return finding->excerpt[i].text;
        }
    }
    return NULL;
}

// A line each; one without a cause to name shows its anchor instead. Much fainter ones than the first are noise.
static void write_further(struct report *report)
{
    const bantam_diagnosis *diagnosis = report->diagnosis;
    bool told = false;
    for (size_t i = 1; i < diagnosis->n_failures; i++) {
        const bantam_finding *finding = &diagnosis->findings[i];
        if (finding->score < FAINT_SHARE * diagnosis->findings[0].score) {
            continue;
        }
        struct number probability = text_percent(finding->cause_probability);
        struct number range = line_range(report, finding->first_line, finding->last_line);
        bool single = finding->first_line == finding->last_line;
        text_label(report, told ? "" : "Also");
        told = true;
        layout_add(&report->layout, STYLE_PLAIN, single ? "line " : "lines ");
        layout_add(&report->layout, STYLE_PLAIN, range.text);
        layout_add(&report->layout, STYLE_PLAIN, "  ");
        if (finding_is_unclear(finding) && !finding->subject && anchor_text(finding)) {
            layout_add(&report->layout, STYLE_PLAIN, anchor_text(finding));
        } else {
            add_conclusion(report, finding, &probability);
        }
        layout_end_line(&report->layout);
    }
}

// In the first finding, shown or cut out of its excerpt, or told as the place of a further one or shown as a piece.
static bool told_above(const bantam_diagnosis *diagnosis, uint64_t line)
{
    const bantam_finding *findings = diagnosis->findings;
    if (diagnosis->n_findings && line >= findings->first_line && line <= findings->last_line) {
        return true;
    }
    for (size_t i = 1; i < diagnosis->n_findings; i++) {
        if (findings[i].anchor_line == line) {
            return true;
        }
    }
    return false;
}

// The lines to read first: all that were asked for; in doubt a few that no finding tells.
static void write_lines(struct report *report)
{
    const bantam_diagnosis *diagnosis = report->diagnosis;
    bool asked = report->options->n_lines > 0, doubt = diagnosis->status == BANTAM_UNKNOWN;
    size_t wanted = asked ? report->options->n_lines : doubt ? LINES_IN_DOUBT : 0, shown = 0;
    size_t n_faint = 0;
    int n_digits = 4;
    for (size_t i = 0; i < diagnosis->n_lines_listed; i++) {
        int count = text_digits(diagnosis->lines[i].line);
        n_digits = count > n_digits ? count : n_digits;
    }
    for (size_t i = 0; i < diagnosis->n_lines_listed && shown < wanted; i++) {
        const bantam_log_line *line = &diagnosis->lines[i];
        bool faint = line->score < FAINT_SHARE * diagnosis->lines[0].score;
        if (faint) {
            n_faint += i < wanted;
            continue;
        }
        if (!asked && told_above(diagnosis, line->line)) {
            continue;
        }
        if (shown++ == 0) {
            text_blank(report);
            layout_add(&report->layout, STYLE_DIM,
                       asked ? "  Lines to read first" : "  Other lines to read");
            layout_end_line(&report->layout);
        }
        text_log_line(report, line, n_digits, false);
    }
    if (asked && n_faint > 0) {
        struct number left_out;
        snprintf(left_out.text, sizeof left_out.text,
                 "  %zu more %s hardly anything; JSON has them", n_faint,
                 n_faint == 1 ? "says" : "say");
        layout_add(&report->layout, STYLE_DIM, left_out.text);
        layout_end_line(&report->layout);
    }
}

static void write_finding(struct report *report, const bantam_finding *finding, size_t rows)
{
    struct number probability = text_percent(finding->cause_probability);
    add_lead(report, finding);
    add_conclusion(report, finding, &probability);
    layout_end_line(&report->layout);
    write_place(report, finding);
    text_blank(report);
    text_excerpt(report, finding, rows);
}

static size_t count_lines(const bantam_buffer *text)
{
    size_t count = 0;
    for (size_t i = 0; i < text->size; i++) {
        count += text->data[i] == '\n';
    }
    return count;
}

// The first finding with what the others come to. What stands below the excerpt is written first: it tells how many
// rows are left for the lines.
static void write_screen(struct report *report)
{
    const bantam_diagnosis *diagnosis = report->diagnosis;
    bantam_buffer *out = report->layout.out, below;
    bantam_buffer_init(&below, (size_t)1 << 24);
    report->layout.out = &below;
    text_advice(report, diagnosis->findings);
    text_reports(report);
    write_further(report);
    text_past(report);
    text_hidden(report);
    if (report->options->n_lines == 0) {
        write_lines(report);
    }
    report->layout.out = out;
    size_t rows = report->options->rows, taken = HEAD_ROWS + count_lines(&below);
    if (rows > 0) {
        rows = rows > taken + EXCERPT_LEAST ? rows - taken : EXCERPT_LEAST;
    }
    write_finding(report, diagnosis->findings, rows);
    bantam_buffer_append(out, below.data, below.size);
    out->failed |= below.failed;
    bantam_buffer_release(&below);
    if (report->options->n_lines > 0) {
        write_lines(report);
    }
}

static void write_all(struct report *report)
{
    const bantam_diagnosis *diagnosis = report->diagnosis;
    for (size_t i = 0; i < diagnosis->n_findings; i++) {
        if (i) {
            text_blank(report);
        }
        write_finding(report, &diagnosis->findings[i], 0);
        text_advice(report, &diagnosis->findings[i]);
    }
    text_reports(report);
    text_past(report);
    text_hidden(report);
    write_lines(report);
}

static void write_no_failure(struct report *report)
{
    struct layout *layout = &report->layout;
    struct number total = text_grouped(report->diagnosis->n_lines);
    layout_add(layout, STYLE_GOOD, "OK    ");
    layout_add(layout, STYLE_BOLD, "no sign of a failure");
    layout_end_line(layout);
    layout_add(layout, STYLE_PLAIN, "      ");
    layout_add_shrinking(layout, STYLE_DIM, report->path);
    layout_add(layout, STYLE_DIM, report->dot);
    layout_add(layout, STYLE_DIM, total.text);
    layout_add(layout, STYLE_DIM, report->diagnosis->n_lines == 1 ? " line" : " lines");
    layout_add(layout, STYLE_DIM, report->dot);
    layout_add(layout, STYLE_DIM, report->diagnosis->format);
    layout_end_line(layout);
    layout_add(layout, STYLE_PLAIN, "      ");
    layout_end_wrapped(layout, STYLE_PLAIN,
                       "If the job did fail, its reason is in another log: look at its other "
                       "steps and at the CI's own messages.",
                       6, 2);
    report->apart = true;
    text_reports(report);
}

// "build.log:1049: FAIL test failed · pytest · …", as editors read places.
static void write_brief(struct report *report)
{
    const bantam_diagnosis *diagnosis = report->diagnosis;
    struct number place = {": "}, probability = {""};
    layout_add(&report->layout, STYLE_PLAIN, report->path); // whole: editors follow it
    if (diagnosis->n_findings) {
        snprintf(place.text, sizeof place.text, ":%" PRIu64 ": ",
                 diagnosis->findings[0].anchor_line);
    }
    layout_add(&report->layout, STYLE_DIM, place.text);
    if (diagnosis->n_findings) {
        probability = text_percent(diagnosis->findings[0].cause_probability);
        add_lead(report, &diagnosis->findings[0]);
        add_conclusion(report, &diagnosis->findings[0], &probability);
    } else {
        layout_add(&report->layout, STYLE_GOOD, "OK ");
        layout_add(&report->layout, STYLE_PLAIN, "no sign of a failure");
    }
    if (!diagnosis->n_findings && diagnosis->tests && diagnosis->tests->n_failed > 0) {
        layout_add(&report->layout, STYLE_PLAIN, ", but reports tell of failed tests");
    }
    layout_end_line(&report->layout);
}

void bantam_report_text(bantam_buffer *out, const bantam_diagnosis *diagnosis,
                        const bantam_report_options *options)
{
    bantam_report_options chosen = options ? *options : bantam_report_options_default();
    bool ascii = chosen.ascii;
    struct report report = {
        .layout = {.out = out, .color = chosen.color, .ascii = ascii, .width = chosen.width},
        .diagnosis = diagnosis,
        .options = &chosen,
        .path = !chosen.path || strcmp(chosen.path, "-") == 0 ? "standard input" : chosen.path,
        .dot = ascii ? " - " : " · ",
        .dash = ascii ? "-" : "–",
        .arrow = ascii ? ">" : "▶",
        .gap = ascii ? ":" : "⋮",
    };
    if (chosen.brief) {
        write_brief(&report);
        return;
    }
    if (diagnosis->status == BANTAM_NO_FAILURE_FOUND || diagnosis->n_findings == 0) {
        write_no_failure(&report);
        write_lines(&report);
    } else if (chosen.all) {
        write_all(&report);
    } else {
        write_screen(&report);
    }
}
