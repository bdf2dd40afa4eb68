// A logistic regression drawn to the prior, and a quantile for its constant.
#include "triage/gate_train.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "train/minimise.h"

enum {
    ITERATIONS = 200
};

struct gate_fit {
    const struct gate_example *examples; // (n_examples)
    size_t n_examples;
    double l2;
    double shares[2]; // 1 / the weight of all green logs, of all failed ones
    float prior[GATE_FEATURES];
};

static double log_odds(const struct gate_example *example, const double *x)
{
    double sum = 0;
    for (size_t i = 0; i < GATE_FEATURES; i++) {
        sum += x[i] * (double)example->values[i];
    }
    return sum;
}

static double loss(void *context, const double *x, double *gradient)
{
    const struct gate_fit *fit = context;
    double value = 0;
    for (size_t i = 0; i < GATE_FEATURES; i++) {
        double distance = x[i] - (double)fit->prior[i];
        gradient[i] = fit->l2 * distance;
        value += fit->l2 / 2 * distance * distance;
    }
    for (size_t e = 0; e < fit->n_examples; e++) {
        const struct gate_example *example = &fit->examples[e];
        double sign = example->failed ? 1 : -1;
        double weight = (double)example->weight * fit->shares[example->failed];
        double margin = sign * log_odds(example, x);
        value += weight * (margin > 0 ? log1p(exp(-margin)) : log1p(exp(margin)) - margin);
        double pull = -sign * weight / (1 + exp(margin));
        for (size_t i = 0; i < GATE_FEATURES; i++) {
            gradient[i] += pull * (double)example->values[i];
        }
    }
    gradient[GATE_QUIET] = 0;
    return value;
}

// How far the constant must fall so that the green logs above 0 weigh at most `share`.
static double false_alarm_shift(const struct gate_fit *fit, const double *x, double share)
{
    const double hair = 1e-4; // so that none comes back when the weights are rounded to floats
    double shift = 0;
    while (true) {
        double above = 0, next = INFINITY;
        for (size_t e = 0; e < fit->n_examples; e++) {
            const struct gate_example *example = &fit->examples[e];
            double score = example->failed ? -INFINITY : log_odds(example, x) - shift;
            if (score > 0) {
                above += (double)example->weight * fit->shares[0];
                next = fmin(next, score);
            }
        }
        if (above <= share) {
            return shift;
        }
        shift += next + hair;
    }
}

bantam_status gate_fit(float *weights, const struct gate_example *examples, size_t n_examples,
                       double l2, double false_alarms, bantam_error *error)
{
    struct gate_fit fit = {.examples = examples, .n_examples = n_examples, .l2 = l2};
    gate_prior(fit.prior);
    memcpy(weights, fit.prior, sizeof fit.prior);
    double totals[2] = {0};
    for (size_t e = 0; e < n_examples; e++) {
        totals[examples[e].failed] += (double)examples[e].weight;
    }
    if (!(totals[0] > 0) || !(totals[1] > 0)) {
        return BANTAM_OK;
    }
    fit.shares[0] = 1 / totals[0];
    fit.shares[1] = 1 / totals[1];
    double x[GATE_FEATURES];
    for (size_t i = 0; i < GATE_FEATURES; i++) {
        x[i] = (double)fit.prior[i];
    }
    const struct minimise_options options = {.n_iterations = ITERATIONS, .tolerance = 1e-9};
    bantam_status status = minimise(x, GATE_FEATURES, loss, &fit, &options, error);
    if (!status) {
        x[GATE_ONE] -= false_alarm_shift(&fit, x, false_alarms);
        for (size_t i = 0; i < GATE_FEATURES; i++) {
            weights[i] = (float)x[i];
        }
    }
    return status;
}
