// The ranking learns which of two entries of a cause is right, the same on any number of threads; too little is refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/train.h"
#include "bantam/triage.h"

enum {
    LOGS = 8
};

static char bytes[LOGS][400], groups[LOGS][16];
static bantam_labelled_log logs[LOGS];
static const bantam_span span = {2, 2};
static const char *const fixes[] = {"network/any"};

// A label that calls for the general entry, though that of the tool fits as well.
static void make_logs(int n_groups)
{
    for (int i = 0; i < LOGS; i++) {
        snprintf(bytes[i], sizeof bytes[i],
                 "$ curl -sSf https://files.example.org/%d\ncurl: (56) Recv failure: Connection "
                 "reset by peer\nstep failed\n",
                 i);
        snprintf(groups[i], sizeof groups[i], "group %d", i % n_groups);
        logs[i] = (bantam_labelled_log){.id = groups[i],
                                        .group = groups[i],
                                        .bytes = bytes[i],
                                        .size = strlen(bytes[i]),
                                        .spans = &span,
                                        .n_spans = 1,
                                        .cause = "network",
                                        .fixes = fixes,
                                        .n_fixes = 1};
    }
}

static bantam_status train(bantam_buffer *model, int n_threads, bantam_error *error)
{
    bantam_train_options options = bantam_train_options_default();
    options.n_threads = n_threads;
    options.parameters = "{\"folds\":2,\"l2\":0.1,\"l2_own\":0.01}";
    bantam_buffer_init(model, 1 << 20);
    return bantam_train_fixes(model, logs, LOGS, &options, error);
}

static void learns_which_entry_is_right(void **state)
{
    (void)state;
    bantam_error error;
    bantam_buffer model, again;
    bantam_triage *triage;
    bantam_diagnosis *diagnosis;
    make_logs(4);
    if (train(&model, 1, &error)) {
        fail_msg("%s", error.message);
    }
    assert_int_equal(train(&again, 2, NULL), BANTAM_OK);
    assert_int_equal(model.size, again.size);
    assert_memory_equal(model.data, again.data, model.size);
    assert_int_equal(bantam_triage_new(&triage, NULL), BANTAM_OK);
    assert_int_equal(bantam_triage_use(triage, model.data, model.size, NULL), BANTAM_OK);
    bantam_triage_options options = bantam_triage_options_default();
    options.known_failed = true;
    assert_int_equal(
        bantam_triage_run(&diagnosis, triage, bytes[0], strlen(bytes[0]), &options, NULL),
        BANTAM_OK);
    assert_int_equal(diagnosis->n_findings > 0, true);
    assert_string_equal(diagnosis->findings[0].tool, "curl");
    assert_memory_equal(diagnosis->findings[0].fix_text, "Run the job again; if it happens", 32);
    bantam_diagnosis_free(&diagnosis);
    bantam_triage_free(&triage);
    bantam_buffer_release(&again);
    bantam_buffer_release(&model);
}

static void one_group_is_refused(void **state)
{
    (void)state;
    bantam_error error;
    bantam_buffer model;
    make_logs(1);
    assert_int_equal(train(&model, 1, &error), BANTAM_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "two groups"));
    bantam_buffer_release(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns_which_entry_is_right),
        cmocka_unit_test(one_group_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
