// Rows as linters and test runners print them, and lines that only look a little like them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "features/report_form.h"

static const struct keyword_table *table;

static int set_up(void **state)
{
    static struct arena arena;
    *state = &arena;
    table = keyword_table_new(&arena);
    return table == NULL;
}

static int tear_down(void **state)
{
    arena_release(*state);
    return 0;
}

static uint32_t forms_of(const char *text)
{
    struct masked_line masked;
    mask_line(&masked, text, strlen(text));
    return report_forms(span_of(text, strlen(text)), line_kind(table, &masked, text));
}

static void assert_form(const char *text, enum report_form form)
{
    if (!(forms_of(text) >> form & 1)) {
        fail_msg("'%s' has not form %d but %x", text, (int)form, (unsigned)forms_of(text));
    }
}

static void assert_no_form(const char *text)
{
    if (forms_of(text)) {
        fail_msg("'%s' has forms %x", text, (unsigned)forms_of(text));
    }
}

static void a_rule_at_the_end_is_known_by_its_form(void **state)
{
    (void)state;
    assert_form("  12:3  error  'x' is not defined  no-undef", FORM_RULE_NAME);
    assert_form("429:1 Unexpected missing newline at end of file (no-missing-eof-newline)",
                FORM_RULE_NAME);
    assert_form("[ERROR] src/A.java:3:5: Unused import - java.util.List. [UnusedImports]",
                FORM_RULE_NAME);
    assert_form("  12:3  error  Missing semicolon  semi", FORM_RULE_WORD);
    assert_form("a.py:3: error: Incompatible types  [assignment]", FORM_RULE_WORD);
    assert_form("a.c:3:4: warning: unused variable 'x' [-Wunused-variable]", FORM_RULE_FLAG);
}

static void a_rule_is_known_by_its_code_or_category(void **state)
{
    (void)state;
    assert_form("./storage/channel.py:16:11: E999 SyntaxError: '(' was never closed",
                FORM_RULE_CODE);
    assert_form("                 ^-- SC2086 (info): Double quote to prevent globbing",
                FORM_RULE_CODE);
    assert_form("src/x.rb:1:1: C: Style/StringLiterals: Prefer single quotes", FORM_RULE_CATEGORY);
    assert_form("src/a.ts(3,4): error TS2304: Cannot find name 'x'.", FORM_ERROR_CODE);
    assert_form("error[E0308]: mismatched types", FORM_ERROR_CODE);
}

static void severities_places_and_counts_are_known(void **state)
{
    (void)state;
    assert_form("  12:3  warning  Unexpected console statement", FORM_SEVERITY);
    assert_form("src/x.rb:1:1: C: Layout/EndOfLine: no", FORM_SEVERITY);
    assert_form("Loop iterator is not lexical at line 69, column 28.  (Severity: 5)",
                FORM_SEVERITY);
    assert_form("a.cs(14,18): error CS1002: ; expected", FORM_PLACE);
    assert_form("src/grammar-registry.js:632 Missing space", FORM_PLACE);
    assert_form("10 files inspected, 3 offenses detected", FORM_PROBLEMS);
    assert_form("  11. [L3303]  https://example.org Failed to open TCP connection", FORM_ITEM);
}

static void a_row_of_a_list_of_links_is_known(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "  23. [L3035]  https://example.org Failed to open TCP connection to example.org:443",
        "  *  External link https://example.org/ failed: 404 No error",
        "  [✖] https://example.org → Status: 404",
        "[404] https://example.org | Failed: Network error",
        "404 https://example.org/a",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_form(rows[i], FORM_LINK);
    }
    assert_no_form("Downloading from central: https://example.org/a.jar");
    assert_no_form("[INFO] Downloaded: https://example.org/a.jar");
    assert_no_form("curl: (6) Could not resolve host: https://example.org");
}

static void failed_tests_are_known_by_their_rows(void **state)
{
    (void)state;
    static const char *const named[] = {"--- FAIL: TestX (0.00s)",
                                        "not ok 3 - adds",
                                        "FAILED tests/test_a.py::test_b - assert 1 == 2",
                                        "  1) Array adds numbers",
                                        "test tests::adds ... FAILED",
                                        "[  FAILED  ] Sums.Add (0 ms)",
                                        "_________ test_adds _________",
                                        "---- tests::adds stdout ----",
                                        "2/2 Test #2: runs ....***Failed  0.02 sec",
                                        "testAdd(SumsTest)  Time elapsed: 0.1 s  <<< FAILURE!",
                                        "OrderTest#test_adds:",
                                        "OrderTest#test_adds [test/order_test.rb:12]:",
                                        "org.acme.SumsTest > adds FAILED",
                                        "Chrome 75.0 (Linux) Sums adds FAILED",
                                        "  1) [chromium] › sums.spec.ts:3:1 › adds",
                                        "http_SUITE:keeps_alive failed on line 40",
                                        "- adds *** FAILED ***",
                                        "00:02 +1 -1: adds [E]",
                                        "Test Case '-[SumsTests testAdds]' failed (0.003 seconds).",
                                        "#   Failed test 'adds'",
                                        "── Failure (test-sums.R:5:3): adds ──"};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        assert_form(named[i], FORM_TEST_NAMED);
    }
    assert_form("E       ConnectionError: Max retries exceeded", FORM_TEST_ROW);
    assert_form("    peer_test.go:235: failed to start the first server", FORM_TEST_ROW);
    assert_form("001+ Fatal error: Uncaught Exception", FORM_TEST_ROW);
    assert_form("     Failure/Error: expect(a).to eq(b)", FORM_TEST_ROW);
    assert_form("Tests run: 3, Failures: 1, Errors: 0, Skipped: 0", FORM_TEST_COUNT);
    assert_form("3 failed, 20 passed in 0.31s", FORM_TEST_COUNT);
}

static void other_lines_have_no_form(void **state)
{
    (void)state;
    static const char *const lines[] = {"",
                                        "10:31:02 starting",
                                        "[main] INFO org.example (default)",
                                        "npm ERR! code E404",
                                        "Tests run: 3, Failures: 0, Errors: 0, Skipped: 0",
                                        "0 problems",
                                        "20 passed in 0.31s",
                                        "Error: spawn ENOENT",
                                        "fatal: not a git repository",
                                        "E: Unable to locate package x",
                                        "100% done",
                                        "BUILD FAILED",
                                        "> Task :compileJava FAILED",
                                        ")",
                                        "..."};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_no_form(lines[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_at_the_end_is_known_by_its_form),
        cmocka_unit_test(a_rule_is_known_by_its_code_or_category),
        cmocka_unit_test(severities_places_and_counts_are_known),
        cmocka_unit_test(a_row_of_a_list_of_links_is_known),
        cmocka_unit_test(failed_tests_are_known_by_their_rows),
        cmocka_unit_test(other_lines_have_no_form),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
