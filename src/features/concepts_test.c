// What lines of tools are about, whatever the words.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "features/concepts.h"

static const struct concept_table *table;

static int set_up(void **state)
{
    static struct arena arena;
    *state = &arena;
    table = concept_table_new(&arena);
    return table == NULL;
}

static int tear_down(void **state)
{
    arena_release(*state);
    return 0;
}

// The place of the concept in the line, or NULL.
static const struct concept_hit *find(const char *text, enum concept concept)
{
    static struct concept_hit hits[CONCEPTS];
    struct masked_line masked;
    mask_line(&masked, text, strlen(text));
    size_t n = concepts_find(hits, CONCEPTS, table, &masked, text);
    for (size_t i = 0; i < n; i++) {
        if (hits[i].concept == concept) {
            return &hits[i];
        }
    }
    return NULL;
}

static void words_and_their_beginnings(void **state)
{
    (void)state;
    assert_non_null(find("abort: authorization failed", CONCEPT_ACCOUNT));
    assert_non_null(find("the peer's Certificate has expired", CONCEPT_TRUST));
    assert_non_null(find("could not be resolved: no candidate", CONCEPT_DEPENDENCY));
    assert_null(find("the author", CONCEPT_ACCOUNT));
    assert_null(find("", CONCEPT_FILE));
}

static void pieces_of_compound_words(void **state)
{
    (void)state;
    assert_non_null(find("OutOfMemoryError", CONCEPT_MEMORY));
    assert_non_null(find("java.lang.OutOfMemoryError: heap", CONCEPT_MEMORY));
    assert_non_null(find("JSONParserException", CONCEPT_PARSING));
    assert_non_null(find("disk_full", CONCEPT_DISK));
}

static void files_by_name_and_ending(void **state)
{
    (void)state;
    assert_non_null(find("/builds/acme/app/Cargo.toml:3: bad", CONCEPT_CONFIGURATION_FILE));
    assert_non_null(find("error in Makefile", CONCEPT_CONFIGURATION_FILE));
    assert_non_null(find("src/main.c:3:10", CONCEPT_SOURCE_FILE));
    assert_non_null(find("tests/unit/parse.py", CONCEPT_TEST_FILE));
    assert_null(find("src/latest/parse.py", CONCEPT_TEST_FILE));
    assert_non_null(find("cannot open cache.tar", CONCEPT_ARCHIVE_FILE));
}

static void variables_of_the_environment(void **state)
{
    (void)state;
    assert_non_null(find("DEPLOY_TOKEN: set it in the job", CONCEPT_VARIABLE));
    assert_null(
        find("DEPLOY_TOKEN: set it in the job", CONCEPT_ACCOUNT)); // the credential is not refused
    assert_non_null(find("KeyError: 'SMTP_HOST'", CONCEPT_VARIABLE));
    assert_null(find("CERT_HAS_EXPIRED", CONCEPT_VARIABLE));
    assert_null(find("deploy_TOKEN", CONCEPT_VARIABLE));
    assert_null(find("_KEY", CONCEPT_VARIABLE));
}

static void hosts_and_numbers(void **state)
{
    (void)state;
    assert_non_null(find("GET http://localhost:80/ failed", CONCEPT_OWN_HOST));
    assert_non_null(find("GET http://127.0.0.1/ failed", CONCEPT_OWN_HOST));
    assert_non_null(find("GET http://search_1:9200/ failed", CONCEPT_OWN_HOST));
    assert_non_null(find("HTTPConnectionPool(host='redis', port=80): no", CONCEPT_OWN_HOST));
    assert_null(find("HTTPConnectionPool(host='example.org', port=80)", CONCEPT_OWN_HOST));
    assert_non_null(find("GET https://example.org/ failed", CONCEPT_ADDRESS));
    assert_null(find("GET https://example.org/ failed", CONCEPT_OWN_HOST));
    assert_null(find("no image docker://alpine:3", CONCEPT_OWN_HOST));
    assert_non_null(find("server answered 503", CONCEPT_STATUS_SERVER));
    assert_null(find("5030 tests", CONCEPT_STATUS_SERVER));
}

static void quotations_are_read(void **state)
{
    (void)state;
    const char *text = "cannot read \"config.yml\"";
    const struct concept_hit *hit = find(text, CONCEPT_YAML_FILE);
    assert_non_null(hit);
    assert_int_equal(hit->offset, strchr(text, '"') - text);
}

static void no_more_than_asked_for(void **state)
{
    (void)state;
    const char *text = "certificate password registry yaml disk";
    struct concept_hit hits[2];
    struct masked_line masked;
    mask_line(&masked, text, strlen(text));
    assert_int_equal(concepts_find(hits, 2, table, &masked, text), 2);
    assert_int_equal(hits[0].concept, CONCEPT_TRUST);
    assert_int_equal(hits[1].concept, CONCEPT_ACCOUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_their_beginnings),
        cmocka_unit_test(pieces_of_compound_words),
        cmocka_unit_test(files_by_name_and_ending),
        cmocka_unit_test(variables_of_the_environment),
        cmocka_unit_test(hosts_and_numbers),
        cmocka_unit_test(quotations_are_read),
        cmocka_unit_test(no_more_than_asked_for),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
