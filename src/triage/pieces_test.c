// Which findings are pieces of the first one's failure, and what is shown with it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "triage/pieces.h"

enum {
    FIRST_NUMBER = 1, // of the log's lines
    ROOM = 12,
};

static bantam_finding finding(uint64_t first, uint64_t last, const char *cause, const char *tool,
                              const char *subject)
{
    return (bantam_finding){.first_line = first,
                            .last_line = last,
                            .anchor_line = first,
                            .cause = cause,
                            .tool = tool,
                            .subject = subject};
}

static struct found lines_of(const bantam_finding *first)
{
    return (struct found){.first = (uint32_t)first->first_line - FIRST_NUMBER,
                          .last = (uint32_t)first->last_line - FIRST_NUMBER,
                          .anchor = (uint32_t)first->anchor_line - FIRST_NUMBER};
}

static size_t part(bantam_finding *findings, size_t n, struct found *shown)
{
    *shown = lines_of(&findings[0]);
    return pieces_part(findings, n, shown, FIRST_NUMBER, ROOM);
}

static void a_heading_is_a_piece_of_its_report(void **state)
{
    (void)state;
    bantam_finding findings[] = {finding(12, 16, "test", "unittest", "test_row"),
                                 finding(40, 40, "test", "unittest", "test_sum"),
                                 finding(10, 11, "test", "unittest", "test_row")};
    struct found shown;
    assert_int_equal(part(findings, 3, &shown), 2);
    assert_int_equal(findings[1].first_line, 40);
    assert_int_equal(findings[2].first_line, 10);
    assert_int_equal(findings[2].rank, 3);
    assert_int_equal(shown.first, 9);
    assert_int_equal(shown.last, 15);
}

static void rows_of_one_list_are_one_failure(void **state)
{
    (void)state;
    bantam_finding rows[] = {finding(60, 62, "security", "grype", "zlib"),
                             finding(21, 28, "security", "grype", "jackson"),
                             finding(64, 64, "security", "npm audit", "jackson")};
    struct found shown;
    assert_int_equal(part(rows, 3, &shown), 2);
    assert_string_equal(rows[1].tool, "npm audit");
    assert_int_equal(shown.first, 59); // there is no room for the row that is far
    bantam_finding tests[] = {finding(20, 22, "test", "jest", "a"),
                              finding(24, 24, "test", "jest", "b")};
    assert_int_equal(part(tests, 2, &shown), 2);
}

static void what_was_refused_is_told_once(void **state)
{
    (void)state;
    bantam_finding refused[] = {finding(5, 7, "auth", "git", "example.org"),
                                finding(3, 4, "auth", "ssh", "git@example.org")};
    struct found shown;
    assert_int_equal(part(refused, 2, &shown), 1);
    assert_int_equal(shown.first, 2);
    bantam_finding hosts[] = {finding(5, 7, "auth", "npm", "a"), finding(3, 4, "auth", "npm", "b")};
    assert_int_equal(part(hosts, 2, &shown), 2);
}

static void a_piece_brings_others_close(void **state)
{
    (void)state;
    bantam_finding findings[] = {finding(20, 21, "compile", "gcc", "a.c"),
                                 finding(29, 29, "compile", NULL, "a.c"),
                                 finding(24, 25, "compile", "gcc", NULL)};
    struct found shown;
    assert_int_equal(part(findings, 3, &shown), 1);
    assert_int_equal(shown.last, 28);
}

static void an_unclear_line_of_the_tool_is_a_piece(void **state)
{
    (void)state;
    bantam_finding findings[] = {finding(3, 5, "test", "go", "TestTotal"),
                                 finding(6, 9, "unknown", "go", "example.org/shop")};
    struct found shown;
    assert_int_equal(part(findings, 2, &shown), 1);
    assert_int_equal(shown.last, 8);
}

static void other_failures_are_none(void **state)
{
    (void)state;
    bantam_finding findings[] = {
        finding(20, 21, "compile", "gcc", "a.c"),   finding(22, 23, "compile", "gcc", "b.c"),
        finding(22, 22, "compile", "rustc", "a.c"), finding(19, 19, "test", "gcc", "a.c"),
        finding(26, 27, "compile", "gcc", "a.c"), // too far away
        finding(22, 22, "unknown", "rustc", NULL),
    };
    struct found shown;
    assert_int_equal(part(findings, 6, &shown), 6);
    assert_int_equal(shown.first, 19);
    assert_int_equal(shown.last, 20);
}

static void what_does_not_fit_is_told_on_its_own(void **state)
{
    (void)state;
    bantam_finding findings[] = {finding(20, 21, "test", "junit", "x"),
                                 finding(22, 20 + ROOM, "test", "junit", "x")};
    struct found shown;
    assert_int_equal(part(findings, 2, &shown), 2);
    findings[1].last_line--;
    assert_int_equal(part(findings, 2, &shown), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_one_list_are_one_failure),
        cmocka_unit_test(what_was_refused_is_told_once),
        cmocka_unit_test(a_heading_is_a_piece_of_its_report),
        cmocka_unit_test(a_piece_brings_others_close),
        cmocka_unit_test(an_unclear_line_of_the_tool_is_a_piece),
        cmocka_unit_test(other_failures_are_none),
        cmocka_unit_test(what_does_not_fit_is_told_on_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
