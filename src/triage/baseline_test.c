// Profiles of green logs: what they know, that they hold no text, and what a damaged one does.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/triage.h"
#include "triage/baseline.h"

static const char green[] = "starting build 17 of /srv/a/b\nwarning: unused variable 'x'\n"
                            "a.c:3: error: expected ';', as ever\nall 12 tests passed\n";

static bantam_baseline *baseline_of(const char *log)
{
    bantam_baseline *baseline;
    bantam_error error;
    assert_int_equal(bantam_baseline_new(&baseline, &error), BANTAM_OK);
    assert_int_equal(bantam_baseline_add_log(baseline, log, strlen(log), &error), BANTAM_OK);
    return baseline;
}

static bantam_buffer write(const bantam_baseline *baseline)
{
    bantam_buffer out;
    bantam_error error;
    bantam_buffer_init(&out, 1 << 20);
    assert_int_equal(bantam_baseline_write(&out, baseline, &error), BANTAM_OK);
    return out;
}

static void lines_count_once_and_logs_add_up(void **state)
{
    (void)state;
    bantam_baseline *baseline = baseline_of(green);
    bantam_error error;
    size_t n_lines = bantam_baseline_n_lines(baseline);
    assert_int_equal(n_lines, 4);
    const char again[] = "starting build 99 of /srv/c/d\na new line\n";
    assert_int_equal(bantam_baseline_add_log(baseline, again, strlen(again), &error), BANTAM_OK);
    assert_int_equal(bantam_baseline_n_lines(baseline), n_lines + 1);
    assert_int_equal(bantam_baseline_n_logs(baseline), 2);
    bantam_baseline_free(&baseline);
    assert_null(baseline);
}

static void a_profile_comes_back_the_same(void **state)
{
    (void)state;
    bantam_baseline *baseline = baseline_of(green), *again;
    bantam_error error;
    bantam_buffer first = write(baseline);
    assert_null(memmem(first.data, first.size, "unused", 6)); // no text
    assert_int_equal(bantam_baseline_new(&again, &error), BANTAM_OK);
    assert_int_equal(bantam_baseline_add_profile(again, first.data, first.size, &error), BANTAM_OK);
    bantam_buffer second = write(again);
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.data, second.data, first.size);
    bantam_buffer_release(&first);
    bantam_buffer_release(&second);
    bantam_baseline_free(&baseline);
    bantam_baseline_free(&again);
}

static void other_files_are_refused(void **state)
{
    (void)state;
    bantam_baseline *baseline = baseline_of(green);
    bantam_error error;
    assert_int_equal(bantam_baseline_add_profile(baseline, "no model", 8, &error),
                     BANTAM_ERROR_MODEL);
    static const struct {
        const char *kind, *features;
        bantam_dtype dtype;
        bantam_status status;
    } files[] = {{"ci-lines", LINE_FEATURES_VERSION, BANTAM_U32, BANTAM_ERROR_MODEL},
                 {"baseline", "0", BANTAM_U32, BANTAM_ERROR_VERSION},
                 {"baseline", LINE_FEATURES_VERSION, BANTAM_F32, BANTAM_ERROR_MODEL}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const uint32_t lines[2] = {1, 2};
        const bantam_tensor tensor = {.name = "lines",
                                      .dtype = files[i].dtype,
                                      .n_dimensions = 1,
                                      .shape = {2},
                                      .data = lines,
                                      .size = sizeof lines};
        const bantam_metadata metadata[] = {{"kind", files[i].kind},
                                            {"features", files[i].features}};
        bantam_buffer file;
        bantam_buffer_init(&file, 1 << 16);
        assert_int_equal(bantam_model_write(&file, &tensor, 1, metadata, 2, &error), BANTAM_OK);
        assert_int_equal(bantam_baseline_add_profile(baseline, file.data, file.size, &error),
                         files[i].status);
        bantam_buffer_release(&file);
    }
    assert_int_equal(bantam_baseline_n_lines(baseline), 4);
    bantam_baseline_free(&baseline);
}

static void what_is_new_comes_first(void **state)
{
    (void)state;
    const char failed[] =
        "starting build 18 of /srv/e/f\nwarning: unused variable 'y'\n"
        "a.c:3: error: expected ';', as ever\nfatal: the quota of the spool is used up\n"
        "The command \"make\" exited with 1.\n";
    bantam_triage *triage;
    bantam_diagnosis *diagnosis;
    bantam_error error;
    assert_int_equal(bantam_triage_new(&triage, &error), BANTAM_OK);
    bantam_triage_options options = bantam_triage_options_default();
    for (int i = 0; i < 2; i++) {
        bool compared = i == 1;
        bantam_baseline *baseline = baseline_of(green);
        options.baseline = compared ? baseline : NULL;
        assert_int_equal(
            bantam_triage_run(&diagnosis, triage, failed, strlen(failed), &options, &error),
            BANTAM_OK);
        const bantam_finding *first = diagnosis->findings;
        assert_true((first->anchor_line == 4) == compared);
        assert_int_equal(first->novelty, compared ? BANTAM_NEW : BANTAM_NOT_COMPARED);
        bantam_diagnosis_free(&diagnosis);
        bantam_baseline_free(&baseline);
    }
    bantam_triage_free(&triage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_count_once_and_logs_add_up),
        cmocka_unit_test(a_profile_comes_back_the_same),
        cmocka_unit_test(other_files_are_refused),
        cmocka_unit_test(what_is_new_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
