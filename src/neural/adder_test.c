// Adding with the shipped hand-made adder, its trace, and what is refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/adder.h"

static bantam_adder *open_hand_made(void)
{
    bantam_adder *adder;
    bantam_error error;
    assert_int_equal(bantam_adder_open(&adder, "hand-made", BANTAM_FLOAT64, &error), BANTAM_OK);
    return adder;
}

static void official_pairs_are_all_added(void **state)
{
    (void)state;
    static uint64_t a[BANTAM_OFFICIAL_PAIRS], b[BANTAM_OFFICIAL_PAIRS], sums[BANTAM_OFFICIAL_PAIRS];
    bantam_adder *adder = open_hand_made();
    bantam_official_pairs(a, b);
    assert_int_equal(a[10], 2395527356); // tests/parity holds all of them against CPython
    assert_int_equal(b[10], 9334186774);
    assert_int_equal(bantam_adder_add(adder, a, b, sums, BANTAM_OFFICIAL_PAIRS, NULL), BANTAM_OK);
    for (size_t i = 0; i < BANTAM_OFFICIAL_PAIRS; i++) {
        assert_int_equal(sums[i], a[i] + b[i]);
    }
    bantam_adder_free(&adder);
    assert_null(adder);
}

static void a_trace_tells_of_each_step(void **state)
{
    (void)state;
    bantam_adder *adder = open_hand_made();
    bantam_adder_trace trace;
    assert_int_equal(bantam_adder_trace_run(&trace, adder, 95, 7, NULL), BANTAM_OK);
    assert_int_equal(trace.n_steps, 11);
    assert_int_equal(trace.n_prompt, 31);
    const uint8_t answer[] = {2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0};
    assert_memory_equal(trace.tokens + trace.n_prompt, answer, sizeof answer);
    for (size_t step = 0; step < trace.n_steps; step++) {
        double attention = 0, probability = 0;
        for (size_t i = 0; i < trace.n_read; i++) {
            attention += trace.attention[step * trace.n_read + i];
        }
        for (size_t token = 0; token < 10; token++) {
            probability += trace.probabilities[10 * step + token];
            assert_true(trace.probabilities[10 * step + token] <=
                        trace.probabilities[10 * step + answer[step]]);
        }
        assert_float_equal(attention, 1, 1e-9);
        assert_float_equal(probability, 1, 1e-9);
    }
    // Column j's digits lie 29 and 10 tokens back and share the same weight.
    assert_true(trace.attention[1] > 0.4);
    assert_float_equal(trace.attention[1], trace.attention[20], 1e-6);
    bantam_adder_trace_release(&trace);
    bantam_adder_free(&adder);
}

static void numbers_beyond_the_digits_are_refused(void **state)
{
    (void)state;
    bantam_adder *adder = open_hand_made();
    bantam_error error;
    uint64_t a = UINT64_C(10000000000), b = 1, sum;
    assert_int_equal(bantam_adder_digits(adder), 10);
    assert_int_equal(bantam_adder_add(adder, &a, &b, &sum, 1, &error), BANTAM_ERROR_ARGUMENT);
    assert_non_null(strstr(error.message, "10000000000"));
    bantam_adder_trace trace;
    assert_int_equal(bantam_adder_trace_run(&trace, adder, b, a, &error), BANTAM_ERROR_ARGUMENT);
    assert_null(trace.tokens);
    bantam_adder_free(&adder);
}

static void what_is_no_adder_is_refused(void **state)
{
    (void)state;
    static const char description[] =
        "{\"symbols\": \"ab\", \"length\": 4, \"prompt\": 2, \"width\": 2, \"head_width\": 2}";
    bantam_neural *neural;
    bantam_error error;
    bantam_buffer file;
    bantam_buffer_init(&file, 1 << 16);
    assert_int_equal(bantam_neural_new(&neural, description, sizeof description - 1, &error),
                     BANTAM_OK);
    assert_int_equal(bantam_neural_write(&file, neural, NULL, 0, &error), BANTAM_OK);
    bantam_adder *adder;
    assert_int_equal(bantam_adder_load(&adder, file.data, file.size, BANTAM_FLOAT64, &error),
                     BANTAM_ERROR_MODEL);
    assert_null(adder);
    assert_int_equal(bantam_adder_load(&adder, "junk", 4, BANTAM_FLOAT64, &error),
                     BANTAM_ERROR_MODEL);
    assert_int_equal(bantam_adder_open(&adder, "no such", BANTAM_FLOAT64, &error),
                     BANTAM_ERROR_ARGUMENT);
    bantam_buffer_release(&file);
    bantam_neural_free(&neural);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(official_pairs_are_all_added),
        cmocka_unit_test(a_trace_tells_of_each_step),
        cmocka_unit_test(numbers_beyond_the_digits_are_refused),
        cmocka_unit_test(what_is_no_adder_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
