// Coarse sums against the exact ones: never further off than they say, whatever the weights and the values.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "base/random.h"
#include "model/coarse_weights.h"

enum {
    FEATURES = 200,
    OUTPUTS_MOST = 300,
    STRIDE_MOST = 304,
    ENTRIES_MOST = 1025, // one more than are summed up at once
};

// Weights of which few features have large ones, and one has none.
static void draw(struct text_weights *weights, size_t n_outputs, uint64_t seed)
{
    static float drawn[FEATURES * OUTPUTS_MOST];
    struct random random = {seed};
    for (size_t f = 0; f < FEATURES; f++) {
        double size = f == 0 ? 0 : pow(10, random_unit(&random) * 6 - 6);
        for (size_t o = 0; o < n_outputs; o++) {
            drawn[f * n_outputs + o] = (float)(size * (random_unit(&random) * 2 - 1));
        }
    }
    assert_int_equal(text_weights_init(weights, drawn, FEATURES, n_outputs, WEIGHTS_F32, NULL),
                     BANTAM_OK);
}

// The most that the sums of up to sixty features may be off for these weights to be of use.
static double useful(const struct text_weights *weights, const struct weighted_feature *features,
                     size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        float row[OUTPUTS_MOST];
        double most = 0;
        text_weights_row(weights, features[i].feature, row);
        for (size_t o = 0; o < weights->n_outputs; o++) {
            most = fmax(most, fabs((double)row[o]));
        }
        sum += fabs((double)features[i].value) * (most / 40 + 1e-6);
    }
    return sum;
}

static void expect_near(const struct text_weights *weights, const struct coarse_weights *coarse,
                        const struct weighted_feature *features, size_t n)
{
    float exact[STRIDE_MOST], sums[STRIDE_MOST], off;
    text_weights_combine(weights, features, n, exact);
    assert_true(coarse_weights_combine(coarse, features, n, sums, &off));
    double least = INFINITY, most = -INFINITY;
    for (size_t o = 0; o < weights->n_outputs; o++) {
        double difference = (double)sums[o] - (double)exact[o];
        least = fmin(least, difference);
        most = fmax(most, difference);
    }
    assert_true(most - least <= (double)off);
    assert_true(n > 60 || (double)off <= useful(weights, features, n) + 1e-25);
}

static void sums_are_as_near_as_they_say(void **state)
{
    (void)state;
    static const size_t outputs[] = {49, 64, 75, 77, 96, 150, 160, OUTPUTS_MOST};
    static struct weighted_feature features[ENTRIES_MOST];
    struct random random = {3};
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++) {
        struct text_weights weights;
        draw(&weights, outputs[i], i);
        struct coarse_weights *coarse = coarse_weights_new(&weights);
        for (size_t round = 0; round < 200 && coarse; round++) {
            size_t n = round == 0 ? ENTRIES_MOST - 1 : round == 1 ? 0 : random_below(&random, 60);
            for (size_t j = 0; j < n; j++) {
                double value = pow(10, random_unit(&random) * 2 - 1);
                features[j] =
                    (struct weighted_feature){(uint32_t)random_below(&random, FEATURES),
                                              (float)(random_below(&random, 4) ? value : -value)};
            }
            expect_near(&weights, coarse, features, n);
        }
        float sums[STRIDE_MOST], off;
        assert_false(coarse && coarse_weights_combine(coarse, features, ENTRIES_MOST, sums, &off));
        coarse_weights_free(coarse);
        text_weights_release(&weights);
    }
}

static void the_largest_is_ahead(void **state)
{
    (void)state;
    struct text_weights weights;
    draw(&weights, 75, 1);
    struct coarse_weights *coarse = coarse_weights_new(&weights);
    float before[80], sums[80] = {0};
    for (size_t o = 0; o < 80; o++) {
        before[o] = o < 75 ? -1 : -INFINITY;
    }
    for (size_t o = 0; o < 75 && coarse; o++) {
        sums[o] = 1;
        assert_int_equal(coarse_weights_largest(coarse, before, 2, sums, 1.9F), o);
        assert_int_equal(coarse_weights_largest(coarse, before, 2, sums, 2.1F), COARSE_UNKNOWN);
        sums[74 - o] = 1; // another as large, but for the one in the middle
        assert_int_equal(coarse_weights_largest(coarse, before, 2, sums, 0),
                         o == 37 ? o : COARSE_UNKNOWN);
        assert_int_equal(coarse_weights_largest(coarse, before, 2, sums, INFINITY), COARSE_UNKNOWN);
        sums[o] = sums[74 - o] = 0;
    }
    coarse_weights_free(coarse);
    text_weights_release(&weights);
}

static void few_outputs_have_none(void **state)
{
    (void)state;
    struct text_weights weights;
    draw(&weights, 48, 1);
    assert_null(coarse_weights_new(&weights));
    text_weights_release(&weights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_as_near_as_they_say),
        cmocka_unit_test(the_largest_is_ahead),
        cmocka_unit_test(few_outputs_have_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
