// What lines say is missing, in the words of tools of all kinds.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "triage/cause_missing.h"

#define MISSING(line) cause_missing(SPAN(line))

static void the_noun_tells_the_cause(void **state)
{
    (void)state;
    assert_int_equal(MISSING("error: no matching package named `acme-bills` found"),
                     CAUSE_DEPENDENCY);
    assert_int_equal(MISSING("meson.build:6:3: ERROR: C header 'shop/config.h' not found"),
                     CAUSE_DEPENDENCY);
    assert_int_equal(MISSING("meson.build:6:0: ERROR: Program 'vapigen' not found or no program"),
                     CAUSE_ENVIRONMENT);
    assert_int_equal(MISSING("ninja: error: unknown target 'docs'"), CAUSE_BUILD_CONFIG);
    assert_int_equal(MISSING("error: cannot find symbol"), CAUSE_COMPILE);
}

static void a_variable_of_the_environment_is_none_of_the_codes(void **state)
{
    (void)state;
    assert_int_equal(MISSING("The environment variable SHOP_TOKEN is not defined"),
                     CAUSE_ENVIRONMENT);
    assert_int_equal(MISSING("variable `total` is not defined"), CAUSE_COMPILE);
}

static void names_are_no_nouns(void **state)
{
    (void)state;
    assert_int_equal(MISSING("Could not find \"library\" on this shelf"), CAUSE_UNKNOWN);
    assert_int_equal(MISSING("can’t find src/module.c"), CAUSE_UNKNOWN);
}

static void other_lines_miss_nothing(void **state)
{
    (void)state;
    assert_int_equal(MISSING("Installed 3 packages, 2 modules"), CAUSE_UNKNOWN);
    assert_int_equal(MISSING("not found"), CAUSE_UNKNOWN);
    assert_int_equal(MISSING(""), CAUSE_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_noun_tells_the_cause),
        cmocka_unit_test(a_variable_of_the_environment_is_none_of_the_codes),
        cmocka_unit_test(names_are_no_nouns),
        cmocka_unit_test(other_lines_miss_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
