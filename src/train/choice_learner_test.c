// The choice learner: it finds what makes an alternative right, and weighs features in units of their deviation.
#include "train/choice_learner.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum {
    FEATURES = 3, // what decides, noise, a constant
    ALTERNATIVES = 3,
    EXAMPLES = 40,
};

static float rows[EXAMPLES][ALTERNATIVES][FEATURES];
static uint8_t right[EXAMPLES][ALTERNATIVES];
static struct choice_example examples[EXAMPLES];

// The alternative with the highest first feature is right; `scale` stretches that feature.
static void make_examples(float scale)
{
    uint32_t state = 1;
    for (size_t e = 0; e < EXAMPLES; e++) {
        size_t best = 0;
        for (size_t i = 0; i < ALTERNATIVES; i++) {
            for (size_t f = 0; f < 2; f++) {
                state = state * 1664525 + 1013904223;
                rows[e][i][f] = (float)(state >> 8) / (1 << 24) * (f ? 1 : scale);
            }
            rows[e][i][2] = 1;
            right[e][i] = 0;
            best = rows[e][i][0] > rows[e][best][0] ? i : best;
        }
        right[e][best] = 1;
        examples[e] = (struct choice_example){rows[e][0], right[e], ALTERNATIVES, 1, NULL};
    }
}

static void finds_what_decides(void **state)
{
    (void)state;
    float weights[FEATURES];
    make_examples(1);
    assert_int_equal(choice_learner_fit(weights, FEATURES, examples, EXAMPLES, 0.1, NULL), 0);
    assert_true(weights[0] > 5);
    assert_true(fabsf(weights[1]) < weights[0] / 5);
    assert_true(weights[2] == 0);
}

static void kinds_have_weights_of_their_own(void **state)
{
    (void)state;
    static uint32_t kinds[EXAMPLES][ALTERNATIVES];
    float weights[FEATURES], own[4];
    make_examples(1);
    for (uint32_t e = 0; e < EXAMPLES; e++) {
        for (uint32_t i = 0; i < ALTERNATIVES; i++) {
            kinds[e][i] = (e + i) % 3; // kind 3 never occurs
            right[e][i] = kinds[e][i] == 1;
        }
        examples[e].kinds = kinds[e];
    }
    assert_int_equal(
        choice_learner_fit_kinds(weights, FEATURES, own, 4, examples, EXAMPLES, 1, 0.1, NULL), 0);
    assert_true(own[1] > 2 && own[1] > own[0] + 3 && own[1] > own[2] + 3);
    assert_true(own[3] == 0);
    assert_true(fabsf(weights[0]) < 1 && fabsf(weights[1]) < 1);
}

static void does_not_mind_units(void **state)
{
    (void)state;
    float weights[FEATURES], stretched[FEATURES];
    make_examples(1);
    assert_int_equal(choice_learner_fit(weights, FEATURES, examples, EXAMPLES, 1, NULL), 0);
    make_examples(1024);
    assert_int_equal(choice_learner_fit(stretched, FEATURES, examples, EXAMPLES, 1, NULL), 0);
    assert_true(fabsf(stretched[0] * 1024 - weights[0]) < 1e-3F * weights[0]);
}

// At the minimum the loss of no small step is lower: the gradient is right.
static double loss_at(const float *weights, double l2)
{
    double loss = 0, deviation = 0, mean = 0;
    for (size_t f = 0; f < 2; f++) {
        double sum = 0, squares = 0;
        for (size_t e = 0; e < EXAMPLES; e++) {
            for (size_t i = 0; i < ALTERNATIVES; i++) {
                sum += (double)rows[e][i][f];
                squares += (double)rows[e][i][f] * (double)rows[e][i][f];
            }
        }
        mean = sum / (EXAMPLES * ALTERNATIVES);
        deviation = sqrt(squares / (EXAMPLES * ALTERNATIVES) - mean * mean);
        loss += l2 / 2 * pow(deviation * (double)weights[f], 2);
    }
    for (size_t e = 0; e < EXAMPLES; e++) {
        double all = 0, gold = 0;
        for (size_t i = 0; i < ALTERNATIVES; i++) {
            double mass = exp((double)(weights[0] * rows[e][i][0] + weights[1] * rows[e][i][1]));
            all += mass;
            gold += right[e][i] ? mass : 0;
        }
        loss += log(all / gold);
    }
    return loss;
}

static void ends_in_the_minimum(void **state)
{
    (void)state;
    float weights[FEATURES];
    make_examples(1);
    assert_int_equal(choice_learner_fit(weights, FEATURES, examples, EXAMPLES, 1, NULL), 0);
    double least = loss_at(weights, 1);
    for (size_t f = 0; f < 2; f++) {
        for (int sign = -1; sign <= 1; sign += 2) {
            float moved[FEATURES] = {weights[0], weights[1], 0};
            moved[f] += (float)sign * 0.05F;
            assert_true(loss_at(moved, 1) > least);
        }
    }
}

static void learns_nothing_from_one_kind(void **state)
{
    (void)state;
    float weights[FEATURES];
    make_examples(1);
    for (size_t e = 0; e < EXAMPLES; e++) {
        for (size_t i = 0; i < ALTERNATIVES; i++) {
            right[e][i] = e % 2 == 0;
        }
    }
    assert_int_equal(choice_learner_fit(weights, FEATURES, examples, EXAMPLES, 1, NULL), 0);
    assert_true(weights[0] == 0 && weights[1] == 0);
    assert_int_equal(choice_learner_fit(weights, FEATURES, NULL, 0, 1, NULL), 0);
    assert_true(weights[0] == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_decides),
        cmocka_unit_test(kinds_have_weights_of_their_own),
        cmocka_unit_test(does_not_mind_units),
        cmocka_unit_test(ends_in_the_minimum),
        cmocka_unit_test(learns_nothing_from_one_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
