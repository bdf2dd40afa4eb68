// Made-up feature rows: what the fit must hold whatever the logs are.
#include "triage/gate_train.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"

enum {
    EXAMPLES = 400
};

// Failed logs end badly mostly, green ones well mostly; every tenth of either looks like the other.
static void make_examples(struct gate_example *examples)
{
    struct random random = {7};
    memset(examples, 0, EXAMPLES * sizeof *examples);
    for (size_t i = 0; i < EXAMPLES; i++) {
        struct gate_example *example = &examples[i];
        example->failed = i % 2 == 0;
        example->weight = 1;
        bool looks_failed = example->failed != (random_below(&random, 10) == 0);
        example->values[GATE_ONE] = 1;
        example->values[GATE_LAST_BAD] = looks_failed;
        example->values[GATE_LAST_GOOD] = !looks_failed;
        example->values[GATE_BEST] = (float)random_below(&random, 100) / 50 + looks_failed;
    }
}

static float log_odds(const float *weights, const struct gate_example *example)
{
    float sum = 0;
    for (size_t i = 0; i < GATE_FEATURES; i++) {
        sum += weights[i] * example->values[i];
    }
    return sum;
}

static size_t count_called_failed(const float *weights, const struct gate_example *examples,
                                  bool failed)
{
    size_t n = 0;
    for (size_t i = 0; i < EXAMPLES; i++) {
        n += examples[i].failed == failed && log_odds(weights, &examples[i]) > 0;
    }
    return n;
}

static void logs_of_one_kind_leave_the_prior(void **state)
{
    (void)state;
    struct gate_example examples[EXAMPLES];
    float weights[GATE_FEATURES], prior[GATE_FEATURES];
    make_examples(examples);
    for (size_t i = 0; i < EXAMPLES; i++) {
        examples[i].failed = true;
    }
    assert_int_equal(gate_fit(weights, examples, EXAMPLES, 0.01, 1, NULL), BANTAM_OK);
    gate_prior(prior);
    assert_memory_equal(weights, prior, sizeof prior);
}

static void kinds_are_told_apart(void **state)
{
    (void)state;
    struct gate_example examples[EXAMPLES];
    float weights[GATE_FEATURES], prior[GATE_FEATURES];
    make_examples(examples);
    assert_int_equal(gate_fit(weights, examples, EXAMPLES, 0.001, 1, NULL), BANTAM_OK);
    assert_in_range(count_called_failed(weights, examples, true), 160, 200);
    assert_in_range(count_called_failed(weights, examples, false), 0, 40);
    gate_prior(prior);
    assert_float_equal(weights[GATE_QUIET], prior[GATE_QUIET], 0);
}

static void false_alarms_stay_below_their_share(void **state)
{
    (void)state;
    struct gate_example examples[EXAMPLES];
    float weights[GATE_FEATURES];
    make_examples(examples);
    assert_int_equal(gate_fit(weights, examples, EXAMPLES, 0.001, 0.02, NULL), BANTAM_OK);
    assert_in_range(count_called_failed(weights, examples, false), 0, 4);
}

static void a_strong_penalty_keeps_the_prior(void **state)
{
    (void)state;
    struct gate_example examples[EXAMPLES];
    float weights[GATE_FEATURES], prior[GATE_FEATURES];
    make_examples(examples);
    assert_int_equal(gate_fit(weights, examples, EXAMPLES, 1e6, 1, NULL), BANTAM_OK);
    gate_prior(prior);
    for (size_t i = 0; i < GATE_FEATURES; i++) {
        assert_float_equal(weights[i], prior[i], 1e-4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logs_of_one_kind_leave_the_prior),
        cmocka_unit_test(kinds_are_told_apart),
        cmocka_unit_test(false_alarms_stay_below_their_share),
        cmocka_unit_test(a_strong_penalty_keeps_the_prior),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
