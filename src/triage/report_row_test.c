// Which rows of reports cannot explain a failure, and what heads the ones that are fields.
#include "triage/report_row.h"

#include "features/log_features_fixture.h"

static bool counts(const char *log, uint32_t at)
{
    struct document document;
    read_bytes(&document, log, strlen(log));
    bool counted = row_counts(&document, at);
    document_release(&document);
    return counted;
}

static void a_count_is_known(void **state)
{
    (void)state;
    assert_true(counts("\t\tUndefined: 0", 0));
    assert_true(counts("  Files skipped (total) = 0", 0));
    assert_true(counts("Low: 1\nHigh: 3\n", 0));
    assert_true(counts("Low: 1\nHigh: 3\n", 1));
    assert_false(counts("error\nHigh: 3\nends", 1));
    assert_false(counts("High: 10", 0));
    assert_false(counts(": 0", 0));
    assert_false(counts("a.py:6:0", 0));
    assert_false(counts("expected 1, got: x 0", 0));
    assert_false(counts("x\n\n", 1));
    assert_true(counts("found 0 vulnerabilities", 0));
    assert_true(counts("  0 errors.", 0));
    assert_true(counts("[*] 3 fixable with the `--fix` option.", 0));
    assert_false(counts("F401 [*] `json` imported but unused", 0));
    assert_false(counts("found 0 tests", 0));
    assert_false(counts("found 10 errors", 0));
    assert_false(counts("0 errors are left", 0));
}

static bool helps(const char *text)
{
    return row_helps(span_of(text, strlen(text)));
}

static void usage_is_known(void **state)
{
    (void)state;
    assert_true(helps("npm error   --legacy-bundling"));
    assert_true(
        helps("npm error     Instead of hoisting package installs in `node_modules`, install"));
    assert_false(helps("npm error   peer react@\"^17\" from cart@1.0.0"));
    assert_false(helps("npm error code EUSAGE"));
    assert_false(helps("npm error"));
    assert_false(helps("      --legacy-bundling"));
}

static uint32_t head_of(const char *log, uint32_t at)
{
    return told_by(row_told_by, log, at);
}

static void of_a_list_of_failed_tests_the_first_is_told(void **state)
{
    (void)state;
    const char *list = "Failures:\n"
                       "  1) Cart adds\n" // 1
                       "     expected 2, got 3\n"
                       "  2) Cart empties\n"
                       "     nothing\n"
                       "  10) Cart rounds\n"
                       "     expected 4, got 5\n"
                       "     # cart_spec.rb:9\n";
    assert_int_equal(head_of(list, 6), 2);
    assert_int_equal(head_of(list, 5), 1);
    assert_int_equal(head_of(list, 7), 1); // the first entry is shorter: its head
    assert_int_equal(head_of(list, 2), 2);
    assert_int_equal(head_of("1) a\nx\n  2) b\ny\n", 3), 3); // of another list
    assert_int_equal(head_of("2) b\ny\n", 1), 1);
}

static void a_verdict_is_told_by_what_was_expected(void **state)
{
    (void)state;
    const char *log =
        "[ RUN      ] A.b\na.cc:3: Failure\n  x\na.cc:9: Failure\n[  FAILED  ] A.b (0 ms)\n"
        "[ RUN      ] A.c\n[       OK ] A.c (0 ms)\n[ RUN      ] A.d\nb.cc:4: Failure\n"
        "[  FAILED  ] A.d (1 ms)\n[  FAILED  ] 2 tests, listed below:\n"
        "[  FAILED  ] A.b\n[  FAILED  ] A.d\n[  FAILED  ] A.c\n";
    assert_int_equal(head_of(log, 4), 1);
    assert_int_equal(head_of(log, 9), 8);
    assert_int_equal(head_of(log, 11), 1);
    assert_int_equal(head_of(log, 12), 8);
    assert_int_equal(head_of(log, 10), 10);
    assert_int_equal(head_of(log, 13), 13); // a test that tells of nothing
}

static void a_row_of_source_is_told_by_its_issue(void **state)
{
    (void)state;
    const char *log = ">> Issue: [B602] subprocess call with shell=True\n   Severity: High\n"
                      "697\t\n698\t    return call(hook)\n\nTotal:\n99 bottles\n";
    assert_int_equal(head_of(log, 3), 0);
    assert_int_equal(head_of(log + strlen(">> Issue: [B602] "), 3), 3);
}

static void a_frame_is_told_by_what_was_thrown(void **state)
{
    (void)state;
    const char *log = "TypeError: a is not a function\n    at f (a.js:1:2)\n    at g (b.js:3:4)\n"
                      "ArgumentError: no such key\n  Backtrace:\n  # ./a.rb:3:in `f'\n"
                      "meet at noon: in the hall\n";
    assert_int_equal(head_of(log, 2), 0);
    assert_int_equal(head_of(log, 5), 3);
    assert_int_equal(head_of(log, 6), 6);
}

static void a_count_is_told_by_the_first_test(void **state)
{
    (void)state;
    const char *log = "PHPUnit 9.5\n\n1) A::b\nno such key\n\n2) A::c\nno such file\n\n"
                      "1) B::d\nFailed asserting that 1 is 2.\n\n"
                      "Tests: 9, Assertions: 11, Errors: 2, Failures: 1.\n";
    assert_int_equal(head_of(log, 11), 3);
    assert_int_equal(head_of("1) \nTests: 9, Assertions: 11, Errors: 2.\n", 1), 1);
}

static uint32_t first_of(const char *log, uint32_t at)
{
    struct line_fixture fixture;
    line_fixture_init(&fixture, log);
    uint32_t first = row_first_alike(&fixture.features, at);
    line_fixture_release(&fixture);
    return first;
}

static void the_first_row_that_errs_stands_for_a_list(void **state)
{
    (void)state;
    const char *log =
        "a.rb:1:1: C: Style/Quotes: x\n  y = 1\n      ^\na.rb:9:1: W: Lint/Useless: x\n\n\n\n"
        "a.rb:9:2: C: Style/Quotes: x\n";
    assert_int_equal(first_of(log, 3), 0);
    assert_int_equal(first_of(log, 0), 0);
    assert_int_equal(first_of(log, 7), 7); // of another list
    log = "a.sh:1:2: note: x [SC2086]\na.sh:1:3: error: x [SC2068]\na.sh:1:4: error: x [SC1073]\n";
    assert_int_equal(first_of(log, 0), 1);
    assert_int_equal(first_of(log, 2), 1);
    log = "a.sh:1:2: note: x [SC2086]\na.sh:1:3: note: x [SC2068]\nended\n";
    assert_int_equal(first_of(log, 1), 0);
    assert_int_equal(first_of(log, 2), 2);
}

static void of_a_compilers_errors_the_first_one_stands_for_them(void **state)
{
    (void)state;
    const char *log =
        "A.java:1: error: package a does not exist\nimport a.B;\n   ^\nA.java:9: warning: x\n"
        "A.java:9: error: cannot find symbol\nb.c:1:2: error: x\n";
    assert_int_equal(first_of(log, 4), 0);
    assert_int_equal(first_of(log, 5), 5); // another compiler's
    assert_int_equal(first_of(log, 3), 3);
    assert_int_equal(first_of("[ERROR] /src/A.java:[3,8] x\n[ERROR] /src/A.java:[4,8] x\n", 1), 0);
    assert_int_equal(
        first_of("    [javac] A.java:1: error: x\n\n    [javac] A.java:4: error: x\n", 2), 0);
    assert_int_equal(first_of("a.ts(1,2): error TS1: x\na.ts(3,2): error TS1: x\n", 1), 0);
    assert_int_equal(first_of("12:30:01 error: x\n12:30:02 error: x\n", 1), 1); // times of day
}

static void what_is_shown_of_the_source_is_told_by_the_remark_on_it(void **state)
{
    (void)state;
    const char *log =
        "a.hs:3:4: Suggestion: Use infix\nFound:\n  f a b\nPerhaps:\n  a `f` b\n\n  f a b\n";
    assert_int_equal(head_of(log, 4), 0);
    assert_int_equal(head_of(log, 1), 0);
    assert_int_equal(head_of(log, 6), 6); // of nothing any more
    log = "In a.sh line 3:\ncp $a b\n   ^-- SC2086 (info): Double quote\ncp $a b\n";
    assert_int_equal(head_of(log, 1), 2);
    assert_int_equal(head_of(log, 3), 3);
}

static void what_pip_does_not_find_is_told_by_the_index_that_refused(void **state)
{
    (void)state;
    const char *log =
        "WARNING: 401 Error, Credentials not correct for https://packages.example.org/simple/kit/\n"
        "ERROR: Could not find a version that satisfies the requirement kit (from versions: none)\n"
        "ERROR: No matching distribution found for kit\n\nERROR: No matching distribution found "
        "for kit\n";
    assert_int_equal(head_of(log, 1), 0);
    assert_int_equal(head_of(log, 2), 0);
    assert_int_equal(head_of(log, 4), 4);
}

static void where_pytest_failed_is_told_by_what_failed_there(void **state)
{
    (void)state;
    const char *log = ">       assert a == b\nE       assert 1 == 2\nE        +  where 1 = "
                      "f()\n\na_test.py:13: AssertionError\n"
                      "a.py:3: in f\na.py:4: ValueError\n";
    assert_int_equal(head_of(log, 4), 1);
    assert_int_equal(head_of(log, 5), 5);
    assert_int_equal(head_of(log, 6), 6); // too far
}

static void what_tests_throw_alike_is_told_where_it_is_first(void **state)
{
    (void)state;
    const char *log = "E   ImportError: No module named 'a'\nE   ImportError: No module named 'b'\n"
                      "E   ImportError: No module named 'b'\nprinted\nprinted\n";
    assert_int_equal(first_of(log, 2), 1);
    assert_int_equal(first_of(log, 1), 1);
    assert_int_equal(first_of(log, 4), 4);
}

static void a_field_is_its_entrys(void **state)
{
    (void)state;
    const char *log = "ran\n>> Issue: weak\n   Severity: High\n   CWE: 7\n   Location: a.py:6\n";
    assert_int_equal(head_of(log, 4), 1);
    assert_int_equal(head_of(log, 2), 1);
    assert_int_equal(head_of(log, 1), 1);
    assert_int_equal(head_of("Severity: High\n", 0), 0);
    assert_int_equal(head_of("  Severity: High\n", 0), 0);
    assert_int_equal(head_of("issue\n\n  Severity: High\n", 2), 2);
    assert_int_equal(head_of("issue\n  error: no\n", 1), 1);
}

static void a_warning_among_errors_is_told_by_them(void **state)
{
    (void)state;
    const char *rows = "a.yml\n  1:1  warning  x\n  2:1  warning  y\n 10:2    error  z\n";
    assert_int_equal(head_of(rows, 1), 3);
    assert_int_equal(head_of(rows, 3), 3);
    assert_int_equal(head_of("  1:1  warning  x\n\n  2:1  error  y\n", 0), 0);
    assert_int_equal(head_of("  1:1  warning  x\n  2:1  warning  y\n", 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_row_that_errs_stands_for_a_list),
        cmocka_unit_test(of_a_compilers_errors_the_first_one_stands_for_them),
        cmocka_unit_test(of_a_list_of_failed_tests_the_first_is_told),
        cmocka_unit_test(a_verdict_is_told_by_what_was_expected),
        cmocka_unit_test(a_row_of_source_is_told_by_its_issue),
        cmocka_unit_test(a_frame_is_told_by_what_was_thrown),
        cmocka_unit_test(a_count_is_told_by_the_first_test),
        cmocka_unit_test(a_count_is_known),
        cmocka_unit_test(usage_is_known),
        cmocka_unit_test(what_is_shown_of_the_source_is_told_by_the_remark_on_it),
        cmocka_unit_test(what_pip_does_not_find_is_told_by_the_index_that_refused),
        cmocka_unit_test(where_pytest_failed_is_told_by_what_failed_there),
        cmocka_unit_test(what_tests_throw_alike_is_told_where_it_is_first),
        cmocka_unit_test(a_field_is_its_entrys),
        cmocka_unit_test(a_warning_among_errors_is_told_by_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
