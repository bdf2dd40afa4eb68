// The stream against the exact optimum of the same rows.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "base/random.h"
#include "train/stochastic_learner.h"

enum {
    ROWS = 2000,
    COLUMNS = 60,
    CLASSES = 4,
    ENTRIES = 5
};

static size_t starts[ROWS + 1];
static uint32_t columns[ROWS * ENTRIES], labels[ROWS];
static float values[ROWS * ENTRIES];

// Each column speaks for one class, and one label in ten is wrong.
static struct sparse_matrix make_rows(size_t n_classes)
{
    struct random random = {1};
    for (size_t i = 0; i < ROWS; i++) {
        size_t label = random_below(&random, n_classes);
        for (size_t k = 0; k < ENTRIES; k++) { // from the k-th stretch of columns
            size_t column = random_below(&random, COLUMNS / ENTRIES);
            bool telling = random_unit(&random) < 0.6;
            column = telling ? column / n_classes * n_classes + label : column;
            columns[i * ENTRIES + k] =
                (uint32_t)(k * COLUMNS / ENTRIES + column % (COLUMNS / ENTRIES));
            values[i * ENTRIES + k] = 0.5F + (float)random_unit(&random);
        }
        labels[i] =
            (uint32_t)(random_unit(&random) < 0.9 ? label : random_below(&random, n_classes));
        starts[i + 1] = (i + 1) * ENTRIES;
    }
    return (struct sparse_matrix){ROWS, COLUMNS, starts, columns, values};
}

// Mean loss of the last of some passes.
static double stream(struct stochastic_learner *learner, int n_passes)
{
    double loss = 0;
    for (int pass = 0; pass < n_passes; pass++) {
        loss = 0;
        for (size_t i = 0; i < ROWS; i++) {
            loss += stochastic_learner_step(learner, columns + starts[i], values + starts[i],
                                            starts[i + 1] - starts[i], &labels[i], 1, 1);
        }
    }
    return loss / ROWS;
}

static void check_against_exact(size_t n_classes, enum logistic_form form, double l2)
{
    struct sparse_matrix rows = make_rows(n_classes);
    struct logistic_labels all = {n_classes, labels, NULL};
    static float weights[COLUMNS * CLASSES], streamed[COLUMNS * CLASSES];
    float intercepts[CLASSES], own[CLASSES];
    bantam_error error;
    struct logistic_options exact = logistic_options_default();
    struct logistic_report report;
    exact.form = form;
    exact.strength = 1 / (l2 * ROWS);
    assert_int_equal(logistic_fit(weights, intercepts, &rows, &all, NULL, &exact, &report, &error),
                     BANTAM_OK);
    struct stochastic_options options = stochastic_options_default();
    struct stochastic_learner *learner;
    options.form = form;
    options.n_outputs = logistic_n_outputs(&all);
    options.l2 = l2;
    assert_int_equal(stochastic_learner_new(&learner, COLUMNS, &options, &error), BANTAM_OK);
    double one_pass = stream(learner, 1), last = stream(learner, 30);
    stochastic_learner_weights(learner, streamed, own);
    stochastic_learner_free(&learner);
    assert_null(learner);
    double squares = 0, away = 0;
    for (size_t i = 0; i < COLUMNS * options.n_outputs; i++) {
        squares += (double)(weights[i] * weights[i]);
        away += (double)((weights[i] - streamed[i]) * (weights[i] - streamed[i]));
    }
    double optimum = report.objective * l2 - l2 * squares / 2; // its mean loss
    assert_true(last < one_pass);
    assert_true(fabs(last - optimum) < 0.05 * optimum);
    assert_true(away < 0.02 * squares);
}

static void many_passes_come_near_the_optimum(void **state)
{
    (void)state;
    check_against_exact(CLASSES, LOGISTIC_MULTINOMIAL, 1e-3);
    check_against_exact(CLASSES, LOGISTIC_ONE_VS_REST, 1e-3);
    check_against_exact(2, LOGISTIC_MULTINOMIAL, 1e-3);
}

static void misuse_is_told(void **state)
{
    (void)state;
    struct stochastic_learner *learner;
    struct stochastic_options options = stochastic_options_default();
    bantam_error error;
    options.rate = 0;
    assert_int_equal(stochastic_learner_new(&learner, 10, &options, &error), BANTAM_ERROR_ARGUMENT);
    assert_null(learner);
    options = stochastic_options_default();
    options.n_outputs = SIZE_MAX / 64;
    assert_int_equal(stochastic_learner_new(&learner, 1 << 20, &options, &error),
                     BANTAM_ERROR_MEMORY);
    assert_null(learner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_passes_come_near_the_optimum),
        cmocka_unit_test(misuse_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
