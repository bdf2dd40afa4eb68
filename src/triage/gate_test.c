// Whole logs through the shipped models: did anything fail?
#include "triage/gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/triage.h"
#include "base/memory.h"

static bool failed(const bantam_triage *triage, const char *log)
{
    bantam_diagnosis *diagnosis;
    bantam_error error;
    if (bantam_triage_run(&diagnosis, triage, log, strlen(log), NULL, &error)) {
        fail_msg("%s", error.message);
    }
    bool found = diagnosis->status != BANTAM_NO_FAILURE_FOUND;
    assert_int_equal(found, diagnosis->n_findings > 0);
    bantam_diagnosis_free(&diagnosis);
    return found;
}

static void failures_are_found(void **state)
{
    assert_true(failed(*state, "$ make\n"
                               "cc -c drain.c\n"
                               "drain.c:6:31: error: 'struct ring' has no member named 'count'\n"
                               "make: *** [Makefile:11: drain.o] Error 1\n"));
    assert_true(failed(*state, "collected 2 items\n"
                               "test_cart.py .F\n"
                               "E       assert 3 == 4\n"
                               "test_cart.py:9: AssertionError\n"
                               "FAILED test_cart.py::test_total - assert 3 == 4\n"
                               "==== 1 failed, 1 passed in 0.12s ====\n"));
    assert_true(failed(*state, "cart.test: error of a name\n"
                               "all.tcl:\tTotal\t20\tPassed\t18\tSkipped\t0\tFailed\t2\n"
                               "#Errors      0\n"));
    assert_true(failed(*state, "..**FAILED 0.045 sec\n% 1 test failed\n% 2 tests passed\n"
                               "ERROR: -g run_tests: false\n"));
    assert_true(failed(*state, "Started by user alice\n+ ./check\nall fine here\n"
                               "Build step 'Execute shell' marked build as failure\n"
                               "Finished: FAILURE\n"));
}

// Of the runner's own log, with its times, silence tells that the job passed; not of a page's or a script's.
static void the_last_word_tells(void **state)
{
    assert_true(failed(
        *state, "##[group]Run tox run -e py3.11\n"
                "tox run -e py3.11\n"
                "shell: /usr/bin/bash -e {0}\n"
                "##[endgroup]\n"
                "ROOT: HandledError| provided environments not found in configuration file:\n"
                "py3.11 - did you mean py311?\n"));
    assert_true(failed(*state,
                       "$ go mod download -x\n"
                       "# get http://127.0.0.1:8123/yaml.v3/@v/v3.0.1.zip\n"
                       "# get http://127.0.0.1:8123/yaml.v3/@v/v3.0.1.zip: 200 OK (0.013s)\n"
                       "go: yaml.v3@v3.0.1: read \"http://127.0.0.1:8123/yaml.v3/@v/"
                       "v3.0.1.zip\": unexpected EOF\n"));
}

static void linter_outputs_are_failures(void **state)
{
    assert_true(failed(*state, "src/Calc.hs:11:18: Suggestion: Redundant bracket\n"
                               "src/Calc.hs:14:2: Suggestion: Use fewer imports\n"
                               "src/Main.hs:3:1: Suggestion: Redundant do\n"));
}

static void passes_are_no_failures(void **state)
{
    assert_false(failed(*state, "$ bats test\n"
                                "1..3\n"
                                "ok 1 seconds of a booking\n"
                                "ok 2 error: a missing argument is refused\n"
                                "ok 3 fatal: no such file or directory\n"));
    assert_false(failed(*state, "+ make test\n"
                                "[ RUN      ] errors_are_told\n"
                                "metrics: error: bad ticket \"no amount here\"\n"
                                "[       OK ] errors_are_told\n"
                                "+ make smoke\n"
                                "total 7\n"));
    assert_false(failed(*state, "+ meson test -C build\n"
                                "1/2 recipe                   OK             0.08s\n"
                                "2/2 usage                    OK             0.07s\n"
                                "\n"
                                "Ok:                 2\n"
                                "Expected Fail:      0\n"
                                "Fail:               0\n"
                                "Unexpected Pass:    0\n"
                                "Timeout:            0\n"));
    assert_false(failed(*state, "collected 2 items\n"
                                "test_errors.py ..\n"
                                "==== 2 passed in 0.12s ====\n"));
    assert_false(failed(*state, "running 1 test\n"
                                "thread 'main' panicked at 'out of range', src/lib.rs:4\n"
                                "test raises_an_error - should panic ... ok\n"
                                "test result: ok. 1 passed; 0 failed; 0 ignored\n"));
    assert_false(failed(*state, "Started by user alice\n+ ./check\n"
                                "ERROR: could not connect, trying again\nall fine here\n"
                                "Finished: SUCCESS\n"));
}

static void what_says_nothing_is_no_failure(void **state)
{
    assert_false(failed(*state, "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"));
    assert_false(failed(*state, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"));
    assert_false(failed(*state, "hello\n"));
}

static int setup(void **state)
{
    bantam_triage *triage;
    bantam_error error;
    int status = (int)bantam_triage_new(&triage, &error);
    *state = triage;
    return status;
}

static int teardown(void **state)
{
    bantam_triage *triage = *state;
    bantam_triage_free(&triage);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failures_are_found),
        cmocka_unit_test(the_last_word_tells),
        cmocka_unit_test(linter_outputs_are_failures),
        cmocka_unit_test(passes_are_no_failures),
        cmocka_unit_test(what_says_nothing_is_no_failure),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
