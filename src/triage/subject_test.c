// What failures are about: by the tool, by the cause, by any program's words; and what no failure is about.
#include "triage/subject.h"

#include <string.h>

#include "text/document_fixture.h"

// Of all lines, the last of which is the one to read first.
static void check(enum cause cause, const char *pattern, const char *log, const char *want)
{
    struct document document;
    struct arena arena = ARENA_EMPTY;
    const char *subject;
    const struct tool tool = {
        .name = "tool", .kind = TOOL_TEST_RUNNER, .subjects = &pattern, .n_subjects = 1};
    read_bytes(&document, log, strlen(log));
    uint32_t last = document.n_lines > 0 ? (uint32_t)document.n_lines - 1 : 0;
    struct name_finder names = {.document = &document, .lines = {0, last, last}, .arena = &arena};
    assert_int_equal(subject_find(&subject, &names, pattern ? &tool : NULL, cause, NULL),
                     BANTAM_OK);
    if (subject != want && (!subject || !want || strcmp(subject, want) != 0)) {
        fail_msg("'%s': found '%s', not '%s'", log, subject ? subject : "(nothing)",
                 want ? want : "(nothing)");
    }
    arena_release(&arena);
    document_release(&document);
}

static void of_any_program(void **state)
{
    (void)state;
    check(CAUSE_UNKNOWN, NULL, "fatal: Could not resolve host: git.example.org", "git.example.org");
    check(CAUSE_UNKNOWN, NULL, "ModuleNotFoundError: No module named 'yaml'", "yaml");
    check(CAUSE_UNKNOWN, NULL, "bash: helm: command not found", "helm");
    check(CAUSE_UNKNOWN, NULL, "make: *** No rule to make target 'dist/a.o', needed by 'all'.",
          "dist/a.o");
    check(CAUSE_UNKNOWN, NULL, "src/a.c:3: error: expected ';'", "src/a.c");
    check(CAUSE_UNKNOWN, NULL, "it failed", NULL);
    check(CAUSE_GIT, NULL, "error: pathspec 'release-90' did not match any file(s)", "release-90");
    check(CAUSE_CHECK, NULL, "error: build/cart.o is too large: 8070 bytes", "build/cart.o");
    check(CAUSE_AUTH, NULL, "[Errno 13] Permission denied: '/usr/lib/kit'", "/usr/lib/kit");
    check(CAUSE_TIMEOUT, "exceeded (?<subject>\\w+)", "no output (exceeded 1h10m0s)", NULL);
    check(CAUSE_CI_CONFIG, "^(?<subject>\\S+): line", "/w/_temp/4f.sh: line 1: no", NULL);
    check(CAUSE_CI_CONFIG, "(?<subject>\\S+): Permission",
          "a: line 1: ci/run.sh: Permission denied", "ci/run.sh");
    check(CAUSE_UNKNOWN, NULL, "ERROR: Uploading the archive", NULL);
    check(CAUSE_UNKNOWN, NULL, "FAILED tests.test_cart.Total", "tests.test_cart.Total");
    check(CAUSE_CHECK, "ERROR (?<subject>[\\d/]+) ", "ERROR 2031/08/01 10:02:11 no page", NULL);
    check(CAUSE_COMPILE, "loading (?<subject>\\S+)$", "An error while loading spec/cart_spec.rb.",
          "spec/cart_spec.rb");
    check(CAUSE_UNKNOWN, "\\((?<subject>http\\S+)\\)",
          "at add (http://localhost:9876/base/node_modules/kit/kit.js?5f2:12:5)", NULL);
    check(CAUSE_CONTAINER,
          "error: (?<subject>[\\w.]+):", "runtime error: container_linux.go:265: starting", NULL);
    check(CAUSE_TEST, NULL, "GET https://example.org/cart failed", NULL);
    check(CAUSE_CRASH, NULL,
          "t.sh: line 4:   130 Segmentation fault      (core dumped) ./cart_tests -v",
          "./cart_tests -v");
    check(CAUSE_RESOURCE, NULL, "t.sh: line 4: 130 Killed   node a.js > log 2>&1", "node a.js");
    check(CAUSE_UNKNOWN, NULL, "", NULL);
}

// Each is one character, several bytes long; bytes that are no character end none of the others.
static void marks_beyond_ascii_are_characters(void **state)
{
    (void)state;
    const char *quoted = "cannot stat [`'‘](?<subject>[^'’]+)",
               *ruled = "› (?<subject>.+?)(?: ─*)?$";
    check(CAUSE_UNKNOWN, quoted, "cp: cannot stat ‘naïve.conf’: No such file", "naïve.conf");
    check(CAUSE_UNKNOWN, quoted, "cp: cannot stat 'app.conf': No such file", "app.conf");
    check(CAUSE_UNKNOWN, quoted, "\xff\xe2 cp: cannot stat ‘app.conf’", "app.conf");
    check(CAUSE_UNKNOWN, ruled, "[chromium] › adds ─────", "adds");
}

static void a_place_in_code_gives_way_to_what_the_cause_is_about(void **state)
{
    (void)state;
    const char *file = "^(?<subject>[^\\s:]+):\\d+:";
    check(CAUSE_COMPILE, file, "a.go:3:2: no required module provides package x.example/kit;",
          "a.go");
    check(CAUSE_DEPENDENCY, file, "a.go:3:2: no required module provides package x.example/kit;",
          "x.example/kit");
    check(CAUSE_DEPENDENCY, file, "meson.build:6:3: ERROR: C header 'price/config.h' not found",
          "price/config.h");
    check(CAUSE_DEPENDENCY, file, "a.py:1: it has no name", "a.py");
    check(CAUSE_ENVIRONMENT, file, "a.sh:2: gperf: command not found", "gperf");
    check(CAUSE_NETWORK, file, "fetch.py:7: getaddrinfo ENOTFOUND files.example.org",
          "files.example.org");
    check(CAUSE_CI_CONFIG, NULL, "error: unknown option `latest-tag'", "latest-tag");
    check(CAUSE_CI_CONFIG, NULL, "flag provided but not defined: -trace", "-trace");
    check(CAUSE_CI_CONFIG, NULL, "npm error Missing script: \"bootstrap\"", "bootstrap");
    check(CAUSE_ARTIFACT, NULL, "tar: dist/app: Cannot stat: No such file or directory",
          "dist/app");
}

static void tests(void **state)
{
    (void)state;
    const char *file = "^(?<subject>\\S+):\\d+: FAILED:";
    check(CAUSE_TEST, file, "tests/a.cpp:4: FAILED:\n  \xE2\x9C\x98 sums late widgets (3 ms)",
          "sums late widgets");
    check(CAUSE_TEST, NULL, "--- FAIL: TestTotal/two (0.00s)", "TestTotal/two");
    check(CAUSE_TEST, NULL, "t/test_a.py::test_sum FAILED\n  File \"t.py\", line 3, in test_sum",
          "t/test_a.py::test_sum");
    check(CAUSE_TEST, NULL, "[  FAILED  ] spec/a_spec.lua @ 10: rounds (0.1 ms)",
          "spec/a_spec.lua @ 10: rounds");
    check(CAUSE_TEST, NULL, "FAILED tests/test_cart.py::test_sum - assert 1",
          "tests/test_cart.py::test_sum");
    check(CAUSE_TEST, NULL, "test/a.test.js:8\n8: test('adds one', (t) => {", "adds one");
    check(CAUSE_TIMEOUT, NULL, "  File \"t.py\", line 3, in test_wait\nTimeoutError", "test_wait");
}

// The title stands between rulers, where the second is followed by the place.
static void a_pattern_may_span_two_lines(void **state)
{
    (void)state;
    const char *title = "^-{20,}\\n(?!\\S+:\\d+$)(?<subject>\\w.*)$";
    check(CAUSE_TEST, title,
          "--------------------\nvalidates a parcel\n--------------------\ntests/a.cpp:7\n"
          "tests/a.cpp:9: FAILED:",
          "validates a parcel");
    check(CAUSE_TEST, title, "--------------------", NULL);
}

static void what_nothing_is_about(void **state)
{
    (void)state;
    const char *word = "^subject (?<subject>\\S+)";
    check(CAUSE_UNKNOWN, word, "subject Cannot", NULL);
    check(CAUSE_UNKNOWN, word, "subject 404", NULL);
    check(CAUSE_UNKNOWN, word, "subject /usr/lib/python3.11/socket.py", NULL);
    check(CAUSE_UNKNOWN, word, "subject /usr/lib/libssl.so", "/usr/lib/libssl.so");
    check(CAUSE_UNKNOWN, word, "subject https://docs.example.org/errors", NULL);
    check(CAUSE_UNKNOWN, word, "subject memcpy", NULL);
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(of_any_program),
        cmocka_unit_test(marks_beyond_ascii_are_characters),
        cmocka_unit_test(a_place_in_code_gives_way_to_what_the_cause_is_about),
        cmocka_unit_test(tests),
        cmocka_unit_test(a_pattern_may_span_two_lines),
        cmocka_unit_test(what_nothing_is_about),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}
