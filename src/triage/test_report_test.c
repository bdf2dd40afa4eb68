// Reports of the dialects, hostile ones, and their join to the findings of logs.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/triage.h"
#include "triage/test_report.h"

static bantam_test_reports *reports_of(const char *text)
{
    bantam_test_reports *reports;
    assert_int_equal(bantam_test_reports_new(&reports, NULL), BANTAM_OK);
    assert_int_equal(bantam_test_reports_add(reports, "r.xml", text, strlen(text), NULL),
                     BANTAM_OK);
    return reports;
}

static void counts_and_places(void **state)
{
    (void)state;
    bantam_test_reports *reports = reports_of(
        "<testsuites><testsuite name='s'>"
        "<testcase name='a' classname='m.C' time='1,234.5'><failure message='&#10; no&#27;[31m'>"
        "lib/x.py:3: in f\ntests/c.py:12: E</failure></testcase>"
        "<testcase name='b' file='src/b.php' line='7'><error>b said\nsrc/b.php:9</error></testcase>"
        "<testcase name='c'><skipped/></testcase><testcase name='d' status='disabled'/>"
        "<testcase name='e'><flakyFailure message='x'/></testcase>"
        "<testcase name='a' classname='m.C'><failure/></testcase>"
        "</testsuite></testsuites>");
    assert_int_equal(reports->n_tests, 6);
    assert_int_equal(reports->n_failed, 3);
    assert_int_equal(reports->n_skipped, 2);
    assert_int_equal(reports->n_kept, 2); // the second a is the first once more
    const bantam_failed_test *a = &reports->tests[0], *b = &reports->tests[1];
    assert_string_equal(a->name, "a");
    assert_string_equal(a->class_name, "m.C");
    assert_string_equal(a->message, "no\xEF\xBF\xBD[31m");
    assert_true(a->seconds > 1234.4 && a->seconds < 1234.6);
    assert_string_equal(a->file, "lib/x.py");
    assert_string_equal(b->class_name, "s");
    assert_string_equal(b->file, "src/b.php");
    assert_int_equal(b->line, 9); // where it failed, not where the test stands
    assert_true(b->seconds < 0);
    bantam_test_reports_free(&reports);
}

static void trx_is_read(void **state)
{
    (void)state;
    bantam_test_reports *reports = reports_of(
        "<t:TestRun xmlns:t='x'><t:Results>"
        "<t:UnitTestResult testId='1' testName='N.Adds' outcome='Failed' duration='00:01:01.5'>"
        "<t:Output><t:StdOut>noise</t:StdOut><t:ErrorInfo><t:Message>is 3\nnot 4</t:Message>"
        "<t:StackTrace>   at N.Adds() in /src/N.cs:line 21</t:StackTrace></t:ErrorInfo></t:Output>"
        "</t:UnitTestResult>"
        "<t:UnitTestResult testId='2' testName='N.Skips' outcome='NotExecuted'/>"
        "<t:UnitTestResult testId='3' testName='N.Rows' outcome='Failed'><t:InnerResults>"
        "<t:UnitTestResult testId='3' testName='N.Rows (1)' outcome='Passed'/>"
        "<t:UnitTestResult testId='3' testName='N.Rows (2)' outcome='Timeout'/>"
        "</t:InnerResults></t:UnitTestResult></t:Results>"
        "<t:TestDefinitions><t:UnitTest id='1' name='N.Adds'><t:TestMethod className='M.N' "
        "name='Adds'/>"
        "</t:UnitTest></t:TestDefinitions><t:ResultSummary outcome='Failed'><t:RunInfos>"
        "<t:RunInfo outcome='Error'><t:Text>the host crashed</t:Text></t:RunInfo></t:RunInfos>"
        "</t:ResultSummary></t:TestRun>");
    assert_int_equal(reports->n_tests, 5);
    assert_int_equal(reports->n_failed, 3);
    assert_int_equal(reports->n_skipped, 1);
    assert_int_equal(reports->n_kept, 3);
    assert_string_equal(reports->tests[0].message, "is 3");
    assert_string_equal(reports->tests[0].class_name, "M.N");
    assert_string_equal(reports->tests[0].file, "/src/N.cs");
    assert_int_equal(reports->tests[0].line, 21);
    assert_true(reports->tests[0].seconds > 61.4 && reports->tests[0].seconds < 61.6);
    assert_string_equal(reports->tests[1].name, "N.Rows (2)");
    assert_string_equal(reports->tests[2].message, "the host crashed");
    bantam_test_reports_free(&reports);
}

static void utf16_is_read(void **state)
{
    (void)state;
    static const char plain[] = "<testsuite><testcase name='a'><failure/></testcase></testsuite>";
    char wide[2 * sizeof plain] = "\xFF\xFE";
    for (size_t i = 0; i + 1 < sizeof plain; i++) {
        wide[2 + 2 * i] = plain[i];
    }
    bantam_test_reports *reports;
    assert_true(bantam_is_test_report(wide, 2 * sizeof plain));
    assert_int_equal(bantam_test_reports_new(&reports, NULL), BANTAM_OK);
    assert_int_equal(bantam_test_reports_add(reports, NULL, wide, 2 * sizeof plain, NULL),
                     BANTAM_OK);
    assert_int_equal(reports->n_failed, 1);
    bantam_test_reports_free(&reports);
}

static void what_is_no_report_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *reason;
    } cases[] = {
        {"<html><body/></html>", "its first element is html"},
        {"FAIL\n", "is no XML"},
        {"<testsuite><testcase name='a'><failure/>", "is cut short"},
        {"<testsuite></testsuite></x>", "is no XML"},
        {"", "is cut short"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bantam_test_reports *reports;
        bantam_error error;
        assert_int_equal(bantam_test_reports_new(&reports, NULL), BANTAM_OK);
        assert_int_equal(
            bantam_test_reports_add(reports, "r.xml", cases[i].text, strlen(cases[i].text), &error),
            BANTAM_ERROR_INPUT);
        assert_non_null(strstr(error.message, cases[i].reason));
        assert_int_equal(bantam_test_reports_count(reports), 0);
        bantam_test_reports_free(&reports);
    }
    assert_false(bantam_is_test_report("FAIL <testsuite>", 16));
    assert_false(bantam_is_test_report("<html>", 6));
    assert_true(bantam_is_test_report("<?xml version='1.0'?>\n<!-- x --><testsuites", 43) == false);
    assert_true(bantam_is_test_report("<?xml version='1.0'?>\n<testsuites>", 34));
}

// More failures than are kept, values longer than are kept, and what was read before the damage.
static void hostile_reports_stay_small(void **state)
{
    (void)state;
    enum {
        CASES = 5000,
        VALUE = 1 << 20
    };
    char *text = malloc((size_t)CASES * 80 + VALUE + 200), *at = text;
    at += sprintf(at, "<testsuite>");
    for (int i = 0; i < CASES; i++) {
        at += sprintf(at, "<testcase name='t%d'><failure/></testcase>", i);
    }
    at += sprintf(at, "<testcase name='");
    memset(at, 'x', VALUE);
    at += VALUE;
    at += sprintf(at, "'><failure/></testcase><testcase name='cut");
    bantam_test_reports *reports;
    bantam_error error;
    assert_int_equal(bantam_test_reports_new(&reports, NULL), BANTAM_OK);
    assert_int_equal(bantam_test_reports_add(reports, "r.xml", text, (size_t)(at - text), &error),
                     BANTAM_ERROR_INPUT);
    assert_non_null(strstr(error.message, "cut short"));
    assert_int_equal(reports->n_failed, CASES + 1);
    assert_int_equal(reports->n_kept, TESTS_KEPT);
    assert_int_equal(bantam_test_reports_count(reports), 1);
    bantam_test_reports_free(&reports);
    free(text);
}

static bantam_diagnosis *joined(const char *log, const bantam_test_reports *reports)
{
    bantam_triage *triage;
    bantam_diagnosis *diagnosis;
    bantam_triage_options options = bantam_triage_options_default();
    options.reports = reports;
    assert_int_equal(bantam_triage_new(&triage, NULL), BANTAM_OK);
    assert_int_equal(bantam_triage_run(&diagnosis, triage, log, strlen(log), &options, NULL),
                     BANTAM_OK);
    bantam_triage_free(&triage);
    return diagnosis;
}

static const char log_text[] =
    "============================= test session starts ==============================\n"
    "collected 3 items\n"
    "=================================== FAILURES ===================================\n"
    "_____________________________ TestCart.test_discount ___________________________\n"
    "    def test_discount(self):\n"
    ">       assert total() == 90\n"
    "E       assert 100 == 90\n"
    "\n"
    "tests/test_cart.py:48: AssertionError\n"
    "=========================== short test summary info ============================\n"
    "FAILED tests/test_cart.py::TestCart::test_discount - assert 100 == 90\n"
    "========================= 1 failed, 2 passed in 0.11s ==========================\n";

static void tests_join_their_findings(void **state)
{
    (void)state;
    bantam_test_reports *reports = reports_of(
        "<testsuite><testcase classname='tests.test_cart.TestCart' name='test_discount' "
        "time='0.25'>"
        "<failure message='password=hunter2secret'/></testcase>"
        "<testcase classname='tests.test_tax.TestTax' name='test_rate'><failure message='rate'/>"
        "</testcase></testsuite>");
    bantam_diagnosis *diagnosis = joined(log_text, reports);
    assert_true(diagnosis->n_findings > 0);
    const bantam_finding *finding = &diagnosis->findings[0];
    assert_int_equal(finding->n_tests, 1);
    assert_string_equal(finding->tests[0].name, "test_discount");
    assert_int_equal(finding->tests[0].log_line, 4);
    assert_null(strstr(finding->tests[0].message, "hunter2secret"));
    assert_int_equal(diagnosis->tests->n_others, 1);
    assert_int_equal(diagnosis->tests->n_not_joined, 1);
    assert_string_equal(diagnosis->tests->others[0].name, "test_rate");
    assert_int_equal(diagnosis->tests->others[0].log_line, 0);
    assert_false(diagnosis->tests->contradicts);
    bantam_diagnosis_free(&diagnosis);
    bantam_test_reports_free(&reports);
}

static void places_and_messages_join_too(void **state)
{
    (void)state;
    bantam_test_reports *reports = reports_of(
        "<testsuite><testcase name='x1' file='/src/tests/test_cart.py' "
        "line='48'><failure/></testcase>"
        "<testcase name='x2'><failure message='something else entirely'/></testcase></testsuite>");
    bantam_diagnosis *diagnosis = joined(log_text, reports);
    assert_int_equal(diagnosis->findings[0].n_tests, 1);
    assert_string_equal(diagnosis->findings[0].tests[0].name, "x1");
    bantam_diagnosis_free(&diagnosis);
    bantam_test_reports_free(&reports);
}

static void green_reports_contradict(void **state)
{
    (void)state;
    bantam_test_reports *reports = reports_of("<testsuite><testcase name='a'/></testsuite>");
    bantam_diagnosis *diagnosis = joined(log_text, reports);
    assert_true(diagnosis->tests->contradicts);
    assert_int_equal(diagnosis->findings[0].n_tests, 0);
    bantam_diagnosis_free(&diagnosis);
    diagnosis = joined("all is well\n", reports);
    assert_false(diagnosis->tests->contradicts);
    bantam_diagnosis_free(&diagnosis);
    bantam_test_reports_free(&reports);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_and_places),
        cmocka_unit_test(trx_is_read),
        cmocka_unit_test(utf16_is_read),
        cmocka_unit_test(what_is_no_report_is_refused),
        cmocka_unit_test(hostile_reports_stay_small),
        cmocka_unit_test(tests_join_their_findings),
        cmocka_unit_test(places_and_messages_join_too),
        cmocka_unit_test(green_reports_contradict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
