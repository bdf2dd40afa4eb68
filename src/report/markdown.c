// A diagnosis in Markdown: for a job summary, a comment on a pull request, a ticket.
//
// The log's text stands in fenced or inline code, where nothing of it is markup; the fence is longer than any in the text.
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "report/answers.h"
#include "report/finding.h"
#include "report/markdown.h"
#include "report/past.h"
#include "report/tests.h"

static size_t longest_run(const char *text, char byte)
{
    size_t longest = 0, run = 0;
    for (; *text; text++) {
        run = *text == byte ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void append_repeated(bantam_buffer *out, const char *byte, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bantam_buffer_append(out, byte, 1);
    }
}

void markdown_code(bantam_buffer *out, const char *text)
{
    size_t ticks = longest_run(text, '`') + 1;
    bool apart = text[0] == '`' || (text[0] && text[strlen(text) - 1] == '`');
    append_repeated(out, "`", ticks);
    bantam_buffer_append_format(out, apart ? " %s " : "%s", text);
    append_repeated(out, "`", ticks);
}

void markdown_prose(bantam_buffer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '@') {
            bantam_buffer_append_string(out, "&#64;");
            continue;
        }
        if (strchr("\\`*_{}[]<>#|~&", *text)) {
            bantam_buffer_append_string(out, "\\");
        }
        bantam_buffer_append(out, text, 1);
    }
}

static void append_excerpt(bantam_buffer *out, const bantam_finding *finding)
{
    size_t ticks = 3;
    for (size_t i = 0; i < finding->n_excerpt; i++) {
        size_t run = longest_run(finding->excerpt[i].text, '`');
        ticks = run >= ticks ? run + 1 : ticks;
    }
    append_repeated(out, "`", ticks);
    bantam_buffer_append_string(out, "text\n");
    for (size_t i = 0; i < finding->n_excerpt; i++) {
        const bantam_log_line *line = &finding->excerpt[i];
        if (i > 0 && line->line > finding->excerpt[i - 1].line + 1) {
            bantam_buffer_append_string(out, "          ⋮\n");
        }
        bantam_buffer_append_format(out, "%s %7" PRIu64 "  %s\n",
                                    line->line == finding->anchor_line ? "▶" : " ", line->line,
                                    line->text);
    }
    append_repeated(out, "`", ticks);
    bantam_buffer_append_string(out, "\n");
}

static void append_conclusion(bantam_buffer *out, const bantam_finding *finding)
{
    bantam_buffer_append_format(out, "**%s**", finding_cause_title(finding->cause));
    if (finding->tool) {
        bantam_buffer_append_string(out, " · ");
        markdown_code(out, finding->tool);
    }
    if (finding->subject) {
        bantam_buffer_append_string(out, " · ");
        markdown_code(out, finding->subject);
    }
    if (!finding_is_unclear(finding)) {
        bantam_buffer_append_format(out, " · %.0f%%", round(100 * finding->cause_probability));
    }
}

// A line of a list whose text may hold anything.
static void append_item(bantam_buffer *out, const char *label, const char *text)
{
    bantam_buffer_append_string(out, label);
    markdown_prose(out, text);
    bantam_buffer_append_string(out, "\n");
}

static void append_past(bantam_buffer *out, const bantam_past *past)
{
    if (past) {
        bantam_buffer_append_string(out, "- Seen before: ");
        past_append(out, past);
        bantam_buffer_append_string(out, "\n");
    }
    if (past && past->resolution) {
        append_item(out, "- Resolved then: ", past->resolution);
    }
}

static void append_first(bantam_buffer *out, const bantam_finding *finding)
{
    append_excerpt(out, finding);
    if (finding_is_unclear(finding) && finding_n_likely(finding) > 0) {
        bantam_buffer_append_string(out, "\n- Perhaps: ");
        finding_append_likely(out, finding);
    }
    if (finding->fix_text) {
        bantam_buffer_append_string(out, "\n- Do first: ");
        markdown_prose(out, finding->fix_text);
    }
    if (finding->fix_reproduce) {
        bantam_buffer_append_string(out, "\n- Reproduce: ");
        markdown_code(out, finding->fix_reproduce);
    }
    for (size_t i = 0; i < finding->n_locations && i < 3; i++) {
        const bantam_location *place = &finding->locations[i];
        bantam_buffer_append_string(out, i == 0 ? "\n- Where: " : ", ");
        markdown_code(out, finding_repository_path(place->file));
        if (place->line > 0) {
            bantam_buffer_append_format(out, " line %" PRId64, place->line);
        }
    }
    bantam_buffer_append_string(out, "\n");
}

static void append_tests(bantam_buffer *out, const bantam_finding *finding)
{
    struct test_sentences sentences = tests_of_finding(finding, out);
    while (tests_next(&sentences)) {
        append_item(out, "- Test: ", sentences.text);
    }
    if (sentences.n_left_out > 0) {
        bantam_buffer_append_format(out, "- and %zu more tests\n", sentences.n_left_out);
    }
}

static void append_reports(bantam_buffer *out, const bantam_test_summary *tests)
{
    if (!tests) {
        return;
    }
    static const char *const labels[] = {"\nReports of tests: ", "\n- ", "- "};
    struct test_sentences sentences = tests_of_reports(tests, out);
    while (tests_next(&sentences)) {
        append_item(out, labels[sentences.n < 3 ? sentences.n - 1 : 2], sentences.text);
    }
    if (sentences.n_left_out > 0) {
        bantam_buffer_append_format(out, "- and %zu more\n", sentences.n_left_out);
    }
}

void answer_markdown(bantam_buffer *out, const bantam_diagnosis *diagnosis,
                     const bantam_report_options *options)
{
    bantam_buffer_append_string(out, "### ");
    markdown_code(out, options->path ? options->path : "-");
    if (options->step) {
        bantam_buffer_append_string(out, ", step ");
        markdown_code(out, options->step);
    }
    bantam_buffer_append_string(out, "\n\n");
    if (diagnosis->n_findings == 0) {
        bantam_buffer_append_string(out, "No sign of a failure.\n");
        append_reports(out, diagnosis->tests);
        return;
    }
    for (size_t i = 0; i < diagnosis->n_failures; i++) {
        const bantam_finding *finding = &diagnosis->findings[i];
        bantam_buffer_append_string(out, i == 0 ? "" : i == 1 ? "\nAlso:\n\n- " : "- ");
        append_conclusion(out, finding);
        bantam_buffer_append_format(out,
                                    i == 0 ? ", lines %" PRIu64 "–%" PRIu64 " of %" PRIu64 "\n\n"
                                           : ", lines %" PRIu64 "–%" PRIu64 "\n",
                                    finding->first_line, finding->last_line, diagnosis->n_lines);
        if (i == 0) {
            append_first(out, finding);
            append_tests(out, finding);
            append_past(out, options->past);
        }
    }
    append_reports(out, diagnosis->tests);
    if (diagnosis->n_hidden > 0) {
        bantam_buffer_append_format(out, "\n%zu secrets stand here as `***`.\n",
                                    diagnosis->n_hidden);
    }
}
