// Places in files in many ways of writing them; what is no place.
#include "triage/tools.h"

#include "text/document_fixture.h"

static void check(const char *log, const char *file, int64_t line, int64_t column)
{
    struct document document;
    struct arena arena = ARENA_EMPTY;
    bantam_location locations[LOCATIONS_MAXIMUM];
    read_bytes(&document, log, strlen(log));
    struct finding_lines all = {0, (uint32_t)document.n_lines - 1, 0};
    size_t n = locations_find(locations, &arena, &document, all);
    assert_int_equal(n > 0, file != NULL);
    if (file && n > 0) {
        assert_string_equal(locations[0].file, file);
        assert_int_equal(locations[0].line, line);
        assert_int_equal(locations[0].column, column);
    }
    arena_release(&arena);
    document_release(&document);
}

static void many_ways_to_name_a_place(void **state)
{
    (void)state;
    check("src/a.c:12:5: error: no", "src/a.c", 12, 5);
    check("  File \"shop/cart.py\", line 7, in total", "shop/cart.py", 7, -1);
    check("C:\\w\\b.cs(3,14): error CS0103: x", "C:\\w\\b.cs", 3, 14);
    check("   --> src/lib.rs:9:1", "src/lib.rs", 9, 1);
    check("PHP Fatal error:  x in /srv/a/b.php on line 33", "/srv/a/b.php", 33, -1);
    check("\tat org.acme.Cart.total(Cart.java:41)", "Cart.java", 41, -1);
    check("    at Object.<anonymous> (/w/test/a.test.js:4:11)", "/w/test/a.test.js", 4, 11);
    check("[ERROR] /w/src/A.java:[12,34] cannot find symbol", "/w/src/A.java", 12, 34);
    check("Died at t/basic.t line 5.", "t/basic.t", 5, -1);
    check("Makefile:12: *** missing separator", "Makefile", 12, -1);
    check("/w/src/a.js\n  3:10  error  'x' is not defined", "/w/src/a.js", 3, 10);
    check("./run.sh: line 4: foo: command not found", "./run.sh", 4, -1);
    check("node_modules/x/a.js:1:2\nsrc/b.js:3:4", "src/b.js", 3, 4);
    check("In Json.php line 7:\nat /usr/share/php/Json.php:7\nat bin/a.php:2", "bin/a.php", 2, -1);
    // A checkout below a folder of the system's is the project's all the same, but for what it carries along.
    check("at /opt/pkg/a.py:3\nat /opt/atlassian/pipelines/agent/build/b.py:4", "b.py", 4, -1);
    check("at /usr/src/lib/a.js:3\nat /usr/src/app/lib/b.js:4:1", "lib/b.js", 4, 1);
    check("at /usr/src/app/node_modules/a.js:3\nat /home/b.js:4", "/home/b.js", 4, -1);
}

static void other_numbers_are_no_places(void **state)
{
    (void)state;
    check("connect to example.com:443 failed", NULL, 0, 0);
    check("https://example.org/a.js:12", NULL, 0, 0);
    check("took 12:30:01, version 1.2:3, a:1", NULL, 0, 0);
    check("", NULL, 0, 0);
    check(":1(2line 3", NULL, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_ways_to_name_a_place),
        cmocka_unit_test(other_numbers_are_no_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
