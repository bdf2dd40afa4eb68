// Sentences about tests.
#include "report/tests.h"

#include <inttypes.h>
#include <string.h>

#include "report/finding.h"

void tests_append_test(bantam_buffer *out, const bantam_failed_test *test)
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

void tests_append_other(bantam_buffer *out, const bantam_failed_test *test)
{
    if (test->log_line > 0) {
        bantam_buffer_append_format(out, "line %" PRIu64 " names ", test->log_line);
    } else {
        bantam_buffer_append_string(out, "not in the log: ");
    }
    tests_append_test(out, test);
}

size_t tests_left_out(size_t n)
{
    return n > TESTS_SHOWN ? n - TESTS_SHOWN : 0;
}
