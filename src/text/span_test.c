// Where a needle is found: at every size around that of the lanes, and where it all but stands.
#include "text/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void the_first_place_is_found_at_any_offset(void **state)
{
    (void)state;
    static const char *const needles[] = {"x", "xy", "x-y", "xyyyyyyyyyyyyyyyyyyyyz"};
    char text[90];
    for (size_t i = 0; i < sizeof needles / sizeof *needles; i++) {
        struct span needle = span_of(needles[i], strlen(needles[i]));
        for (size_t at = 0; at + needle.size <= sizeof text; at++) {
            memset(text, 'a', sizeof text);
            memcpy(text + at, needle.data, needle.size);
            for (size_t size = at + needle.size; size <= sizeof text; size++) {
                assert_int_equal(span_find(span_of(text, size), needle), at);
            }
            assert_int_equal(span_find(span_of(text, at + needle.size - 1), needle), SIZE_MAX);
            memcpy(text, needle.data, needle.size < at ? needle.size : 0);
            assert_int_equal(span_find(span_of(text, sizeof text), needle),
                             needle.size < at ? 0 : at);
        }
    }
}

static void ends_alone_are_no_place(void **state)
{
    (void)state;
    char text[70];
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = "-B-N "[i % 5];
    }
    assert_int_equal(span_find(span_of(text, sizeof text), SPAN("-X ")), SIZE_MAX);
    memcpy(text + 63, "-X ", 3);
    assert_int_equal(span_find(span_of(text, sizeof text), SPAN("-X ")), 63);
}

static void short_texts_and_empty_needles(void **state)
{
    (void)state;
    assert_int_equal(span_find(SPAN(""), SPAN("")), 0);
    assert_int_equal(span_find(SPAN("ab"), SPAN("")), 0);
    assert_int_equal(span_find(SPAN("ab"), SPAN("abc")), SIZE_MAX);
    assert_int_equal(span_find(SPAN("ab"), SPAN("b")), 1);
    assert_true(span_contains(SPAN("a\0b\xFF"), SPAN("b\xFF")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_place_is_found_at_any_offset),
        cmocka_unit_test(ends_alone_are_no_place),
        cmocka_unit_test(short_texts_and_empty_needles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
