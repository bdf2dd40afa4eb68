// Where a line belongs to a failed test's report and where it does not.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "triage/anchor_report.h"

// Of the line with the number `anchor`, from 0.
static struct anchor_report report_of(const char *log, uint32_t anchor)
{
    struct arena arena = ARENA_EMPTY;
    const struct keyword_table *keywords = keyword_table_new(&arena);
    struct document document;
    assert_non_null(keywords);
    assert_int_equal(document_init(&document, log, strlen(log), NULL), BANTAM_OK);
    assert_true(anchor < document.n_lines);
    struct anchor_report report = anchor_report_read(&document, anchor, keywords);
    document_release(&document);
    arena_release(&arena);
    return report;
}

static void a_row_below_a_failed_test_is_the_tests(void **state)
{
    (void)state;
    struct anchor_report report = report_of("running\n"
                                            "--- FAIL: TestPeer (0.01s)\n"
                                            "    started\n"
                                            "bind: address already in use\n"
                                            "FAIL\n",
                                            3);
    assert_true(report.in_test);
    assert_int_equal(report.test_line, 1);
    assert_false(report.tests_counted);
}

static void a_row_of_a_report_needs_no_name(void **state)
{
    (void)state;
    struct anchor_report report =
        report_of("E   ConnectionError: refused\n\n1 failed, 3 passed in 0.2s\n", 0);
    assert_true(report.in_test);
    assert_int_equal(report.forms, 1U << FORM_TEST_ROW);
    assert_true(report.tests_counted);
    assert_int_equal(report.count_line, 2);
}

static void what_follows_the_count_is_not_the_tests(void **state)
{
    (void)state;
    struct anchor_report report = report_of("not ok 3 - adds\n"
                                            "3 tests, 1 failed\n"
                                            "curl: (6) Could not resolve host: example.org\n",
                                            2);
    assert_false(report.in_test);
    assert_true(report.tests_counted);
}

static void a_log_without_tests_has_none(void **state)
{
    (void)state;
    struct anchor_report report = report_of("make\nsrc/a.c:3:4: error: no\n", 1);
    assert_false(report.in_test);
    assert_false(report.tests_counted);
    assert_int_equal(report.forms, 1U << FORM_PLACE);
}

static void a_host_among_links_is_one_of_them(void **state)
{
    (void)state;
    const char *links = "Issues :-(\n"
                        "> Links\n"
                        "  1. [L10] 301 https://example.org/a\n"
                        "  2. [L12]  https://example.com Failed to open TCP connection\n"
                        "  3. [L19] 200 https://example.net\n";
    assert_true(report_of(links, 3).in_links);
    assert_true(report_of(links, 1).in_links);
    const char *one = "curl: (6) Could not resolve host: example.org\n"
                      "* see https://example.org/help\n";
    assert_false(report_of(one, 0).in_links);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_below_a_failed_test_is_the_tests),
        cmocka_unit_test(a_row_of_a_report_needs_no_name),
        cmocka_unit_test(what_follows_the_count_is_not_the_tests),
        cmocka_unit_test(a_log_without_tests_has_none),
        cmocka_unit_test(a_host_among_links_is_one_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
