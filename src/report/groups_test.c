// Logs with the same failure are one group, whatever their numbers; every log is counted once.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "bantam/group.h"

static void add(bantam_groups *groups, const char *path, const char *subject, const char *text)
{
    const bantam_log_line line = {.line = 7, .text = text};
    const bantam_finding finding = {.cause = "test",
                                    .tool = "pytest",
                                    .subject = subject,
                                    .transient = "no",
                                    .fix_text = "Run *it* alone.",
                                    .excerpt = &line,
                                    .n_excerpt = 1,
                                    .anchor_line = 7};
    const bantam_diagnosis diagnosis = {
        .findings = &finding, .n_findings = text != NULL, .n_failures = text != NULL};
    bantam_error error;
    assert_int_equal(bantam_groups_add(groups, path, &diagnosis, &error), BANTAM_OK);
}

static bantam_groups *sample(void)
{
    bantam_groups *groups;
    bantam_error error;
    assert_int_equal(bantam_groups_new(&groups, &error), BANTAM_OK);
    add(groups, "lone.log", "test_b", "assert 1 == 2");
    add(groups, "green.log", NULL, NULL);
    for (int i = 0; i < 5; i++) {
        char path[32], text[64];
        snprintf(path, sizeof path, "run-%d.log", i);
        snprintf(text, sizeof text, "assert %d == 90", 12 * i);
        add(groups, path, "test_a", text);
    }
    return groups;
}

static char *report(bantam_groups *groups, bantam_report_format format,
                    const bantam_report_options *options)
{
    bantam_buffer text;
    bantam_buffer_init(&text, 1 << 20);
    bantam_groups_report(&text, groups, format, options);
    bantam_buffer_append(&text, "", 1);
    assert_false(text.failed);
    return text.data;
}

static void release(char *text)
{
    bantam_buffer buffer = {.data = text};
    bantam_buffer_release(&buffer);
}

static void json_counts_each_log_once(void **state)
{
    (void)state;
    bantam_groups *groups = sample();
    char *text = report(groups, BANTAM_REPORT_JSON, NULL);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    assert_string_equal(json_string_value(json_object_get(root, "schema")), "bantam-groups/1");
    assert_int_equal(json_integer_value(json_object_get(root, "logs")), 7);
    assert_int_equal(json_integer_value(json_object_get(root, "no_failure_found")), 1);
    json_t *failures = json_object_get(root, "failures");
    assert_int_equal(json_array_size(failures), 2);
    json_t *first = json_array_get(failures, 0);
    assert_int_equal(json_integer_value(json_object_get(first, "count")), 5);
    assert_string_equal(json_string_value(json_object_get(first, "headline")), "assert 0 == 90");
    assert_int_equal(json_array_size(json_object_get(first, "logs")), 5);
    json_t *log = json_array_get(json_object_get(first, "logs"), 4);
    assert_string_equal(json_string_value(json_object_get(log, "path")), "run-4.log");
    json_decref(root);
    release(text);
    bantam_groups_free(&groups);
    assert_null(groups);
}

static void ndjson_has_a_line_a_group(void **state)
{
    (void)state;
    bantam_groups *groups = sample();
    char *text = report(groups, BANTAM_REPORT_NDJSON, NULL);
    size_t n_lines = 0;
    for (const char *at = text; (at = strchr(at, '\n')); at++) {
        n_lines++;
    }
    assert_int_equal(n_lines, 2);
    release(text);
    bantam_groups_free(&groups);
}

static void text_shows_some_logs_and_tells_of_the_rest(void **state)
{
    (void)state;
    bantam_groups *groups = sample();
    char *text = report(groups, BANTAM_REPORT_TEXT, NULL);
    assert_memory_equal(text, "7 logs, 2 distinct failures, 1 log without", 42);
    assert_non_null(strstr(text, "   5 logs  test failed · pytest · test_a\n"));
    assert_non_null(strstr(text, "          and 2 more (--all)\n"));
    assert_null(strstr(text, "run-4.log"));
    release(text);
    bantam_report_options options = bantam_report_options_default();
    options.all = true;
    text = report(groups, BANTAM_REPORT_TEXT, &options);
    assert_non_null(strstr(text, "run-4.log:7\n"));
    assert_null(strstr(text, "more"));
    release(text);
    bantam_groups_free(&groups);
}

static void markdown_escapes_what_it_quotes(void **state)
{
    (void)state;
    bantam_groups *groups = sample();
    char *text = report(groups, BANTAM_REPORT_MARKDOWN, NULL);
    assert_non_null(strstr(text, "\n### 5 logs: test failed · `pytest` · `test_a`\n"));
    assert_non_null(strstr(text, "Run \\*it\\* alone."));
    assert_non_null(strstr(text, "`run-2.log` line 7 and 2 more\n"));
    release(text);
    bantam_groups_free(&groups);
}

static void no_logs_are_no_groups(void **state)
{
    (void)state;
    bantam_groups *groups;
    bantam_error error;
    assert_int_equal(bantam_groups_new(&groups, &error), BANTAM_OK);
    char *text = report(groups, BANTAM_REPORT_TEXT, NULL);
    assert_string_equal(text, "0 logs, 0 distinct failures\n");
    release(text);
    assert_true(bantam_groups_format(BANTAM_REPORT_MARKDOWN));
    assert_false(bantam_groups_format(BANTAM_REPORT_SARIF));
    bantam_groups_free(&groups);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_counts_each_log_once),
        cmocka_unit_test(ndjson_has_a_line_a_group),
        cmocka_unit_test(text_shows_some_logs_and_tells_of_the_rest),
        cmocka_unit_test(markdown_escapes_what_it_quotes),
        cmocka_unit_test(no_logs_are_no_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
