// The same failure has the same fingerprint in every run, another one has another; what is kept holds no secret.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/history.h"
#include "report/past.h"

static void fingerprint_of(char digits[BANTAM_FINGERPRINT_SIZE], const char *subject,
                           const char *file, const char *text)
{
    const bantam_location place = {file, 12, -1};
    const bantam_log_line line = {.line = 7, .text = text};
    bantam_finding finding = {.cause = "test",
                              .tool = "pytest",
                              .subject = subject,
                              .locations = &place,
                              .n_locations = file ? 1 : 0,
                              .excerpt = &line,
                              .n_excerpt = 1,
                              .anchor_line = 7};
    bantam_error error;
    assert_int_equal(bantam_fingerprint(digits, &finding, &error), BANTAM_OK);
    assert_int_equal(strlen(digits), BANTAM_FINGERPRINT_SIZE - 1);
}

static void assert_alike(const char *one, const char *other, int alike)
{
    char digits[2][BANTAM_FINGERPRINT_SIZE];
    fingerprint_of(digits[0], "test_cart", "a.py", one);
    fingerprint_of(digits[1], "test_cart", "a.py", other);
    if ((strcmp(digits[0], digits[1]) == 0) != alike) {
        fail_msg("\"%s\" and \"%s\" should %s", one, other, alike ? "be alike" : "differ");
    }
}

static void what_changes_from_run_to_run_does_not_count(void **state)
{
    (void)state;
    static const char *const alike[][2] = {
        {"AssertionError: 12 != 13", "AssertionError: 7 != 1024"},
        {"failed after 3.25 s", "failed after 14.1 s"},
        {"/home/runner/work/a/a/src/main.c:3:1: error: x", "/builds/a/src/main.c:99:14: error: x"},
        {"at 0x7ffd5cc8 in run", "at 0x55d0aa00 in run"},
        {"commit 3f2504e04f89 is bad", "commit 9a7b330aff01 is bad"},
        {"cannot open /tmp/tmpx3kq/out.txt", "cannot open /var/tmp/tmp9zz/out.txt"},
        {"FAILED test_a test_b", "FAILED test_b test_a"},
        {"missing {alpha, beta}", "missing {beta, alpha}"},
        {"TypeError: x", "typeerror: x"},
        {"password=hunter2secret refused", "password=correcthorse9 refused"},
    };
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
        assert_alike(alike[i][0], alike[i][1], 1);
    }
}

static void other_failures_differ(void **state)
{
    (void)state;
    static const char *const different[][2] = {
        {"No module named 'requests'", "No module named 'numpy'"},
        {"cannot open /tmp/a/out.txt", "cannot open /tmp/a/in.txt"},
        {"failed after 3 s", "failed before 3 s"},
        {"facade is bad", "decade is bad"},
    };
    for (size_t i = 0; i < sizeof different / sizeof *different; i++) {
        assert_alike(different[i][0], different[i][1], 0);
    }
}

static void every_part_counts_in_its_place(void **state)
{
    (void)state;
    char digits[4][BANTAM_FINGERPRINT_SIZE];
    fingerprint_of(digits[0], "alpha", "/builds/x/t.py", "failed");
    fingerprint_of(digits[1], "alpha", "t.py", "failed");
    fingerprint_of(digits[2], "failed", "t.py", "alpha");
    fingerprint_of(digits[3], "alpha", NULL, "failed");
    assert_string_equal(digits[0], digits[1]);
    assert_string_not_equal(digits[0], digits[2]);
    assert_string_not_equal(digits[0], digits[3]);
}

// Kept in stores: a change makes old failures new ones and must be meant.
static void fingerprints_outlive_the_program(void **state)
{
    (void)state;
    char digits[BANTAM_FINGERPRINT_SIZE];
    fingerprint_of(digits, "test_cart", "a.py", "AssertionError: 12 != 13");
    assert_string_equal(digits, "7b1cf19cb4cdf974");
}

static void what_is_kept_holds_no_secret(void **state)
{
    (void)state;
    const bantam_log_line line = {
        .line = 1, .text = "  fatal: https://user:hunter2@git.example.org/x.git \x1b[31mnot found"};
    const bantam_finding finding = {.cause = "git",
                                    .subject = "https://user:hunter2@git.example.org/x.git",
                                    .excerpt = &line,
                                    .n_excerpt = 1,
                                    .anchor_line = 1};
    bantam_buffer text;
    bantam_buffer_init(&text, 4096);
    bantam_title(&text, &finding);
    bantam_buffer_append_string(&text, "\n");
    bantam_headline(&text, &finding);
    bantam_buffer_append(&text, "", 1);
    assert_false(text.failed);
    assert_null(strstr(text.data, "hunter2"));
    assert_null(strchr(text.data, '\x1b'));
    assert_memory_equal(text.data, "git · https://", strlen("git · https://"));
    assert_non_null(strstr(text.data, "\nfatal: "));
    bantam_buffer_release(&text);
}

static void headlines_end_at_a_character(void **state)
{
    (void)state;
    char text[402];
    text[0] = 'x';
    for (size_t i = 0; i < 200; i++) {
        memcpy(text + 1 + 2 * i, "é", 2);
    }
    text[401] = '\0';
    const bantam_log_line line = {.line = 1, .text = text};
    const bantam_finding finding = {.excerpt = &line, .n_excerpt = 1, .anchor_line = 1};
    bantam_buffer kept;
    bantam_buffer_init(&kept, 4096);
    bantam_headline(&kept, &finding);
    assert_int_equal(kept.size, 199);
    bantam_buffer_release(&kept);
}

static void the_past_is_told(void **state)
{
    (void)state;
    static const struct {
        bantam_past past;
        const char *told;
    } cases[] = {
        {{.commit = ""}, "never"},
        {{.n_times = 1, .last = 1795737600000, .commit = ""}, "once, 2026-11-27"},
        {{.n_times = 3,
          .n_commits = 2,
          .first = 1793577600000,
          .last = 1795737600000,
          .commit = "1a2b3c4d5e6f"},
         "3 times on 2 commits since 2026-11-02, last 2026-11-27 on 1a2b3c4d5e"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bantam_buffer text;
        bantam_buffer_init(&text, 256);
        past_append(&text, &cases[i].past);
        bantam_buffer_append(&text, "", 1);
        assert_string_equal(text.data, cases[i].told);
        bantam_buffer_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_changes_from_run_to_run_does_not_count),
        cmocka_unit_test(other_failures_differ),
        cmocka_unit_test(every_part_counts_in_its_place),
        cmocka_unit_test(fingerprints_outlive_the_program),
        cmocka_unit_test(what_is_kept_holds_no_secret),
        cmocka_unit_test(headlines_end_at_a_character),
        cmocka_unit_test(the_past_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
