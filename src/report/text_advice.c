// What is said below the lines, a label each: what to do first, how to reproduce it, where it is, why.
#include "report/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/finding.h"
#include "report/past.h"
#include "report/tests.h"
#include "triage/tools.h"

enum {
    LABEL_COLUMNS = 14, // "  Reproduce   "
    FIX_LINES = 3,
    EVIDENCE_SHOWN = 4,
    WHY_LINES = 2,
    TEST_LINES = 2,
    LOCATIONS_SHOWN = 3,
    WHY_SLACK = 16,          // columns that breaking lines at blanks may cost
    PROSE_MAXIMUM = 1 << 16, // bytes of one label's text
};

void text_label(struct report *report, const char *label)
{
    static const char blanks[] = "            ";
    if (report->apart) {
        text_blank(report);
        report->apart = false;
    }
    layout_add(&report->layout, STYLE_PLAIN, "  ");
    layout_add(&report->layout, STYLE_DIM, label);
    layout_add(&report->layout, STYLE_PLAIN, blanks + strlen(label));
}

static void write_fix(struct report *report, const bantam_finding *finding)
{
    if (finding->fix_text) {
        text_label(report, "Do first");
        layout_end_wrapped(&report->layout, STYLE_PLAIN, finding->fix_text, LABEL_COLUMNS,
                           FIX_LINES);
    }
    if (finding->fix_reproduce) {
        text_label(report, "Reproduce");
        layout_add(&report->layout, STYLE_COMMAND, finding->fix_reproduce);
        layout_end_line_whole(&report->layout);
    }
    if (finding->transient && strcmp(finding->transient, "yes") == 0) {
        text_label(report, "Re-run");
        layout_add(&report->layout, STYLE_PLAIN, "is likely to pass: nothing of yours is at fault");
        layout_end_line(&report->layout);
    }
}

// The columns that a label's text has in `n_lines` lines; 0: as many as it needs.
static size_t room(const struct report *report, size_t n_lines)
{
    size_t width = report->layout.width;
    return width > LABEL_COLUMNS ? n_lines * (width - LABEL_COLUMNS) : 0;
}

static void append_location(bantam_buffer *text, const bantam_location *location)
{
    bantam_buffer_append_string(text, location->file);
    if (location->line >= 0) {
        bantam_buffer_append_format(text, ":%" PRId64, location->line);
    }
    if (location->line >= 0 && location->column >= 0) {
        bantam_buffer_append_format(text, ":%" PRId64, location->column);
    }
}

// The places in the project's own files, which come first: those of libraries nobody is to look at.
static size_t count_own(const bantam_finding *finding)
{
    size_t n = 0;
    while (n < finding->n_locations &&
           !location_is_foreign(
               span_of(finding->locations[n].file, strlen(finding->locations[n].file)))) {
        n++;
    }
    return n;
}

// As many as fit whole; the first may lose its middle.
static void write_locations(struct report *report, const bantam_finding *finding)
{
    enum {
        MORE_COLUMNS = 13 // " and 99 more"
    };
    size_t n_own = count_own(finding);
    bantam_buffer text;
    bantam_buffer_init(&text, PROSE_MAXIMUM);
    size_t most = room(report, 1), shown = 0, first_size = 0;
    for (; shown < n_own && shown < LOCATIONS_SHOWN; shown++) {
        size_t before = text.size;
        bantam_buffer_append_string(&text, shown ? ", " : "");
        append_location(&text, &finding->locations[shown]);
        if (shown == 0) {
            first_size = text.size;
        } else if (most && text.size + MORE_COLUMNS > most) {
            text.size = before;
            break;
        }
    }
    if (shown > 0 && shown < n_own) {
        bool cut = n_own == LOCATIONS_MAXIMUM; // others were not looked for
        bantam_buffer_append_format(&text, cut ? " and more" : " and %zu more", n_own - shown);
    }
    bantam_buffer_append(&text, "", 1);
    report->layout.out->failed |= text.failed;
    if (shown && !text.failed) {
        struct number first_tail = {""};
        text_label(report, "Where");
        if (shown == 1 && first_size < text.size - 1) {
            snprintf(first_tail.text, sizeof first_tail.text, "%s", text.data + first_size);
            text.data[first_size] = '\0';
        }
        layout_add_shrinking(&report->layout, STYLE_PLAIN, text.data);
        layout_add(&report->layout, STYLE_PLAIN, first_tail.text);
        layout_end_line(&report->layout);
    }
    bantam_buffer_release(&text);
}

// What speaks for the cause, as much as fits two lines; what speaks against it is left to the JSON.
static void write_evidence(struct report *report, const bantam_finding *finding)
{
    static const char says[] = "says ";
    bantam_buffer text;
    bantam_buffer_init(&text, PROSE_MAXIMUM);
    size_t shown = 0, most = room(report, WHY_LINES);
    uint64_t line = 0;
    bool cited = false;
    for (size_t i = 0; i < finding->n_evidence && shown < EVIDENCE_SHOWN; i++) {
        const bantam_evidence *evidence = &finding->evidence[i];
        size_t before = text.size;
        if (!(evidence->weight > 0)) {
            continue;
        }
        bool cites = strncmp(evidence->feature, says, strlen(says)) == 0;
        bantam_buffer_append_format(&text, "%s%s", shown ? ", " : "",
                                    evidence->feature + (cited && cites ? strlen(says) : 0));
        if (evidence->line && evidence->line != line) {
            bantam_buffer_append_format(&text, " (line %" PRIu64 ")", evidence->line);
        }
        if (shown && most && text.size + WHY_SLACK > most) {
            text.size = before;
            continue;
        }
        shown++;
        line = evidence->line;
        cited = cites;
    }
    bantam_buffer_append(&text, "", 1);
    report->layout.out->failed |= text.failed;
    if (shown && !text.failed) {
        text_label(report, "Why");
        layout_end_wrapped(&report->layout, STYLE_PLAIN, text.data, LABEL_COLUMNS, WHY_LINES);
    }
    bantam_buffer_release(&text);
}

// "perhaps dependency 41%, network 22%": as many as fit.
static void write_alternatives(struct report *report, const bantam_finding *finding)
{
    bantam_buffer text;
    bantam_buffer_init(&text, PROSE_MAXIMUM);
    size_t most = room(report, 1), shown = 0;
    for (size_t i = 0; i < finding_n_likely(finding); i++) {
        const bantam_cause_probability *other = &finding->cause_alternatives[i];
        size_t before = text.size;
        struct number chance = text_percent(other->probability);
        bantam_buffer_append_format(&text, "%s%s %s", shown ? ", " : "",
                                    finding_cause_title(other->cause), chance.text);
        if (shown && most && text.size > most) {
            text.size = before;
            break;
        }
        shown++;
    }
    bantam_buffer_append(&text, "", 1);
    report->layout.out->failed |= text.failed;
    if (shown && !text.failed) {
        text_label(report, finding_is_unclear(finding) ? "Perhaps" : "Or");
        layout_add(&report->layout, STYLE_PLAIN, text.data);
        layout_end_line(&report->layout);
    }
    bantam_buffer_release(&text);
}

// Each sentence wrapped, the first beside the label; `n_held` of `n` tests are in the diagnosis.
static void write_tests(struct report *report, const char *label, struct test_sentences *sentences,
                        size_t n, size_t n_held)
{
    while (tests_next(sentences)) {
        text_label(report, sentences->n > 1 ? "" : label);
        layout_end_wrapped(&report->layout, STYLE_PLAIN, sentences->text, LABEL_COLUMNS,
                           TEST_LINES);
    }
    if (sentences->n_left_out > 0) {
        struct number more;
        snprintf(more.text, sizeof more.text,
                 n_held < n ? "and %zu more; JSON has %zu" : "and %zu more; JSON has them",
                 sentences->n_left_out, n_held);
        text_label(report, "");
        layout_end_wrapped(&report->layout, STYLE_PLAIN, more.text, LABEL_COLUMNS, TEST_LINES);
    }
}

void text_reports(struct report *report)
{
    const bantam_test_summary *tests = report->diagnosis->tests;
    if (tests) {
        struct test_sentences sentences = tests_of_reports(tests, report->layout.out);
        write_tests(report, "Reports", &sentences, tests->n_not_joined, tests->n_others);
    }
}

void text_advice(struct report *report, const bantam_finding *finding)
{
    report->apart = true;
    struct test_sentences tests = tests_of_finding(finding, report->layout.out);
    if (finding_is_unclear(finding)) {
        write_alternatives(report, finding);
    }
    write_fix(report, finding);
    write_locations(report, finding);
    write_tests(report, finding->n_tests > 1 ? "Tests" : "Test", &tests, finding->n_tests,
                finding->n_tests);
    write_evidence(report, finding);
    if (!finding_is_unclear(finding) &&
        (report->options->all || finding->cause_probability < 0.7)) {
        write_alternatives(report, finding);
    }
}

void text_past(struct report *report)
{
    const bantam_past *past = report->options->past;
    if (!past) {
        return;
    }
    bantam_buffer text;
    bantam_buffer_init(&text, PROSE_MAXIMUM);
    past_append(&text, past);
    bantam_buffer_append(&text, "", 1);
    if (!text.failed) {
        text_label(report, "Seen before");
        layout_end_wrapped(&report->layout, STYLE_PLAIN, text.data, LABEL_COLUMNS, 2);
    }
    report->layout.out->failed |= text.failed;
    bantam_buffer_release(&text);
    if (past->resolution) {
        text_label(report, "Resolved");
        layout_end_wrapped(&report->layout, STYLE_PLAIN, past->resolution, LABEL_COLUMNS, 3);
    }
}

void text_hidden(struct report *report)
{
    size_t n_hidden = report->diagnosis->n_hidden;
    if (n_hidden > 0) {
        char text[96];
        snprintf(text, sizeof text, "%zu %s here as *** (--redact none shows %s)", n_hidden,
                 n_hidden == 1 ? "secret stands" : "secrets stand", n_hidden == 1 ? "it" : "them");
        text_label(report, "Hidden");
        layout_end_wrapped(&report->layout, STYLE_DIM, text, LABEL_COLUMNS, 2);
    }
}
