#include "text/document_fixture.h"

static const char log_of_npm[] =
    "travis_fold:start:worker_info\r\033[0K\033[33;1mWorker information\033[0m\n" // 1
    "hostname: worker-1\n"
    "travis_fold:end:worker_info\r\033[0Ktravis_fold:start:git.checkout\r\033[0K"
    "travis_time:start:0a1b2c3d\r\033[0K$ git clone https://example.org/a.git\r\n" // 3
    "Cloning into 'a'...\r\n"
    "travis_time:end:0a1b2c3d:start=1,finish=2,duration=1\r\033[0K$ cd a\r\n" // 5
    "travis_fold:end:git.checkout\r\033[0K\r\n"
    "travis_time:start:11aa22bb\r\033[0K$ npm test\r\n" // 7
    "> a@1.0.0 test /home/travis/a\r\n"
    "> jest\r\n"
    "\033[31m\xE2\x9C\x95 adds\033[39m\r\n" // 10
    "last output.travis_time:end:11aa22bb:start=1,finish=2,duration=1\r\033[0K"
    "\033[31;1mThe command \"npm test\" exited with 1.\033[0m\r\n" // 11
    "\r\n"
    "Done. Your build exited with 1.\r\n"; // 13

static void test_sections_and_exits(void **state)
{
    (void)state;
    struct document document;
    READ(&document, log_of_npm);
    assert_int_equal(document.format, LOG_TRAVIS);
    assert_int_equal(document.n_lines, 13);
    assert_int_equal(document.job_exit_code, 1);
    check_text(&document, 1, "Worker information");
    check_flags(&document, 1, LINE_YELLOW | LINE_BOLD | LINE_COLORED);
    check_text(&document, 3, "$ git clone https://example.org/a.git");
    check_flags(&document, 3, LINE_COMMAND);
    check_text(&document, 5, "$ cd a");
    check_text(&document, 6, "");
    check_flags(&document, 6, LINE_MARKER);
    check_text(&document, 10, "\xE2\x9C\x95 adds");
    check_flags(&document, 10, LINE_RED);
    check_text(&document, 11, "The command \"npm test\" exited with 1.");
    check_flags(&document, 11, LINE_EXIT | LINE_EXIT_FAILED | LINE_RED);
    check_flags(&document, 13, LINE_JOB_END);
    check_section(&document, "worker_info", "", 1, 2, EXIT_UNKNOWN);
    check_section(&document, "git.checkout", "git clone https://example.org/a.git", 3, 5,
                  EXIT_UNKNOWN);
    check_section(&document, "", "git clone https://example.org/a.git", 3, 4, EXIT_UNKNOWN);
    check_section(&document, "", "npm test", 7, 11, 1);
    const struct section *inner = find_section(&document, "a@1.0.0 test /home/travis/a", "jest");
    assert_int_equal(document.sections[inner->parent].exit_code, 1);
    assert_ptr_equal(&document.sections[document.lines[9].section], inner);
    document_release(&document);
}

static void test_exit_of_a_command_over_several_lines(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "travis_fold:start:a\r\033[0Ka\n"
                    "travis_fold:end:a\r\033[0K\n"
                    "$ if true; then\n"
                    "oops\n"
                    "The command \"if true; then\n"
                    "  make\n"
                    "fi\" exited with 2.\n"
                    "The command \"eval ./x \" failed and exited with 3 during install.\n"
                    "Your build has been stopped.\n");
    check_section(&document, "", "if true; then", 3, 8, 3);
    check_flags(&document, 7, LINE_EXIT_FAILED);
    check_flags(&document, 8, LINE_EXIT_FAILED);
    check_flags(&document, 9, LINE_JOB_END);
    check_no_flags(&document, 5, LINE_EXIT);
    assert_int_equal(document.job_exit_code, 1);
    document_release(&document);
}

static void test_exit_zero_and_words_alike(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "travis_time:start:1\r\033[0K$ make\n"
                    "travis_time:end:1\r\033[0KThe command \"make\" exited with 0.\n"
                    "ERROR: \"lint\" exited with 1.\n"
                    "travis_fold:end:never.opened\r\033[0K\n"
                    "travis_time:end:\r\n"
                    "travis_fold:\n");
    check_flags(&document, 2, LINE_EXIT);
    check_no_flags(&document, 2, LINE_EXIT_FAILED);
    check_section(&document, "", "make", 1, 2, 0);
    check_no_flags(&document, 3, LINE_EXIT);
    assert_int_equal(document.job_exit_code, EXIT_UNKNOWN);
    document_release(&document);
}

static void test_log_that_lost_its_carriage_returns(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "travis_fold:start:install\n"
                    "\033[0Ktravis_time:start:1\n"
                    "\033[0K$ make\n"
                    "nltravis_time:end:1:start=1\n"
                    "\033[0Ktravis_fold:end:install\n"
                    "\033[0K\n"
                    "echo travis_fold:start:x\n");
    check_flags(&document, 2, LINE_MARKER);
    check_text(&document, 2, "");
    check_flags(&document, 3, LINE_COMMAND);
    check_text(&document, 4, "");
    check_section(&document, "install", "make", 1, 4, EXIT_UNKNOWN);
    check_section(&document, "", "make", 2, 3, EXIT_UNKNOWN);
    check_text(&document, 7, "echo travis_fold:start:x");
    document_release(&document);
}

static void test_function_that_the_image_lacks(void **state)
{
    (void)state;
    struct document document;
    READ(&document,
         "travis_fold:start:a\r\033[0K$ make\n"
         "/Users/travis/.travis/job_stages: line 166: shell_session_update: command not found\n"
         "run.sh: line 2: jq: command not found\n");
    check_flags(&document, 2, LINE_MARKER);
    check_flags(&document, 3, 0);
    document_release(&document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sections_and_exits),
        cmocka_unit_test(test_exit_of_a_command_over_several_lines),
        cmocka_unit_test(test_log_that_lost_its_carriage_returns),
        cmocka_unit_test(test_function_that_the_image_lacks),
        cmocka_unit_test(test_exit_zero_and_words_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
