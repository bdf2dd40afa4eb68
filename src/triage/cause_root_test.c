// Answers that tools pass on, those that a place keeps from counting, and the closest of several lines.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "triage/cause_root.h"

#define ROOT(line) cause_root(SPAN(line), ROOT_OF_TOOL)

static void an_answer_is_known_whoever_passes_it_on(void **state)
{
    (void)state;
    assert_int_equal(ROOT("zz: cannot write: No space left on device"), CAUSE_RESOURCE);
    assert_int_equal(ROOT("Error: connect ECONNREFUSED 192.0.2.1:443"), CAUSE_NETWORK);
    assert_int_equal(ROOT("ssl: certificate verify failed (_ssl.c:992)"), CAUSE_AUTH);
    assert_int_equal(ROOT("zz: Segmentation fault"), CAUSE_CRASH);
    assert_int_equal(ROOT("a.tgz: checksum mismatch"), CAUSE_DEPENDENCY);
    assert_int_equal(ROOT("ERROR: (a.b) PERMISSION_DENIED: no"), CAUSE_AUTH);
    assert_int_equal(ROOT("denied: access to the resource is denied"), CAUSE_AUTH);
    assert_int_equal(ROOT("zz: Recv failure: reset"), CAUSE_NETWORK);
    assert_int_equal(ROOT("dial tcp: lookup docker on 192.0.2.1:53: no such host"),
                     CAUSE_CONTAINER);
    assert_int_equal(ROOT("dial tcp: lookup docker.example.org: no such host"), CAUSE_NETWORK);
    assert_int_equal(ROOT("all is well"), CAUSE_UNKNOWN);
    assert_int_equal(ROOT(""), CAUSE_UNKNOWN);
}

static void a_script_that_is_not_executable_is_no_matter_of_rights(void **state)
{
    (void)state;
    assert_int_equal(ROOT("cp: /etc/x: Permission denied"), CAUSE_AUTH);
    assert_int_equal(ROOT("a.sh: line 1: ./deploy.sh: Permission denied"), CAUSE_UNKNOWN);
    assert_int_equal(ROOT("/bin/sh: 1: ./deploy.sh: Permission denied"), CAUSE_UNKNOWN);
    assert_int_equal(ROOT("env: './deploy.sh': Permission denied"), CAUSE_UNKNOWN);
}

static void a_status_counts_where_it_is_announced_or_explained(void **state)
{
    (void)state;
    assert_int_equal(ROOT("the server answered 403"), CAUSE_AUTH);
    assert_int_equal(ROOT("zz: HTTP error 503"), CAUSE_NETWORK);
    assert_int_equal(ROOT("returned error: 429"), CAUSE_RATE_LIMIT);
    assert_int_equal(ROOT("batch response: This repository is over its data quota."),
                     CAUSE_RATE_LIMIT);
    assert_int_equal(ROOT("404 Not Found"), CAUSE_DEPENDENCY);
    assert_int_equal(ROOT("503 files were read"), CAUSE_UNKNOWN);
    assert_int_equal(ROOT("HTTP 200"), CAUSE_UNKNOWN);
}

static void a_report_tells_of_its_own_process_alone(void **state)
{
    (void)state;
    assert_int_equal(cause_root(SPAN("E   Connection refused"), ROOT_OF_TEST), CAUSE_UNKNOWN);
    assert_int_equal(cause_root(SPAN("E   MemoryError"), ROOT_OF_TEST), CAUSE_RESOURCE);
    assert_int_equal(cause_root(SPAN("2: runs ...***Exception: SegFault"), ROOT_OF_TEST),
                     CAUSE_CRASH);
    assert_int_equal(cause_root(SPAN("not ok 3 # timeout after 1s"), ROOT_OF_TEST), CAUSE_TIMEOUT);
    assert_int_equal(cause_root(SPAN("Timed out retrying: expected 3"), ROOT_OF_TEST),
                     CAUSE_UNKNOWN);
    assert_int_equal(cause_root(SPAN("a.py:3: timeout is unused"), ROOT_OF_RULE), CAUSE_UNKNOWN);
    assert_int_equal(cause_root(SPAN("build.xml:21: a failed (crashed)"), ROOT_OF_RULE),
                     CAUSE_CRASH);
}

static void what_a_registry_refuses_is_the_deployments(void **state)
{
    (void)state;
    const struct span line = SPAN("Repushing of versions is not allowed");
    assert_int_equal(cause_root(line, ROOT_OF_DEPLOYMENT), CAUSE_DEPLOY);
    assert_int_equal(cause_root(line, ROOT_OF_TOOL), CAUSE_UNKNOWN);
    assert_int_equal(cause_root(SPAN("npm error 404 Not Found - PUT"), ROOT_OF_DEPLOYMENT),
                     CAUSE_DEPLOY);
    assert_int_equal(cause_root(SPAN("GH006: Protected branch update failed"), ROOT_OF_DEPLOYMENT),
                     CAUSE_AUTH);
    const struct span repeated =
        SPAN("403 Forbidden - you cannot publish over 1.2, it was previously published");
    assert_int_equal(cause_root(repeated, ROOT_OF_DEPLOYMENT), CAUSE_DEPLOY);
    assert_int_equal(cause_root(repeated, ROOT_OF_TOOL), CAUSE_AUTH);
}

static void what_a_store_lacks_or_refuses_is_the_artifacts(void **state)
{
    (void)state;
    assert_int_equal(cause_root(SPAN("cache: server answered 500"), ROOT_OF_STORE), CAUSE_ARTIFACT);
    assert_int_equal(cause_root(SPAN("The requested URL returned error: 413"), ROOT_OF_STORE),
                     CAUSE_ARTIFACT);
    assert_int_equal(cause_root(SPAN("app.zip: checksum mismatch"), ROOT_OF_STORE), CAUSE_ARTIFACT);
    assert_int_equal(cause_root(SPAN("returned error: 409"), ROOT_OF_STORE), CAUSE_DEPLOY);
    assert_int_equal(ROOT("tar: Unexpected EOF in archive"), CAUSE_ARTIFACT);
    assert_int_equal(cause_root(SPAN("returned error: 403"), ROOT_OF_STORE), CAUSE_AUTH);
    assert_int_equal(cause_root(SPAN("connection refused"), ROOT_OF_STORE), CAUSE_NETWORK);
}

static void a_tests_report_is_read_from_its_heading(void **state)
{
    (void)state;
    const char *log = "1) test waits\nran out\n** timed out after 60000ms\nstack:\na\nb\nc\n";
    struct document document;
    struct cause_roots roots;
    assert_int_equal(document_init(&document, log, strlen(log), NULL), BANTAM_OK);
    cause_roots_find(&roots, &document, 6, 6, ROOT_OF_TEST); // the heading is not known
    assert_true(roots.closeness[CAUSE_TIMEOUT] == 0);
    cause_roots_find(&roots, &document, 6, 0, ROOT_OF_TEST);
    assert_int_equal(roots.lines[CAUSE_TIMEOUT], 2);
    assert_true(roots.closeness[CAUSE_TIMEOUT] > 0);
    document_release(&document);
}

static void the_closest_answer_counts(void **state)
{
    (void)state;
    const char *log = "connection refused\nretrying\nconnection refused\ncould not find zz\n";
    struct document document;
    struct cause_roots roots;
    assert_int_equal(document_init(&document, log, strlen(log), NULL), BANTAM_OK);
    cause_roots_find(&roots, &document, 3, 3, ROOT_OF_TOOL);
    assert_int_equal(roots.lines[CAUSE_NETWORK], 2);
    assert_true(roots.closeness[CAUSE_NETWORK] > 0.9F && roots.closeness[CAUSE_NETWORK] < 1);
    assert_true(roots.closeness[CAUSE_AUTH] == 0);
    cause_roots_find(&roots, &document, 1, 1, ROOT_OF_TEST);
    assert_true(roots.closeness[CAUSE_NETWORK] == 0);
    document_release(&document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_known_whoever_passes_it_on),
        cmocka_unit_test(a_script_that_is_not_executable_is_no_matter_of_rights),
        cmocka_unit_test(a_status_counts_where_it_is_announced_or_explained),
        cmocka_unit_test(a_report_tells_of_its_own_process_alone),
        cmocka_unit_test(what_a_registry_refuses_is_the_deployments),
        cmocka_unit_test(what_a_store_lacks_or_refuses_is_the_artifacts),
        cmocka_unit_test(a_tests_report_is_read_from_its_heading),
        cmocka_unit_test(the_closest_answer_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
