// The objective's derivatives against finite differences; optima against conditions that any optimum meets, and against other
// ways to pose the same problem.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "train/logistic_learner.h"
#include "train/logistic_problem.h"

enum {
    ROWS = 300,
    COLUMNS = 90,
    CLASSES = 5,
    ENTRIES = 8, // most in a row
};

// Rows whose label has to do with their columns; some columns are twins and some occur once.
struct rows {
    struct sparse_matrix matrix;
    size_t starts[ROWS + 1];
    uint32_t columns[ROWS * ENTRIES];
    float values[ROWS * ENTRIES];
    uint32_t labels[ROWS];
    size_t set_starts[ROWS + 1]; // several labels a row
    uint32_t sets[2 * ROWS];
    float weights[ROWS];
};

static void make_rows(struct rows *rows, uint64_t seed)
{
    struct random random = {seed};
    size_t at = 0, set = 0;
    memset(rows, 0, sizeof *rows);
    for (size_t i = 0; i < ROWS; i++) {
        uint32_t label = (uint32_t)random_below(&random, CLASSES);
        uint32_t column = 0;
        rows->labels[i] = random_unit(&random) < 0.8 ? label : (label + 1) % CLASSES;
        for (size_t k = 0; k + 1 < ENTRIES; k++) {
            column += 1 + (uint32_t)random_below(&random, COLUMNS / ENTRIES - 2);
            bool telling = column % CLASSES == label && random_unit(&random) < 0.9;
            if (column < COLUMNS - 2 && (telling || random_unit(&random) < 0.3)) {
                rows->columns[at] = column;
                rows->values[at++] = 0.2F + (float)random_unit(&random);
            }
        }
        if (i % 50 == 7) { // twins, in the same rows with the same values
            rows->columns[at] = COLUMNS - 2;
            rows->columns[at + 1] = COLUMNS - 1;
            rows->values[at] = rows->values[at + 1] = 0.5F;
            at += 2;
        }
        rows->starts[i + 1] = at;
        if (rows->labels[i] > 0) {
            rows->sets[set++] = rows->labels[i] - 1;
        }
        if (rows->labels[i] > 1 && random_unit(&random) < 0.5) {
            rows->sets[set++] = rows->labels[i];
        }
        rows->set_starts[i + 1] = set;
        rows->weights[i] = 0.5F + (float)random_unit(&random);
    }
    rows->matrix = (struct sparse_matrix){ROWS, COLUMNS, rows->starts, rows->columns, rows->values};
}

static struct logistic_options exact(enum logistic_form form)
{
    struct logistic_options options = logistic_options_default();
    options.form = form;
    options.strength = 3;
    options.tolerance = 1e-9;
    return options;
}

// The objective in doubles, from its definition.
static double objective(const struct rows *rows, const struct logistic_labels *labels,
                        const struct logistic_options *options, const float *weights,
                        const float *intercepts)
{
    size_t n_outputs = logistic_n_outputs(labels);
    double sum = 0;
    for (size_t i = 0; i < ROWS; i++) {
        double scores[CLASSES], own = 0, most = -INFINITY, normaliser = 0, each = 0;
        for (size_t c = 0; c < n_outputs; c++) {
            scores[c] = (double)intercepts[c];
            for (size_t k = rows->starts[i]; k < rows->starts[i + 1]; k++) {
                scores[c] +=
                    (double)rows->values[k] * (double)weights[rows->columns[k] * n_outputs + c];
            }
            bool one = false;
            for (size_t k = labels->starts ? labels->starts[i] : i;
                 k < (labels->starts ? labels->starts[i + 1] : i + 1); k++) {
                one = one || labels->labels[k] == (n_outputs == 1 ? 1 : c);
            }
            own = one ? scores[c] : own;
            most = fmax(most, scores[c]);
            each += log1p(exp(one ? -scores[c] : scores[c]));
        }
        for (size_t c = 0; c < n_outputs; c++) {
            normaliser += exp(scores[c] - most);
        }
        bool softmax = options->form == LOGISTIC_MULTINOMIAL && !labels->starts && n_outputs > 1;
        sum += (double)rows->weights[i] * (softmax ? log(normaliser) + most - own : each);
    }
    double ridge = 0, lasso = 0;
    for (size_t i = 0; i < COLUMNS * n_outputs; i++) {
        double away = (double)weights[i] - (options->prior ? (double)options->prior[i] : 0);
        ridge += away * away / 2;
        lasso += fabs(away);
    }
    return options->strength * sum + (1 - options->l1_ratio) * ridge + options->l1_ratio * lasso;
}

static void fit(float *weights, float *intercepts, const struct rows *rows,
                const struct logistic_labels *labels, const struct logistic_options *options,
                struct logistic_report *report)
{
    bantam_error error;
    assert_int_equal(logistic_fit(weights, intercepts, &rows->matrix, labels, rows->weights,
                                  options, report, &error),
                     BANTAM_OK);
    assert_true(report->converged);
}

// No small step away from the optimum in any of some directions lowers the objective, which is what the report says it is.
static void check_optimum(const struct rows *rows, const struct logistic_labels *labels,
                          const struct logistic_options *options)
{
    static float weights[COLUMNS * CLASSES], moved[COLUMNS * CLASSES];
    float intercepts[CLASSES], moved_intercepts[CLASSES];
    struct logistic_report report;
    fit(weights, intercepts, rows, labels, options, &report);
    double reached = objective(rows, labels, options, weights, intercepts);
    assert_true(fabs(reached - report.objective) <= 1e-6 * reached);
    size_t n_outputs = logistic_n_outputs(labels);
    struct random random = {5};
    for (int k = 0; k < 50; k++) {
        for (size_t i = 0; i < COLUMNS * n_outputs; i++) {
            moved[i] = weights[i] + 0.02F * ((float)random_unit(&random) - 0.5F);
        }
        for (size_t c = 0; c < n_outputs; c++) {
            float by = options->fixed_intercepts ? 0 : 0.02F;
            moved_intercepts[c] = intercepts[c] + by * ((float)random_unit(&random) - 0.5F);
            assert_true(!options->fixed_intercepts ||
                        intercepts[c] == options->fixed_intercepts[c]);
        }
        assert_true(objective(rows, labels, options, moved, moved_intercepts) > reached);
    }
}

static void optima_are_optima(void **state)
{
    (void)state;
    static struct rows rows;
    make_rows(&rows, 1);
    struct logistic_labels single = {CLASSES, rows.labels, NULL};
    struct logistic_labels several = {CLASSES, rows.sets, rows.set_starts};
    struct logistic_options options = exact(LOGISTIC_MULTINOMIAL);
    check_optimum(&rows, &single, &options);
    options = exact(LOGISTIC_ONE_VS_REST);
    check_optimum(&rows, &single, &options);
    check_optimum(&rows, &several, &options);
    for (size_t i = 0; i < ROWS; i++) {
        rows.labels[i] = rows.labels[i] > 1;
    }
    struct logistic_labels two = {2, rows.labels, NULL};
    check_optimum(&rows, &two, &options);
    static float prior[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++) {
        prior[i] = (float)(i % 3) - 1;
    }
    options.prior = prior;
    check_optimum(&rows, &two, &options);
    const float fixed[] = {0.75F};
    options.fixed_intercepts = fixed;
    check_optimum(&rows, &two, &options);
    for (size_t i = 0; i < ROWS; i++) {
        rows.labels[i] = 1; // one label alone: fixed intercepts cannot run away
    }
    check_optimum(&rows, &two, &options);
}

static void lasso_optima_are_optima_and_sparse(void **state)
{
    (void)state;
    static struct rows rows;
    static float weights[COLUMNS * CLASSES];
    float intercepts[CLASSES];
    make_rows(&rows, 1);
    struct logistic_labels labels = {CLASSES, rows.labels, NULL};
    struct logistic_options options = exact(LOGISTIC_MULTINOMIAL);
    struct logistic_report report;
    size_t before = COLUMNS * CLASSES + 1;
    options.tolerance = 1e-6;
    options.strength = 1;
    for (int k = 1; k <= 2; k++) {
        options.l1_ratio = 0.5 * k;
        check_optimum(&rows, &labels, &options);
        fit(weights, intercepts, &rows, &labels, &options, &report);
        size_t n = 0;
        for (size_t i = 0; i < COLUMNS * CLASSES; i++) {
            n += weights[i] != 0;
        }
        assert_true(n > 10 && n < before);
        before = n;
    }
}

// Gradient, diagonal and products against differences of the loss and of the gradient.
static void check_derivatives(const struct rows *rows, const struct logistic_labels *labels,
                              const struct logistic_options *options)
{
    struct logistic_problem problem;
    bantam_error error;
    assert_int_equal(
        logistic_problem_init(&problem, &rows->matrix, labels, rows->weights, options, &error),
        BANTAM_OK);
    size_t n = logistic_n_parameters(&problem), width = problem.width;
    float *at = memory_allocate_array(6 * n, sizeof *at);
    assert_non_null(at);
    float *gradient = at + n, *diagonal = at + 2 * n, *direction = at + 3 * n,
          *product = at + 4 * n, *other = at + 5 * n;
    struct random random = {9};
    for (size_t i = 0; i < n; i++) {
        at[i] = i % width < problem.n_outputs ? (float)random_unit(&random) - 0.5F : 0;
        direction[i] = i % width < problem.n_outputs ? (float)random_unit(&random) - 0.5F : 0;
    }
    logistic_loss(&problem, at);
    logistic_gradient(&problem, gradient);
    logistic_diagonal(&problem, diagonal);
    logistic_product(&problem, direction, product);
    const float step = 1.0F / 64;
    for (size_t i = 0; i < n; i += 7) {
        if (i % width >= problem.n_outputs) {
            continue;
        }
        float was = at[i];
        at[i] = was + step;
        double above = logistic_loss(&problem, at);
        logistic_gradient(&problem, other);
        at[i] = was - step;
        double below = logistic_loss(&problem, at);
        double slope = (above - below) / (2 * (double)step);
        assert_true(fabs(slope - (double)gradient[i]) < 2e-2 + 2e-3 * fabs(slope));
        double curvature = (double)(other[i] - gradient[i]) / (double)step;
        assert_true(fabs(curvature - (double)diagonal[i]) < 2e-2 + 3e-2 * fabs(curvature));
        at[i] = was;
    }
    for (size_t i = 0; i < n; i++) {
        at[i] += direction[i] / 128;
    }
    logistic_loss(&problem, at);
    logistic_gradient(&problem, other);
    for (size_t i = 0; i < n; i++) {
        double change = 128 * (double)(other[i] - gradient[i]);
        assert_true(fabs(change - (double)product[i]) < 5e-2 + 3e-2 * fabs(change));
    }
    memory_free(at);
    logistic_problem_release(&problem);
}

static void derivatives_agree_with_differences(void **state)
{
    (void)state;
    static struct rows rows;
    make_rows(&rows, 2);
    struct logistic_labels single = {CLASSES, rows.labels, NULL};
    struct logistic_labels several = {CLASSES, rows.sets, rows.set_starts};
    struct logistic_options options = exact(LOGISTIC_MULTINOMIAL);
    check_derivatives(&rows, &single, &options);
    options.form = LOGISTIC_ONE_VS_REST;
    options.balanced = true;
    check_derivatives(&rows, &single, &options);
    check_derivatives(&rows, &several, &options);
    for (size_t i = 0; i < ROWS; i++) {
        rows.labels[i] = rows.labels[i] > 1;
    }
    struct logistic_labels two = {2, rows.labels, NULL};
    check_derivatives(&rows, &two, &options);
}

static void threads_do_not_change_a_bit(void **state)
{
    (void)state;
    static struct rows rows;
    static float one[COLUMNS * CLASSES], four[COLUMNS * CLASSES];
    float intercepts[2][CLASSES];
    make_rows(&rows, 3);
    struct logistic_labels labels = {CLASSES, rows.labels, NULL};
    struct logistic_options options = exact(LOGISTIC_MULTINOMIAL);
    struct logistic_report report;
    fit(one, intercepts[0], &rows, &labels, &options, &report);
    options.n_threads = 4;
    fit(four, intercepts[1], &rows, &labels, &options, &report);
    assert_memory_equal(one, four, sizeof one);
    assert_memory_equal(intercepts[0], intercepts[1], sizeof *intercepts);
}

// One-vs-rest of several classes is each class against all others.
static void one_vs_rest_is_many_of_two(void **state)
{
    (void)state;
    static struct rows rows;
    static float together[COLUMNS * CLASSES], alone[COLUMNS];
    float intercepts[CLASSES], intercept;
    uint32_t own[ROWS];
    make_rows(&rows, 4);
    struct logistic_labels labels = {CLASSES, rows.labels, NULL};
    struct logistic_options options = exact(LOGISTIC_ONE_VS_REST);
    options.balanced = true;
    struct logistic_report report;
    fit(together, intercepts, &rows, &labels, &options, &report);
    for (uint32_t c = 0; c < CLASSES; c++) {
        for (size_t i = 0; i < ROWS; i++) {
            own[i] = rows.labels[i] == c;
        }
        struct logistic_labels two = {2, own, NULL};
        fit(alone, &intercept, &rows, &two, &options, &report);
        assert_true(fabsf(intercept - intercepts[c]) < 1e-3F);
        for (size_t f = 0; f < COLUMNS; f++) {
            assert_true(fabsf(alone[f] - together[f * CLASSES + c]) < 1e-3F);
        }
    }
}

static void rows_of_no_weight_take_no_part(void **state)
{
    (void)state;
    static struct rows rows, fewer;
    static float all[COLUMNS * CLASSES], part[COLUMNS * CLASSES];
    float intercepts[2][CLASSES];
    make_rows(&rows, 6);
    make_rows(&fewer, 6);
    fewer.matrix.n_rows = 200;
    for (size_t i = 200; i < ROWS; i++) {
        rows.weights[i] = 0;
    }
    struct logistic_labels labels = {CLASSES, rows.labels, NULL};
    struct logistic_options options = exact(LOGISTIC_MULTINOMIAL);
    struct logistic_report report;
    fit(all, intercepts[0], &rows, &labels, &options, &report);
    fit(part, intercepts[1], &fewer, &labels, &options, &report);
    assert_memory_equal(all, part, sizeof all);
}

static void a_start_at_the_optimum_stays_there(void **state)
{
    (void)state;
    static struct rows rows;
    static float weights[COLUMNS * CLASSES];
    float intercepts[CLASSES];
    make_rows(&rows, 7);
    struct logistic_labels labels = {CLASSES, rows.labels, NULL};
    struct logistic_options options = exact(LOGISTIC_MULTINOMIAL);
    struct logistic_report report;
    fit(weights, intercepts, &rows, &labels, &options, &report);
    assert_true(report.n_passes > 8);
    options.start_given = true;
    options.tolerance = 1e-8;
    fit(weights, intercepts, &rows, &labels, &options, &report);
    assert_int_equal(report.n_passes, 2); // to see that it is one
}

// A weight outside of the support is as if its feature were not there for its output.
static void a_support_holds_the_others_at_zero(void **state)
{
    (void)state;
    static struct rows rows;
    static float weights[COLUMNS * CLASSES], fewer[COLUMNS * CLASSES];
    static uint8_t support[COLUMNS * CLASSES];
    float intercepts[CLASSES];
    make_rows(&rows, 9);
    struct logistic_labels labels = {CLASSES, rows.labels, NULL};
    for (int form = LOGISTIC_MULTINOMIAL; form <= LOGISTIC_ONE_VS_REST; form++) {
        struct logistic_options options = exact((enum logistic_form)form);
        struct logistic_report report;
        for (size_t i = 0; i < COLUMNS * CLASSES; i++) { // no column above the 60th
            support[i] = i % 7 != 0 && i / CLASSES < 60;
        }
        options.support = support;
        fit(weights, intercepts, &rows, &labels, &options, &report);
        for (size_t i = 0; i < COLUMNS * CLASSES; i++) {
            assert_true((weights[i] == 0) == (support[i] == 0) || support[i]);
        }
        double reached = objective(&rows, &labels, &options, weights, intercepts);
        assert_true(fabs(reached - report.objective) <= 1e-6 * reached);
        struct random random = {3};
        for (int k = 0; k < 30; k++) {
            for (size_t i = 0; i < COLUMNS * CLASSES; i++) {
                float step = 0.02F * ((float)random_unit(&random) - 0.5F);
                fewer[i] = weights[i] + (support[i] ? step : 0);
            }
            assert_true(objective(&rows, &labels, &options, fewer, intercepts) > reached);
        }
    }
}

static bool stop(void *context, const char *what, size_t done, size_t total)
{
    (void)context, (void)what, (void)total;
    return done < 1;
}

static void misuse_is_told(void **state)
{
    (void)state;
    static struct rows rows;
    static float weights[COLUMNS * CLASSES];
    float intercepts[CLASSES];
    bantam_error error;
    make_rows(&rows, 8);
    struct logistic_labels labels = {CLASSES, rows.labels, NULL};
    struct logistic_options options = exact(LOGISTIC_MULTINOMIAL);
    options.progress = stop;
    assert_int_equal(
        logistic_fit(weights, intercepts, &rows.matrix, &labels, NULL, &options, NULL, &error),
        BANTAM_ERROR_CANCELLED);
    options.strength = 0;
    assert_int_equal(
        logistic_fit(weights, intercepts, &rows.matrix, &labels, NULL, &options, NULL, &error),
        BANTAM_ERROR_ARGUMENT);
    options = exact(LOGISTIC_MULTINOMIAL);
    labels.n_classes = CLASSES - 1;
    assert_int_equal(
        logistic_fit(weights, intercepts, &rows.matrix, &labels, NULL, &options, NULL, &error),
        BANTAM_ERROR_ARGUMENT);
    labels.n_classes = CLASSES;
    memset(rows.labels, 0, sizeof rows.labels);
    assert_int_equal(
        logistic_fit(weights, intercepts, &rows.matrix, &labels, NULL, &options, NULL, &error),
        BANTAM_ERROR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(optima_are_optima),
        cmocka_unit_test(lasso_optima_are_optima_and_sparse),
        cmocka_unit_test(derivatives_agree_with_differences),
        cmocka_unit_test(threads_do_not_change_a_bit),
        cmocka_unit_test(one_vs_rest_is_many_of_two),
        cmocka_unit_test(rows_of_no_weight_take_no_part),
        cmocka_unit_test(a_start_at_the_optimum_stays_there),
        cmocka_unit_test(a_support_holds_the_others_at_zero),
        cmocka_unit_test(misuse_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
