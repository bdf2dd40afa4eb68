// JUnit XML: a suite a log, a failed test case a finding, one that passed where the log shows no failure.
#include <inttypes.h>
#include <string.h>

#include "report/answers.h"
#include "report/finding.h"
#include "report/tests.h"

// Texts hold no control characters (bantam/triage.h); the characters that XML lacks besides are U+FFFE and U+FFFF.
static void append_escaped(bantam_buffer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '&') {
            bantam_buffer_append_string(out, "&amp;");
        } else if (*text == '<') {
            bantam_buffer_append_string(out, "&lt;");
        } else if (*text == '>') {
            bantam_buffer_append_string(out, "&gt;");
        } else if (*text == '"') {
            bantam_buffer_append_string(out, "&quot;");
        } else if (strncmp(text, "\xEF\xBF\xBE", 3) == 0 || strncmp(text, "\xEF\xBF\xBF", 3) == 0) {
            bantam_buffer_append_string(out, "\xEF\xBF\xBD");
            text += 2;
        } else {
            bantam_buffer_append(out, text, 1);
        }
    }
}

static void append_attribute(bantam_buffer *out, const char *name, const char *value)
{
    bantam_buffer_append_format(out, " %s=\"", name);
    append_escaped(out, value);
    bantam_buffer_append_string(out, "\"");
}

static void append_failure(bantam_buffer *out, const bantam_finding *finding)
{
    bantam_buffer_append_string(out, "      <failure");
    append_attribute(out, "type", finding->cause);
    append_attribute(out, "message", finding_anchor_text(finding));
    bantam_buffer_append_string(out, ">");
    for (size_t i = 0; i < finding->n_excerpt; i++) {
        bantam_buffer_append_format(out, "%" PRIu64 "  ", finding->excerpt[i].line);
        append_escaped(out, finding->excerpt[i].text);
        bantam_buffer_append_string(out, "\n");
    }
    bantam_buffer advice;
    bantam_buffer_init(&advice, 1 << 16);
    finding_append_advice(&advice, finding);
    bantam_buffer_append(&advice, "", 1);
    append_escaped(out, advice.failed ? "" : advice.data);
    out->failed |= advice.failed;
    bantam_buffer_release(&advice);
    bantam_buffer_append_string(out, "</failure>\n");
}

static void append_case(bantam_buffer *out, const bantam_finding *finding, const char *path)
{
    bantam_buffer title;
    bantam_buffer_init(&title, 1 << 16);
    finding_append_title(&title, finding);
    bantam_buffer_append(&title, "", 1);
    bantam_buffer_append_string(out, "    <testcase");
    append_attribute(out, "classname", path);
    append_attribute(out, "name", title.failed ? finding->cause : title.data);
    if (finding->n_locations > 0) {
        append_attribute(out, "file", finding_repository_path(finding->locations[0].file));
        if (finding->locations[0].line > 0) {
            bantam_buffer_append_format(out, " line=\"%" PRId64 "\"", finding->locations[0].line);
        }
    }
    bantam_buffer_append_string(out, ">\n");
    append_failure(out, finding);
    bantam_buffer_append_string(out, "    </testcase>\n");
    out->failed |= title.failed;
    bantam_buffer_release(&title);
}

// What the tests' own reports say stands beside the cases: their tests are in those reports already.
static void append_reports(bantam_buffer *out, const bantam_test_summary *tests)
{
    if (!tests) {
        return;
    }
    bantam_buffer_append_string(out, "    <system-out>");
    struct test_sentences sentences = tests_of_reports(tests, out);
    while (tests_next(&sentences)) {
        bantam_buffer_append_string(out, sentences.n > 1 ? "\n" : "");
        append_escaped(out, sentences.text);
    }
    if (sentences.n_left_out > 0) {
        bantam_buffer_append_format(out, "\nand %zu more", sentences.n_left_out);
    }
    bantam_buffer_append_string(out, "</system-out>\n");
}

void answer_junit(bantam_buffer *out, const bantam_diagnosis *diagnosis,
                  const bantam_report_options *options)
{
    const char *path = options->path ? options->path : "-";
    size_t n_failures = diagnosis->n_failures, n_tests = n_failures > 0 ? n_failures : 1;
    bantam_buffer_append_string(out, "  <testsuite");
    append_attribute(out, "name", path);
    bantam_buffer_append_format(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\">\n", n_tests,
                                n_failures);
    for (size_t i = 0; i < diagnosis->n_failures; i++) {
        append_case(out, &diagnosis->findings[i], path);
    }
    if (n_failures == 0) {
        bantam_buffer_append_string(out, "    <testcase");
        append_attribute(out, "classname", path);
        append_attribute(out, "name", "no sign of a failure");
        bantam_buffer_append_string(out, "/>\n");
    }
    append_reports(out, diagnosis->tests);
    bantam_buffer_append_string(out, "  </testsuite>\n");
}
