#include "triage/cause_configured.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct arena test_arena;

static bool points(const char *text)
{
    struct concept_hit hits[14];
    struct masked_line masked;
    mask_line(&masked, text, strlen(text));
    size_t n = concepts_find(hits, sizeof hits / sizeof *hits, concept_table_new(&test_arena),
                             &masked, text);
    return cause_points_into_configuration(span_of(text, strlen(text)), hits, n);
}

static void complaints_of_a_configuration_point_into_it(void **state)
{
    (void)state;
    assert_true(points("go.mod:6: unknown block type: requires"));
    assert_true(points("invoices.cabal:0:0: error:"));
    assert_true(points("The error appears to be in 'site/play.yml': line 16, column 6"));
    assert_true(points("ERROR: Invalid requirement: 'six=1' (from line 1 of requirements.txt)"));
    assert_true(points("  --> Cargo.toml:7:1"));
    assert_true(points("Error: unrecognized cop or department Style/Tokens found in .rubocop.yml"));
    assert_true(points("[!] vite.config.mjs (3:8): unexpected end of input"));
    arena_release(&test_arena);
}

static void others_do_not(void **state)
{
    (void)state;
    assert_false(points("src/main.c:6:2: error: expected ';' before 'return'"));
    assert_false(points("make: *** [Makefile:9: build/app.o] Error 1")); // told of each target
    assert_false(points("Writing package.json"));
    assert_false(points("no configuration file was found"));
    arena_release(&test_arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(complaints_of_a_configuration_point_into_it),
        cmocka_unit_test(others_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
