// What reports of tests say, in words that all formats share.
#ifndef BANTAM_REPORT_TESTS_H
#define BANTAM_REPORT_TESTS_H

#include "bantam/buffer.h"
#include "bantam/test_report.h"

enum {
    TESTS_SHOWN = 3 // of a finding, and of those that no finding is about
};

// "test_discount (tests.test_cart), tests/test_cart.py:48, 250 ms: assert 100 == 90"
void tests_append_test(bantam_buffer *out, const bantam_failed_test *test);

// "2 of 120 tests failed, 3 skipped (junit.xml and 2 more reports)", and where that contradicts the log, so.
void tests_append_summary(bantam_buffer *out, const bantam_test_summary *summary);

// "not in the log: test_rate (tests.test_tax): rate is 3", or "line 88 names test_rate (…)".
void tests_append_other(bantam_buffer *out, const bantam_failed_test *test);

// How many of `n` are left out after those that are shown; 0 for none.
size_t tests_left_out(size_t n);

#endif
