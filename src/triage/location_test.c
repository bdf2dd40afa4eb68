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

// The first place of a finding that has the lines from `first` to `last`, from 0.
static void check_lines(const char *log, uint32_t first, uint32_t last, const char *file,
                        int64_t line)
{
    struct document document;
    struct arena arena = ARENA_EMPTY;
    bantam_location locations[LOCATIONS_MAXIMUM];
    read_bytes(&document, log, strlen(log));
    size_t n =
        locations_find(locations, &arena, &document, (struct finding_lines){first, last, first});
    assert_int_equal(n, file != NULL);
    if (file && n > 0) {
        assert_string_equal(locations[0].file, file);
        assert_int_equal(locations[0].line, line);
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
    check("\tat org.gradle.api.tasks.Test.run(Test.java:1446)", NULL, 0, 0);
    check("[error]  at sbt.Execute.submit(Execute.scala:269)", NULL, 0, 0);
    check("    at Object.<anonymous> (/w/test/a.test.js:4:11)", "/w/test/a.test.js", 4, 11);
    check("[ERROR] /w/src/A.java:[12,34] cannot find symbol", "/w/src/A.java", 12, 34);
    check("Died at t/basic.t line 5.", "t/basic.t", 5, -1);
    check("Makefile:12: *** missing separator", "Makefile", 12, -1);
    check("/w/src/a.js\n  3:10  error  'x' is not defined", "/w/src/a.js", 3, 10);
    check("./run.sh: line 4: foo: command not found", "run.sh", 4, -1);
    check("src/Voucher.hs:(11,14)-(12,41): Non-exhaustive patterns", "src/Voucher.hs", 11, 14);
    check("File \"src/dune\", line 3", "src/dune", 3, -1);
    check("ERROR: src/cart.ts[41, 8]: missing semicolon", "src/cart.ts", 41, 8);
    check("cart.server[4711]: started", NULL, 0, 0);
    check("manifests/init.pp - ERROR: cart not in autoload layout on line 7", "manifests/init.pp",
          7, -1);
    check(".env:2 The RATE key has incorrect delimiter", ".env", 2, -1);
    check("C:\\Studio\\MSBuild\\Bin\\a.targets(5,3): warning\nsrc\\b.cs(7,1): error CS1",
          "src\\b.cs", 7, 1);
    check("File \"src/a.ml\", lines 7-8, characters 2-52:", "src/a.ml", 7, -1);
    check("  scss/cart.scss 5:26  root stylesheet", "scss/cart.scss", 5, 26);
    check(" at Context.eval (webpack://shop/./e2e/cart.cy.js:18:7)", "e2e/cart.cy.js", 18, 7);
    check("    at visit (file:///w/tools/rules.js:7:26)", "/w/tools/rules.js", 7, 26);
    check("ERROR: Invalid requirement (from line 4 of requirements.txt)", "requirements.txt", 4,
          -1);
    check("PHP Fatal error:  Uncaught Error in /w/bin/shop:8", "/w/bin/shop", 8, -1);
    check("bin/shop:12:in `numbers': stack level too deep", "bin/shop", 12, -1);
    check("test/a.rb:2:in `require': lib/b.rb:16: syntax error", "lib/b.rb", 16, -1);
    check("po/de.po:2: warning: no header\npo/de.po:6: error: no", "po/de.po", 6, -1);
    check("parse.y:12.5-8: warning: unused", "parse.y", 12, 5);
    check("node_modules/x/a.js:1:2\nsrc/b.js:3:4", "src/b.js", 3, 4);
    check("In Json.php line 7:\nat /usr/share/php/Json.php:7\nat bin/a.php:2", "bin/a.php", 2, -1);
    // A checkout below a folder of the system's is the project's all the same, but for what it carries along.
    check("at /opt/pkg/a.py:3\nat /opt/atlassian/pipelines/agent/build/b.py:4", "b.py", 4, -1);
    check("at /usr/src/lib/a.js:3\nat /usr/src/app/lib/b.js:4:1", "lib/b.js", 4, 1);
    check("at /usr/src/app/node_modules/a.js:3\nat /home/b.js:4", "/home/b.js", 4, -1);
}

static void rows_below_a_heading_are_of_its_file(void **state)
{
    (void)state;
    check("./ci.yaml\n  1:1  warning  no start\n  2:4  error  too many", "ci.yaml", 2, 4);
    check("pages/cart.html\n  L1 |<html>\n   ^ Doctype first", "pages/cart.html", 1, -1);
    check("a/cart.html\n-----------\nH005 2:0 Html tag", "a/cart.html", 2, -1);
    check("== [q/a.sql] FAIL\nL:   3 | P:   9 | LT01 | Blanks", "q/a.sql", 3, 9);
    check("FILE: src/a.php\n---\n 12 | ERROR | [x] Blank", "src/a.php", 12, -1);
    check("src/a.js\n  12 | const a = 1\n", NULL, 0, 0);
}

static void a_finding_inside_rows_looks_up_and_down(void **state)
{
    (void)state;
    check_lines("src/a.js\n  3:1  error  a\n  4:1  error  b\n", 2, 2, "src/a.js", 4);
    check_lines("src/a.js\n\n  4:1  error  b\n", 2, 2, NULL, 0);
    check_lines("Issue: weak\n  Severity: High\n  Location: a.py:6:11\n", 0, 1, "a.py", 6);
    check_lines("Issue: weak\n\n  Location: a.py:6:11\n", 0, 0, NULL, 0);
    check_lines("a.py:1:1: x\nb.py:2:1: y\n", 0, 0, "a.py", 1);
}

static void other_numbers_are_no_places(void **state)
{
    (void)state;
    check("Could not find com.example.gradle.plugin:1.6.", NULL, 0, 0);
    check("> com.example.shop:gradle.plugin:1.6.2", NULL, 0, 0);
    check("  EngineTest.initStatic:181 » ClassCast", NULL, 0, 0);
    check("connect to example.com:443 failed", NULL, 0, 0);
    check("https://example.org/a.js:12", NULL, 0, 0);
    check("took 12:30:01, version 1.2:3, a:1", NULL, 0, 0);
    check("", NULL, 0, 0);
    check(":1(2line 3", NULL, 0, 0);
    check("  @include base.box(3px);", NULL, 0, 0);
    check("data = io.read(9)", NULL, 0, 0);
    check("File \"<stdin>\", line 3", NULL, 0, 0);
}

static void routes_have_brackets(void **state)
{
    (void)state;
    check("./app/blog/[slug]/page.tsx:8:12", "app/blog/[slug]/page.tsx", 8, 12);
    check("app/(shop)/[[...rest]]/page.tsx:3:1", "app/(shop)/[[...rest]]/page.tsx", 3, 1);
    check("see f(x)/page.tsx:3:1", "/page.tsx", 3, 1);
    check("[12:30]/page.tsx:3:1", "/page.tsx", 3, 1);
    check("at f (src/a.js:3:1)", "src/a.js", 3, 1);
}

static void tex_tells_the_file_before_the_line(void **state)
{
    (void)state;
    check("(./main.tex (./part/one.tex\n! Missing $ inserted.\nl.12 The x_", "part/one.tex", 12,
          -1);
    check("(./main.tex (./part/one.tex)\n! Missing $ inserted.\nl.3", "main.tex", 3, -1);
    check("! Missing $ inserted.\nl.12 The x_", NULL, 0, 0);
    check("(./main.tex\nl.12em wide", NULL, 0, 0);
    check_lines("(./main.tex\n(a.sty)\n! Missing $ inserted.\nl.3 x\n", 2, 3, "main.tex", 3);
}

static void a_name_alone_is_completed_from_the_log(void **state)
{
    (void)state;
    check("gcc -c src/cart.c\n==1== at 0x1: total (cart.c:26)", "src/cart.c", 26, -1);
    check("gcc -c src/cart.c old/cart.c\ntotal (cart.c:26)", "cart.c", 26, -1);
    check("gcc -c src/cart.cpp src/x_cart.c\ntotal (cart.c:26)", "cart.c", 26, -1);
    check("see https://example.org/src/cart.c\ntotal (cart.c:26)", "cart.c", 26, -1);
    check("$ git clone git@x.org:acme/cart.js acme/cart.js\ncart.js:2", "cart.js", 2, -1);
}

static void one_place_is_told_once(void **state)
{
    (void)state;
    check_lines("thread 'a' panicked at src/lib.rs:1:62:\n  at ./src/lib.rs:1:62\n", 0, 1,
                "src/lib.rs", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_place_is_told_once),
        cmocka_unit_test(many_ways_to_name_a_place),
        cmocka_unit_test(rows_below_a_heading_are_of_its_file),
        cmocka_unit_test(a_finding_inside_rows_looks_up_and_down),
        cmocka_unit_test(other_numbers_are_no_places),
        cmocka_unit_test(routes_have_brackets),
        cmocka_unit_test(tex_tells_the_file_before_the_line),
        cmocka_unit_test(a_name_alone_is_completed_from_the_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
