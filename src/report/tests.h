// What reports of tests say, in words that all formats share.
#ifndef BANTAM_REPORT_TESTS_H
#define BANTAM_REPORT_TESTS_H

#include <stdbool.h>

#include "bantam/buffer.h"
#include "bantam/triage.h"

// "2 of 120 tests failed, 3 skipped (junit.xml and 2 more reports)", and where that contradicts the log, so.
void tests_append_summary(bantam_buffer *out, const bantam_test_summary *summary);

// Sentences about tests, one at a time, for a format to put down as it puts down texts:
//
//     struct test_sentences tests = tests_of_finding(finding, out);
//     while (tests_next(&tests)) { … tests.text … }
//     … tests.n_left_out …
struct test_sentences {
    const char *text;  // the sentence at hand; no control characters
    size_t n;          // sentences told so far, the one at hand among them
    size_t n_left_out; // tests that no sentence is about
    // Private.
    const bantam_test_summary *summary; // the first sentence's; NULL: there is none
    const bantam_failed_test *tests;    // (n_shown)
    size_t n_shown;
    bantam_buffer buffer;
    bantam_buffer *out; // fails as well where memory ran out; the text is "" then
};

// The tests of reports that the finding is about.
struct test_sentences tests_of_finding(const bantam_finding *finding, bantam_buffer *out);

// What the reports say as a whole, then of the tests that no finding is about, "not in the log: test_rate (tests.test_tax): rate is 3" or
// "line 88 names test_rate (…)".
struct test_sentences tests_of_reports(const bantam_test_summary *summary, bantam_buffer *out);

// The next sentence; false after the last one, when all memory is released.
bool tests_next(struct test_sentences *sentences);

#endif
