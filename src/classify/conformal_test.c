// Sets keep their promise: order statistics of few and of many rows.
#include "classify/conformal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/random.h"

static void few_rows_promise_little(void **state)
{
    float probabilities[] = {0.9F, 0.2F, 0.5F, 0.7F};
    struct conformal_table table;
    (void)state;
    conformal_table_fill(&table, probabilities, 4);
    assert_int_equal(table.n, 4);
    assert_float_equal(conformal_table_threshold(&table, 0.8), 0.2F, 0); // k = ⌊5 · 0.2⌋ = 1
    assert_float_equal(conformal_table_threshold(&table, 0.6), 0.5F, 0); // k = 2
    assert_float_equal(conformal_table_threshold(&table, 0.9), 0, 0);    // k = 0: every label
    conformal_table_fill(&table, probabilities, 1);
    assert_float_equal(conformal_table_threshold(&table, 0.5), probabilities[0], 0);
    conformal_table_fill(&table, probabilities, 0);
    assert_float_equal(conformal_table_threshold(&table, 0.5), 0, 0);
}

// Of new values from the same distribution, at least the coverage reaches the threshold, also where ranks were left out.
static void coverage_holds(void **state)
{
    enum {
        ROWS = 5000,
        NEW = 20000
    };
    static float probabilities[ROWS];
    struct random random = {.state = 7};
    struct conformal_table table;
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        probabilities[i] = (float)random_unit(&random);
    }
    conformal_table_fill(&table, probabilities, ROWS);
    assert_int_equal(table.n, CONFORMAL_RANKS);
    for (double coverage = 0.5; coverage < 0.995; coverage += 0.07) {
        float least = conformal_table_threshold(&table, coverage);
        size_t n_covered = 0;
        for (size_t i = 0; i < NEW; i++) {
            n_covered += (float)random_unit(&random) >= least;
        }
        double share = (double)n_covered / NEW;
        assert_true(share > coverage - 0.02 && share < coverage + 0.03);
        // The exact order statistic is never below the one that is used.
        size_t rank = (size_t)((ROWS + 1) * (1 - coverage));
        assert_true(least <= probabilities[rank - 1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_rows_promise_little),
        cmocka_unit_test(coverage_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
