// Values in order, escapes, and texts that are cut, bent or too deep.
#include "base/json_scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void values_come_in_order(void **state)
{
    (void)state;
    static const char text[] =
        "{\"a\": [\"x\\n\\u00e9\\ud83d\\ude00\", \"\"], \"b\": 2.5, \"c\": {\"d\": [null, 1e5]}}";
    struct arena arena = ARENA_EMPTY;
    struct json_scan scan = {.text = text, .size = sizeof text - 1, .arena = &arena};
    bool first = true, first_item = true;
    double number;
    assert_true(json_scan_expect(&scan, '{') && json_scan_next(&scan, '}', &first));
    assert_string_equal(json_scan_key(&scan), "a");
    assert_true(json_scan_expect(&scan, '[') && json_scan_next(&scan, ']', &first_item));
    assert_string_equal(json_scan_string(&scan), "x\n\xC3\xA9\xF0\x9F\x98\x80");
    assert_true(json_scan_next(&scan, ']', &first_item));
    assert_string_equal(json_scan_string(&scan), "");
    assert_false(json_scan_next(&scan, ']', &first_item));
    assert_true(json_scan_next(&scan, '}', &first));
    assert_string_equal(json_scan_key(&scan), "b");
    assert_true(json_scan_number(&scan, &number));
    assert_true(number > 2.49 && number < 2.51);
    assert_true(json_scan_next(&scan, '}', &first));
    assert_string_equal(json_scan_key(&scan), "c");
    assert_true(json_scan_skip(&scan));
    assert_false(json_scan_next(&scan, '}', &first));
    assert_null(scan.problem);
    arena_release(&arena);
}

static void check_fault(const char *text)
{
    struct arena arena = ARENA_EMPTY;
    struct json_scan scan = {.text = text, .size = strlen(text), .arena = &arena};
    assert_false(json_scan_skip(&scan));
    assert_non_null(scan.problem);
    assert_int_equal(json_scan_line(&scan), 1);
    arena_release(&arena);
}

static void faults_are_told(void **state)
{
    (void)state;
    check_fault("");
    check_fault("{");
    check_fault("]");
    check_fault("\"abc");
    check_fault("\"abc\\");
    check_fault("\"\\x\"");
    check_fault("\"\\u12\"");
    check_fault("\"\\ud800\"");
    check_fault("\"\\u0000\"");
    check_fault("\"a\tb\"");
    check_fault("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_in_order),
        cmocka_unit_test(faults_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
