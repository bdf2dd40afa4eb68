// A person's rules: what they may say, and that they stand over the models.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/triage.h"
#include "triage/rules.h"

static bantam_diagnosis *diagnose(const char *toml, const char *log)
{
    bantam_triage *triage;
    bantam_diagnosis *diagnosis;
    bantam_error error;
    assert_int_equal(bantam_triage_new(&triage, &error), BANTAM_OK);
    if (bantam_triage_use_rules(triage, toml, strlen(toml), &error)) {
        fail_msg("%s", error.message);
    }
    assert_int_equal(bantam_triage_run(&diagnosis, triage, log, strlen(log), NULL, &error),
                     BANTAM_OK);
    bantam_triage_free(&triage);
    return diagnosis;
}

static const char log_text[] = "$ make\n"
                               "gcc -c a.c\n"
                               "a.c:3:1: error: expected ';' before '}' token\n"
                               "make: *** [Makefile:2: a.o] Error 1\n"
                               "frobnicate: pool blue has no slot left for job 17\n"
                               "cleaning up\n";

static void a_rule_tells_the_cause_and_its_line(void **state)
{
    (void)state;
    bantam_diagnosis *diagnosis = diagnose("[[rule]]\n"
                                           "name = 'pool'\n"
                                           "pattern = 'pool \\w+ has no slot'\n"
                                           "cause = 'pool-quota'\n"
                                           "fix = 'Wait for a slot.'\n"
                                           "transient = 'yes'\n",
                                           log_text);
    assert_int_equal(diagnosis->status, BANTAM_DIAGNOSED);
    const bantam_finding *finding = diagnosis->findings;
    assert_string_equal(finding->cause, "pool-quota");
    assert_int_equal(finding->anchor_line, 5);
    assert_true(finding->cause_probability >= 1);
    assert_string_equal(finding->transient, "yes");
    assert_string_equal(finding->fix_text, "Wait for a slot.");
    assert_string_equal(finding->evidence[0].feature, "your rule \"pool\"");
    assert_int_equal(finding->evidence[0].line, 5);
    bantam_diagnosis_free(&diagnosis);
}

static void a_rule_may_name_a_shipped_cause(void **state)
{
    (void)state;
    bantam_diagnosis *diagnosis =
        diagnose("[[rule]]\npattern = '^frobnicate:'\ncause = 'resource'\n", log_text);
    assert_string_equal(diagnosis->findings->cause, "resource");
    assert_non_null(diagnosis->findings->fix_text);
    bantam_diagnosis_free(&diagnosis);
}

static void a_rule_tells_that_a_log_failed(void **state)
{
    (void)state;
    static const char quiet[] = "starting\nall slots are busy today\ndone\n";
    bantam_diagnosis *diagnosis = diagnose("[[rule]]\npattern = 'nothing'\ncause = 'x'\n", quiet);
    assert_int_equal(diagnosis->status, BANTAM_NO_FAILURE_FOUND);
    bantam_diagnosis_free(&diagnosis);
    diagnosis = diagnose("[[rule]]\npattern = 'slots are busy'\ncause = 'x'\n", quiet);
    assert_int_equal(diagnosis->status, BANTAM_DIAGNOSED);
    assert_int_equal(diagnosis->findings->anchor_line, 2);
    bantam_diagnosis_free(&diagnosis);
}

static void an_ignored_line_is_no_reason(void **state)
{
    (void)state;
    bantam_diagnosis *diagnosis = diagnose("[[rule]]\npattern = 'error: expected'\nignore = true\n"
                                           "[[rule]]\npattern = 'has no slot'\nignore = true\n",
                                           log_text);
    assert_true(diagnosis->n_findings > 0);
    uint64_t anchor = diagnosis->findings->anchor_line;
    assert_true(anchor != 3 && anchor != 5);
    bantam_diagnosis_free(&diagnosis);
}

// The first rule of the file that a line matches counts.
static void rules_are_tried_in_their_order(void **state)
{
    (void)state;
    bantam_diagnosis *diagnosis = diagnose("[[rule]]\npattern = 'pool blue'\ncause = 'blue'\n"
                                           "[[rule]]\npattern = 'pool'\ncause = 'pool'\n",
                                           log_text);
    assert_string_equal(diagnosis->findings->cause, "blue");
    bantam_diagnosis_free(&diagnosis);
}

static void a_pattern_that_runs_away_is_stopped(void **state)
{
    (void)state;
    char log[5000];
    memset(log, 'a', sizeof log - 2);
    log[sizeof log - 2] = '!';
    log[sizeof log - 1] = '\0';
    bantam_diagnosis *diagnosis = diagnose("[[rule]]\npattern = '^(a+)+$'\ncause = 'x'\n", log);
    for (size_t i = 0; i < diagnosis->n_findings; i++) {
        assert_string_not_equal(diagnosis->findings[i].cause, "x");
    }
    bantam_diagnosis_free(&diagnosis);
    diagnosis = diagnose("[[rule]]\npattern = '^(a+)+$'\ncause = 'x'\n",
                         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! error\n");
    for (size_t i = 0; i < diagnosis->n_findings; i++) {
        assert_string_not_equal(diagnosis->findings[i].cause, "x");
    }
    bantam_diagnosis_free(&diagnosis);
}

static void what_makes_no_sense_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *toml, *reason;
        uint64_t line;
    } cases[] = {
        {"pattern = 'x'", "before the first [[rule]]", 1},
        {"[rule]\n", "[[rule]]", 1},
        {"[[rules]]\n", "[[rule]]", 1},
        {"[[rule]]\ncause = 'x'\n", "no pattern", 1},
        {"\n[[rule]]\npattern = 'x'\n", "a cause, or ignore", 2},
        {"[[rule]]\npattern = 'x'\ncause = 'a'\nignore = true", "a cause, or ignore", 1},
        {"[[rule]]\npattern = '('\ncause = 'x'", "wrong at byte 1", 2},
        {"[[rule]]\npattern = ''\n", "every line", 2},
        {"[[rule]]\npattern = 'a'\npattern = 'b'\n", "one pattern", 3},
        {"[[rule]]\npattern = 'x'\ncause = 'No Name'", "small letters", 3},
        {"[[rule]]\npattern = 'x'\ncause = 'a'\ntransient = 'perhaps'", "\"maybe\"", 4},
        {"[[rule]]\npattern = 'x'\nignore = true\nfix = 'y'", "no fix", 1},
        {"[[rule]]\nregex = 'x'\n", "no such key", 2},
        {"[[rule]]\npattern = true\n", "a text in quotes", 2},
        {"[[rule]]\npattern = 'x'\nignore = 'yes'\n", "true or false", 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct own_rules *rules = own_rules_new();
        bantam_error error = {.message = ""};
        assert_int_equal(own_rules_add(rules, cases[i].toml, strlen(cases[i].toml), &error),
                         BANTAM_ERROR_INPUT);
        if (!strstr(error.message, cases[i].reason) || error.line != cases[i].line) {
            fail_msg("%s: line %llu: %s", cases[i].toml, (unsigned long long)error.line,
                     error.message);
        }
        own_rules_free(&rules);
        assert_null(rules);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_tells_the_cause_and_its_line),
        cmocka_unit_test(a_rule_may_name_a_shipped_cause),
        cmocka_unit_test(a_rule_tells_that_a_log_failed),
        cmocka_unit_test(an_ignored_line_is_no_reason),
        cmocka_unit_test(rules_are_tried_in_their_order),
        cmocka_unit_test(a_pattern_that_runs_away_is_stopped),
        cmocka_unit_test(what_makes_no_sense_is_refused_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
