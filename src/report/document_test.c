// Each format over several diagnoses with hostile texts: readable by its readers, complete, and within its limits.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "bantam/report.h"
#include "report/finding.h"
#include "report/sample_diagnosis.h"

static const bantam_diagnosis nothing = {
    .status = BANTAM_NO_FAILURE_FOUND, .n_bytes = 10, .n_lines = 1, .format = "plain"};

// The sample `n_samples` times and a log without a failure, terminated. The caller releases the buffer.
static bantam_buffer render(bantam_report_format format, size_t n_samples)
{
    bantam_buffer out;
    bantam_buffer_init(&out, 1 << 26);
    bantam_report_document document;
    bantam_report_begin(&document, format);
    document.several = true;
    bantam_report_options options = bantam_report_options_default();
    options.path = "logs/a <b> & \"c\",%:.log";
    for (size_t i = 0; i < n_samples; i++) {
        bantam_report_add(&document, &out, &sample_diagnosis, &options);
    }
    if (n_samples > 0) {
        bantam_report_add(&document, &out, &nothing, &options);
    }
    bantam_report_end(&document, &out);
    bantam_buffer_append(&out, "", 1);
    assert_false(out.failed);
    for (size_t i = 0; i + 1 < out.size; i++) {
        unsigned char byte = (unsigned char)out.data[i];
        assert_true(byte >= ' ' || byte == '\n'); // nothing acts on a terminal
    }
    return out;
}

static json_t *parse(const bantam_buffer *text)
{
    json_error_t error;
    json_t *root = json_loads(text->data, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        fail_msg("%s\n%s", error.text, text->data);
    }
    return root;
}

static const char *string_at(json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void names_are_parsed(void **state)
{
    (void)state;
    static const char *const names[] = {"text",   "json",  "ndjson", "github", "markdown",
                                        "gitlab", "sarif", "junit",  "html"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        bantam_report_format format;
        assert_true(bantam_report_format_parse(&format, names[i]));
        assert_int_equal(format, i);
    }
    bantam_report_format format;
    assert_false(bantam_report_format_parse(&format, "xml"));
}

static void json_is_an_array_of_all(void **state)
{
    (void)state;
    for (size_t n = 0; n < 3; n++) {
        bantam_buffer text = render(BANTAM_REPORT_JSON, n);
        json_t *root = parse(&text);
        assert_int_equal(json_array_size(root), n + (n > 0));
        json_decref(root);
        bantam_buffer_release(&text);
    }
}

static void gitlab_has_an_issue_a_finding(void **state)
{
    (void)state;
    bantam_buffer text = render(BANTAM_REPORT_GITLAB, 2);
    json_t *root = parse(&text), *first = json_array_get(root, 0);
    assert_int_equal(json_array_size(root), 2 * sample_diagnosis.n_failures);
    assert_string_equal(string_at(first, "check_name"), "test");
    assert_string_equal(string_at(first, "severity"), "critical");
    assert_int_equal(strlen(string_at(first, "fingerprint")), 16);
    json_t *location = json_object_get(first, "location");
    assert_string_equal(string_at(location, "path"), "tests/test_cart.py");
    json_t *lines = json_object_get(location, "lines");
    assert_int_equal(json_integer_value(json_object_get(lines, "begin")), 48);
    json_decref(root);
    bantam_buffer_release(&text);
    text = render(BANTAM_REPORT_GITLAB, 0);
    assert_string_equal(text.data, "[]\n");
    bantam_buffer_release(&text);
}

static void sarif_names_its_rules_and_places(void **state)
{
    (void)state;
    bantam_buffer text = render(BANTAM_REPORT_SARIF, 2);
    json_t *root = parse(&text), *run = json_array_get(json_object_get(root, "runs"), 0);
    assert_string_equal(string_at(root, "version"), "2.1.0");
    json_t *driver = json_object_get(json_object_get(run, "tool"), "driver");
    json_t *rules = json_object_get(driver, "rules");
    assert_int_equal(json_array_size(rules), 21);
    json_t *results = json_object_get(run, "results"), *result;
    assert_int_equal(json_array_size(results), 2 * sample_diagnosis.n_failures);
    size_t i;
    json_array_foreach(results, i, result)
    {
        bool known = false;
        for (size_t k = 0; k < json_array_size(rules); k++) {
            known |=
                strcmp(string_at(json_array_get(rules, k), "id"), string_at(result, "ruleId")) == 0;
        }
        assert_true(known);
        json_t *place = json_array_get(json_object_get(result, "locations"), 0);
        json_t *physical = json_object_get(place, "physicalLocation");
        const char *uri = string_at(json_object_get(physical, "artifactLocation"), "uri");
        assert_non_null(uri);
        assert_null(strpbrk(uri, " <>\"")); // none of them stands in a URI
    }
    json_decref(root);
    bantam_buffer_release(&text);
}

static size_t count(const char *text, const char *piece)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, piece)); at += strlen(piece)) {
        n++;
    }
    return n;
}

static void github_writes_ten_annotations_and_tells_the_rest(void **state)
{
    (void)state;
    size_t n_failures = 8 * sample_diagnosis.n_failures;
    assert_true(n_failures > 10);
    bantam_buffer text = render(BANTAM_REPORT_GITHUB, 8);
    assert_int_equal(count(text.data, "\n::error ") + (strncmp(text.data, "::error ", 8) == 0), 10);
    assert_int_equal(count(text.data, "\n"), n_failures + 1); // a line each, whatever it quotes
    assert_non_null(strstr(text.data, "::error file=tests/test_cart.py,line=48,title=test failed"));
    assert_non_null(strstr(text.data, "test_cart.py%3A%3Atest_discount::")); // in a property
    assert_non_null(strstr(text.data, "assert 100 == 90%0A"));
    assert_non_null(strstr(text.data, "%0APerhaps: crash 5%25%0A")); // where the cause is not clear
    bantam_buffer_release(&text);
}

static void markdown_stays_within_a_job_summary(void **state)
{
    (void)state;
    bantam_buffer text = render(BANTAM_REPORT_MARKDOWN, 1);
    assert_non_null(strstr(text.data, "▶    1049  E       assert 100 == 90\n"));
    assert_non_null(strstr(text.data, "No sign of a failure.\n"));
    assert_null(strstr(text.data, "had no room"));
    bantam_buffer_release(&text);
    text = render(BANTAM_REPORT_MARKDOWN, 2000);
    assert_true(text.size < 1024 * 1024);
    assert_non_null(strstr(text.data, "more logs had no room here.\n"));
    bantam_buffer_release(&text);
}

static void junit_balances_its_elements(void **state)
{
    (void)state;
    bantam_buffer text = render(BANTAM_REPORT_JUNIT, 2);
    size_t n_failures = 2 * sample_diagnosis.n_failures;
    assert_int_equal(count(text.data, "<testsuite "), 3);
    assert_int_equal(count(text.data, "</testsuite>"), 3);
    assert_int_equal(count(text.data, "<failure "), n_failures);
    assert_int_equal(count(text.data, "<testcase "), n_failures + 1);
    assert_int_equal(count(text.data, "</testcase>") + count(text.data, "failure\"/>"),
                     n_failures + 1);
    assert_non_null(strstr(text.data, "logs/a &lt;b&gt; &amp; &quot;c&quot;,%:.log"));
    bantam_buffer_release(&text);
}

static void paths_lose_the_folder_of_the_checkout(void **state)
{
    (void)state;
    static const char *const paths[][2] = {
        {"/home/runner/work/importer/importer/src/a.c", "src/a.c"},
        {"/home/travis/build/owner/name/b.rb", "b.rb"},
        {"/builds/group/project/c.go", "c.go"},
        {"/github/workspace/d.py", "d.py"},
        {"./src/e.js", "src/e.js"},
        {"/usr/include/stdio.h", "/usr/include/stdio.h"},
        {"/home/runner/work/importer", "/home/runner/work/importer"},
        {"src/f.ts", "src/f.ts"},
    };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_string_equal(finding_repository_path(paths[i][0]), paths[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_parsed),
        cmocka_unit_test(json_is_an_array_of_all),
        cmocka_unit_test(gitlab_has_an_issue_a_finding),
        cmocka_unit_test(sarif_names_its_rules_and_places),
        cmocka_unit_test(github_writes_ten_annotations_and_tells_the_rest),
        cmocka_unit_test(markdown_stays_within_a_job_summary),
        cmocka_unit_test(junit_balances_its_elements),
        cmocka_unit_test(paths_lose_the_folder_of_the_checkout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
