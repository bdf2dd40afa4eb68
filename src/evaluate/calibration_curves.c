// Both curves as scikit-learn's CalibratedClassifierCV has them, so that their values can be held against each other.
#include "evaluate/calibration_curves.h"

#include <math.h>
#include <stdlib.h>

// Loss, gradient and Hessian of a sigmoid.
struct sigmoid_state {
    double loss, slope, offset;                      // value and derivatives
    double slope_slope, slope_offset, offset_offset; // second derivatives
};

static struct sigmoid_state evaluate(const struct curve_point *points, size_t n_points,
                                     const double targets[2], double slope, double offset)
{
    struct sigmoid_state state = {0};
    for (size_t i = 0; i < n_points; i++) {
        double score = (double)points[i].score, weight = points[i].weight;
        double z = slope * score + offset, target = targets[points[i].value > 0];
        double e = exp(-fabs(z)),
               p = z >= 0 ? e / (1 + e) : 1 / (1 + e); // of the label: falls with z
        double error = weight * (target - p), curvature = weight * p * (1 - p);
        state.loss += weight * (log1p(e) + fmax(z, 0) - (1 - target) * z);
        state.slope += error * score;
        state.offset += error;
        state.slope_slope += curvature * score * score;
        state.slope_offset += curvature * score;
        state.offset_offset += curvature;
    }
    return state;
}

void calibration_sigmoid(const struct curve_point *points, size_t n_points, float *slope,
                         float *offset)
{
    enum {
        ITERATIONS = 100,
        HALVINGS = 40
    };
    double counts[2] = {0, 0};
    for (size_t i = 0; i < n_points; i++) {
        counts[points[i].value > 0] += points[i].weight;
    }
    const double targets[2] = {1 / (counts[0] + 2), (counts[1] + 1) / (counts[1] + 2)};
    double a = 0, b = log((counts[0] + 1) / (counts[1] + 1));
    struct sigmoid_state state = evaluate(points, n_points, targets, a, b);
    for (int k = 0; k < ITERATIONS; k++) {
        double ridge = 1e-12 * (state.slope_slope + state.offset_offset) + 1e-300;
        double aa = state.slope_slope + ridge, bb = state.offset_offset + ridge;
        double determinant = aa * bb - state.slope_offset * state.slope_offset;
        double step_a = (state.slope_offset * state.offset - bb * state.slope) / determinant;
        double step_b = (state.slope_offset * state.slope - aa * state.offset) / determinant;
        double fall = state.slope * step_a + state.offset * step_b, length = 1;
        if (!(fall < -1e-12 * (1 + state.loss))) {
            break;
        }
        struct sigmoid_state next = state;
        int halvings = 0;
        for (; halvings < HALVINGS; halvings++, length /= 2) {
            next = evaluate(points, n_points, targets, a + length * step_a, b + length * step_b);
            if (next.loss <= state.loss + 1e-4 * length * fall) {
                break;
            }
        }
        if (halvings == HALVINGS) {
            break;
        }
        a += length * step_a;
        b += length * step_b;
        state = next;
    }
    *slope = (float)a;
    *offset = (float)b;
}

static int by_score(const void *left, const void *right)
{
    float a = ((const struct curve_point *)left)->score;
    float b = ((const struct curve_point *)right)->score;
    return a < b ? -1 : a > b;
}

// Points of one score become one.
static size_t join_equal(struct curve_point *points, size_t n_points)
{
    size_t n = 0;
    for (size_t i = 0; i < n_points;) {
        float score = points[i].score;
        double weight = 0, sum = 0;
        for (; i < n_points && points[i].score == score; i++) {
            weight += points[i].weight;
            sum += points[i].weight * points[i].value;
        }
        if (weight > 0) {
            points[n++] = (struct curve_point){score, weight, sum / weight};
        }
    }
    return n;
}

// Pools neighbours until the values rise. Runs of points that share a value stand in front as they are found, each as its knots: one
// for a single point, for more the first and, marked by a negative weight, the last.
static size_t pool(struct curve_point *points, size_t n_points)
{
    size_t n_knots = 0;
    for (size_t i = 0; i < n_points; i++) {
        struct curve_point run = points[i];
        float last = run.score;
        while (n_knots > 0 && points[n_knots - 1].value >= run.value) {
            n_knots -= points[n_knots - 1].weight < 0 ? 2 : 1;
            struct curve_point below = points[n_knots];
            double weight = below.weight + run.weight;
            double value = (below.weight * below.value + run.weight * run.value) / weight;
            run = (struct curve_point){below.score, weight, value};
        }
        points[n_knots++] = run;
        if (run.score < last) {
            points[n_knots++] = (struct curve_point){last, -1, run.value};
        }
    }
    return n_knots;
}

size_t calibration_isotonic(struct curve_point *points, size_t n_points)
{
    qsort(points, n_points, sizeof *points, by_score);
    return pool(points, join_equal(points, n_points));
}

float calibration_curve_at(const float *scores, const float *values, size_t n_knots, float score)
{
    size_t low = 0, high = n_knots; // the first knot beyond the score
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (scores[middle] > score) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    if (low == 0 || low == n_knots) {
        return values[low == 0 ? 0 : n_knots - 1];
    }
    double share =
        ((double)score - (double)scores[low - 1]) / ((double)scores[low] - (double)scores[low - 1]);
    return (float)((double)values[low - 1] +
                   share * ((double)values[low] - (double)values[low - 1]));
}
