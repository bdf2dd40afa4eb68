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
    assert_true(counts(
        "[*] 7 fixable with `--fix` (2 unsafe fixes available with `--fix --unsafe-fixes`).", 0));
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
        cmocka_unit_test(a_frame_is_told_by_what_was_thrown),
        cmocka_unit_test(a_count_is_known),
        cmocka_unit_test(usage_is_known),
        cmocka_unit_test(what_tests_throw_alike_is_told_where_it_is_first),
        cmocka_unit_test(a_field_is_its_entrys),
        cmocka_unit_test(a_warning_among_errors_is_told_by_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
