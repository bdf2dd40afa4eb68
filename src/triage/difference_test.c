// Rows of differences and the ones that changed.
#include "triage/difference.h"

#include <string.h>

#include "text/document_fixture.h"

static uint32_t change_of(const char *log, uint32_t at)
{
    return told_by(difference_change, log, at);
}

static void what_rustfmt_shows_is_told_by_its_head(void **state)
{
    (void)state;
    const char *log = "Diff in src/lib.rs:130:\n"
                      " pub enum Error {\n" // 1
                      "-    Invalid {\n"
                      "+    Invalid { c: char },\n"
                      " }\n"; // 4
    assert_int_equal(change_of(log, 1), 0);
    assert_int_equal(change_of(log, 4), 0);
    assert_int_equal(change_of(log, 2), 2); // changed: it tells by itself
}

static void the_first_place_that_rustfmt_shows_is_found(void **state)
{
    (void)state;
    const char *log = "$ cargo fmt --check\nDiff in a.rs:3:\n-a\n+b\nDiff in a.rs:9:\n";
    assert_int_equal(told_by(difference_first_place, log, 4), 1);
    assert_int_equal(told_by(difference_first_place, log, 1), 1);
    assert_int_equal(told_by(difference_first_place, log, 3), 3);
}

static void an_unchanged_row_is_told_by_the_first_that_changed(void **state)
{
    (void)state;
    const char *log = "--- a/list.txt\n"
                      "+++ b/list.txt\n"
                      "@@ -1,3 +1,4 @@ error: of what is around\n"
                      " error: first\n" // 3
                      "\n"
                      "+error: second\n"
                      " error: third\n" // 6
                      "-error: fourth\n";
    assert_int_equal(change_of(log, 3), 5);
    assert_int_equal(change_of(log, 6), 5);
    assert_int_equal(change_of(log, 7), 7);
    assert_int_equal(change_of(log, 0), 0);
    assert_int_equal(change_of("@@ -1 +1 @@\n error: first\n-second\n", 1), 2); // at the log's end
    assert_int_equal(change_of("@@ -1 +1 @@\n error: first\n", 1), 1);
    assert_int_equal(change_of("a\n error: b\n+c\n", 1), 1); // of no difference
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_rustfmt_shows_is_told_by_its_head),
        cmocka_unit_test(the_first_place_that_rustfmt_shows_is_found),
        cmocka_unit_test(an_unchanged_row_is_told_by_the_first_that_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
