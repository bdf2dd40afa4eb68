// What a command and a line share when a job's definition is at fault, and what they share otherwise.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "triage/cause_typed.h"

#define TYPED(line, command) cause_typed(SPAN(line), SPAN(command))

static void a_path_that_was_typed_is_the_definitions(void **state)
{
    (void)state;
    assert_true(TYPED("mypy: can't read file 'src/search': No such file or directory",
                      "mypy --strict src/search") == 1);
    assert_true(TYPED("Error: context must be a directory: \"/builds/acme/docker/web\"",
                      "podman build -t web docker/web/") == 1);
    assert_true(TYPED("ERROR: file or directory not found: tests/unit", "pytest -q tests/unit") ==
                1);
}

static void an_option_that_was_typed_is_the_definitions(void **state)
{
    (void)state;
    assert_true(TYPED("error: unrecognized arguments: --parallel=4", "tool check --parallel=4") ==
                1);
    assert_true(TYPED("Unknown option: 'parallel'", "tool --parallel") == 1);
}

static void a_plain_word_says_less(void **state)
{
    (void)state;
    float value = TYPED("Error: unknown command \"deplyo\" for \"helm\"", "helm deplyo web");
    assert_true(value > 0 && value < 1);
}

static void what_no_command_names_is_the_projects(void **state)
{
    (void)state;
    assert_true(TYPED("error: config.toml: No such file or directory", "make check") == 0);
    assert_true(TYPED("src/main.c:3:10: fatal error: foo.h: No such file or directory",
                      "gcc -c src/main.c") == 0);
    assert_true(TYPED("src/search is clean", "mypy src/search") == 0);
    assert_true(TYPED("tar: a.tgz: Cannot open: No such file or directory", "tar xf a.tgz") == 0);
    assert_true(TYPED("bash: line 1: shellcheck: command not found", "sh -c shellcheck build.sh") ==
                0);
    assert_true(TYPED("no such file", "") == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_that_was_typed_is_the_definitions),
        cmocka_unit_test(an_option_that_was_typed_is_the_definitions),
        cmocka_unit_test(a_plain_word_says_less),
        cmocka_unit_test(what_no_command_names_is_the_projects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
