// Small made-up logs: which are read, in what order, and that groups keep together.
#include "triage/finder_logs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

static const bantam_span span = {1, 1};

static bantam_labelled_log labelled(const char *group, const char *text, bool failed)
{
    return (bantam_labelled_log){.group = group,
                                 .bytes = text,
                                 .size = strlen(text),
                                 .spans = failed ? &span : NULL,
                                 .n_spans = failed};
}

static bantam_status read_some(struct finder_logs *all, const bantam_labelled_log *logs, size_t n,
                               bool passed, struct arena *arena, bantam_error *error)
{
    struct line_annotator none = {0};
    bantam_train_options options = bantam_train_options_default();
    const struct keyword_table *keywords = keyword_table_new(arena);
    assert_non_null(keywords);
    return finder_logs_read(all, logs, n, passed, 2, keywords, &none, &options, error);
}

static void given_logs_come_first_and_constructed_ones_have_no_variant(void **state)
{
    (void)state;
    bantam_labelled_log logs[] = {
        labelled("one", "fatal: no such branch\n", true),
        labelled("two", "all is well\n", false), // neither failed nor passed for sure: left out
        labelled("made", "E: no such package\n", true),
        labelled("one", "fatal: no such tag\n", true),
        labelled("made", "ok\n", false),
    };
    logs[2].constructed = true;
    logs[4].constructed = logs[4].green = true;
    struct arena arena = {0};
    struct finder_logs all;
    bantam_error error;
    assert_int_equal(read_some(&all, logs, 5, true, &arena, &error), BANTAM_OK);
    assert_int_equal(all.n_given, 3);
    assert_int_equal(all.n_failed, 5);
    assert_int_equal(all.n_passed, 1);
    static const char *const groups[] = {"one", "made", "one", "one", "one", "made"};
    for (size_t i = 0; i < 6; i++) {
        assert_string_equal(all.logs[i].source->group, groups[i]);
        assert_int_equal(all.logs[i].is_plain, i == 3 || i == 4);
        assert_int_equal(all.logs[i].document.n_lines, 1);
    }
    assert_int_equal(all.logs[0].fold, all.logs[2].fold);
    assert_int_equal(all.logs[0].fold, all.logs[3].fold);
    assert_int_not_equal(all.logs[0].fold, all.logs[1].fold);
    finder_logs_release(&all);
    arena_release(&arena);
}

static void passed_logs_are_read_only_when_asked_for(void **state)
{
    (void)state;
    bantam_labelled_log logs[] = {labelled("one", "fatal: a\n", true),
                                  labelled("two", "fatal: b\n", true),
                                  labelled("two", "ok\n", false)};
    logs[2].green = true;
    struct arena arena = {0};
    struct finder_logs all;
    bantam_error error;
    assert_int_equal(read_some(&all, logs, 3, false, &arena, &error), BANTAM_OK);
    assert_int_equal(all.n_sources, 2);
    assert_int_equal(all.n_passed, 0);
    finder_logs_release(&all);
    arena_release(&arena);
}

static void one_log_is_too_few(void **state)
{
    (void)state;
    bantam_labelled_log log = labelled("one", "fatal: a\n", true);
    struct arena arena = {0};
    struct finder_logs all;
    bantam_error error;
    assert_int_equal(read_some(&all, &log, 1, false, &arena, &error), BANTAM_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "at least two logs with spans; 1 given"));
    finder_logs_release(&all);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(given_logs_come_first_and_constructed_ones_have_no_variant),
        cmocka_unit_test(passed_logs_are_read_only_when_asked_for),
        cmocka_unit_test(one_log_is_too_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
