// Reports of test runners, read into what the join to a log needs.
#ifndef BANTAM_TRIAGE_TEST_REPORT_H
#define BANTAM_TRIAGE_TEST_REPORT_H

#include "bantam/test_report.h"
#include "base/arena.h"

enum {
    TESTS_KEPT = 1000,   // failed tests of all reports together
    TEST_TEXT = 1000,    // bytes of a name, a class, a file, a message
    TEST_BODY = 16 << 10 // of a failure's text that is looked at
};

struct bantam_test_reports {
    struct arena arena;
    bantam_failed_test *tests; // (n_kept) as the reports say, distinct
    uint64_t *
        keys; // (n_kept) a hash of class and name, and in TRX of the test's id until its class is known
    size_t n_kept, capacity;
    const char *first_report, *first_failed_report; // paths, or NULL
    size_t n_reports, n_tests, n_failed, n_skipped;
    bool damaged; // one of them: more may have failed
};

#endif
