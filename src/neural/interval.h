// Intervals that hold both the exact value of an expression and what a float64 engine computes for it.
//
// Each operation widens its result by INTERVAL_SLACK of its magnitude. One rounding of float64 errs by at most 2^−53 of the result
// and the engine's elementary functions by a few of those, so 2^−44 covers a chain of some hundred such errors made in any order
// — the engine's, and those of computing the interval's own ends. INTERVAL_TINY covers what underflows.
#ifndef BANTAM_NEURAL_INTERVAL_H
#define BANTAM_NEURAL_INTERVAL_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#define INTERVAL_SLACK 0x1p-44
#define INTERVAL_TINY 1e-290

struct interval {
    double low, high;
};

static inline struct interval interval_exactly(double value)
{
    return (struct interval){value, value};
}

static inline double interval_magnitude(struct interval x)
{
    return fmax(fabs(x.low), fabs(x.high));
}

// Whether both ends are numbers far from overflow: what is not, proves nothing.
static inline bool interval_bounded(const struct interval *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!(fabs(x[i].low) < 1e90 && fabs(x[i].high) < 1e90)) {
            return false;
        }
    }
    return true;
}

static inline struct interval interval_widen(struct interval x)
{
    double slack = interval_magnitude(x) * INTERVAL_SLACK + INTERVAL_TINY;
    return (struct interval){x.low - slack, x.high + slack};
}

static inline struct interval interval_add(struct interval x, struct interval y)
{
    return interval_widen((struct interval){x.low + y.low, x.high + y.high});
}

static inline struct interval interval_multiply(struct interval x, struct interval y)
{
    double p = x.low * y.low, q = x.low * y.high, r = x.high * y.low, s = x.high * y.high;
    return interval_widen(
        (struct interval){fmin(fmin(p, q), fmin(r, s)), fmax(fmax(p, q), fmax(r, s))});
}

static inline struct interval interval_scale(double factor, struct interval x)
{
    return interval_multiply(interval_exactly(factor), x);
}

// Σ weights[i]·x[i], with the slack of any order of summing.
static inline struct interval interval_dot(const double *weights, const struct interval *x,
                                           size_t n)
{
    struct interval sum = {0, 0};
    double magnitude = 0;
    for (size_t i = 0; i < n; i++) {
        struct interval product = interval_scale(weights[i], x[i]);
        sum.low += product.low;
        sum.high += product.high;
        magnitude += interval_magnitude(product);
    }
    double slack = magnitude * INTERVAL_SLACK;
    return (struct interval){sum.low - slack, sum.high + slack};
}

static inline struct interval interval_exp(struct interval x)
{
    return interval_widen((struct interval){exp(fmin(x.low, 700)), exp(fmin(x.high, 700))});
}

static inline struct interval interval_relu(struct interval x)
{
    return (struct interval){fmax(x.low, 0), fmax(x.high, 0)};
}

// 1 / (1 + e^−x), which rises.
static inline struct interval interval_logistic(struct interval x)
{
    return interval_widen((struct interval){1 / (1 + exp(-x.low)), 1 / (1 + exp(-x.high))});
}

// x·σ(steepness(x)): falls to its one minimum and rises from there.
static inline struct interval interval_valley(struct interval x, double (*function)(double),
                                              double bottom)
{
    double low = function(x.low), high = function(x.high);
    double least = x.low <= bottom && bottom <= x.high ? function(bottom) : fmin(low, high);
    struct interval y = interval_widen((struct interval){least, fmax(low, high)});
    // σ near 0 or 1 is a sum with 1, whose rounding is relative to 1.
    double slack = interval_magnitude(x) * INTERVAL_SLACK;
    return (struct interval){y.low - slack, y.high + slack};
}

// norm(x; gain)[i] = gain·x_i / √(mean x² + ε): rises with x_i; the others count by their squares.
static inline struct interval interval_normalised(const struct interval *x, size_t n, size_t i,
                                                  double gain, double epsilon)
{
    double least = 0, most = 0;
    for (size_t k = 0; k < n; k++) {
        if (k != i) {
            double low = x[k].low, high = x[k].high, far = interval_magnitude(x[k]);
            double near = low > 0 ? low : high < 0 ? high : 0;
            least += near * near;
            most += far * far;
        }
    }
    double count = (double)n, low = x[i].low, high = x[i].high;
    double below = low * low + (low > 0 ? most : least);
    double above = high * high + (high > 0 ? least : most);
    struct interval share = {low / sqrt(below / count + epsilon),
                             high / sqrt(above / count + epsilon)};
    return interval_scale(gain, interval_widen(share));
}

#endif
