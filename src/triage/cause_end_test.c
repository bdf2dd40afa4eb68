// Last words of CI systems, and last lines that are none.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "triage/cause_end.h"

static enum cause end_of(const char *log)
{
    struct document document;
    uint32_t line = 0;
    assert_int_equal(document_init(&document, log, strlen(log), NULL), BANTAM_OK);
    enum cause cause = cause_end(&document, &line);
    assert_true(line < document.n_lines || document.n_lines == 0);
    document_release(&document);
    return cause;
}

static void a_lost_or_cancelled_job_is_known(void **state)
{
    (void)state;
    assert_int_equal(end_of("compiling\nThe agent was shut down.\n"), CAUSE_RUNNER);
    assert_int_equal(end_of("compiling\nSlave went offline during the build\n"), CAUSE_RUNNER);
    assert_int_equal(end_of("compiling\nJob was cancelled\n"), CAUSE_RUNNER);
    assert_int_equal(end_of("compiling\npod \"ci-3\" was evicted\n"), CAUSE_RUNNER);
    assert_int_equal(end_of("ERROR: Job failed (system failure): aborted\n"), CAUSE_RUNNER);
}

static void a_limit_of_time_comes_first(void **state)
{
    (void)state;
    assert_int_equal(end_of("The job exceeded the maximum time limit, and has been terminated.\n"),
                     CAUSE_TIMEOUT);
    assert_int_equal(end_of("Job timed out after 5 minutes\nThe operation was canceled.\n"),
                     CAUSE_TIMEOUT);
}

static bool is_over(const char *log)
{
    struct document document;
    uint32_t line = 0;
    assert_int_equal(document_init(&document, log, strlen(log), NULL), BANTAM_OK);
    bool over = ends_in_time_limit(&document, &line);
    document_release(&document);
    return over;
}

static void a_log_ends_with_its_time(void **state)
{
    (void)state;
    assert_true(is_over("ERROR: Job failed: execution took longer than 10m0s seconds\n"));
    assert_true(is_over("Job timed out after 5 minutes\n\n"));
    assert_true(is_over(
        "Build timed out (after 5 minutes). Marking the build as failed.\n[junit] Recording\n"));
    assert_false(is_over("Job timed out after 5 minutes\nremoving caches\n"));
    assert_false(is_over("travis_time:start:1\r$ timeout 5m make build\n"
                         "travis_time:end:1:start=1,finish=2,duration=1\r\n"
                         "The command \"timeout 5m make build\" exited with 124.\n"));
    assert_false(is_over("compiling\nJob was cancelled\n"));
}

static void other_last_lines_tell_nothing(void **state)
{
    (void)state;
    assert_int_equal(end_of("Your build has been stopped.\n"), CAUSE_UNKNOWN);
    assert_int_equal(end_of("ninja: build stopped: subcommand failed.\n"), CAUSE_UNKNOWN);
    assert_int_equal(end_of("curl: (28) Operation timed out after 4000 milliseconds\n"),
                     CAUSE_UNKNOWN);
    assert_int_equal(end_of(""), CAUSE_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_or_cancelled_job_is_known),
        cmocka_unit_test(a_limit_of_time_comes_first),
        cmocka_unit_test(a_log_ends_with_its_time),
        cmocka_unit_test(other_last_lines_tell_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
