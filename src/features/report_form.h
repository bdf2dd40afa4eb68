// Forms in which tools report what they found, whatever its words: a linter's row that ends in the name of its rule, a row that names
// a failed test, a row from inside a test's report, a count of failed tests.
//
// Tools that no table knows print the same forms. In: a line's text and its line_kind. Out: bits. What they speak for, the models learn.
#ifndef BANTAM_FEATURES_REPORT_FORM_H
#define BANTAM_FEATURES_REPORT_FORM_H

#include "features/line_kind.h"
#include "text/span.h"

enum report_form {
    FORM_RULE_NAME, // ends in a rule of several words: "no-undef", "(eol-last)", "[UnusedImports]"
    FORM_RULE_WORD, // ends in one of one word, behind a place: "(semi)", "[misc]"
    FORM_RULE_FLAG, // ends in a compiler's switch: "[-Wunused-variable]"
    FORM_RULE_CODE, // names a rule by a code: "a.py:1:80: E501", "SC2086 (info)", "[C0114]"
    FORM_RULE_CATEGORY, // names a rule in its category: "Style/StringLiterals:"
    FORM_ERROR_CODE,    // names a compiler's error: "error CS1002:", "error[E0308]"
    FORM_SEVERITY,      // tells a severity apart: "12:3  warning", "a.rb:1:2: C:", "(Severity: 5)"
    FORM_PLACE,         // begins with a place: "12:3", "src/a.c:12:3:", "a.cs(14,18):"
    FORM_ITEM,          // begins with a number or a mark of a list: "11. x", "* x"
    FORM_PROBLEMS,      // counts problems, offenses, violations
    FORM_TEST_NAMED,    // names a failed test: "--- FAIL: TestX", "not ok 3", "FAILED a.py::b"
    FORM_TEST_ROW,      // is of a failed test's report: "E   x", "    a_test.go:12: x", "001+ x"
    FORM_TEST_COUNT,    // counts failed tests: "1 failed, 20 passed", "Tests run: 3, Failures: 1"
    FORM_LINK, // tells of a link in a list of such: "01. [L41] 301 https://…", "[404] https://…"
    REPORT_FORMS,
};

// The forms of a line, 1 << enum report_form.
uint32_t report_forms(struct span text, struct line_kind kind);

#endif
