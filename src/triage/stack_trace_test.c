// Traces of several languages and the line that tells what was thrown.
#include "triage/stack_trace.h"

#include <string.h>

#include "text/document_fixture.h"

static uint32_t exception_of(const char *log, uint32_t anchor)
{
    return told_by(stack_trace_exception, log, anchor);
}

static void python_tells_below_the_trace(void **state)
{
    (void)state;
    const char *log = "Traceback (most recent call last):\n"
                      "  File \"run.py\", line 6, in <module>\n"
                      "    main()\n"
                      "  File \"run.py\", line 2, in main\n"
                      "    read()\n"
                      "MemoryError\n"
                      "done\n";
    for (uint32_t anchor = 0; anchor < 6; anchor++) {
        assert_int_equal(exception_of(log, anchor), 5);
    }
    assert_int_equal(exception_of(log, 6), 6);
}

static void others_tell_above_it(void **state)
{
    (void)state;
    assert_int_equal(exception_of("Error: no\n    at f (a.js:1:2)\n    at g (a.js:3:4)\n", 2), 0);
    assert_int_equal(exception_of("Fatal error: no\nStack trace:\n#0 a.php(3): f()\n", 2), 0);
    assert_int_equal(exception_of("a.rb:6:in `f': no (ArgumentError)\n\tfrom a.rb:4:in `g'\n", 1),
                     0);
    const char *maven = "[ERROR] a.b.ForkException: no\n[ERROR] \tat a.b.C.d(C.java:1)\n";
    assert_int_equal(exception_of(maven, 1), 0);
    const char *realm = "[ERROR] Execution of goal a:b:1:c failed: no such method\n"
                        "[ERROR] --------------------\n[ERROR] realm =    plugin>a:b:1\n"
                        "[ERROR] urls[0] = file:/root/.m2/b.jar\n";
    assert_int_equal(exception_of(realm, 3), 0);
    assert_int_equal(exception_of("Error: no\n  at f (a.js:1:2)\n\n  at g (a.js:3:4)\n", 3), 0);
}

static void fields_are_told_by_the_error_that_has_them(void **state)
{
    (void)state;
    const char *log = "HTTPError: Request failed with status code 502\n"
                      "    at Request._onResponse (file:///src/core/index.js:725:31)\n"
                      "    at async main (file:///src/pull.mjs:2:11) {\n" // 2
                      "  code: 'ERR_NON_2XX_3XX_RESPONSE',\n"
                      "  options: Options {\n"
                      "    _init: [ { timeout: { request: 8000 } } ]\n" // 5
                      "  },\n"
                      "  [cause]: Error: connect ECONNREFUSED\n" // 7
                      "      at connect (node:net:1300:16) {\n"
                      "    code: 'ECONNREFUSED'\n"
                      "  }\n"
                      "}\n";
    assert_int_equal(exception_of(log, 3), 0);
    assert_int_equal(exception_of(log, 5), 0);
    assert_int_equal(exception_of(log, 7), 7);
    assert_int_equal(exception_of(log, 9), 7);
    assert_int_equal(exception_of("options: {\n  code: 1,\n}\n", 1), 1); // of no error
    assert_int_equal(exception_of("Error: no\n    at f (a.js:1:2)\n  code: 1,\n", 2), 2);
}

static void go_tells_it_above_the_goroutine(void **state)
{
    (void)state;
    const char *log = "Benchmark_Add-2  \tpanic: no row [recovered]\n"
                      "[signal SIGSEGV: segmentation violation]\n\n"
                      "goroutine 7 [running]:\n" // 3
                      "cart.(*Cart).Add(...)\n"
                      "\t/src/cart.go:12 +0x1d\n"
                      "created by testing.(*B).doBench in goroutine 1\n" // 6
                      "\t/go/src/testing/benchmark.go:296 +0x66\n"
                      "exit status 2\n";
    for (uint32_t anchor = 3; anchor < 8; anchor++) {
        assert_int_equal(exception_of(log, anchor), 0);
    }
    assert_int_equal(exception_of(log, 8), 8);
    assert_int_equal(exception_of("ran\ncart.Add()\n\t/src/cart.go:12 +0x1d\n", 2), 2);
}

static void lua_tells_it_above_an_empty_line(void **state)
{
    (void)state;
    const char *log =
        "spec/say_spec.lua:22: assertion failed!\n\nstack traceback:\n"
        "\t[C]: in function 'error'\n\tspec/say_spec.lua:22: in function <spec/say_spec.lua:17>\n";
    assert_int_equal(exception_of(log, 4), 0);
    assert_int_equal(exception_of(log, 3), 0);
    assert_int_equal(exception_of(log, 0), 0);
}

static void a_console_tells_it_in_a_block_above(void **state)
{
    (void)state;
    const char *log = "In Cart.php line 3:\n"
                      "                \n"
                      "  [LogicException]  \n"
                      "  no such row     \n"
                      "                  \n"
                      "\n"
                      "Exception trace:\n"
                      "  at /srv/Cart.php:3\n"
                      " Kit\\Cart->add() at /srv/Main.php:9\n";
    for (uint32_t anchor = 6; anchor < 9; anchor++) {
        assert_int_equal(exception_of(log, anchor), 3);
    }
    assert_int_equal(exception_of("\nException trace:\n", 1), 1);
    assert_int_equal(exception_of("Error: no\n    at /srv/a.js:1:2\n", 1), 0);
    assert_int_equal(exception_of("  no row\n\nException trace:\n", 2), 0);
}

static void what_is_no_frame_speaks_for_itself(void **state)
{
    (void)state;
    assert_int_equal(exception_of("first\nsecond\n", 1), 1);
    assert_int_equal(exception_of("Error: no\n\n    at f (a.js:1:2)\n", 2), 2);
    assert_int_equal(exception_of("no\nused in a.rb:3:in `f'\n", 1), 1);
    assert_int_equal(exception_of("    at f (a.js:1:2)\n", 0), 0);
    assert_int_equal(exception_of("  File \"a.py\", line 6, in f\n", 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(python_tells_below_the_trace),
        cmocka_unit_test(others_tell_above_it),
        cmocka_unit_test(fields_are_told_by_the_error_that_has_them),
        cmocka_unit_test(go_tells_it_above_the_goroutine),
        cmocka_unit_test(lua_tells_it_above_an_empty_line),
        cmocka_unit_test(a_console_tells_it_in_a_block_above),
        cmocka_unit_test(what_is_no_frame_speaks_for_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
