// Lessons change what is alike and nothing else; causes of one's own are named; damaged lessons are refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/learn.h"

enum {
    LESSONS = 4
};

static void write_log(char log[512], int number)
{
    snprintf(log, 512,
             "$ make deploy\n"
             "uploading part %d\n"
             "error: ledger service answered: quota of pool blue is used up (%d of %d)\n"
             "make: *** [Makefile:%d: deploy] Error 1\n",
             number, number, number, number);
}

static bantam_triage *new_triage(void)
{
    bantam_triage *triage;
    bantam_error error;
    assert_int_equal(bantam_triage_new(&triage, &error), BANTAM_OK);
    return triage;
}

static void make_lessons(bantam_buffer buffers[LESSONS], bantam_lesson lessons[LESSONS],
                         const bantam_correction *correction)
{
    bantam_triage *triage = new_triage();
    for (int i = 0; i < LESSONS; i++) {
        char log[512];
        bantam_error error;
        write_log(log, 10 + i);
        bantam_buffer_init(&buffers[i], 1 << 20);
        if (bantam_lesson_make(&buffers[i], triage, log, strlen(log), correction, &error)) {
            fail_msg("%s", error.message);
        }
        lessons[i] = (bantam_lesson){buffers[i].data, buffers[i].size};
    }
    bantam_triage_free(&triage);
}

static void release(bantam_buffer buffers[LESSONS])
{
    for (int i = 0; i < LESSONS; i++) {
        bantam_buffer_release(&buffers[i]);
    }
}

static bantam_diagnosis *diagnose(const bantam_buffer *layer, const char *log)
{
    bantam_triage *triage = new_triage();
    bantam_diagnosis *diagnosis;
    bantam_error error;
    if (layer && bantam_triage_use(triage, layer->data, layer->size, &error)) {
        fail_msg("%s", error.message);
    }
    assert_int_equal(bantam_triage_run(&diagnosis, triage, log, strlen(log), NULL, &error),
                     BANTAM_OK);
    bantam_triage_free(&triage);
    return diagnosis;
}

static void what_was_taught_is_named_in_other_logs(void **state)
{
    (void)state;
    const bantam_correction correction = {
        .lines = {3, 3}, .cause = "pool-quota", .fix = "Ask for a larger pool."};
    bantam_buffer buffers[LESSONS], layer;
    bantam_lesson lessons[LESSONS];
    bantam_error error;
    make_lessons(buffers, lessons, &correction);
    bantam_buffer_init(&layer, 1 << 24);
    assert_int_equal(bantam_learn(&layer, lessons, LESSONS, &error), BANTAM_OK);
    char log[512];
    write_log(log, 977);
    bantam_diagnosis *diagnosis = diagnose(&layer, log);
    const bantam_finding *finding = diagnosis->findings;
    assert_int_equal(diagnosis->status, BANTAM_DIAGNOSED);
    assert_string_equal(finding->cause, "pool-quota");
    assert_int_equal(finding->anchor_line, 3);
    assert_string_equal(finding->fix_text, "Ask for a larger pool.");
    assert_string_equal(finding->evidence[0].feature, "much like what you taught");
    bantam_diagnosis_free(&diagnosis);
    bantam_buffer_release(&layer);
    release(buffers);
}

static void what_is_unlike_stays_as_it_was(void **state)
{
    (void)state;
    static const char other[] = "$ gcc -c a.c\n"
                                "a.c:3:1: error: expected ';' before '}' token\n"
                                "    3 | }\n"
                                "      | ^\n";
    const bantam_correction correction = {.cause = "pool-quota"};
    bantam_buffer buffers[LESSONS], layer;
    bantam_lesson lessons[LESSONS];
    bantam_error error;
    make_lessons(buffers, lessons, &correction);
    bantam_buffer_init(&layer, 1 << 24);
    assert_int_equal(bantam_learn(&layer, lessons, LESSONS, &error), BANTAM_OK);
    bantam_diagnosis *before = diagnose(NULL, other), *after = diagnose(&layer, other);
    assert_string_equal(after->findings->cause, before->findings->cause);
    assert_int_equal(after->findings->anchor_line, before->findings->anchor_line);
    bantam_diagnosis_free(&before);
    bantam_diagnosis_free(&after);
    bantam_buffer_release(&layer);
    release(buffers);
}

static void lines_that_were_no_reason_are_left(void **state)
{
    (void)state;
    char log[512];
    write_log(log, 5);
    bantam_diagnosis *before = diagnose(NULL, log);
    uint64_t first = before->findings->anchor_line;
    bantam_diagnosis_free(&before);
    const bantam_correction correction = {.not_lines = {first, first}};
    bantam_buffer buffers[LESSONS], layer;
    bantam_lesson lessons[LESSONS];
    bantam_error error;
    make_lessons(buffers, lessons, &correction);
    bantam_buffer_init(&layer, 1 << 24);
    assert_int_equal(bantam_learn(&layer, lessons, LESSONS, &error), BANTAM_OK);
    bantam_diagnosis *after = diagnose(&layer, log);
    assert_int_not_equal(after->findings->anchor_line, first);
    bantam_diagnosis_free(&after);
    bantam_buffer_release(&layer);
    release(buffers);
}

static void the_check_answers_lessons_by_the_others(void **state)
{
    (void)state;
    const bantam_correction correction = {.cause = "pool-quota"};
    bantam_buffer buffers[LESSONS], layers[2];
    bantam_lesson lessons[LESSONS];
    bantam_error error;
    bantam_learned_figures figures;
    make_lessons(buffers, lessons, &correction);
    assert_int_equal(bantam_learn_check(&figures, lessons, LESSONS, &error), BANTAM_OK);
    assert_int_equal(figures.n_causes, LESSONS);
    assert_int_equal(figures.n_before, 0); // the shipped model does not know that cause
    assert_int_equal(figures.n_after, LESSONS);
    assert_int_equal(figures.n_mended, LESSONS);
    assert_int_equal(figures.n_worsened, 0);
    for (int i = 0; i < 2; i++) {
        bantam_buffer_init(&layers[i], 1 << 24);
        assert_int_equal(bantam_learn(&layers[i], lessons, LESSONS, &error), BANTAM_OK);
    }
    assert_int_equal(layers[0].size, layers[1].size);
    assert_memory_equal(layers[0].data, layers[1].data, layers[0].size);
    bantam_buffer_release(&layers[0]);
    bantam_buffer_release(&layers[1]);
    release(buffers);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    static const bantam_correction wrong[] = {
        {.cause = NULL},
        {.cause = "No Name"},
        {.cause = "unknown"},
        {.lines = {3, 99}, .cause = "test"},
        {.lines = {3, 2}, .cause = "test"},
        {.not_lines = {90, 99}},
    };
    bantam_triage *triage = new_triage();
    bantam_buffer out;
    bantam_error error;
    char log[512];
    write_log(log, 3);
    bantam_buffer_init(&out, 1 << 20);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(bantam_lesson_make(&out, triage, log, strlen(log), &wrong[i], &error),
                         BANTAM_ERROR_ARGUMENT);
        assert_int_equal(out.size, 0);
    }
    const bantam_correction right = {.lines = {3, 3}, .cause = "test"};
    assert_int_equal(bantam_lesson_make(&out, triage, log, strlen(log), &right, &error), BANTAM_OK);
    bantam_lesson lesson = {out.data, out.size / 2};
    bantam_buffer layer;
    bantam_buffer_init(&layer, 1 << 24);
    assert_int_equal(bantam_learn(&layer, &lesson, 1, &error), BANTAM_ERROR_MODEL);
    assert_int_equal(bantam_learn(&layer, &lesson, 0, &error), BANTAM_ERROR_ARGUMENT);
    assert_int_equal(bantam_triage_use(triage, out.data, out.size, &error), BANTAM_ERROR_MODEL);
    bantam_triage_free(&triage);
    bantam_buffer_release(&out);
    bantam_buffer_release(&layer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_taught_is_named_in_other_logs),
        cmocka_unit_test(what_is_unlike_stays_as_it_was),
        cmocka_unit_test(lines_that_were_no_reason_are_left),
        cmocka_unit_test(the_check_answers_lessons_by_the_others),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
