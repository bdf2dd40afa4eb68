// Commands that look around, those that do more, and what tells it without a command.
#include "triage/look_around.h"

#include <string.h>

#include "text/document_fixture.h"

static bool looks(const char *command)
{
    return command_looks_around(span_of(command, strlen(command)));
}

static void looking_is_told_from_doing(void **state)
{
    (void)state;
    assert_true(looks("ls -la dist"));
    assert_true(looks("sudo ls /root; git status --short && df -h ."));
    assert_true(looks("cat build/config.log | tail -n 20"));
    assert_true(looks("rm -rf build || true"));
    assert_true(looks("git log -1 --oneline"));
    assert_false(looks(""));
    assert_false(looks("git push"));
    assert_false(looks("git logs"));
    assert_false(looks("lsof -i"));
    assert_false(looks("make check; ls"));
}

static void a_line_looks_around_by_its_command_or_its_own_words(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "ls: cannot access 'dist': No such file or directory\n"
                    "cp: cannot stat 'dist': No such file or directory\n"
                    "$ git status\n"
                    "fatal: not a git repository\n"
                    "$ make\n"
                    "ls: cannot access 'dist': No such file or directory\n"
                    "$ /usr/bin/bash --norc /w/_temp/6b1e.sh\n"
                    "ls: cannot access 'dist': No such file or directory\n");
    static const bool looks_around[] = {true, false, true, true, false, false, false, true};
    assert_int_equal(document.n_lines, sizeof looks_around / sizeof *looks_around);
    for (uint32_t at = 0; at < document.n_lines; at++) {
        assert_int_equal(line_looks_around(&document, at), looks_around[at]);
    }
    document_release(&document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looking_is_told_from_doing),
        cmocka_unit_test(a_line_looks_around_by_its_command_or_its_own_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
