// Lanes against scalar arithmetic: the exponential's error, and sums that fold in the one order.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "base/vector.h"

VECTOR_KERNEL
static void exponentials(float *values, size_t n_values)
{
    for (size_t i = 0; i < n_values; i += VECTOR_LANES) {
        vector_store(values + i, vector_exp(vector_load(values + i)));
    }
}

VECTOR_KERNEL
static void fold(float *sum, float *largest, const float *values)
{
    *sum = vector_sum(vector_load(values));
    *largest = vector_largest(vector_load(values));
}

static void exponential_is_close_everywhere(void **state)
{
    (void)state;
    enum {
        N = 1 << 16
    };
    static float values[N];
    for (int i = 0; i < N; i++) {
        values[i] = -87.0F + 175.0F * (float)i / (float)N;
    }
    exponentials(values, N);
    for (int i = 0; i < N; i++) {
        double expected = exp((double)(-87.0F + 175.0F * (float)i / (float)N));
        assert_true(fabs((double)values[i] - expected) <= expected * 0x1p-23);
    }
}

static void exponential_stays_finite_beyond_its_range(void **state)
{
    (void)state;
    float values[VECTOR_LANES] = {-1e30F, -INFINITY, 1e30F, INFINITY, 0.0F};
    exponentials(values, VECTOR_LANES);
    assert_true(values[0] > 0.0F && values[0] < 1e-37F);
    assert_true(values[1] == values[0]);
    assert_true(values[2] > 1e38F && isfinite(values[2]));
    assert_true(values[3] == values[2]);
    assert_true(values[4] == 1.0F);
}

VECTOR_KERNEL
static void logarithms(float *values, size_t n_values)
{
    for (size_t i = 0; i < n_values; i += VECTOR_LANES) {
        vector_store(values + i, vector_log(vector_load(values + i)));
    }
}

static void logarithm_is_close_everywhere(void **state)
{
    (void)state;
    enum {
        N = 1 << 16
    };
    static float values[N], logs[N];
    for (int i = 0; i < N; i++) { // near 1, and far from it
        values[i] =
            i % 2 ? 0.5F + (float)i / (float)N : ldexpf(1.0F + (float)i / (float)N, i % 250 - 125);
        logs[i] = values[i];
    }
    logarithms(logs, N);
    for (int i = 0; i < N; i++) {
        double expected = log((double)values[i]);
        assert_true(fabs((double)logs[i] - expected) <= fabs(expected) * 0x1p-22 + 1e-9);
    }
}

static void sums_fold_halves(void **state)
{
    (void)state;
    float values[VECTOR_LANES], halves[VECTOR_LANES], sum, largest;
    for (size_t i = 0; i < VECTOR_LANES; i++) {
        values[i] = halves[i] = 1.0F / (float)(3 * i + 1);
    }
    for (size_t half = VECTOR_LANES / 2; half > 0; half /= 2) {
        for (size_t i = 0; i < half; i++) {
            halves[i] += halves[i + half];
        }
    }
    fold(&sum, &largest, values);
    assert_true(sum == halves[0]);
    assert_true(largest == 1.0F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exponential_is_close_everywhere),
        cmocka_unit_test(exponential_stays_finite_beyond_its_range),
        cmocka_unit_test(logarithm_is_close_everywhere),
        cmocka_unit_test(sums_fold_halves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
