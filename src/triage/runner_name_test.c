#include "triage/runner_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check(const char *command, const char *told, const char *right)
{
    char name[RUNNER_NAME_MAXIMUM];
    assert_int_equal(runner_name(name, command, told), right != NULL);
    if (right) {
        assert_string_equal(name, right);
    }
}

static void titles_are_joined_as_the_runner_has_them(void **state)
{
    (void)state;
    const char *jest = "npx jest -t \"{subject}\"", *vitest = "npx vitest run -t \"{subject}\"";
    check(jest, "price › with discount › takes ten percent",
          "price with discount takes ten percent");
    check(jest, "adds a row", "adds a row");
    check(vitest, "src/cart.test.ts > cart > adds a row", "cart adds a row");
    check("npx playwright test -g \"{subject}\"", "cart.spec.ts:14:5 › cart › shows it",
          "cart shows it");
}

static void gradle_takes_a_class_and_a_method(void **state)
{
    (void)state;
    const char *gradle = "./gradlew test --tests \"{subject}\"";
    check(gradle, "CartTest > total of two rows()", "CartTest.total of two rows");
    check(gradle, "CartTest > Discount > total()", NULL);
    check(gradle, "org.example.CartTest.total", "org.example.CartTest.total");
}

static void a_file_is_no_title(void **state)
{
    (void)state;
    check("npx mocha -g \"{subject}\"", "test/window.test.ts:137", NULL);
    check("npx jasmine --filter=\"{subject}\"", "http://localhost:9876/base/cart.js:46:5", NULL);
    check("RUST_BACKTRACE=1 cargo test {subject}", "src/lib.rs", NULL);
    check("pytest {subject}", "tests/test_cart.py", "tests/test_cart.py");
    check("mvn test -Dtest={subject}", "src/test/java/org/example/CartTest.java:41", "CartTest");
    check("sbt \"testOnly *{subject}*\"", "core/src/test/scala/CartSpec.scala", "CartSpec");
    check("pytest {subject}", "tests/test_cart.py::test_total", "tests/test_cart.py::test_total");
}

static void go_takes_tests_and_no_packages(void **state)
{
    (void)state;
    const char *go = "go test ./... -run '{subject}' -count=1";
    check(go, "TestRound/half_up", "TestRound/half_up");
    check(go, "FuzzParse", "FuzzParse");
    check(go, "example.org/shop/cart", NULL);
}

static void maven_marks_the_method(void **state)
{
    (void)state;
    const char *maven = "mvn test -Dtest={subject}";
    check(maven, "org.example.RateTest.adds", "org.example.RateTest#adds");
    check(maven, "RateTest.adds:41", "RateTest#adds");
    check(maven, "org.example.RateTest", "org.example.RateTest");
    check(maven, "org.example", "org.example");
    check(maven, "adds(org.example.RateTest)", "org.example.RateTest#adds");
    check(maven, "RateTest::adds", "RateTest#adds");
    check(maven, "RateTest>BaseTest.adds:316", "RateTest#adds");
    check(maven, "adds", "*#adds");
    check(maven, "CartTest > total()", NULL);
}

static void pytest_looks_for_no_parameters(void **state)
{
    (void)state;
    check("pytest {subject}", "test_total[euro-12 %]", "test_total");
    check("pytest {subject}", "tests/test_cart.py::test_total[euro]",
          "tests/test_cart.py::test_total[euro]");
}

static void php_has_no_spaces_in_a_filter(void **state)
{
    (void)state;
    check("vendor/bin/phpunit --filter \"{subject}\"", "App\\Tests\\CartTest::testTotal",
          "CartTest::testTotal");
}

static void what_no_command_takes(void **state)
{
    (void)state;
    char told[300];
    memset(told, 'a', sizeof told - 1);
    told[sizeof told - 1] = '\0';
    check("cargo test {subject}", told, NULL);
    check("make check TESTS={subject}", "cart > adds a row", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(titles_are_joined_as_the_runner_has_them),
        cmocka_unit_test(gradle_takes_a_class_and_a_method),
        cmocka_unit_test(a_file_is_no_title),
        cmocka_unit_test(go_takes_tests_and_no_packages),
        cmocka_unit_test(maven_marks_the_method),
        cmocka_unit_test(pytest_looks_for_no_parameters),
        cmocka_unit_test(php_has_no_spaces_in_a_filter),
        cmocka_unit_test(what_no_command_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
