// From the line upwards to the test's name, which a count of tests ends; from the log's end upwards to a count.
#include "triage/anchor_report.h"

enum {
    TEST_REACH = 40, // lines before the anchor in which its test may be named
    LINK_REACH = 5,  // lines before the anchor, with it, and after it that may tell of links,
    LINKS_LEAST = 2, // which so many do in a list
    TAIL_LINES = 40, // last lines of the log
};

static uint32_t forms_of(const struct line *line, const struct keyword_table *keywords)
{
    struct masked_line masked;
    mask_line(&masked, line->text, line->size);
    return report_forms(line_span(line), line_kind(keywords, &masked, line->text));
}

static void find_test(struct anchor_report *report, const struct document *document,
                      uint32_t anchor, const struct keyword_table *keywords)
{
    uint32_t seen = 0;
    for (uint32_t at = anchor + 1; at-- > 0 && seen < TEST_REACH;) {
        const struct line *line = &document->lines[at];
        if (line->section != document->lines[anchor].section || line->flags & LINE_MARKER) {
            return;
        }
        uint32_t forms = line->size > 0 ? forms_of(line, keywords) : 0;
        if (forms & (1U << FORM_TEST_NAMED | 1U << FORM_TEST_ROW)) {
            report->in_test = true;
            report->test_line = at;
            return;
        }
        if (forms & 1U << FORM_TEST_COUNT && at < anchor) {
            return;
        }
        seen += line->size > 0;
    }
}

static bool stands_in_links(const struct document *document, uint32_t anchor,
                            const struct keyword_table *keywords)
{
    uint32_t links = 0, seen = 0;
    for (uint32_t at = anchor + 1; at-- > 0 && seen < LINK_REACH;) {
        links += forms_of(&document->lines[at], keywords) >> FORM_LINK & 1;
        seen += document->lines[at].size > 0;
    }
    seen = 0;
    for (uint32_t at = anchor + 1; at < document->n_lines && seen < LINK_REACH; at++) {
        links += forms_of(&document->lines[at], keywords) >> FORM_LINK & 1;
        seen += document->lines[at].size > 0;
    }
    return links >= LINKS_LEAST;
}

static void find_count(struct anchor_report *report, const struct document *document,
                       const struct keyword_table *keywords)
{
    uint32_t seen = 0;
    for (uint32_t at = (uint32_t)document->n_lines; at-- > 0 && seen < TAIL_LINES;) {
        const struct line *line = &document->lines[at];
        if (line->size == 0 || line->flags & LINE_MARKER) {
            continue;
        }
        seen++;
        if (forms_of(line, keywords) & 1U << FORM_TEST_COUNT) {
            report->tests_counted = true;
            report->count_line = at;
            return;
        }
    }
}

struct anchor_report anchor_report_read(const struct document *document, uint32_t anchor,
                                        const struct keyword_table *keywords)
{
    struct anchor_report report = {0};
    report.forms = forms_of(&document->lines[anchor], keywords);
    find_test(&report, document, anchor, keywords);
    report.in_links = stands_in_links(document, anchor, keywords);
    find_count(&report, document, keywords);
    return report;
}
