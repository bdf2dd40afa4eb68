// What single tools write, and the line that tells it.
#include "triage/tool_row.h"

#include <string.h>

#include "text/document_fixture.h"

static uint32_t head_of(const char *log, uint32_t at)
{
    return told_by(tool_row_told_by, log, at);
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

static void a_count_is_told_by_the_first_test(void **state)
{
    (void)state;
    const char *log = "PHPUnit 9.5\n\n1) A::b\nno such key\n\n2) A::c\nno such file\n\n"
                      "1) B::d\nFailed asserting that 1 is 2.\n\n"
                      "Tests: 9, Assertions: 11, Errors: 2, Failures: 1.\n";
    assert_int_equal(head_of(log, 11), 3);
    assert_int_equal(head_of("1) \nTests: 9, Assertions: 11, Errors: 2.\n", 1), 1);
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

static void what_quickcheck_disproves_by_is_told_by_the_property(void **state)
{
    (void)state;
    const char *log = "total +++ OK, passed 200 tests.\nround *** Failed! Falsified (after 3 "
                      "tests):\n[0]\n['e']\n\n"
                      "[0]\n";
    assert_int_equal(head_of(log, 3), 1);
    assert_int_equal(head_of(log, 5), 5);
}

static void a_place_is_told_by_the_tests_heading(void **state)
{
    (void)state;
    const char *log =
        "  1) test adds (CartTest)\n     test/cart_test.exs:18\n     test/cart_test.exs:19: x\n";
    assert_int_equal(head_of(log, 1), 0);
    assert_int_equal(head_of(log, 2), 2);
    assert_int_equal(head_of("x\ntest/cart_test.exs:18\n", 1), 1);
}

static void the_last_word_is_told_by_the_first_failure(void **state)
{
    (void)state;
    const char *log = "── Failure ('test-cart.R:4'): adds ───\n── Error ('test-cart.R:9'): f ───\n"
                      "[ FAIL 2 | WARN 0 | SKIP 0 | PASS 7 ]\nError: Test failures\n";
    assert_int_equal(head_of(log, 3), 0);
    assert_int_equal(head_of("Error: Test failures\n", 0), 0);
}

static void a_note_is_told_by_what_the_lint_found(void **state)
{
    (void)state;
    const char *log =
        "error: equality checks against true\n  --> a.rs:3:4\n   |\n"
        "   = note: `-D clippy::bool-comparison` implied by `-D warnings`\n"
        "   = note: collect2: cannot find 'ld'\n\n   = help: to override add `#[allow(x)]`\n";
    assert_int_equal(head_of(log, 3), 0);
    assert_int_equal(head_of(log, 4), 4); // what another program said
    assert_int_equal(head_of(log, 6), 6);
}

static void a_killed_command_is_told_by_why_it_was(void **state)
{
    (void)state;
    const char *log = "Timeout (3 minutes) reached. Terminating \"make test\"\n"
                      "/home/travis/.travis/functions: line 109: 219 Killed \"$@\" > $lf 2>&1\n"
                      "./run.sh: line 1: 219 Killed node a.js\n";
    assert_int_equal(head_of(log, 1), 0);
    assert_int_equal(head_of(log, 2), 2);
}

static void a_list_at_the_end_is_told_where_it_is_told_first(void **state)
{
    (void)state;
    const char *sessions = "nox > Session lint-3.14 failed: Python interpreter 3.14 not found.\n"
                           "nox > * docs: failed\nnox > * lint-3.14: failed\n";
    assert_int_equal(head_of(sessions, 2), 0);
    assert_int_equal(head_of(sessions, 1), 1);
    const char *examples = "Failures:\n\n  1) Cart adds\n     expected 2\n\nFailed examples:\n\n"
                           "rspec ./spec/cart_spec.rb:3 # Cart adds\n";
    assert_int_equal(head_of(examples, 7), 2);
    const char *banners = "t.py::test_wait ++++ Timeout ++++\nx\n+++++++ Timeout +++++++\n";
    assert_int_equal(head_of(banners, 2), 0);
    assert_int_equal(head_of(banners, 0), 0);
}

static void what_a_signal_ended_is_told_by_its_own_last_word(void **state)
{
    (void)state;
    const char *log =
        "thread 'deep' (154) has overflowed its stack\nfatal runtime error: stack overflow\n"
        "  process didn't exit successfully: `/w/t` (signal: 6)\n"
        "Fatal Python error: Segmentation fault\n"
        "run.sh: line 1:   862 Segmentation fault      python3 -X faulthandler a.py\n"
        "run.sh: line 2:   863 Segmentation fault      ./a.out\n";
    assert_int_equal(head_of(log, 2), 0);
    assert_int_equal(head_of(log, 4), 3);
    assert_int_equal(head_of(log, 5), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_verdict_is_told_by_what_was_expected),
        cmocka_unit_test(a_row_of_source_is_told_by_its_issue),
        cmocka_unit_test(a_count_is_told_by_the_first_test),
        cmocka_unit_test(what_is_shown_of_the_source_is_told_by_the_remark_on_it),
        cmocka_unit_test(what_pip_does_not_find_is_told_by_the_index_that_refused),
        cmocka_unit_test(where_pytest_failed_is_told_by_what_failed_there),
        cmocka_unit_test(what_quickcheck_disproves_by_is_told_by_the_property),
        cmocka_unit_test(a_place_is_told_by_the_tests_heading),
        cmocka_unit_test(the_last_word_is_told_by_the_first_failure),
        cmocka_unit_test(a_note_is_told_by_what_the_lint_found),
        cmocka_unit_test(a_killed_command_is_told_by_why_it_was),
        cmocka_unit_test(a_list_at_the_end_is_told_where_it_is_told_first),
        cmocka_unit_test(what_a_signal_ended_is_told_by_its_own_last_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
