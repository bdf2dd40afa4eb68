#include "text/document_fixture.h"

#define STAMP "2024-03-01T10:11:12.1234567Z "

// The step's command is what its script is for.
static void test_script_that_prepares_first(void **state)
{
    (void)state;
    struct document document;
    READ(&document, STAMP "##[group]Run mvn --version\n" // 1
         STAMP "\033[36;1mmvn --version\033[0m\n" STAMP "\033[36;1mcd app\033[0m\n" STAMP
                          "\033[36;1mmvn verify\033[0m\n" STAMP "\033[36;1mmvn site\033[0m\n" STAMP
                          "shell: /usr/bin/bash -e {0}\n" STAMP "##[endgroup]\n" STAMP
                          "##[error]Process completed with exit code 1.\n");
    check_section(&document, "Run mvn --version", "mvn verify", 1, 8, 1);
    document_release(&document);
    READ(&document,
         STAMP "##[group]Run # all of them\n" STAMP "\033[36;1m# all of them\033[0m\n" STAMP
               "\033[36;1mgit fetch --tags\033[0m\n" STAMP "shell: /usr/bin/bash -e {0}\n" STAMP
               "##[endgroup]\n" STAMP "##[error]Process completed with exit code 1.\n");
    check_section(&document, "Run # all of them", "git fetch --tags", 1, 6, 1);
    document_release(&document);
}

static void test_raw_log(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "\xEF\xBB\xBF" STAMP "##[group]Operating System\n" STAMP "Ubuntu\n" STAMP
                    "##[endgroup]\n" STAMP "##[group]Run npm ci\n" // 4
         STAMP "\033[36;1mnpm ci\033[0m\n" STAMP "\033[36;1mnpm test\033[0m\n" STAMP
                    "shell: /usr/bin/bash -e {0}\n"                 // 7
         STAMP "env:\n" STAMP "  CI: true\n" STAMP "##[endgroup]\n" // 10
         STAMP "added 3 packages\n" STAMP "Downloading 1%\rDownloading 100%\n" STAMP
                    "##[error]src/a.js:1 broke\n" // 13
         STAMP "::warning file=a.js,line=1::careful\n" STAMP
                    "##[error]Process completed with exit code 2.\n" // 15
         STAMP "Post job cleanup.\n" STAMP "[command]/usr/bin/git version\n" STAMP
                    "git version 2.40\n" STAMP "Cleaning up orphan processes\n");
    assert_int_equal(document.format, LOG_GITHUB);
    assert_int_equal(document.job_exit_code, 2);
    check_text(&document, 1, "Operating System");
    check_flags(&document, 1, LINE_MARKER);
    check_text(&document, 2, "Ubuntu");
    check_text(&document, 5, "npm ci");
    check_flags(&document, 5, LINE_COMMAND);
    check_flags(&document, 7, LINE_MARKER);
    check_flags(&document, 9, LINE_MARKER);
    check_text(&document, 12, "Downloading 100%");
    check_flags(&document, 12, LINE_REWOUND);
    check_text(&document, 13, "src/a.js:1 broke");
    check_flags(&document, 13, LINE_ERROR);
    check_text(&document, 14, "careful");
    check_flags(&document, 14, LINE_WARNING);
    check_text(&document, 15, "Process completed with exit code 2.");
    check_flags(&document, 15, LINE_EXIT | LINE_EXIT_FAILED | LINE_ERROR);
    check_flags(&document, 17, LINE_COMMAND);
    check_section(&document, "Operating System", "", 1, 3, EXIT_UNKNOWN);
    check_section(&document, "Run npm ci", "npm ci", 4, 15, 2);
    check_section(&document, "Run npm ci", "", 4, 10, EXIT_UNKNOWN);
    check_section(&document, "Post job cleanup.", "", 16, 18, 0);
    check_section(&document, "", "/usr/bin/git version", 17, 18, EXIT_UNKNOWN);
    document_release(&document);
}

static void test_log_of_gh(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "build\tSet up job\t\xEF\xBB\xBF" STAMP "Current runner version: '2.3'\n"
                    "build\tTest\t" STAMP "##[group]Run make test\n"
                    "build\tTest\t" STAMP "shell: /usr/bin/bash -e {0}\n"
                    "build\tTest\t" STAMP "##[endgroup]\n"
                    "build\tTest\t" STAMP "FAIL:\tone\n" // 5
                    "build\tTest\t" STAMP "##[error]Process completed with exit code 1.\n"
                    "build\tComplete job\t" STAMP "Cleaning up orphan processes\n");
    assert_int_equal(document.format, LOG_GITHUB);
    check_text(&document, 1, "Current runner version: '2.3'");
    check_text(&document, 5, "FAIL:\tone");
    check_section(&document, "Set up job", "", 1, 1, 0);
    check_section(&document, "Test", "make test", 2, 6, 1);
    check_section(&document, "Complete job", "", 7, 7, EXIT_UNKNOWN);
    assert_int_equal(document.job_exit_code, 1);
    document_release(&document);
}

static void test_action_that_fails_without_a_number(void **state)
{
    (void)state;
    struct document document;
    READ(&document,
         STAMP "##[group]Run actions/setup-go@v5\n" STAMP "##[endgroup]\n" STAMP
               "##[error]annotation\n" STAMP "fine\n" STAMP "##[group]Run acme/deploy@v1\n" // 5
         STAMP "##[endgroup]\n" STAMP "##[error]Resource not accessible\n" STAMP
               "Post job cleanup.\n");
    check_section(&document, "Run actions/setup-go@v5", "actions/setup-go@v5", 1, 4, EXIT_UNKNOWN);
    check_section(&document, "Run acme/deploy@v1", "acme/deploy@v1", 5, 7, 1);
    assert_int_equal(document.job_exit_code, 1);
    document_release(&document);
}

static void test_error_of_several_lines(void **state)
{
    (void)state;
    struct document document;
    READ(&document, STAMP "##[group]Run make\n" STAMP "##[endgroup]\n" STAMP "fine\n" STAMP
                          "##[group]Run acme/fetch@v4\n" STAMP "##[endgroup]\n" // 5
         STAMP "##[error]Nothing is there\n" STAMP "    Look elsewhere.\n" STAMP
                          "Post job cleanup.\n" STAMP "##[error]Can't clean up\n");
    check_section(&document, "Run make", "make", 1, 3, 0);
    check_section(&document, "Run acme/fetch@v4", "acme/fetch@v4", 4, 7, 1);
    assert_int_equal(document.job_exit_code, 1);
    document_release(&document);
}

static void test_runner_that_shuts_down(void **state)
{
    (void)state;
    struct document document;
    READ(&document, STAMP "##[group]Run make\n" STAMP "##[endgroup]\n" STAMP
                          "##[error]The runner has received a shutdown signal.\n" STAMP
                          "##[error]The operation was canceled.\n");
    check_flags(&document, 3, LINE_ERROR); // a line that may be told
    check_flags(&document, 4, LINE_JOB_END | LINE_EXIT_FAILED);
    check_section(&document, "Run make", "make", 1, 4, 1);
    document_release(&document);
}

static void test_damaged(void **state)
{
    (void)state;
    struct document document;
    READ(&document, STAMP
         "##[group]Run x\n" STAMP "##[\n" STAMP "##[error\n" STAMP "::error\n"
         "2024-03-01T10:11:12.\n" STAMP "\n" STAMP "##[error]Process completed with exit code .\n"
         "a\tb\t\n\t\t\n##[endgroup]\n##[endgroup]\n" STAMP "##[error]The operation was canceled.");
    assert_int_equal(document.n_lines, 12);
    check_text(&document, 2, "##[");
    check_text(&document, 5, "2024-03-01T10:11:12.");
    check_text(&document, 6, "");
    check_flags(&document, 12, LINE_JOB_END | LINE_EXIT_FAILED);
    assert_int_equal(document.job_exit_code, 1);
    document_release(&document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_raw_log),
        cmocka_unit_test(test_script_that_prepares_first),
        cmocka_unit_test(test_log_of_gh),
        cmocka_unit_test(test_action_that_fails_without_a_number),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_error_of_several_lines),
        cmocka_unit_test(test_runner_that_shuts_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
