// Keywords and shapes of lines as tools print them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "features/line_kind.h"

static const struct keyword_table *table;

static int set_up(void **state)
{
    static struct arena arena;
    *state = &arena;
    table = keyword_table_new(&arena);
    return table == NULL;
}

static int tear_down(void **state)
{
    arena_release(*state);
    return 0;
}

static struct line_kind kind(const char *text)
{
    struct masked_line masked;
    mask_line(&masked, text, strlen(text));
    return line_kind(table, &masked, text);
}

static void assert_says(const char *text, enum keyword_class keyword)
{
    if (!(kind(text).keywords >> keyword & 1)) {
        fail_msg("'%s' does not say %d", text, (int)keyword);
    }
}

static void assert_looks(const char *text, unsigned shape)
{
    if ((kind(text).shape & shape) != shape) {
        fail_msg("'%s' has shape %x, not %x", text, (unsigned)kind(text).shape, shape);
    }
}

static void words_fall_into_classes(void **state)
{
    (void)state;
    assert_says("main.c:3: error: no such file", KEYWORD_ERROR);
    assert_says("Tests FAILED", KEYWORD_FAIL);
    assert_says("java.lang.IllegalStateException: x", KEYWORD_EXCEPTION);
    assert_says("warning: unused variable", KEYWORD_WARNING);
    assert_says("fatal: not a repository", KEYWORD_FATAL);
    assert_says("12 tests passed", KEYWORD_PASS);
    assert_says("operation timed out: timeout", KEYWORD_TIMEOUT);
    assert_int_equal(kind("hello world").keywords, 0);
    assert_int_equal(kind("").keywords, 0);
    assert_int_equal(kind("").shape, 0);
}

static void counts_of_zero_are_told_apart(void **state)
{
    (void)state;
    assert_looks("3 errors", SHAPE_COUNT);
    assert_looks("0 errors", SHAPE_ZERO_COUNT);
    assert_looks("failures: 0", SHAPE_ZERO_COUNT);
    assert_looks("failures: 2", SHAPE_COUNT);
    assert_int_equal(kind("0 errors").shape & SHAPE_COUNT, 0);
}

static void lines_have_shapes(void **state)
{
    (void)state;
    assert_looks("src/a.c:12: x", SHAPE_PLACE);
    assert_looks("=======", SHAPE_RULE);
    assert_looks("    ^~~~~", SHAPE_CARET | SHAPE_RULE);
    assert_looks("+ added", SHAPE_DIFF_PLUS);
    assert_looks("- removed", SHAPE_DIFF_MINUS);
    assert_looks("1) first test", SHAPE_BULLET);
    assert_looks("Failures:", SHAPE_COLON_END);
    assert_looks("[INFO] x", SHAPE_BRACKET_START);
    assert_looks("ERROR in x", SHAPE_CAPITALS_START);
    assert_looks("no 'x' here", SHAPE_QUOTED);
    assert_looks("see https://example.org/x", SHAPE_URL);
    assert_looks("error: no x", SHAPE_LABEL);
    assert_looks("#0 0x55d84a2d723f in crc /a/crc.c:7", SHAPE_FRAME);
    assert_looks("    at Object.toBe (test/price.test.js:10:17)", SHAPE_FRAME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_fall_into_classes),
        cmocka_unit_test(counts_of_zero_are_told_apart),
        cmocka_unit_test(lines_have_shapes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
