// What test runners wrote beside the log: JUnit XML, as pytest, Surefire, Jest, gotestsum, CTest, PHPUnit and many others write it,
// and the TRX of .NET. The triage joins the tests that failed to what it finds in the log.
#ifndef BANTAM_TEST_REPORT_H
#define BANTAM_TEST_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model.h"
#include "status.h"

typedef struct bantam_test_reports bantam_test_reports;

// A test that failed. Texts are valid UTF-8 without control characters; those of a diagnosis have their secrets hidden.
typedef struct bantam_failed_test {
    const char *name;
    const char *class_name; // class, module, package or suite, or NULL
    const char *file;       // or NULL
    int64_t line;        // 1-based, of what failed where the report tells, else of the test; or -1
    const char *message; // its first line, or NULL
    double seconds;      // that it took, or negative
    const char *report;  // the path of its report
    uint64_t log_line;   // the first line of the log that names it; 0: none
} bantam_failed_test;

// What the reports say, joined to a log; part of its diagnosis.
typedef struct bantam_test_summary {
    const char *report; // the path of one that tells of a failure, else of the first
    size_t n_reports;
    size_t n_tests, n_failed, n_skipped;
    const bantam_failed_test
        *others;     // failed ones that no finding is about, those that the log does not name first
    size_t n_others; // 100 at most are held
    size_t n_not_joined; // all of them, held or not
    bool
        contradicts; // no report is damaged, no test failed, and the log's first finding is a failed test
} bantam_test_summary;

// Empty. `*out` is NULL on failure. Errors: BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_test_reports_new(bantam_test_reports **out,
                                                                   bantam_error *error);
BANTAM_API void bantam_test_reports_free(bantam_test_reports **reports);

// Whether the first bytes of a file are those of such a report.
BANTAM_API bool bantam_is_test_report(const void *bytes, size_t size);

// Reads one more. A test that several reports call failed counts in each and is told once; of a report the first 1,000 failed tests are
// kept and all are counted. Entities are never expanded. Errors: BANTAM_ERROR_INPUT where it is no report, is damaged or too deep: what
// was read of it before counts all the same; BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_test_reports_add(bantam_test_reports *reports,
                                                                   const char *path,
                                                                   const void *bytes, size_t size,
                                                                   bantam_error *error);

// Reports added.
BANTAM_API size_t bantam_test_reports_count(const bantam_test_reports *reports);

#endif
