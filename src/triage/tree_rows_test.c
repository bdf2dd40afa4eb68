// The objectives of the trees against differences of their losses.
#include "triage/tree_rows.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum {
    ROWS = 9,
};

static float targets[ROWS] = {0, 1, 0, 0, 1, 1, 0, 0, 1};
static float weights[ROWS] = {1, 0.5F, 2, 1, 1, 0.25F, 1, 3, 1};
static float weights_of_groups[ROWS] = {2, 2, 2, 2, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F};
static size_t group_ends[] = {4, 9};
static const float scores[ROWS] = {0.5F, -1, 2, 0, 0.25F, 1.5F, -0.75F, 0.1F, -2};

static struct tree_rows make_rows(float peak)
{
    return (struct tree_rows){.n_rows = ROWS,
                              .targets = targets,
                              .weights = weights,
                              .group_ends = group_ends,
                              .n_groups = 2,
                              .peak = peak};
}

// The cross-entropy of each group between its target, fixed at `at`, and the softmax of `x`.
static double rank_loss(const struct tree_rows *rows, const double *at, const double *x)
{
    double loss = 0;
    for (size_t group = 0, begin = 0; group < rows->n_groups; begin = rows->group_ends[group++]) {
        double all = 0, gold = 0;
        for (size_t i = begin; i < rows->group_ends[group]; i++) {
            all += exp(x[i]);
            gold += (double)targets[i] * exp((double)rows->peak * at[i]);
        }
        for (size_t i = begin; i < rows->group_ends[group]; i++) {
            double q = (double)targets[i] * exp((double)rows->peak * at[i]) / gold;
            loss -= (double)rows->weights[i] * q * (x[i] - log(all));
        }
    }
    return loss;
}

static double chunk_loss(const struct tree_rows *rows, const double *at, const double *x)
{
    (void)at;
    double loss = 0;
    for (size_t i = 0; i < rows->n_rows; i++) {
        double sign = targets[i] > 0 ? 1 : -1;
        loss += (double)weights[i] * log(1 + exp(-sign * x[i]));
    }
    return loss;
}

static void check(tree_objective objective,
                  double (*loss)(const struct tree_rows *, const double *, const double *),
                  float peak)
{
    struct tree_rows rows = make_rows(peak);
    rows.weights = objective == tree_rows_rank ? weights_of_groups : weights;
    float gradients[ROWS], hessians[ROWS];
    double at[ROWS], x[ROWS];
    const double step = 1e-4;
    for (size_t i = 0; i < ROWS; i++) {
        at[i] = x[i] = (double)scores[i];
    }
    objective(&rows, scores, gradients, hessians, ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        double here = loss(&rows, at, x);
        x[i] = at[i] + step;
        double above = loss(&rows, at, x);
        x[i] = at[i] - step;
        double below = loss(&rows, at, x);
        x[i] = at[i];
        assert_true(fabs((above - below) / (2 * step) - (double)gradients[i]) < 1e-5);
        assert_true(fabs((above - 2 * here + below) / (step * step) - (double)hessians[i]) < 1e-3);
    }
}

static void gradients_and_hessians_are_those_of_the_losses(void **state)
{
    (void)state;
    check(tree_rows_rank, rank_loss, 0);
    check(tree_rows_rank, rank_loss, 0.8F);
    check(tree_rows_rank, rank_loss, 1);
    check(tree_rows_chunk, chunk_loss, 0);
}

static void scores_far_apart_do_not_overflow(void **state)
{
    (void)state;
    struct tree_rows rows = make_rows(1);
    float far[ROWS] = {500, -500, 0, 0, 300, 80, -90, 0, 0}, gradients[ROWS], hessians[ROWS];
    tree_rows_chunk(&rows, far, gradients, hessians, ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        assert_true(isfinite(gradients[i]) && hessians[i] > 0 && isfinite(hessians[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_and_hessians_are_those_of_the_losses),
        cmocka_unit_test(scores_far_apart_do_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
