// Kernels take one row: its scores become the step of its residual, which is then spread over its columns.
#include "train/logistic_ascent.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/vector.h"

enum {
    EPOCHS = 60,    // most, before Newton's method takes over
    FIRST_LOOK = 4, // after this many epochs the objective is known
    STALL = 5,      // epochs in which the gap must have halved
    SOLVING = 12    // most steps for one row
};

// What rows that are near enough may leave of the tolerated gap, all together. On clinc150 it halves the time of a fit.
static const double NEGLIGIBLE = 0.1;

// The pull on intercepts: their share of a row's squared length, over C.
static const double PULL = 0.25;

struct ascent {
    struct logistic_problem *problem;
    float *parameters;
    float *intercepts;    // the last row of the parameters
    float *dual;          // (n_rows, width) q
    float *centre;        // (width) of the intercepts
    float *moved;         // (width) Σ_i w_i (y_i − q_i)
    float *scores, *step; // (width)
    float *target;        // (width) scratch
    float *strengths;     // (width) the row's squared length in each output, times its weight
    float *weights;       // (width) of the outputs in the row at hand, one-vs-rest
    float negligible;     // share of the gap that a row under a softmax is left alone for
    double pull;          // squared length that the intercept adds to each row
    float *squares;       // (n_rows) ‖x‖²
    uint32_t *order;      // (n_rows)
    void *memory;
};

VECTOR_INLINE float_lanes lanes_in_use(size_t first, size_t n_outputs)
{
    int_lanes lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    int_lanes mask = lane + (int32_t)first < (int32_t)n_outputs;
    return vector_select(mask, vector_all(1), vector_all(0));
}

// p = softmax(scores) into step; target = scores + qw · q, from which each further step measures. Returns how far q is from p.
VECTOR_INLINE float begin_softmax(const struct ascent *ascent, const float *dual)
{
    size_t n = ascent->problem->n_outputs, width = ascent->problem->width;
    float_lanes most = vector_all(-3e38F), sums = vector_all(0), away = vector_all(0);
    for (size_t c = 0; c < width; c += VECTOR_LANES) {
        float_lanes used = lanes_in_use(c, n), z = vector_load(ascent->scores + c);
        most = vector_maximum(most, vector_select(used > 0.0F, z, vector_all(-3e38F)));
    }
    float largest = vector_largest(most);
    for (size_t c = 0; c < width; c += VECTOR_LANES) {
        float_lanes z = vector_load(ascent->scores + c) - largest;
        float_lanes raised = vector_exp(z) * lanes_in_use(c, n);
        sums += raised;
        vector_store(ascent->step + c, raised);
        vector_store(ascent->target + c,
                     z + vector_load(ascent->strengths + c) * vector_load(dual + c));
    }
    float scale = 1 / vector_sum(sums);
    for (size_t c = 0; c < width; c += VECTOR_LANES) {
        float_lanes p = vector_load(ascent->step + c) * scale, q = vector_load(dual + c);
        float_lanes difference = q - p;
        vector_store(ascent->step + c, p);
        away += difference * difference / (p + q + 1e-20F);
    }
    return vector_sum(away);
}

// One Newton step for ln p + qw · p = target − λ, Σ p = 1. Returns the largest relative change.
VECTOR_INLINE float improve_softmax(const struct ascent *ascent)
{
    size_t n = ascent->problem->n_outputs, width = ascent->problem->width;
    float_lanes gains = vector_all(0), slopes = vector_all(0), sums = vector_all(0);
    for (size_t c = 0; c < width; c += VECTOR_LANES) {
        float_lanes p = vector_load(ascent->step + c);
        float_lanes strength = vector_load(ascent->strengths + c), gain = p / (1.0F + strength * p);
        float_lanes rest = vector_load(ascent->target + c) - strength * p;
        rest -= vector_log(vector_maximum(p, vector_all(1e-30F)));
        gains += gain;
        slopes += gain * rest;
        vector_store(ascent->weights + c, rest);
    }
    float multiplier = vector_sum(slopes) / vector_sum(gains);
    float_lanes changed = vector_all(0);
    for (size_t c = 0; c < width; c += VECTOR_LANES) {
        float_lanes p = vector_load(ascent->step + c);
        float_lanes strength = vector_load(ascent->strengths + c), gain = p / (1.0F + strength * p);
        float_lanes change = gain * (vector_load(ascent->weights + c) - multiplier);
        float_lanes next = vector_maximum(p + change, p * 0.1F) * lanes_in_use(c, n);
        changed = vector_maximum(changed, vector_maximum(change, -change));
        sums += next;
        vector_store(ascent->step + c, next);
    }
    float scale = 1 / vector_sum(sums);
    for (size_t c = 0; c < width; c += VECTOR_LANES) {
        vector_store(ascent->step + c, vector_load(ascent->step + c) * scale);
    }
    return vector_largest(changed);
}

// Scores → the step w (q_old − q_new) of the row's residual, and q; neither where it is near enough, and less than negligible is returned.
VECTOR_KERNEL
static float solve_softmax(const struct ascent *ascent, float *dual, float weight)
{
    float away = weight * begin_softmax(ascent, dual);
    if (away < ascent->negligible) {
        return away;
    }
    for (int k = 0; k < SOLVING && improve_softmax(ascent) > 1e-3F; k++) {
    }
    for (size_t c = 0; c < ascent->problem->width; c += VECTOR_LANES) {
        float_lanes p = vector_load(ascent->step + c);
        vector_store(ascent->step + c, weight * (vector_load(dual + c) - p));
        vector_store(dual + c, p);
    }
    return away;
}

// The same for sixteen outputs on their own: logit p + qw · p = score + qw · q.
VECTOR_INLINE float_lanes solve_logistic_lanes(float_lanes z, float_lanes q, float_lanes strength,
                                               float_lanes *away)
{
    const float_lanes one = vector_all(1), least = vector_all(1e-7F);
    float_lanes e = vector_exp(-vector_maximum(z, -z));
    float_lanes p = vector_select(z >= 0.0F, one, e) / (1.0F + e);
    float_lanes difference = q - p;
    *away = difference * difference / (p + q + 1e-20F) +
            difference * difference / (2.0F - p - q + 1e-20F);
    float_lanes target = z + strength * q;
    for (int k = 0; k < SOLVING; k++) {
        p = vector_maximum(p, least);
        float_lanes rest = vector_maximum(one - p, least), curvature = p * rest;
        float_lanes slope = target - strength * p - vector_log(p) + vector_log(rest);
        float_lanes change = slope * curvature / (1.0F + strength * curvature);
        change = vector_maximum(change, -0.9F * p);
        change = -vector_maximum(-change, -0.9F * rest);
        p += change;
        if (vector_largest(vector_maximum(change, -change)) <= 1e-4F) {
            break;
        }
    }
    return p;
}

VECTOR_KERNEL
static float solve_logistic(const struct ascent *ascent, float *dual, float weight)
{
    size_t n = ascent->problem->n_outputs;
    float_lanes sums = vector_all(0);
    for (size_t c = 0; c < ascent->problem->width; c += VECTOR_LANES) {
        float_lanes used = lanes_in_use(c, n), away;
        float_lanes share = vector_load(ascent->weights + c), factor = weight * share;
        float_lanes q = vector_load(dual + c), z = vector_load(ascent->scores + c);
        float_lanes strength = vector_load(ascent->strengths + c) * share;
        float_lanes p = solve_logistic_lanes(z, q, strength, &away);
        p *= used;
        sums += factor * used * away;
        vector_store(ascent->step + c, factor * (q - p));
        vector_store(dual + c, p);
    }
    return vector_sum(sums);
}

// Adds the step to the row's columns, to the intercepts as far as they are pulled, and to their sum.
VECTOR_KERNEL
static void spread(const struct ascent *ascent, const uint32_t *columns, const float *values,
                   size_t n)
{
    size_t width = ascent->problem->width;
    const float *step = ascent->step, *support = ascent->problem->support;
    for (size_t k = 0; k < n; k++) {
        float *to = ascent->parameters + columns[k] * width, value = values[k];
        const float *mask = support ? support + columns[k] * width : NULL;
        if (mask) {
            for (size_t c = 0; c < width; c++) {
                to[c] += value * mask[c] * step[c];
            }
        } else {
            for (size_t c = 0; c < width; c++) {
                to[c] += value * step[c];
            }
        }
    }
    float pull = (float)ascent->pull, *intercepts = ascent->intercepts, *moved = ascent->moved;
    for (size_t c = 0; c < width; c++) {
        intercepts[c] += pull * step[c];
        moved[c] += step[c];
    }
}

// Which outputs are 1, and for one-vs-rest how heavy each is in this row.
static void weigh_outputs(struct ascent *ascent, size_t row)
{
    const struct logistic_problem *problem = ascent->problem;
    memcpy(ascent->weights, problem->negative, problem->width * sizeof *ascent->weights);
    for (size_t k = problem->target_starts[row]; k < problem->target_starts[row + 1]; k++) {
        ascent->weights[problem->targets[k]] = problem->positive[problem->targets[k]];
    }
}

// How strongly each output's score answers to the row's residual in it: by all of the row's columns, or those in its support.
static void measure_strengths(struct ascent *ascent, size_t row)
{
    const struct logistic_problem *problem = ascent->problem;
    size_t start = problem->by_row.starts[row];
    float weight = problem->row_weights[row];
    float square = (float)ascent->pull + (problem->support ? 0 : ascent->squares[row]);
    for (size_t c = 0; c < problem->width; c++) {
        ascent->strengths[c] = square;
    }
    if (problem->support) {
        logistic_add_terms(ascent->strengths,
                           &(struct logistic_terms){problem->by_row.columns + start,
                                                    problem->by_row.values + start,
                                                    problem->by_row.starts[row + 1] - start,
                                                    problem->support, problem->width, true});
    }
    for (size_t c = 0; c < problem->width; c++) {
        ascent->strengths[c] *= weight;
    }
}

// Returns how far the row's residual was from what its scores ask for, as a share of the duality gap.
static double visit_row(struct ascent *ascent, size_t row)
{
    struct logistic_problem *problem = ascent->problem;
    size_t width = problem->width, start = problem->by_row.starts[row];
    size_t n = problem->by_row.starts[row + 1] - start;
    const uint32_t *columns = problem->by_row.columns + start;
    const float *values = problem->by_row.values + start;
    float weight = problem->row_weights[row], away;
    measure_strengths(ascent, row);
    memcpy(ascent->scores, ascent->intercepts, width * sizeof *ascent->scores);
    for (size_t c = 0; c < width && problem->offsets; c++) {
        ascent->scores[c] += problem->offsets[row * width + c];
    }
    logistic_add_terms(ascent->scores, &(struct logistic_terms){columns, values, n,
                                                                ascent->parameters, width, false});
    float single[VECTOR_LANES] = {ascent->dual[row * width]};
    float *dual = width == 1 ? single : ascent->dual + row * width;
    if (problem->form == LOGISTIC_MULTINOMIAL) {
        away = solve_softmax(ascent, dual, weight);
        if (away < ascent->negligible) {
            return (double)away;
        }
    } else {
        weigh_outputs(ascent, row);
        away = solve_logistic(ascent, dual, weight);
    }
    ascent->dual[row * width] = dual[0];
    spread(ascent, columns, values, n);
    return (double)away;
}

// Visits each row once; returns about what the duality gap was meanwhile.
static double visit_all(struct ascent *ascent, struct random *random)
{
    size_t n_rows = ascent->problem->n_rows;
    float pull = (float)ascent->pull;
    double gap = 0;
    random_shuffle(random, ascent->order, n_rows);
    for (size_t i = 0; i < n_rows; i++) {
        gap += visit_row(ascent, ascent->order[i]);
    }
    for (size_t c = 0; c < ascent->problem->width; c++) {
        ascent->centre[c] += pull * ascent->moved[c];
        ascent->intercepts[c] = ascent->centre[c] + pull * ascent->moved[c];
    }
    ascent->problem->n_passes += 2;
    return gap;
}

static bool allocate(struct ascent *ascent, float *parameters)
{
    struct logistic_problem *problem = ascent->problem;
    size_t n_rows = problem->n_rows, width = problem->width;
    size_t room = width < VECTOR_LANES ? VECTOR_LANES : width;
    ascent->parameters = parameters;
    ascent->intercepts = parameters + problem->n_columns * width;
    ascent->squares = memory_allocate_array(n_rows, sizeof *ascent->squares);
    ascent->order = memory_allocate_array(n_rows, sizeof *ascent->order);
    ascent->memory = memory_allocate_array(n_rows * width + 8 * room, sizeof(float));
    if (!ascent->squares || !ascent->order || !ascent->memory) {
        return false;
    }
    size_t alignment = VECTOR_LANES * sizeof(float);
    ascent->scores = (float *)(((uintptr_t)ascent->memory + alignment - 1) / alignment * alignment);
    ascent->step = ascent->scores + room;
    ascent->target = ascent->scores + 2 * room;
    ascent->weights = ascent->scores + 3 * room;
    ascent->centre = ascent->scores + 4 * room;
    ascent->moved = ascent->scores + 5 * room;
    ascent->strengths = ascent->scores + 6 * room;
    ascent->dual = ascent->scores + 7 * room;
    return true;
}

// All residuals 0, so that the weights are: q = y.
static void begin(struct ascent *ascent)
{
    const struct logistic_problem *problem = ascent->problem;
    double total = 0;
    for (size_t i = 0; i < problem->n_rows; i++) {
        total += (double)problem->row_weights[i];
    }
    ascent->pull = PULL * (double)problem->n_rows / total;
    for (size_t i = 0; i < problem->n_rows; i++) {
        double square = 0;
        for (size_t k = problem->by_row.starts[i]; k < problem->by_row.starts[i + 1]; k++) {
            square += (double)problem->by_row.values[k] * (double)problem->by_row.values[k];
        }
        ascent->squares[i] = (float)square;
        ascent->order[i] = (uint32_t)i;
        for (size_t k = problem->target_starts[i]; k < problem->target_starts[i + 1]; k++) {
            ascent->dual[i * problem->width + problem->targets[k]] = 1;
        }
    }
}

// Enters in the report where the parameters are.
static void judge(struct ascent *ascent, double tolerance, struct logistic_report *report)
{
    struct logistic_problem *problem = ascent->problem;
    double slope;
    report->objective =
        logistic_loss(problem, ascent->parameters) + logistic_penalty(problem, ascent->parameters);
    double gap = logistic_gap(problem, ascent->parameters, &slope);
    logistic_judge(problem, gap, slope, tolerance, report);
}

static bantam_status climb(struct ascent *ascent, const struct logistic_options *options,
                           struct logistic_report *report, bantam_error *error)
{
    struct random random = {1};
    double estimates[STALL] = {0}; // of the last epochs
    for (size_t epoch = 0; epoch < EPOCHS && !report->converged; epoch++) {
        if (options->progress &&
            !options->progress(options->progress_context, "fit", epoch, EPOCHS)) {
            return error_set(error, BANTAM_ERROR_CANCELLED, "training was stopped");
        }
        double before = estimates[epoch % STALL], estimate = visit_all(ascent, &random);
        estimates[epoch % STALL] = estimate;
        if (epoch + 1 == FIRST_LOOK ||
            (epoch + 1 > FIRST_LOOK && estimate <= options->tolerance * report->objective)) {
            judge(ascent, options->tolerance, report);
            ascent->negligible = (float)(NEGLIGIBLE * options->tolerance * report->objective /
                                         (double)ascent->problem->n_rows);
        }
        if (epoch >= STALL && estimate > before / 2) {
            break;
        }
    }
    return BANTAM_OK;
}

bantam_status logistic_ascent(struct logistic_problem *problem, float *parameters,
                              const struct logistic_options *options,
                              struct logistic_report *report, bantam_error *error)
{
    struct ascent ascent = {.problem = problem};
    bantam_status status;
    if (allocate(&ascent, parameters)) {
        begin(&ascent);
        status = climb(&ascent, options, report, error);
    } else {
        status = error_memory(error);
    }
    memory_free(ascent.squares);
    memory_free(ascent.order);
    memory_free(ascent.memory);
    return status;
}
