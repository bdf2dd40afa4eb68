// Sentences about tests.
#include "report/tests.h"

#include <inttypes.h>
#include <string.h>

#include "report/finding.h"

enum {
    TESTS_SHOWN = 3, // of a finding, and of those that no finding is about
    SENTENCE_MAXIMUM = 1 << 16,
};

// "test_discount (tests.test_cart), tests/test_cart.py:48, 250 ms: assert 100 == 90"
static void append_test(bantam_buffer *out, const bantam_failed_test *test)
{
    bantam_buffer_append_string(out, test->name);
    if (test->class_name && strcmp(test->class_name, test->name) != 0) {
        bantam_buffer_append_format(out, " (%s)", test->class_name);
    }
    if (test->file) {
        bantam_buffer_append_format(out, ", %s", finding_repository_path(test->file));
        if (test->line > 0) {
            bantam_buffer_append_format(out, ":%" PRId64, test->line);
        }
    }
    if (test->seconds >= 1) {
        bantam_buffer_append_format(out, test->seconds < 100 ? ", %.1f s" : ", %.0f s",
                                    test->seconds);
    } else if (test->seconds >= 0.001) {
        bantam_buffer_append_format(out, ", %.0f ms", 1000 * test->seconds);
    }
    if (test->message) {
        bantam_buffer_append_format(out, ": %s", test->message);
    }
}

void tests_append_summary(bantam_buffer *out, const bantam_test_summary *summary)
{
    bantam_buffer_append_format(out, "%zu of %zu %s failed", summary->n_failed, summary->n_tests,
                                summary->n_tests == 1 ? "test" : "tests");
    if (summary->n_skipped > 0) {
        bantam_buffer_append_format(out, ", %zu skipped", summary->n_skipped);
    }
    bantam_buffer_append_format(out, " (%s", summary->report ? summary->report : "-");
    if (summary->n_reports > 1) {
        bantam_buffer_append_format(out, " and %zu more", summary->n_reports - 1);
    }
    bantam_buffer_append_string(out, ")");
    if (summary->contradicts) {
        bantam_buffer_append_string(
            out,
            ", but the log tells of a failed test; are they of this job, and of its last try?");
    }
}

// Where the log names a test that no finding is about.
static void append_place(bantam_buffer *out, const bantam_failed_test *test)
{
    if (test->log_line > 0) {
        bantam_buffer_append_format(out, "line %" PRIu64 " names ", test->log_line);
    } else {
        bantam_buffer_append_string(out, "not in the log: ");
    }
}

static size_t shown_of(size_t n)
{
    return n < TESTS_SHOWN ? n : TESTS_SHOWN;
}

struct test_sentences tests_of_finding(const bantam_finding *finding, bantam_buffer *out)
{
    struct test_sentences sentences = {.tests = finding->tests, .out = out};
    sentences.n_shown = shown_of(finding->n_tests);
    sentences.n_left_out = finding->n_tests - sentences.n_shown;
    bantam_buffer_init(&sentences.buffer, SENTENCE_MAXIMUM);
    return sentences;
}

struct test_sentences tests_of_reports(const bantam_test_summary *summary, bantam_buffer *out)
{
    struct test_sentences sentences = {.summary = summary, .tests = summary->others, .out = out};
    sentences.n_shown = shown_of(summary->n_others);
    sentences.n_left_out = summary->n_not_joined - shown_of(summary->n_not_joined);
    bantam_buffer_init(&sentences.buffer, SENTENCE_MAXIMUM);
    return sentences;
}

bool tests_next(struct test_sentences *sentences)
{
    bantam_buffer *buffer = &sentences->buffer;
    size_t at = sentences->summary ? sentences->n - 1 : sentences->n; // of the tests
    bool summary = sentences->summary && sentences->n == 0;
    if (!summary && at >= sentences->n_shown) {
        bantam_buffer_release(buffer);
        return false;
    }
    sentences->n++;
    buffer->size = 0;
    if (summary) {
        tests_append_summary(buffer, sentences->summary);
    } else {
        if (sentences->summary) {
            append_place(buffer, &sentences->tests[at]);
        }
        append_test(buffer, &sentences->tests[at]);
    }
    bantam_buffer_append(buffer, "", 1);
    sentences->out->failed |= buffer->failed;
    sentences->text = buffer->failed ? "" : buffer->data;
    return true;
}
