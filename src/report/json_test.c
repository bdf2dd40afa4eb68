// The JSON report, read back by jansson: keys, their order, numbers, and any byte at all in the strings.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "bantam/report.h"
#include "report/json_writer.h"
#include "report/sample_diagnosis.h"

static json_t *render(const bantam_diagnosis *diagnosis, const char *path, bool pretty)
{
    bantam_buffer buffer;
    bantam_buffer_init(&buffer, 1 << 24);
    bantam_report_options options = bantam_report_options_default();
    options.path = path;
    options.pretty = pretty;
    bantam_report_json(&buffer, diagnosis, &options);
    assert_false(buffer.failed);
    assert_int_equal(buffer.data[buffer.size - 1], '\n');
    if (!pretty) {
        assert_ptr_equal(memchr(buffer.data, '\n', buffer.size), buffer.data + buffer.size - 1);
    }
    json_error_t error;
    json_t *root = json_loadb(buffer.data, buffer.size, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        print_message("%s\n%.*s", error.text, (int)buffer.size, buffer.data);
    }
    assert_non_null(root);
    bantam_buffer_release(&buffer);
    return root;
}

static void assert_keys(json_t *object, const char *expected)
{
    char keys[512] = "";
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        size_t size = strlen(keys);
        snprintf(keys + size, sizeof keys - size, "%s%s", size ? " " : "", key);
    }
    assert_string_equal(keys, expected);
}

static void keys_stand_in_the_order_of_the_schema(void **state)
{
    (void)state;
    json_t *root = render(&sample_diagnosis, "a.log", true);
    assert_keys(root, "schema log status findings lines hidden past tests models");
    assert_keys(json_object_get(root, "log"), "path bytes lines format step");
    json_t *finding = json_array_get(json_object_get(root, "findings"), 0);
    assert_keys(
        finding,
        "rank score first_line last_line anchor_line in_baseline piece_of cause cause_probability "
        "cause_alternatives tool subject locations transient fingerprint fix excerpt "
        "evidence tests");
    assert_keys(json_object_get(finding, "fix"), "id text reproduce reason");
    assert_keys(json_array_get(json_object_get(finding, "evidence"), 0), "line feature weight");
    assert_keys(json_array_get(json_object_get(finding, "locations"), 0), "file line column");
    assert_keys(json_array_get(json_object_get(root, "lines"), 0), "line score text");
    assert_keys(json_array_get(json_object_get(root, "models"), 0), "name version digest");
    json_decref(root);
}

static void values_are_those_of_the_diagnosis(void **state)
{
    (void)state;
    for (int pretty = 0; pretty < 2; pretty++) {
        json_t *root = render(&sample_diagnosis, "a.log", pretty), *finding, *other, *place;
        assert_string_equal(json_string_value(json_object_get(root, "status")), "diagnosed");
        assert_int_equal(json_array_size(json_object_get(root, "findings")), 3);
        finding = json_array_get(json_object_get(root, "findings"), 2);
        assert_int_equal(json_integer_value(json_object_get(finding, "piece_of")), 1);
        finding = json_array_get(json_object_get(root, "findings"), 0);
        assert_true(json_is_null(json_object_get(finding, "piece_of")));
        assert_int_equal(json_integer_value(json_object_get(finding, "anchor_line")), 1049);
        assert_true(json_real_value(json_object_get(finding, "score")) == 0.93);
        other = json_array_get(json_object_get(finding, "cause_alternatives"), 1);
        assert_true(json_real_value(json_object_get(other, "probability")) == 0.0123);
        place = json_array_get(json_object_get(finding, "locations"), 0);
        assert_int_equal(json_integer_value(json_object_get(place, "line")), 48);
        assert_true(json_is_null(json_object_get(place, "column")));
        finding = json_array_get(json_object_get(root, "findings"), 1);
        assert_true(json_is_null(json_object_get(finding, "tool")));
        assert_true(json_is_null(json_object_get(finding, "fix")));
        assert_string_equal(json_string_value(json_object_get(finding, "subject")),
                            "escape \x1b[31m quote \" back\\slash \x7f damage \xef\xbf\xbd"
                            "\xef\xbf\xbd c1 \xc2\x9b end");
        json_decref(root);
    }
}

static void any_bytes_make_valid_json(void **state)
{
    (void)state;
    char path[4];
    uint32_t random = 1;
    for (int i = 0; i < 20000; i++) {
        random = random * 1664525 + 1013904223;
        path[0] = (char)(random >> 24);
        path[1] = (char)(random >> 16 | 0x80);
        path[2] = (char)(random >> 8);
        path[3] = '\0';
        bantam_diagnosis empty = {.status = BANTAM_NO_FAILURE_FOUND, .format = "plain"};
        json_decref(render(&empty, path, false));
    }
}

static void numbers_are_short_and_finite(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},       {1, "1"},         {0.5, "0.5"},     {0.93004, "0.93"},
        {1e-9, "0"},    {-1e-9, "0"},     {-0.25, "-0.25"}, {0.0001, "0.0001"},
        {0.99996, "1"}, {0.0 / 0.0, "0"}, {1.0 / 0.0, "0"}, {12.3456789, "12.3457"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bantam_buffer buffer;
        bantam_buffer_init(&buffer, 100);
        struct json_writer writer;
        json_writer_init(&writer, &buffer, false);
        json_write_number(&writer, cases[i].value);
        bantam_buffer_append(&buffer, "", 1);
        assert_string_equal(buffer.data, cases[i].text);
        bantam_buffer_release(&buffer);
    }
}

static void a_full_buffer_is_told(void **state)
{
    (void)state;
    bantam_buffer buffer;
    bantam_buffer_init(&buffer, 100);
    bantam_report_json(&buffer, &sample_diagnosis, NULL);
    assert_true(buffer.failed);
    bantam_buffer_release(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_stand_in_the_order_of_the_schema),
        cmocka_unit_test(values_are_those_of_the_diagnosis),
        cmocka_unit_test(any_bytes_make_valid_json),
        cmocka_unit_test(numbers_are_short_and_finite),
        cmocka_unit_test(a_full_buffer_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
