// Reading of what runs several programs at once: whose line it is, and the line without that.
#include "text/document_fixture.h"

static void test_compose(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "Attaching to db-1, migrate\n"
                    "\033[36mdb-1     |\033[0m ready\n"
                    "migrate  | $ ./migrate\n"
                    "migrate  | File    | % Stmts\n"
                    "db-1     |\n" // 5
                    "migrate  |     at step (a.js:1:2)\n"
                    "File     | % Stmts\n"
                    "migrate exited with code 3\n"
                    "db-1 exited with code 137\n");
    assert_int_equal(document.format, LOG_INTERLEAVED);
    check_text(&document, 2, "ready");
    check_text(&document, 4, "File    | % Stmts");
    check_text(&document, 5, "");
    check_text(&document, 6, "    at step (a.js:1:2)");
    check_text(&document, 7, "File     | % Stmts");
    check_flags(&document, 8, LINE_EXIT | LINE_EXIT_FAILED);
    check_section(&document, "db-1", "", 2, 9, EXIT_UNKNOWN); // stopped, for the other failed
    check_section(&document, "migrate", "./migrate", 3, 8, 3);
    document_release(&document);
}

static void test_what_compose_stops_did_not_fail(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "Attaching to db-1, web-1\n"
                    "web-1  | 12 passed\n"
                    "web-1 exited with code 0\n"
                    "Aborting on container exit...\n"
                    "db-1 exited with code 137\n");
    check_flags(&document, 3, LINE_EXIT);
    check_flags(&document, 5, LINE_MARKER);
    document_release(&document);
}

static void test_numbered_names_need_no_introduction(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "10:00:01 web.1  | listening\n"
                    "10:00:02 job.1  | a.c:1:2: error: no x\n"
                    "job_1   | a.c:1:2: error: no y\n");
    check_text(&document, 1, "listening");
    check_text(&document, 2, "a.c:1:2: error: no x");
    check_text(&document, 3, "a.c:1:2: error: no y");
    document_release(&document);
}

static void test_turbo(void **state)
{
    (void)state;
    struct document document;
    READ(&document,
         "@shop/web:build: cache miss, executing 51b5c3b0a5d7f7b2\n"
         "@shop/web:build: > web@1.0.0 build\n"
         "@shop/web:build: > tsc\n"
         "@shop/web:build: \n"
         "@shop/web:build: src/a.ts(3,7): error TS2322: x\n" // 5
         "web:test: src/a.ts\n"
         "@shop/web:build: ERROR: command finished with error: command (/a) npm run build exited "
         "(2)\n");
    check_text(&document, 5, "src/a.ts(3,7): error TS2322: x");
    check_text(&document, 6, "web:test: src/a.ts");
    check_section(&document, "@shop/web:build", "tsc", 1, 7, 2);
    document_release(&document);
}

static void test_pnpm_and_lerna(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "Scope: 2 of 3 workspace projects\n"
                    "packages/web build$ tsc\n"
                    "packages/web build: a.ts(3,7): error TS2322: x\n"
                    "packages/web lint: b.ts\n"
                    "packages/web build: Failed\n");
    check_text(&document, 3, "a.ts(3,7): error TS2322: x");
    check_text(&document, 4, "packages/web lint: b.ts");
    check_section(&document, "packages/web build", "tsc", 2, 5, EXIT_UNKNOWN);
    document_release(&document);
    READ(&document, "lerna info Executing command in 2 packages: \"npm run build\"\n"
                    "web: > web@1.0.0 build\n"
                    "web: a.ts(3,7): error TS2322: x\n"
                    "note: a word\n");
    check_text(&document, 3, "a.ts(3,7): error TS2322: x");
    check_text(&document, 4, "note: a word");
    document_release(&document);
    READ(&document, " Lerna (powered by Nx)   Running target test for 2 projects:\n"
                    "@shop/web: > @shop/web@1.0.0 test\n"
                    "@shop/web:   error: |-\n");
    check_text(&document, 3, "  error: |-");
    document_release(&document);
}

static void test_brackets(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "[0] listening\n"
                    "[web] FAIL a.test.js\n"
                    "[error] no\n"
                    "[web] npm test exited with code 1\n"
                    "--> Sending SIGTERM to other processes..\n" // 5
                    "[0] npm run serve exited with code SIGTERM\n");
    check_text(&document, 2, "FAIL a.test.js");
    check_text(&document, 3, "[error] no");
    check_section(&document, "[web]", "", 2, 4, 1);
    check_section(&document, "[0]", "", 1, 6, EXIT_UNKNOWN);
    document_release(&document);
    READ(&document, "[@shop/web]: Process started\n"
                    "[@shop/web]: FAIL a.test.js\n"
                    "[@shop/web]: Process exited (exit code 1), completed in 0s 512ms\n");
    check_text(&document, 2, "FAIL a.test.js");
    check_section(&document, "[@shop/web]", "", 1, 3, 1);
    document_release(&document);
}

static void test_what_only_looks_so_is_left_alone(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "File    | % Stmts\n"
                    "cart.js | 100\n"
                    "[1] a footnote\n"
                    "web:build: x\n"
                    "packages/web build: x\n"
                    "web: x\n");
    assert_int_equal(document.format, LOG_PLAIN);
    check_text(&document, 2, "cart.js | 100");
    check_text(&document, 3, "[1] a footnote");
    check_text(&document, 4, "web:build: x");
    document_release(&document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_compose_stops_did_not_fail),
        cmocka_unit_test(test_compose),
        cmocka_unit_test(test_numbered_names_need_no_introduction),
        cmocka_unit_test(test_turbo),
        cmocka_unit_test(test_pnpm_and_lerna),
        cmocka_unit_test(test_brackets),
        cmocka_unit_test(test_what_only_looks_so_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
