// What a command and a line share when a job's definition is at fault, and what they share otherwise.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "triage/cause_typed.h"

#define TYPED(line, command) cause_typed(SPAN(line), SPAN(command))

static void a_path_that_was_typed_is_told(void **state)
{
    (void)state;
    assert_true(TYPED("mypy: can't read file 'src/search': No such file or directory",
                      "mypy --strict src/search")
                    .word == 1);
    assert_true(TYPED("Error: context must be a directory: \"/builds/acme/docker/web\"",
                      "podman build -t web docker/web/")
                    .word == 1);
    assert_true(
        TYPED("ERROR: file or directory not found: tests/unit", "pytest -q tests/unit").word == 1);
}

static void what_a_command_asks_for_may_be_missed_in_other_words(void **state)
{
    (void)state;
    assert_true(
        TYPED("CMake Error: No such preset in /src: \"linux-ci\"", "cmake --preset linux-ci").word >
        0);
    assert_true(TYPED("Pattern: spec/bucket - 0 matches", "jest --ci spec/bucket").word == 1);
    assert_true(TYPED("Unable to access jarfile build/shop.jar", "java -jar build/shop.jar").word ==
                1);
}

static void an_option_that_was_typed_is_the_definitions(void **state)
{
    (void)state;
    assert_true(
        TYPED("error: unrecognized arguments: --parallel=4", "tool check --parallel=4").option ==
        1);
    assert_true(TYPED("Unknown option: 'parallel'", "tool --parallel").option == 1);
    assert_true(
        TYPED("ERROR: Unknown options: \"werrors\"", "meson setup b -Dwerrors=true").option == 1);
}

static void a_plain_word_says_less(void **state)
{
    (void)state;
    float quoted = TYPED("Error: unknown command \"deplyo\" for \"helm\"", "helm deplyo web").word;
    float plain = TYPED("unknown command deplyo", "helm deplyo web").word;
    assert_true(plain > 0 && plain < quoted && quoted < 1);
}

static void what_defines_the_job_is_known_by_its_file(void **state)
{
    (void)state;
    assert_true(TYPED(".gitlab-ci.yml: jobs:test has an empty script", "make lint").option == 1);
    float read = TYPED("additional properties are not allowed", "circleci config validate").option;
    assert_true(read > 0 && read < 1);
}

static bool says_nothing(struct typed typed)
{
    return typed.option == 0 && typed.word == 0;
}

static void what_no_command_names_is_the_projects(void **state)
{
    (void)state;
    assert_true(says_nothing(TYPED("error: config.toml: No such file or directory", "make check")));
    assert_true(says_nothing(TYPED("src/main.c:3:10: fatal error: foo.h: No such file or directory",
                                   "gcc -c src/main.c")));
    assert_true(says_nothing(TYPED("src/search is clean", "mypy src/search")));
    assert_true(
        says_nothing(TYPED("tar: a.tgz: Cannot open: No such file or directory", "tar xf a.tgz")));
    assert_true(says_nothing(
        TYPED("bash: line 1: shellcheck: command not found", "sh -c shellcheck build.sh")));
    assert_true(says_nothing(TYPED("no such file", "")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_that_was_typed_is_told),
        cmocka_unit_test(what_a_command_asks_for_may_be_missed_in_other_words),
        cmocka_unit_test(an_option_that_was_typed_is_the_definitions),
        cmocka_unit_test(a_plain_word_says_less),
        cmocka_unit_test(what_defines_the_job_is_known_by_its_file),
        cmocka_unit_test(what_no_command_names_is_the_projects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
