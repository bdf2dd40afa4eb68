// What findings are described by, and how an order changes findings, list and scores.
#include "triage/finding_order.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "features/log_features_fixture.h"
#include "triage/shipped_tables.h"

enum {
    CAUSE_LINE = 1,
    CONSEQUENCE_LINE = 4,
    OTHER_LINE = 3,
};

static const char log_text[] = "cc -c drain.c\n"
                               "drain.c:6:31: error: 'struct ring' has no member named 'count'\n"
                               "\n"
                               "cleaning up\n"
                               "make: *** [Makefile:11: drain.o] Error 1\n";

struct fixture {
    struct messages messages;
    struct tool_table tools;
    struct line_tables tables;
    struct line_fixture lines;
    float linear[8];
    struct listed_line candidates[3], list[3];
    struct found findings[2];
    struct finder_result result;
};

// The consequence is the best line, the cause the next one; a line of neither is listed between them.
static void set_up(struct fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    assert_int_equal(shipped_messages(&fixture->messages, NULL), BANTAM_OK);
    assert_int_equal(shipped_tools(&fixture->tools, NULL), BANTAM_OK);
    fixture->tables = (struct line_tables){&fixture->messages, &fixture->tools};
    line_fixture_init(&fixture->lines, log_text);
    fixture->candidates[0] = (struct listed_line){CONSEQUENCE_LINE, 3};
    fixture->candidates[1] = (struct listed_line){CAUSE_LINE, 2};
    fixture->candidates[2] = (struct listed_line){OTHER_LINE, 0};
    fixture->list[0] = fixture->candidates[0];
    fixture->list[1] = (struct listed_line){OTHER_LINE, 1};
    fixture->list[2] = fixture->candidates[1];
    float all = expf(3) + expf(2) + expf(0);
    fixture->findings[0] = (struct found){.first = CONSEQUENCE_LINE,
                                          .last = CONSEQUENCE_LINE,
                                          .anchor = CONSEQUENCE_LINE,
                                          .score = 3,
                                          .share = expf(3) / all};
    fixture->findings[1] = (struct found){.first = CAUSE_LINE,
                                          .last = CAUSE_LINE + 1,
                                          .anchor = CAUSE_LINE,
                                          .score = 2,
                                          .share = expf(2) / all,
                                          .place = 1};
    fixture->result = (struct finder_result){.features = fixture->lines.features,
                                             .linear = fixture->linear,
                                             .candidates = fixture->candidates,
                                             .n_candidates = 3,
                                             .list = fixture->list,
                                             .n_list = 3,
                                             .findings = fixture->findings,
                                             .n_findings = 2};
}

// The log tells of a failed section, so that the weights count.
static struct finding_order order_against_consequences(struct fixture *fixture)
{
    struct finding_order order = {.tables = &fixture->tables};
    order.weights[FINDING_ANCHOR_FOLLOWS] = -2;
    fixture->result.features.last_failed_section = 0;
    return order;
}

static void tear_down(struct fixture *fixture)
{
    line_fixture_release(&fixture->lines);
    messages_release(&fixture->messages);
    tool_table_release(&fixture->tools);
}

static void findings_are_described(void **state)
{
    (void)state;
    static struct fixture fixture;
    static float rows[FINDINGS_ORDERED][FINDING_FEATURES];
    set_up(&fixture);
    assert_int_equal(finding_rows(rows, &fixture.result, &fixture.tables), 2);
    assert_true(rows[0][FINDING_ANCHOR_FOLLOWS] == 1 && rows[0][FINDING_FOLLOWS] == 1);
    assert_true(rows[1][FINDING_ANCHOR_FOLLOWS] == 0 && rows[1][FINDING_FOLLOWS] == 0);
    assert_true(rows[0][FINDING_KIND + TOOL_BUILDER] == 1);
    assert_true(rows[1][FINDING_KEYWORD + KEYWORD_ERROR] == 1);
    assert_true(rows[1][FINDING_SHAPE + 0] == 1); // SHAPE_PLACE
    assert_true(rows[1][FINDING_LATER_BETTER] == 1 && rows[0][FINDING_LATER_BETTER] == 0);
    assert_true(rows[0][FINDING_EARLIER] == 1 && rows[1][FINDING_EARLIER] == 0);
    assert_true(rows[0][FINDING_SECTION_ORDER] == 1); // no section
    assert_true(rows[1][FINDING_LENGTH] > 0 && rows[0][FINDING_LENGTH] == 0);
    tear_down(&fixture);
}

static void a_consequence_gives_way_to_its_cause(void **state)
{
    (void)state;
    static struct fixture fixture;
    set_up(&fixture);
    struct finding_order order = order_against_consequences(&fixture);
    float before = fixture.findings[0].share + fixture.findings[1].share;
    finding_order_apply(&order, &fixture.result);
    assert_int_equal(fixture.findings[0].anchor, CAUSE_LINE);
    assert_int_equal(fixture.findings[1].anchor, CONSEQUENCE_LINE);
    assert_int_equal(fixture.list[0].line, CAUSE_LINE);
    assert_int_equal(fixture.list[1].line, OTHER_LINE);
    assert_int_equal(fixture.list[2].line, CONSEQUENCE_LINE);
    assert_int_equal(fixture.candidates[0].line, CAUSE_LINE);
    // Both keep their weight together; the cause has 1 / (1 + e⁻²) of it.
    float cause = expf(fixture.candidates[0].score),
          consequence = expf(fixture.candidates[1].score);
    assert_true(fabsf(cause / (cause + consequence) - 1 / (1 + expf(-2))) < 1e-4F);
    float all = cause + consequence + expf(fixture.candidates[2].score);
    assert_true(fabsf((cause + consequence) / all - before) < 1e-4F);
    tear_down(&fixture);
}

static void an_echoed_command_does_not_come_before_the_best_lines(void **state)
{
    (void)state;
    static struct fixture fixture;
    set_up(&fixture);
    struct finding_order order = order_against_consequences(&fixture);
    fixture.lines.document.lines[CAUSE_LINE].flags |= LINE_COMMAND;
    finding_order_apply(&order, &fixture.result);
    assert_int_equal(fixture.findings[0].anchor, CONSEQUENCE_LINE);
    assert_int_equal(fixture.list[0].line, CONSEQUENCE_LINE);
    tear_down(&fixture);
}

static void rows_of(float rows[2][FINDING_FEATURES], float first_share, float second_share)
{
    memset(rows, 0, 2 * sizeof *rows);
    rows[0][FINDING_SHARE] = logf(first_share);
    rows[1][FINDING_SHARE] = logf(second_share);
    rows[0][FINDING_KEYWORD + KEYWORD_ERROR] = rows[1][FINDING_KEYWORD + KEYWORD_ERROR] = 1;
    rows[0][FINDING_EARLIER] = 1; // the second one stands before it
}

static void without_a_failed_section_weight_counts(void **state)
{
    (void)state;
    static float rows[2][FINDING_FEATURES];
    float probabilities[2];
    rows_of(rows, 0.2F, 0.6F);
    rows[0][FINDING_EARLIER] = 0;
    finding_probabilities(probabilities, rows, 2, NULL);
    assert_true(fabsf(probabilities[0] - 0.25F) < 1e-5F && fabsf(probabilities[1] - 0.75F) < 1e-5F);
    rows[1][FINDING_ANCHOR_FOLLOWS] = 1;
    finding_probabilities(probabilities, rows, 2, NULL);
    assert_true(probabilities[0] > probabilities[1]);
}

static void of_failures_told_alike_the_first_is_told_first(void **state)
{
    (void)state;
    static float rows[2][FINDING_FEATURES], weights[FINDING_FEATURES];
    float probabilities[2];
    weights[FINDING_SHARE] = 1;
    rows_of(rows, 0.6F, 0.2F);
    finding_probabilities(probabilities, rows, 2, weights);
    assert_true(fabsf(probabilities[0] - 0.25F) < 1e-5F && fabsf(probabilities[1] - 0.75F) < 1e-5F);
    rows_of(rows, 0.6F, 0.05F); // of too little weight
    finding_probabilities(probabilities, rows, 2, weights);
    assert_true(probabilities[0] > probabilities[1]);
    rows_of(rows, 0.6F, 0.2F); // of another form
    rows[1][FINDING_FORM + FORM_TEST_ROW] = 1;
    finding_probabilities(probabilities, rows, 2, weights);
    assert_true(probabilities[0] > probabilities[1]);
}

// The anchor of the first finding where the lines are in these sections and the consequence has far more weight than what the anchor's
// words take.
static uint32_t first_anchor_in(struct section *sections, size_t n_sections, int32_t of_cause,
                                int32_t of_consequence, int32_t last_failed)
{
    static struct fixture fixture;
    set_up(&fixture);
    struct finding_order order = {.tables = &fixture.tables};
    order.weights[FINDING_SHARE] = 1;
    fixture.result.features.last_failed_section = last_failed;
    struct document *document = &fixture.lines.document;
    struct section *none = document->sections;
    size_t n_none = document->n_sections;
    document->sections = sections;
    document->n_sections = n_sections;
    document->lines[CAUSE_LINE].section = of_cause;
    document->lines[CONSEQUENCE_LINE].section = of_consequence;
    fixture.findings[0].share *= 100;
    finding_order_apply(&order, &fixture.result);
    document->sections = none;
    document->n_sections = n_none;
    tear_down(&fixture);
    return fixture.findings[0].anchor;
}

static void what_passed_does_not_come_before_what_failed(void **state)
{
    (void)state;
    struct section sections[] = {{.parent = -1, .exit_code = 2},
                                 {.parent = -1, .exit_code = 0},
                                 {.parent = 1, .exit_code = EXIT_UNKNOWN}};
    assert_int_equal(first_anchor_in(sections, 3, 0, 2, -1), CONSEQUENCE_LINE);
    assert_int_equal(first_anchor_in(sections, 3, 0, 2, 0), CAUSE_LINE);
}

// The command of the first finding runs once more before another fails: what it prints then tells whether it went well.
static void what_a_retry_mended_does_not_come_first(void **state)
{
    (void)state;
    for (int again = 0; again < 2; again++) {
        uint32_t line = again ? CAUSE_LINE : OTHER_LINE;
        struct section sections[] = {
            {.parent = -1, .exit_code = EXIT_UNKNOWN, .command = "make", .command_size = 4},
            {.parent = -1,
             .exit_code = EXIT_UNKNOWN,
             .command = "make",
             .command_size = 4,
             .first_line = line,
             .last_line = line},
            {.parent = -1, .exit_code = 2}};
        assert_int_equal(first_anchor_in(sections, 3, 2, 0, 2),
                         again ? CONSEQUENCE_LINE : CAUSE_LINE);
    }
}

static void what_looks_around_does_not_come_before_what_failed(void **state)
{
    (void)state;
    static const char command[] = "ls -l build";
    for (int failed = 0; failed < 2; failed++) {
        struct section sections[] = {
            {.parent = -1, .exit_code = failed ? 2 : EXIT_UNKNOWN},
            {.parent = -1,
             .exit_code = EXIT_UNKNOWN,
             .command = command,
             .command_size = sizeof command - 1},
        };
        assert_int_equal(first_anchor_in(sections, 2, 0, 1, -1),
                         failed ? CAUSE_LINE : CONSEQUENCE_LINE);
    }
}

static void a_log_without_findings_stays(void **state)
{
    (void)state;
    static struct fixture fixture;
    set_up(&fixture);
    struct finding_order order = {.tables = &fixture.tables};
    fixture.result.n_findings = fixture.result.n_candidates = fixture.result.n_list = 0;
    finding_order_apply(&order, &fixture.result);
    assert_int_equal(fixture.result.n_findings, 0);
    tear_down(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_are_described),
        cmocka_unit_test(a_consequence_gives_way_to_its_cause),
        cmocka_unit_test(an_echoed_command_does_not_come_before_the_best_lines),
        cmocka_unit_test(without_a_failed_section_weight_counts),
        cmocka_unit_test(of_failures_told_alike_the_first_is_told_first),
        cmocka_unit_test(what_passed_does_not_come_before_what_failed),
        cmocka_unit_test(what_a_retry_mended_does_not_come_first),
        cmocka_unit_test(what_looks_around_does_not_come_before_what_failed),
        cmocka_unit_test(a_log_without_findings_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
