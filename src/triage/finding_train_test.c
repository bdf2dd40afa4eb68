// Which findings teach the order of findings: those whose lines are much the same as a person marked.
#include "triage/finding_train.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "triage/shipped_tables.h"

static const char log_text[] = "cc -c drain.c\n"
                               "drain.c:6: error: no member named 'count'\n"
                               "\n"
                               "    ring.count++;\n"
                               "cleaning up\n"
                               "rm drain.o\n"
                               "make: *** [drain.o] Error 1\n"
                               "drain.c:6: error: no member named 'count'\n";

// Lines 2 to 4 are marked, and line 8 as another place with the same text.
static void rightness(uint8_t right[FINDINGS_ORDERED], const struct found *findings, size_t n)
{
    static const bantam_span span = {2, 4}, again = {8, 8};
    const bantam_labelled_log source = {.group = "one",
                                        .bytes = log_text,
                                        .size = sizeof log_text - 1,
                                        .spans = &span,
                                        .n_spans = 1,
                                        .alternatives = &again,
                                        .n_alternatives = 1};
    static struct messages messages;
    static struct tool_table tools;
    static struct unseen_log unseen;
    static struct training_log log;
    struct arena arena = {0};
    struct line_annotator none = {0};
    float linear[9] = {0};
    struct found copies[FINDINGS_ORDERED];
    memcpy(copies, findings, n * sizeof *findings);
    assert_int_equal(shipped_messages(&messages, NULL), BANTAM_OK);
    assert_int_equal(shipped_tools(&tools, NULL), BANTAM_OK);
    assert_int_equal(
        training_log_init(&log, &source, false, 0, keyword_table_new(&arena), &none, NULL),
        BANTAM_OK);
    struct line_tables tables = {&messages, &tools};
    struct finder_result result = {
        .features = log.features, .linear = linear, .findings = copies, .n_findings = n};
    memset(&unseen, 0, sizeof unseen);
    unseen_log_take(&unseen, &result, &log, &tables);
    assert_int_equal(unseen.n_findings, n);
    memcpy(right, unseen.right, FINDINGS_ORDERED);
    training_log_release(&log);
    messages_release(&messages);
    tool_table_release(&tools);
    arena_release(&arena);
}

static void a_finding_is_right_where_its_lines_are(void **state)
{
    (void)state;
    const struct found findings[] = {
        {.first = 1, .last = 1, .anchor = 1, .share = 1}, // F1 2/3: the blank line counts for none
        {.first = 0, .last = 7, .anchor = 1, .share = 1}, // F1 4/9
        {.first = 7, .last = 7, .anchor = 7, .share = 1}, // the same text elsewhere
        {.first = 4, .last = 6, .anchor = 6, .share = 1},
    };
    uint8_t right[FINDINGS_ORDERED];
    rightness(right, findings, 4);
    assert_true(right[0] && right[1] && right[2]);
    assert_false(right[3]);
}

static void a_marked_anchor_alone_is_not_enough(void **state)
{
    (void)state;
    const struct found findings[] = {{.first = 3, .last = 6, .anchor = 3, .share = 1}}; // F1 1/3
    uint8_t right[FINDINGS_ORDERED];
    rightness(right, findings, 1);
    assert_false(right[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_is_right_where_its_lines_are),
        cmocka_unit_test(a_marked_anchor_alone_is_not_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
