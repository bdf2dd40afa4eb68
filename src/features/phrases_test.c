// The phrase syntax on single lines, sets of phrases, damaged patterns and lines made to be slow.
#include "features/phrases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "features/phrase_set.h"

static bool matches(const char *pattern, const char *line)
{
    struct phrase_set *set = phrase_set_new();
    bantam_error error;
    assert_int_equal(phrase_set_add(set, pattern, &error), BANTAM_OK);
    assert_int_equal(phrase_set_build(set, &error), BANTAM_OK);
    uint32_t phrases[4];
    size_t n = phrase_set_match(set, line, strlen(line), phrases, 4);
    phrase_set_free(&set);
    assert_null(set);
    return n == 1;
}

static void each_part_of_the_syntax_matches(void **state)
{
    (void)state;
    assert_true(matches("^FAILED {file}::{word}", "FAILED tests/test_a.py::test_b - assert 1"));
    assert_false(matches("^FAILED {file}::{word}", "x FAILED tests/test_a.py::test_b"));
    assert_false(matches("^FAILED {file}::{word}", "FAILED test::b"));
    assert_true(matches("^- should *FAILED \\*\\*\\*$", "[info] - should work *** FAILED ***"));
    assert_false(
        matches("^- should *FAILED \\*\\*\\*$", "[info] - should work *** FAILED *** (1)"));
    assert_true(matches("^lost the server", "##[error]lost the server"));
    assert_true(matches("{n} passing ({n}ms)", "  12 passing (1,204ms)"));
    assert_true(matches("{file}({n},{n}): error {code}: ", "C:\\a\\b.cs(3,14): error CS0103: x"));
    assert_false(matches("{file}({n},{n}): error {code}: ", "b.cs(3,14): error none: x"));
    assert_true(
        matches("error: unknown type name {q}{name}{q}", "a.c:1: error: unknown type name ‘x’"));
    assert_true(matches("Tests:{s}{n} failed", "Tests:       3 failed, 4 total"));
    assert_true(matches("cost \\$\\{x\\} \\\\ \\^", "cost ${x} \\ ^"));
    assert_true(matches("cost $5", "it cost $5 only"));
    assert_true(matches("{b}rate limit{b}", "API rate limit!"));
    assert_false(matches("{b}rate limit{b}", "generate limit"));
    assert_false(matches("{b}rate limit{b}", "rate limited"));
    assert_true(matches("^{word}.go:{n}: *undef", "main.go:12: x undef"));
    assert_true(matches("{name}: gone", "a b: c: gone"));
    assert_false(matches("{name}: gone", "a : gone"));
    assert_false(matches("{name}: gone", ": gone"));
    assert_true(matches("{word}: gone by {n}", "x? y: gone by 12"));
    assert_false(matches("{word}: gone by {n}", "x?: gone by 12"));
    assert_true(matches("{n} lost of {n}", "at 1. 2 lost of 3"));
    assert_false(matches("{n} lost of {n}", "2. lost of 3"));
    assert_true(matches("{file}:{n}: gone", "see(a/b:1: gone"));
    assert_false(matches("{file}:{n}: gone", "see./(ab:1: gone"));
    assert_true(matches("{file}:{n}: gone", "ab:1: gone and a.b:2: gone"));
}

static void placeholders_are_captured(void **state)
{
    (void)state;
    struct phrase_set *set = phrase_set_new();
    bantam_error error;
    assert_int_equal(phrase_set_add(set, "failed to connect to {name} port {n}", &error),
                     BANTAM_OK);
    assert_int_equal(phrase_set_build(set, &error), BANTAM_OK);
    const char *line = "curl: (7) failed to connect to example.org port 443: refused";
    const char *taken = NULL;
    size_t size = 0;
    assert_true(phrase_set_capture(set, 0, 0, line, strlen(line), &taken, &size));
    assert_int_equal(size, strlen("example.org"));
    assert_memory_equal(taken, "example.org", size);
    assert_true(phrase_set_capture(set, 0, 1, line, strlen(line), &taken, &size));
    assert_int_equal(size, 3);
    assert_memory_equal(taken, "443", size);
    assert_false(phrase_set_capture(set, 0, 2, line, strlen(line), &taken, &size));
    assert_false(phrase_set_capture(set, 0, 0, "nothing here", 12, &taken, &size));
    phrase_set_free(&set);
}

static void damaged_patterns_are_refused_with_the_reason(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"", "0 bytes"},         {"abc", "no literal run"}, {"abcd{what}", "unknown placeholder"},
        {"abcd\\", "backslash"}, {"{n}*{n}", "no literal"}, {"*{n}*{n}*{n}abc", "no literal"},
    };
    struct phrase_set *set = phrase_set_new();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        bantam_error error;
        assert_int_equal(phrase_set_add(set, wrong[i][0], &error), BANTAM_ERROR_INPUT);
        assert_non_null(strstr(error.message, wrong[i][1]));
    }
    bantam_error error;
    assert_int_equal(phrase_set_add(set, "good one", &error), BANTAM_OK);
    assert_int_equal(phrase_set_build(set, &error), BANTAM_OK);
    uint32_t phrases[4];
    assert_int_equal(phrase_set_match(set, "a good one", 10, phrases, 4), 1);
    assert_int_equal(phrases[0], 0);
    phrase_set_free(&set);
}

static void several_phrases_are_found_once_each_in_one_line(void **state)
{
    (void)state;
    struct phrase_set *set = phrase_set_new();
    bantam_error error;
    static const char *const patterns[] = {"error", "error: *not found", "^make: ", "warning"};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(phrase_set_add(set, patterns[i], &error), BANTAM_OK);
    }
    assert_int_equal(phrase_set_build(set, &error), BANTAM_OK);
    const char *line = "make: error error: x not found error";
    uint32_t phrases[8];
    size_t n = phrase_set_match(set, line, strlen(line), phrases, 8);
    assert_int_equal(n, 3);
    uint32_t seen = 0;
    for (size_t i = 0; i < n; i++) {
        seen |= 1U << phrases[i];
    }
    assert_int_equal(seen, 7);
    assert_int_equal(phrase_set_match(set, line, strlen(line), phrases, 1), 1);
    assert_int_equal(phrase_set_match(set, "", 0, phrases, 8), 0);
    phrase_set_free(&set);
}

static void assert_span(const char *pattern, const char *line, const char *expected)
{
    struct phrase_set *set = phrase_set_new();
    bantam_error error;
    assert_int_equal(phrase_set_add(set, pattern, &error), BANTAM_OK);
    assert_int_equal(phrase_set_build(set, &error), BANTAM_OK);
    const char *taken = NULL;
    size_t size = 0;
    assert_int_equal(phrase_set_span(set, 0, line, strlen(line), &taken, &size), expected != NULL);
    if (expected) {
        assert_int_equal(size, strlen(expected));
        assert_memory_equal(taken, expected, size);
    }
    phrase_set_free(&set);
}

static void the_span_is_what_the_phrase_stands_for(void **state)
{
    (void)state;
    assert_span("curl: ({n})", "$ curl: (60) SSL problem", "curl: (60)");
    assert_span("cannot find * in {file}", "E cannot find a b in src/x.c: no",
                "cannot find a b in src/x.c");
    assert_span("^--- FAIL:", "    --- FAIL: TestRound", "--- FAIL:");
    assert_span("^Failed *", "[ERROR] Failed to execute goal", "Failed ");
    assert_span("ends *here$", "it ends right here", "ends right here");
    assert_span("^Failed", "x Failed", NULL);
}

static void literals_that_hold_each_other_are_stored_once(void **state)
{
    (void)state;
    static const char *const patterns[] = {"not found", "module not found in {file}",
                                           "^error: ", "fatal error: {n}"};
    struct phrase_set *set = phrase_set_new();
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        assert_int_equal(phrase_set_add(set, patterns[i], NULL), BANTAM_OK);
    }
    assert_int_equal(phrase_set_build(set, NULL), BANTAM_OK);
    size_t before = set->text_size;
    assert_int_equal(phrase_set_share_literals(set, NULL), BANTAM_OK);
    assert_int_equal(set->text_size, before - strlen("not found") - strlen("error: "));
    const char *line = "fatal error: 12: module not found in src/a.c";
    uint32_t found[4];
    assert_int_equal(phrase_set_match(set, line, strlen(line), found, 4), 3);
    line = "error: 12 not found";
    assert_int_equal(phrase_set_match(set, line, strlen(line), found, 4), 2);
    phrase_set_free(&set);
}

static void a_line_made_to_be_slow_ends(void **state)
{
    (void)state;
    char line[PHRASE_LINE_MAXIMUM];
    memset(line, 'a', sizeof line);
    struct phrase_set *set = phrase_set_new();
    bantam_error error;
    assert_int_equal(phrase_set_add(set, "aaaa*{word}a{word}a*{name}a{word}b", &error), BANTAM_OK);
    assert_int_equal(phrase_set_build(set, &error), BANTAM_OK);
    uint32_t phrases[1];
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(phrase_set_match(set, line, sizeof line, phrases, 1), 0);
        const char *taken;
        size_t size;
        assert_false(phrase_set_span(set, 0, line, sizeof line, &taken, &size));
    }
    phrase_set_free(&set);
}

static void memory_that_runs_out_is_told(void **state)
{
    (void)state;
    for (uint64_t after = 0; after < 16; after++) {
        memory_fail_after(after);
        struct phrase_set *set = phrase_set_new();
        bantam_status status = BANTAM_ERROR_MEMORY;
        if (set) {
            status = phrase_set_add(set, "some words", NULL);
            status = status ? status : phrase_set_build(set, NULL);
            status = status ? status : phrase_set_share_literals(set, NULL);
            phrase_set_free(&set);
        }
        assert_true(status == BANTAM_OK || status == BANTAM_ERROR_MEMORY);
    }
    memory_fail_after(UINT64_MAX);
}

static void matches_come_in_the_order_of_the_line(void **state)
{
    (void)state;
    static const char *const patterns[] = {"zebra", "xylophone", "zebra{n}", "a zebra fell"};
    struct phrase_set *set = phrase_set_new();
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        assert_int_equal(phrase_set_add(set, patterns[i], NULL), BANTAM_OK);
    }
    assert_int_equal(phrase_set_build(set, NULL), BANTAM_OK);
    const char *line = "zebra, xylophone, zebra12";
    uint32_t found[4];
    assert_int_equal(phrase_set_match(set, line, strlen(line), found, 4), 3);
    // Those found by the same bytes: the last one added comes first, even where it matches further on.
    assert_int_equal(found[0], 2);
    assert_int_equal(found[1], 0);
    assert_int_equal(found[2], 1);
    assert_int_equal(phrase_set_match(set, line, strlen(line), found, 2), 2);
    assert_int_equal(found[0], 2);
    assert_int_equal(found[1], 0);
    assert_int_equal(phrase_set_match(set, line, strlen(line), found, 0), 0);
    phrase_set_free(&set);
}

static void more_text_than_elements_can_tell_is_refused(void **state)
{
    (void)state;
    struct phrase_set *set = phrase_set_new();
    char pattern[PHRASE_MAXIMUM + 1];
    memset(pattern, 'x', PHRASE_MAXIMUM);
    pattern[PHRASE_MAXIMUM] = '\0';
    bantam_error error;
    bantam_status status = BANTAM_OK;
    size_t n = 0;
    for (; !status && n < 4096; n++) {
        status = phrase_set_add(set, pattern, &error);
    }
    assert_int_equal(status, BANTAM_ERROR_INPUT);
    assert_non_null(strstr(error.message, "one too many"));
    assert_in_range(n * PHRASE_MAXIMUM, 1 << 19, (1 << 19) + 2 * PHRASE_MAXIMUM);
    phrase_set_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_part_of_the_syntax_matches),
        cmocka_unit_test(matches_come_in_the_order_of_the_line),
        cmocka_unit_test(placeholders_are_captured),
        cmocka_unit_test(damaged_patterns_are_refused_with_the_reason),
        cmocka_unit_test(several_phrases_are_found_once_each_in_one_line),
        cmocka_unit_test(the_span_is_what_the_phrase_stands_for),
        cmocka_unit_test(literals_that_hold_each_other_are_stored_once),
        cmocka_unit_test(a_line_made_to_be_slow_ends),
        cmocka_unit_test(memory_that_runs_out_is_told),
        cmocka_unit_test(more_text_than_elements_can_tell_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
