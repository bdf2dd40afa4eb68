// Messages of one group of constructed logs are its own; those of several groups, or of a log that nobody made, are everyone's.
#include "triage/message_origins.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum {
    MESSAGES = 4
};

static void note(struct message_origins *origins, uint32_t message, size_t group, bool constructed)
{
    static struct cause_features features;
    features.n_hits = 1;
    features.hits[0].message = message;
    message_origins_note(origins, &features, group, constructed);
}

static void a_message_belongs_to_the_only_group_that_holds_it(void **state)
{
    (void)state;
    struct arena arena = ARENA_EMPTY;
    struct message_origins origins;
    assert_int_equal(message_origins_init(&origins, MESSAGES, &arena, NULL), BANTAM_OK);
    note(&origins, 0, 7, true);
    note(&origins, 0, 7, true);
    note(&origins, 1, 7, true);
    note(&origins, 1, 8, true);
    note(&origins, 2, 7, false);
    note(&origins, 2, 7, true);
    const bool *own = message_origins_of(&origins, 7);
    assert_true(own[0] && !own[1] && !own[2] && !own[3]);
    assert_false(message_origins_of(&origins, 8)[0]);
    assert_int_equal(message_origins_group(&origins, 0), 7);
    assert_true(message_origins_group(&origins, 1) == SIZE_MAX);
    assert_true(message_origins_group(&origins, 3) == SIZE_MAX);
    arena_release(&arena);
}

static void one_message_is_ignored_alone(void **state)
{
    (void)state;
    struct arena arena = ARENA_EMPTY;
    struct message_origins origins;
    assert_int_equal(message_origins_init(&origins, MESSAGES, &arena, NULL), BANTAM_OK);
    note(&origins, 0, 7, true);
    assert_true(message_origins_of(&origins, 7)[0]);
    const bool *only = message_origins_only(&origins, 3);
    assert_true(!only[0] && !only[1] && !only[2] && only[3]);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_belongs_to_the_only_group_that_holds_it),
        cmocka_unit_test(one_message_is_ignored_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
