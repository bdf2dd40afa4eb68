// A row's temperature, and the fit: spreads of the rows, then Fisher scoring with halved steps.
#include "evaluate/calibration_adaptive.h"

#include <math.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/vector.h"

bool calibration_adapts(enum calibration_link link, size_t n_outputs)
{
    return link != CALIBRATION_MULTI && n_outputs > 1;
}

// In one pass: differences from the first score, which keep the squares small; whole blocks of lanes, then what is left.
static float variance(const float *scores, size_t n)
{
    float_lanes sums = vector_all(0), squares = vector_all(0);
    float first = scores[0];
    size_t c = 0;
    for (; c + VECTOR_LANES <= n; c += VECTOR_LANES) {
        float_lanes beside = vector_load(scores + c) - first;
        sums += beside;
        squares += beside * beside;
    }
    float sum = vector_sum(sums), square = vector_sum(squares);
    for (; c < n; c++) {
        float beside = scores[c] - first;
        sum += beside;
        square += beside * beside;
    }
    float mean = sum / (float)n;
    return square / (float)n - mean * mean;
}

float calibration_spread(const float *scores, size_t n)
{
    return sqrtf(fmaxf(variance(scores, n), 0));
}

static double clamp(double value, double low, double high)
{
    return fmin(fmax(value, low), high);
}

// ln of the spread against what is typical, which the exponent is of.
static double relative_spread(const struct calibration *calibration, float spread)
{
    double held = clamp((double)spread, (double)calibration->spreads[SPREAD_LEAST],
                        (double)calibration->spreads[SPREAD_MOST]);
    return log(held / (double)calibration->spreads[SPREAD_TYPICAL]);
}

float calibration_temperature_at(const struct calibration *calibration, float spread)
{
    double x = relative_spread(calibration, spread);
    return (float)clamp((double)calibration->temperature * exp((double)calibration->exponent * x),
                        1e-6, 1e6);
}

float calibration_temperature(const struct calibration *calibration, const float *scores)
{
    return calibration->method == CALIBRATION_ADAPTIVE
               ? calibration_temperature_at(calibration,
                                            calibration_spread(scores, calibration->n_outputs))
               : calibration->temperature;
}

static double weight_of(const struct adaptive_rows *rows, size_t i)
{
    return rows->weights ? (double)rows->weights[i] : 1;
}

// Least, typical (the geometric mean) and largest spread of rows that count. Where all scores are the same it is taken as 1e-6.
static void find_spreads(struct calibration *calibration, const struct adaptive_rows *rows)
{
    double total = 0, sum = 0;
    float least = INFINITY, most = 1e-6F;
    for (size_t i = 0; i < rows->n_rows; i++) {
        double weight = weight_of(rows, i);
        if (weight > 0) {
            const float *scores = rows->scores + i * rows->n_outputs;
            float spread = fminf(fmaxf(calibration_spread(scores, rows->n_outputs), 1e-6F), 1e30F);
            least = fminf(least, spread);
            most = fmaxf(most, spread);
            total += weight;
            sum += weight * log((double)spread);
        }
    }
    calibration->spreads[SPREAD_LEAST] = fminf(least, most);
    calibration->spreads[SPREAD_MOST] = most;
    calibration->spreads[SPREAD_TYPICAL] = (float)clamp(
        exp(sum / fmax(total, 1e-30)), (double)calibration->spreads[SPREAD_LEAST], (double)most);
}

// d ln p_c / d a at a = 1 / T is v_c − E[v], where v is the score; of an output on its own score · (1 − σ(score · a)). Returns that of
// the label; `*expected` gets the mean of its square over p.
static double by_sharpness(const struct calibration *calibration, const float *scores, double a,
                           const float *p, uint32_t label, double *expected)
{
    bool alone = calibration->link == CALIBRATION_LOGISTIC;
    double mean = 0, square = 0, own = 0;
    for (size_t c = 0; c < calibration->n_outputs; c++) {
        double score = (double)scores[c], v = alone ? score / (1 + exp(score * a)) : score;
        mean += (double)p[c] * v;
        square += (double)p[c] * v * v;
        own = c == label ? v : own;
    }
    *expected = fmax(square - mean * mean, 0);
    return own - mean;
}

struct adaptive_slope calibration_adaptive_slope(const struct calibration *calibration,
                                                 const struct adaptive_rows *rows, float *room)
{
    struct adaptive_slope sums = {0};
    for (size_t i = 0; i < rows->n_rows; i++) {
        double weight = weight_of(rows, i);
        if (!(weight > 0)) {
            continue;
        }
        const float *scores = rows->scores + i * rows->n_outputs;
        double x = relative_spread(calibration, calibration_spread(scores, rows->n_outputs));
        double square, a = 1 / (double)calibration_temperature(calibration, scores);
        calibration_apply(calibration, scores, room);
        sums.loss -= weight * log(fmax((double)room[rows->labels[i]], 1e-30));
        double slope =
            weight * a * by_sharpness(calibration, scores, a, room, rows->labels[i], &square);
        double curvature = weight * a * a * square;
        sums.slope[0] += slope; // d a / d (ln temperature, exponent) = −a (1, x)
        sums.slope[1] += slope * x;
        sums.curvature[0] += curvature;
        sums.curvature[1] += curvature * x;
        sums.curvature[2] += curvature * x * x;
    }
    return sums;
}

// One step of scoring, curvature · step = −slope, halved until the loss falls. False where none is worth its while. A hair of damping
// stands for an exponent that cannot be told, of spreads that are all the same.
static bool improve(struct calibration *calibration, const struct adaptive_rows *rows,
                    struct adaptive_slope *at, float *room)
{
    const struct calibration before = *calibration;
    const double *slope = at->slope, loss = at->loss;
    double damping = 1e-9 * (at->curvature[0] + at->curvature[2]) + 1e-30;
    double a = at->curvature[0] + damping, b = at->curvature[1], c = at->curvature[2] + damping;
    double determinant = a * c - b * b, share = 1;
    double step[2] = {(b * slope[1] - c * slope[0]) / determinant,
                      (b * slope[0] - a * slope[1]) / determinant};
    double gain = -(slope[0] * step[0] + slope[1] * step[1]); // twice what to expect
    // Temperatures stay within e^-6 to e^5, as one for all does.
    for (; gain * share > 1e-8 * loss; share /= 2) {
        calibration->temperature =
            (float)clamp((double)before.temperature * exp(share * step[0]), 0.0025, 150);
        calibration->exponent = (float)clamp((double)before.exponent + share * step[1], -2, 2);
        *at = calibration_adaptive_slope(calibration, rows, room);
        if (at->loss < loss) {
            return true;
        }
    }
    *calibration = before;
    return false;
}

bantam_status calibration_adaptive_fit(struct calibration *calibration,
                                       const struct adaptive_rows *rows, bantam_error *error)
{
    enum {
        STEPS = 50
    };
    float *room = memory_allocate_array(rows->n_outputs, sizeof *room);
    if (!room) {
        return error_memory(error);
    }
    calibration->exponent = 0;
    find_spreads(calibration, rows);
    struct adaptive_slope at = calibration_adaptive_slope(calibration, rows, room);
    for (int k = 0; k < STEPS && improve(calibration, rows, &at, room); k++) {
    }
    memory_free(room);
    return BANTAM_OK;
}
