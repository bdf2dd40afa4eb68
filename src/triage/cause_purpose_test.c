// What commands and steps are for, whatever programs they start.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "triage/cause_purpose.h"

#define PURPOSES_OF(command) cause_purposes(SPAN(command))
#define BIT(purpose) (1U << (purpose))

static void a_step_is_for_what_it_is_called(void **state)
{
    (void)state;
    assert_int_equal(PURPOSES_OF("Lint"), BIT(PURPOSE_LINT));
    assert_int_equal(PURPOSES_OF("make css-lint-vars"), BIT(PURPOSE_LINT) | BIT(PURPOSE_BUILD));
    assert_int_equal(PURPOSES_OF("Documentation"), BIT(PURPOSE_CHECK));
}

static void long_words_are_known_within_names(void **state)
{
    (void)state;
    assert_int_equal(PURPOSES_OF("eslint src"), BIT(PURPOSE_LINT));
    assert_int_equal(PURPOSES_OF("./UnitTests"), BIT(PURPOSE_TEST));
    assert_int_equal(PURPOSES_OF("cibuildwheel"), 0);
}

static void other_words_are_for_nothing(void **state)
{
    (void)state;
    assert_int_equal(PURPOSES_OF("./gradlew --info 8080"), 0);
    assert_int_equal(PURPOSES_OF(""), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_is_for_what_it_is_called),
        cmocka_unit_test(long_words_are_known_within_names),
        cmocka_unit_test(other_words_are_for_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
