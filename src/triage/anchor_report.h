// What a tool's report the line of a failure stands in: the forms of the line itself, whether it belongs to the report of a failed test
// or to a list of links, and whether the log goes on to count failed tests.
//
// An exception, a refused connection or a crash that a test's report tells of is the test's; a host that is not reached, in a list of
// links that were looked at, is the link's. In: a log and a line of it. Knows no tool.
#ifndef BANTAM_TRIAGE_ANCHOR_REPORT_H
#define BANTAM_TRIAGE_ANCHOR_REPORT_H

#include "features/report_form.h"
#include "text/document.h"

struct anchor_report {
    uint32_t forms; // of the line, 1 << enum report_form
    bool
        in_test; // it is a row of a failed test's report, or a failed test is named shortly before it in its section
    bool in_links;       // rows close to it tell of links, one each
    bool tests_counted;  // the log's last lines count failed tests
    uint32_t test_line;  // 0-based, that says the one
    uint32_t count_line; // and the other
};

// `anchor`: 0-based, below the number of lines.
struct anchor_report anchor_report_read(const struct document *document, uint32_t anchor,
                                        const struct keyword_table *keywords);

#endif
