// Lines of tests that passed are told from those of tests that failed, or of which nothing is told.
#include "text/passed_tests.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

// `expected` has a 'p' for each line that is marked and a '.' for each other.
static void check(const char *log, const char *expected)
{
    struct document document;
    char marked[64] = "";
    assert_int_equal(document_init(&document, log, strlen(log), NULL), BANTAM_OK);
    assert_true(passed_tests_mark(&document));
    for (size_t at = 0; at < document.n_lines; at++) {
        marked[at] = document.lines[at].flags & LINE_PASSED ? 'p' : '.';
    }
    document_release(&document);
    assert_string_equal(marked, expected);
}

static void what_differs_as_expected(void **state)
{
    (void)state;
    check("PASS a [a.phpt]\n"
          "========DIFF========\n"
          "002+ Fatal error: out of memory\n"
          "========DONE========\n"
          "XFAIL b [b.phpt]   XFAIL REASON: slow\n"
          "========DIFF========\n"
          "001+ int(5)\n"
          "========DONE========\n"
          "FAIL c [c.phpt]\n"
          "=====================\n"
          "EXPECTED FAILED TEST SUMMARY\n"
          "---------------------\n"
          "b [b.phpt]   XFAIL REASON: slow\n"
          "=====================\n"
          "FAILED TEST SUMMARY\n",
          ".pppp.....ppp..");
}

static void what_is_tried_out(void **state)
{
    (void)state;
    check("$ ./configure || cat config.log\n"
          "configure: error: no curses\n"
          "This file contains any messages produced by compilers while\n"
          "conftest.c:9: error: no such function\n"
          "configure:67: error: no curses\n"
          "configure: exit 1\n"
          "$ cat CMakeError.log\n"
          "Determining if pow exists failed with the following output:\n"
          "undefined reference to `pow'\n"
          "Performing C SOURCE FILE Test HAS_X failed with the following output:\n"
          "src.c:1: error: no x\n"
          "$ make\n"
          "src.c:1: error: no x\n",
          "..pp...pppp..");
}

static void what_tap_counts(void **state)
{
    (void)state;
    check("1..3\n"
          "ok 1 error: a missing argument is refused\n"
          "    # Subtest: rows\n"
          "    ok 1 - fatal: adds\n"
          "not ok 2 - rounds\n"
          "  got 2, expected 3\n"
          "ok 3 # skip no network\n"
          "ok, an error\n"
          "ok  \texample.org/a\t0.1s\n",
          ".p.p..p..");
}

static void what_tap_has_to_do(void **state)
{
    (void)state;
    check("not ok 7 - rounds # TODO not yet\n"
          "#   Failed (TODO) test 'rounds'\n"
          "#   at t/money.t line 54.\n"
          "not ok 8 - adds\n"
          "#   Failed (TODO) test 'rounds'\n"
          "#   Failed test 'adds'\n"
          "#   at t/money.t line 60.\n"
          "# Looks like you failed 1 test of 8.\n",
          "ppp.p...");
}

static void what_go_logs(void **state)
{
    (void)state;
    check("go test -v ./...\n"
          "=== RUN   TestRound\n"
          "    money_test.go:12: Round(25) = 2, want 3\n"
          "--- FAIL: TestRound (0.00s)\n"
          "=== RUN   TestBalance\n"
          "    ledger_test.go:11: error handling works\n"
          "--- PASS: TestBalance (0.01s)\n"
          "PASS\n",
          "....ppp.");
    // Before Go 1.14 the logs stood below the verdict.
    check("--- PASS: TestA (0.01s)\n"
          "    a_test.go:11: fine\n"
          "--- FAIL: TestB (0.01s)\n"
          "    a_test.go:12: bad\n"
          "FAIL\n",
          "pp...");
    check("=== RUN   TestA\n"
          "=== RUN   TestA/x\n"
          "one\n"
          "=== RUN   TestA/y\n"
          "two\n"
          "--- FAIL: TestA (0.01s)\n"
          "    --- PASS: TestA/x (0.00s)\n"
          "    --- FAIL: TestA/y (0.00s)\n",
          ".pp...p.");
    check("=== RUN   TestA\n"
          "=== PAUSE TestA\n"
          "between\n"
          "=== RUN   TestB\n"
          "=== CONT  TestA\n"
          "of a\n"
          "=== CONT  TestB\n"
          "of b\n"
          "--- PASS: TestB (0.00s)\n"
          "--- FAIL: TestA (0.00s)\n",
          "...p..ppp.");
}

static void what_gotestsum_skips(void **state)
{
    (void)state;
    check("SKIP cart.TestRound (0.00s)\n"
          "    money_test.go:12: not sure if this should be an error\n"
          "\n"
          "FAIL cart.TestAdd (0.00s)\n"
          "    cart_test.go:3: got 2\n"
          "=== Skipped\n"
          "=== SKIP: cart TestRound (0.00s)\n"
          "    money_test.go:12: not sure if this should be an error\n"
          "=== Failed\n"
          "=== FAIL: cart TestAdd (0.00s)\n"
          "    cart_test.go:3: got 2\n"
          "SKIP is no test's word here\n",
          "pp....pp....");
}

static void a_test_without_an_end_is_left(void **state)
{
    (void)state;
    check("=== RUN   TestA\n"
          "panic: boom\n"
          "FAIL\tshop/cart\t0.1s\n"
          "=== RUN   TestA\n"
          "fine\n"
          "--- PASS: TestA (0.00s)\n",
          "...ppp");
    check("[ RUN      ] A.b\nSegmentation fault\n", "..");
    check("--- PASS\n=== RUN\n[ RUN      ] \n=== RUN   \n", "....");
}

static void other_runners(void **state)
{
    (void)state;
    check("[ RUN      ] spec/a.lua @ 10: adds it up\n"
          "a.lua:19: attempt to index nil\n"
          "[  ERROR   ] spec/a.lua @ 10: adds it up (0.07 ms)\n"
          "[ RUN      ] spec/a.lua @ 14: takes it away\n"
          "[       OK ] spec/a.lua @ 14: takes it away (0.06 ms)\n",
          "...pp");
    check("[ RUN      ] Cart.Adds\n"
          "error: expected\n"
          "[       OK ] Cart.Adds (0 ms)\n"
          "[ RUN      ] Cart.Takes\n"
          "cart.cpp:4: Failure\n"
          "[  FAILED  ] Cart.Takes, where GetParam() = 1 (0 ms)\n"
          "1 FAILED TEST\n",
          "ppp....");
    check("Test Case 'CartTests.testAdds' started at 2026-11-24 10:00:00.000\n"
          "error: expected\n"
          "Test Case 'CartTests.testAdds' passed (0.1 seconds)\n"
          "Test Case '-[Cart testTakes]' started.\n"
          "cart.swift:4: error\n"
          "Test Case '-[Cart testTakes]' failed (0.1 seconds).\n",
          "ppp...");
    check("    Start 1: refuses an error\n1/3 Test #1: refuses an error ....   Passed    0.01 sec\n"
          "    Start  2: adds\n2/3 Test  #2: adds ....***Failed    0.02 sec\nadds: error\n    "
          "Start 3: hangs\n",
          "pp....");
    check("[pass] parse error is told [PARSING_ERROR]\n[fail] end [0][1]\n[PASS] b\n", "p.p");
}

static void warnings_that_pytest_lists(void **state)
{
    (void)state;
    check("E   assert 1 == 2\n"
          "=========== warnings summary ===========\n"
          "tests/test_a.py::test_b\n"
          "  a.py:6: RuntimeWarning: error: no such locale\n"
          "-- Docs: https://docs.pytest.org/en/stable/how-to/capture-warnings.html\n"
          "FAIL Required test coverage of 90% not reached.\n"
          "======= short test summary info ========\n"
          "FAILED tests/test_a.py::test_b - assert 1 == 2\n",
          ".ppp....");
    check("=========== warnings summary\nerror\n===== 1 failed in 0.1s =====\n", "...");
}

static void what_a_sanitizer_saw_stays(void **state)
{
    (void)state;
    check("[ RUN      ] Cart.Adds\n"
          "WARNING: ThreadSanitizer: data race (pid=9)\n"
          "[       OK ] Cart.Adds (0 ms)\n",
          "..p");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_differs_as_expected),
        cmocka_unit_test(what_is_tried_out),
        cmocka_unit_test(what_tap_counts),
        cmocka_unit_test(what_tap_has_to_do),
        cmocka_unit_test(what_go_logs),
        cmocka_unit_test(what_gotestsum_skips),
        cmocka_unit_test(a_test_without_an_end_is_left),
        cmocka_unit_test(other_runners),
        cmocka_unit_test(warnings_that_pytest_lists),
        cmocka_unit_test(what_a_sanitizer_saw_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
