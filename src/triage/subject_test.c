// What failures are about: by the tool, by the cause, by any program's words; and what no failure is about.
#include "triage/subject.h"

#include <string.h>

#include "text/document_fixture.h"

// Of all lines, the last of which is the one to read first.
static struct subject find(enum cause cause, const char *pattern, const char *log,
                           struct arena *arena)
{
    struct document document;
    struct subject found;
    const struct tool tool = {
        .name = "tool", .kind = TOOL_TEST_RUNNER, .subjects = &pattern, .n_subjects = 1};
    read_bytes(&document, log, strlen(log));
    uint32_t last = document.n_lines > 0 ? (uint32_t)document.n_lines - 1 : 0;
    struct name_finder names = {.document = &document, .lines = {0, last, last}, .arena = arena};
    assert_int_equal(subject_find(&found, &names, pattern ? &tool : NULL, cause, NULL), BANTAM_OK);
    document_release(&document);
    return found;
}

static void check_name(const char *log, const char *found, const char *want)
{
    if (found != want && (!found || !want || strcmp(found, want) != 0)) {
        fail_msg("'%s': found '%s', not '%s'", log, found ? found : "(nothing)",
                 want ? want : "(nothing)");
    }
}

static void check_both(enum cause cause, const char *pattern, const char *log, const char *name,
                       const char *asked)
{
    struct arena arena = ARENA_EMPTY;
    struct subject found = find(cause, pattern, log, &arena);
    check_name(log, found.name, name);
    check_name(log, found.asked, asked);
    arena_release(&arena);
}

static void check(enum cause cause, const char *pattern, const char *log, const char *want)
{
    struct arena arena = ARENA_EMPTY;
    check_name(log, find(cause, pattern, log, &arena).name, want);
    arena_release(&arena);
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

// Of what a server did not do it is the server, and what was asked of it goes on to the fix.
static void a_server_comes_before_what_was_asked_of_it(void **state)
{
    (void)state;
    const char *package = "get `(?<subject>[^`]+)`", *link = "(?<subject>https?://[^\\s']+)";
    const char *get = "failed to get `kit`: connect to crates.example.org port 443: Timeout";
    const char *clone = "fatal: unable to access 'https://git.example.org/a/b.git/': 403";
    check_both(CAUSE_NETWORK, package, get, "crates.example.org", "kit");
    check_both(CAUSE_RATE_LIMIT, package, get, "crates.example.org", "kit");
    check_both(CAUSE_DEPENDENCY, package, get, "kit", NULL);
    check_both(CAUSE_AUTH, link, clone, "git.example.org", "https://git.example.org/a/b.git/");
    check_both(CAUSE_NETWORK, link, "GET http://10.0.0.9:80/kit timed out", "10.0.0.9",
               "http://10.0.0.9:80/kit");
    check_both(CAUSE_AUTH, link, "denied 'https://me:pw@git.example.org:8443/a'", "git.example.org",
               "https://me:pw@git.example.org:8443/a");
    check_both(CAUSE_GIT, link, clone, "https://git.example.org/a/b.git/", NULL);
}

static void what_is_missing_comes_before_what_asks_for_it(void **state)
{
    (void)state;
    const char *target = "\\*\\*\\* \\[\\S+: (?<subject>[^\\]]+)\\]", *word = "^(?<subject>kit)\\b";
    check(CAUSE_ENVIRONMENT, target,
          "make: gperf: No such file or directory\nmake: *** [Makefile:8: keys.c] Error 127",
          "gperf");
    check(CAUSE_ENVIRONMENT, word, "kit: environment variable `ORDER_KEY` not defined",
          "ORDER_KEY");
    check(CAUSE_ENVIRONMENT, NULL, "npm error notsup Required: {\"node\":\">=22.6.0\"}", "node");
    check(CAUSE_ENVIRONMENT, NULL, "Detected JDK Version: 17.0.15 is not in the range [21,)",
          "JDK");
    check(CAUSE_DEPENDENCY, NULL, "error: The lockfile at `uv.lock` needs to be updated",
          "uv.lock");
    check(CAUSE_DEPENDENCY, NULL, "package.json and package-lock.json are not in sync",
          "package-lock.json");
    check(CAUSE_DEPLOY, word, "kit: listen EADDRINUSE: address already in use 127.0.0.1:2935",
          "127.0.0.1:2935");
    check(CAUSE_DEPLOY, "(?<subject>[\\w.]+Error):",
          "db.utils.OperationalError: connection to db.example.org failed", "db.example.org");
    check(CAUSE_CONTAINER, NULL,
          "Cannot connect to the daemon at unix:///var/run/docker.sock. Is it up?",
          "unix:///var/run/docker.sock");
    check(CAUSE_COMPILE, "^FAIL\t(?<subject>\\S+)",
          "FAIL\texample.org/kit [build failed]\na.go:3:2: undefined: b", "a.go");
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
        cmocka_unit_test(a_server_comes_before_what_was_asked_of_it),
        cmocka_unit_test(what_is_missing_comes_before_what_asks_for_it),
        cmocka_unit_test(tests),
        cmocka_unit_test(a_pattern_may_span_two_lines),
        cmocka_unit_test(what_nothing_is_about),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}
