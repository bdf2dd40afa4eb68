// One row's scores → probabilities: what every prediction passes.
#include <math.h>
#include <string.h>

#include "base/vector.h"
#include "evaluate/calibration.h"
#include "evaluate/calibration_adaptive.h"
#include "evaluate/calibration_curves.h"

// Lanes of `from` that there are; `fill` in the others.
VECTOR_INLINE float_lanes load_some(const float *from, size_t n, float fill)
{
    if (n >= VECTOR_LANES) {
        return vector_load(from);
    }
    float values[VECTOR_LANES];
    vector_store(values, vector_all(fill));
    memcpy(values, from, n * sizeof *values);
    return vector_load(values);
}

VECTOR_INLINE void store_some(float *to, float_lanes lanes, size_t n)
{
    if (n >= VECTOR_LANES) {
        vector_store(to, lanes);
        return;
    }
    float values[VECTOR_LANES];
    vector_store(values, lanes);
    memcpy(to, values, n * sizeof *values);
}

// softmax(score / temperature) over n outputs: whole blocks of lanes, then those that are left.
VECTOR_KERNEL
static void softmax(const float *scores, size_t n, float temperature, float *probabilities)
{
    size_t whole = n / VECTOR_LANES * VECTOR_LANES, left = n - whole;
    float_lanes most = left ? load_some(scores + whole, left, -INFINITY) : vector_all(-INFINITY);
    for (size_t c = 0; c < whole; c += VECTOR_LANES) {
        most = vector_maximum(most, vector_load(scores + c));
    }
    float largest = vector_largest(most), scale = 1 / temperature;
    float_lanes sums = vector_all(0);
    for (size_t c = 0; c < whole; c += VECTOR_LANES) {
        float_lanes raised = vector_exp((vector_load(scores + c) - largest) * scale);
        vector_store(probabilities + c, raised);
        sums += raised;
    }
    if (left) {
        float_lanes last = load_some(scores + whole, left, largest);
        store_some(probabilities + whole, vector_exp((last - largest) * scale), left);
        sums += load_some(probabilities + whole, left, 0);
    }
    float_lanes share = vector_all(1 / vector_sum(sums));
    for (size_t c = 0; c < whole; c += VECTOR_LANES) {
        vector_store(probabilities + c, vector_load(probabilities + c) * share);
    }
    if (left) {
        store_some(probabilities + whole, load_some(probabilities + whole, left, 0) * share, left);
    }
}

// Below the largest score by more than this times the temperature, a probability is smaller as well, however it is rounded.
static const float surely_less = 1e-5F;

// Lanes of `from` that there are; the least number in the others.
VECTOR_INLINE half_lanes load_half(const float *from, size_t n)
{
    if (n >= VECTOR_HALF_LANES) {
        return vector_load_half(from);
    }
    float values[VECTOR_HALF_LANES];
    for (size_t i = 0; i < VECTOR_HALF_LANES; i++) {
        values[i] = i < n ? from[i] : -INFINITY;
    }
    return vector_load_half(values);
}

// The output of the largest score; n where another may have the same probability.
VECTOR_KERNEL_SMALL
static size_t lone_largest(const float *scores, size_t n, float ahead)
{
    half_lanes most = load_half(scores, n);
    for (size_t c = VECTOR_HALF_LANES; c < n; c += VECTOR_HALF_LANES) {
        half_lanes lanes = load_half(scores + c, n - c);
        half_int_lanes more = lanes > most;
        most = (half_lanes)(((half_int_lanes)lanes & more) | ((half_int_lanes)most & ~more));
    }
    float largest = most[0];
    for (size_t i = 1; i < VECTOR_HALF_LANES; i++) {
        largest = most[i] > largest ? most[i] : largest;
    }
    float least = largest - ahead;
    half_int_lanes n_near = {0}, place = {0}, places = {0, 1, 2, 3, 4, 5, 6, 7};
    for (size_t c = 0; c < n; c += VECTOR_HALF_LANES, places += VECTOR_HALF_LANES) {
        half_int_lanes near = load_half(scores + c, n - c) >= least;
        n_near -= near;
        place |= near & places;
    }
    int32_t count = 0, lone = 0;
    for (size_t i = 0; i < VECTOR_HALF_LANES; i++) {
        count += n_near[i];
        lone |= place[i];
    }
    return count == 1 ? (size_t)lone : n;
}

// The logistic function of slope · score + offset, each output on its own. NULL: slope 1 / temperature, offset 0. A slope of
// Platt's is of the opposite sign, as he wrote it.
VECTOR_KERNEL_SMALL
static void logistic(const float *scores, size_t n, float temperature, const float *slopes,
                     const float *offsets, float *probabilities)
{
    for (size_t c = 0; c < n; c += VECTOR_LANES) {
        float_lanes z = load_some(scores + c, n - c, 0);
        z = slopes ? load_some(slopes + c, n - c, 0) * z + load_some(offsets + c, n - c, 0)
                   : z * (-1 / temperature);
        store_some(probabilities + c, 1.0F / (1.0F + vector_exp(z)), n - c);
    }
}

static void curve(const struct calibration *calibration, const float *scores, float *probabilities)
{
    for (size_t c = 0; c < calibration->n_outputs; c++) {
        size_t start = calibration->knot_starts[c];
        probabilities[c] =
            calibration_curve_at(calibration->knot_scores + start, calibration->knot_values + start,
                                 calibration->knot_starts[c + 1] - start, scores[c]);
    }
}

static void divide_by_sum(float *probabilities, size_t n)
{
    float sum = 0;
    for (size_t c = 0; c < n; c++) {
        sum += probabilities[c];
    }
    for (size_t c = 0; c < n; c++) {
        probabilities[c] = sum > 0 ? probabilities[c] / sum : 1 / (float)n;
    }
}

void calibration_apply(const struct calibration *calibration, const float *scores,
                       float *probabilities)
{
    size_t n = calibration->n_outputs;
    bool several = calibration->link == CALIBRATION_MULTI, single = n == 1 && !several;
    float *to = single ? probabilities + 1 : probabilities;
    if (calibration->method == CALIBRATION_ISOTONIC) {
        curve(calibration, scores, to);
    } else if (calibration->method == CALIBRATION_SIGMOID) {
        logistic(scores, n, 1, calibration->slopes, calibration->offsets, to);
    } else if (calibration->link == CALIBRATION_SOFTMAX && !single) {
        softmax(scores, n, calibration_temperature(calibration, scores), to);
        return;
    } else {
        logistic(scores, n, calibration_temperature(calibration, scores), NULL, NULL, to);
    }
    if (single) {
        probabilities[0] = 1 - probabilities[1];
    } else if (!several) {
        divide_by_sum(probabilities, n);
    }
}

bool calibration_rises(const struct calibration *calibration, float *ahead)
{
    float hottest = calibration->temperature;
    if (calibration->method == CALIBRATION_ADAPTIVE) {
        hottest = fmaxf(calibration_temperature_at(calibration, calibration->spreads[SPREAD_LEAST]),
                        calibration_temperature_at(calibration, calibration->spreads[SPREAD_MOST]));
    }
    *ahead = surely_less * hottest;
    return calibration->method != CALIBRATION_SIGMOID &&
           calibration->method != CALIBRATION_ISOTONIC &&
           calibration->link == CALIBRATION_SOFTMAX && calibration->n_outputs > 1;
}

uint32_t calibration_likeliest(const struct calibration *calibration, const float *scores,
                               float *room)
{
    float ahead;
    if (calibration_rises(calibration, &ahead)) {
        size_t lone = lone_largest(scores, calibration->n_outputs, ahead);
        if (lone < calibration->n_outputs) {
            return (uint32_t)lone;
        }
    }
    calibration_apply(calibration, scores, room);
    size_t best = 0;
    for (size_t c = 1; c < calibration_n_classes(calibration); c++) {
        best = room[c] > room[best] ? c : best;
    }
    return (uint32_t)best;
}
