// Loss, gradient, gap and products of a problem: passes over pieces of rows and chunks of columns.
#include "train/logistic_problem.h"

#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "base/vector.h"

// What a pass over the rows or columns works on.
struct pass {
    struct logistic_problem *problem;
    const float *from; // parameters or direction
    float *to;         // gradient, diagonal or product
    bool squared;
};

static size_t n_row_pieces(const struct logistic_problem *problem)
{
    return (problem->n_rows + LOGISTIC_ROWS_A_PIECE - 1) / LOGISTIC_ROWS_A_PIECE;
}

static size_t end_of_piece(const struct logistic_problem *problem, size_t piece)
{
    size_t end = (piece + 1) * LOGISTIC_ROWS_A_PIECE;
    return end < problem->n_rows ? end : problem->n_rows;
}

// Scores of a row, into its place among the residuals.
static float *score_row(const struct logistic_problem *problem, const float *parameters,
                        const float *offsets, size_t row)
{
    size_t width = problem->width, start = problem->by_row.starts[row];
    float *scores = problem->residuals + row * width;
    memcpy(scores, parameters + problem->n_columns * width, width * sizeof *scores);
    if (offsets) {
        for (size_t c = 0; c < width; c++) {
            scores[c] += offsets[row * width + c];
        }
    }
    logistic_add_terms(scores, &(struct logistic_terms){problem->by_row.columns + start,
                                                        problem->by_row.values + start,
                                                        problem->by_row.starts[row + 1] - start,
                                                        parameters, width, false});
    return scores;
}

// Lanes at or beyond n_outputs are 0, others 1.
VECTOR_INLINE float_lanes lanes_in_use(size_t first, size_t n_outputs)
{
    int_lanes lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    int_lanes mask = lane + (int32_t)first < (int32_t)n_outputs;
    return vector_select(mask, vector_all(1), vector_all(0));
}

// Scores → p; residuals → weight · p. Returns ln Σ exp(score).
VECTOR_KERNEL
static double softmax_row(float *scores, float *curvature, size_t n_outputs, size_t width,
                          float weight)
{
    float_lanes most = vector_all(-3e38F);
    for (size_t c = 0; c < width; c += VECTOR_LANES) {
        float_lanes used = lanes_in_use(c, n_outputs);
        float_lanes z = vector_select(used > 0.0F, vector_load(scores + c), vector_all(-3e38F));
        most = vector_maximum(most, z);
    }
    float largest = vector_largest(most);
    float_lanes sums = vector_all(0);
    for (size_t c = 0; c < width; c += VECTOR_LANES) {
        float_lanes raised = vector_exp(vector_load(scores + c) - largest);
        raised *= lanes_in_use(c, n_outputs);
        sums += raised;
        vector_store(curvature + c, raised);
    }
    float sum = vector_sum(sums);
    for (size_t c = 0; c < width; c += VECTOR_LANES) {
        float_lanes p = vector_load(curvature + c) * (1 / sum);
        vector_store(curvature + c, p);
        vector_store(scores + c, p * weight);
    }
    return (double)largest + log((double)sum);
}

static void softmax_piece(void *context, size_t piece)
{
    const struct pass *pass = context;
    struct logistic_problem *problem = pass->problem;
    size_t width = problem->width;
    double loss = 0;
    for (size_t i = piece * LOGISTIC_ROWS_A_PIECE; i < end_of_piece(problem, piece); i++) {
        float *scores = score_row(problem, pass->from, problem->offsets, i);
        uint32_t target = problem->targets[i];
        float own = scores[target], weight = problem->row_weights[i];
        double sum =
            softmax_row(scores, problem->curvature + i * width, problem->n_outputs, width, weight);
        scores[target] -= weight;
        loss += (double)weight * (sum - (double)own);
    }
    problem->partial[piece] = loss;
}

// p of the logistic function, and ln(1 + exp(score)).
VECTOR_INLINE float_lanes logistic_lanes(float_lanes score, float_lanes *softplus)
{
    float_lanes zero = vector_all(0), magnitude = vector_maximum(score, -score);
    float_lanes e = vector_exp(-magnitude), u = 1.0F + e;
    *softplus = vector_log(u) + (e - (u - 1.0F)) / u + vector_maximum(score, zero);
    return vector_select(score >= zero, vector_all(1), e) / u;
}

// All outputs as if they were 0 in this row; returns the sum of their losses.
VECTOR_KERNEL
static double logistic_row(float *scores, float *curvature, const float *negative, size_t n_outputs,
                           size_t width, float weight)
{
    float_lanes losses = vector_all(0);
    for (size_t c = 0; c < width; c += VECTOR_LANES) {
        float_lanes softplus, p = logistic_lanes(vector_load(scores + c), &softplus);
        float_lanes factor = vector_load(negative + c) * lanes_in_use(c, n_outputs);
        losses += factor * softplus;
        vector_store(scores + c, factor * weight * p);
        vector_store(curvature + c, factor * weight * p * (1.0F - p));
    }
    return (double)vector_sum(losses);
}

// Sixteen rows of a single output: `ones` holds what each row is.
VECTOR_KERNEL
static void logistic_column(float *scores, float *curvature, float *losses, const float *ones,
                            const float *weights)
{
    float_lanes softplus, score = vector_load(scores), one = vector_load(ones);
    float_lanes p = logistic_lanes(score, &softplus), weight = vector_load(weights);
    vector_store(losses, weight * (softplus - one * score));
    vector_store(scores, weight * (p - one));
    vector_store(curvature, weight * p * (1.0F - p));
}

// One output: positive and negative factors are part of the rows' weights already.
static void single_piece(void *context, size_t piece)
{
    const struct pass *pass = context;
    struct logistic_problem *problem = pass->problem;
    double loss = 0;
    size_t end = end_of_piece(problem, piece);
    for (size_t i = piece * LOGISTIC_ROWS_A_PIECE; i < end; i += VECTOR_LANES) {
        size_t n = end - i < VECTOR_LANES ? end - i : VECTOR_LANES;
        float scores[VECTOR_LANES] = {0}, curvature[VECTOR_LANES], losses[VECTOR_LANES],
              ones[VECTOR_LANES] = {0}, weights[VECTOR_LANES] = {0};
        for (size_t k = 0; k < n; k++) {
            scores[k] = *score_row(problem, pass->from, problem->offsets, i + k);
            bool one = problem->target_starts[i + k + 1] > problem->target_starts[i + k];
            ones[k] = one ? 1 : 0;
            weights[k] =
                problem->row_weights[i + k] * *(one ? problem->positive : problem->negative);
        }
        logistic_column(scores, curvature, losses, ones, weights);
        memcpy(problem->residuals + i, scores, n * sizeof *scores);
        memcpy(problem->curvature + i, curvature, n * sizeof *curvature);
        for (size_t k = 0; k < n; k++) {
            loss += (double)losses[k];
        }
    }
    problem->partial[piece] = loss;
}

// After logistic_row: output `c` of the row is 1, with its score z.
static double make_positive(const struct logistic_problem *problem, size_t row, size_t c, float z)
{
    float *residual = problem->residuals + row * problem->width + c;
    float *curvature = problem->curvature + row * problem->width + c;
    float weight = problem->row_weights[row], positive = problem->positive[c];
    float as_negative[VECTOR_LANES] = {z}, losses[VECTOR_LANES], p[VECTOR_LANES] = {0};
    const float zeros[VECTOR_LANES] = {0}, unit[VECTOR_LANES] = {1};
    logistic_column(as_negative, p, losses, zeros, unit);
    *residual = weight * positive * (as_negative[0] - 1);
    *curvature = weight * positive * p[0];
    double softplus = (double)losses[0];
    return (double)positive * (softplus - (double)z) - (double)problem->negative[c] * softplus;
}

static void logistic_piece(void *context, size_t piece)
{
    const struct pass *pass = context;
    struct logistic_problem *problem = pass->problem;
    size_t width = problem->width;
    double loss = 0;
    for (size_t i = piece * LOGISTIC_ROWS_A_PIECE; i < end_of_piece(problem, piece); i++) {
        float *scores = score_row(problem, pass->from, problem->offsets, i);
        const uint32_t *targets = problem->targets + problem->target_starts[i];
        size_t n = problem->target_starts[i + 1] - problem->target_starts[i];
        float *own = problem->target_scores + problem->target_starts[i];
        for (size_t k = 0; k < n; k++) {
            own[k] = scores[targets[k]];
        }
        double row_loss = logistic_row(scores, problem->curvature + i * width, problem->negative,
                                       problem->n_outputs, width, problem->row_weights[i]);
        for (size_t k = 0; k < n; k++) {
            row_loss += make_positive(problem, i, targets[k], own[k]);
        }
        loss += (double)problem->row_weights[i] * row_loss;
    }
    problem->partial[piece] = loss;
}

double logistic_loss(struct logistic_problem *problem, const float *parameters)
{
    struct pass pass = {problem, parameters, NULL, false};
    size_t n_pieces = n_row_pieces(problem);
    parallel_for(n_pieces, problem->n_threads,
                 problem->form == LOGISTIC_MULTINOMIAL ? softmax_piece
                 : problem->width == 1                 ? single_piece
                                                       : logistic_piece,
                 &pass);
    problem->n_passes++;
    double loss = 0;
    for (size_t i = 0; i < n_pieces; i++) {
        loss += problem->partial[i];
    }
    return loss;
}

// Sums of one column's residuals.
static void sum_column(const struct logistic_problem *problem, size_t column, bool squared,
                       float *sums)
{
    const struct sparse_matrix *by_column = &problem->by_column;
    size_t start = by_column->starts[column];
    memset(sums, 0, problem->width * sizeof *sums);
    logistic_add_terms(sums, &(struct logistic_terms){by_column->columns + start,
                                                      by_column->values + start,
                                                      by_column->starts[column + 1] - start,
                                                      problem->residuals, problem->width, squared});
}

static void backward_piece(void *context, size_t piece)
{
    const struct pass *pass = context;
    const struct logistic_problem *problem = pass->problem;
    for (size_t j = problem->column_chunks[piece]; j < problem->column_chunks[piece + 1]; j++) {
        sum_column(problem, j, pass->squared, pass->to + j * problem->width);
    }
}

VECTOR_KERNEL
static void add_rows(float *sums, const float *rows, size_t n_rows, size_t width)
{
    memset(sums, 0, width * sizeof *sums);
    for (size_t i = 0; i < n_rows; i++) {
        for (size_t c = 0; c < width; c++) {
            sums[c] += rows[i * width + c];
        }
    }
}

static void intercept_piece(void *context, size_t piece)
{
    const struct logistic_problem *problem = context;
    size_t width = problem->width, first = piece * LOGISTIC_ROWS_A_PIECE;
    add_rows(problem->piece_sums + piece * width, problem->residuals + first * width,
             end_of_piece(problem, piece) - first, width);
}

static void add_intercepts(struct logistic_problem *problem, float *to)
{
    size_t width = problem->width, n_pieces = n_row_pieces(problem);
    parallel_for(n_pieces, problem->n_threads, intercept_piece, problem);
    for (size_t c = 0; c < width; c++) {
        double sum = 0;
        for (size_t i = 0; i < n_pieces; i++) {
            sum += (double)problem->piece_sums[i * width + c];
        }
        to[c] = (float)sum;
    }
}

static void backward(struct logistic_problem *problem, float *to, bool squared)
{
    struct pass pass = {problem, NULL, to, squared};
    parallel_for(problem->n_column_chunks, problem->n_threads, backward_piece, &pass);
    add_intercepts(problem, to + problem->n_columns * problem->width);
    problem->n_passes++;
}

void logistic_gradient(struct logistic_problem *problem, float *gradient)
{
    backward(problem, gradient, false);
}

// ‖gradient + ridge · parameters‖² of one column.
VECTOR_KERNEL
static double square_slope(const float *gradient, const float *parameters, const float *support,
                           float ridge, size_t width)
{
    if (width == 1) {
        double slope = (double)(*gradient + ridge * *parameters);
        return support && *support == 0 ? 0 : slope * slope;
    }
    float_lanes sum = vector_all(0);
    for (size_t c = 0; c < width; c += VECTOR_LANES) {
        float_lanes slope = vector_load(gradient + c) + ridge * vector_load(parameters + c);
        slope *= support ? vector_load(support + c) : vector_all(1);
        sum += slope * slope;
    }
    return (double)vector_sum(sum);
}

static void gap_piece(void *context, size_t piece)
{
    const struct pass *pass = context;
    struct logistic_problem *problem = pass->problem;
    size_t width = problem->width;
    float *sums = problem->column_sums + piece * width;
    double squares = 0;
    for (size_t j = problem->column_chunks[piece]; j < problem->column_chunks[piece + 1]; j++) {
        sum_column(problem, j, false, sums);
        squares += square_slope(sums, pass->from + j * width,
                                problem->support ? problem->support + j * width : NULL,
                                (float)problem->ridge, width);
    }
    problem->partial[piece] = squares;
}

double logistic_gap(struct logistic_problem *problem, const float *parameters,
                    double *intercept_slope)
{
    struct pass pass = {problem, parameters, NULL, false};
    parallel_for(problem->n_column_chunks, problem->n_threads, gap_piece, &pass);
    problem->n_passes++;
    double squares = 0;
    for (size_t i = 0; i < problem->n_column_chunks; i++) {
        squares += problem->partial[i];
    }
    float *sums = problem->column_sums;
    add_intercepts(problem, sums);
    *intercept_slope = 0;
    for (size_t c = 0; c < problem->n_outputs; c++) {
        *intercept_slope = fmax(*intercept_slope, fabs((double)sums[c]));
    }
    return squares / (2 * problem->ridge);
}

void logistic_judge(const struct logistic_problem *problem, double gap, double intercept_slope,
                    double tolerance, struct logistic_report *report)
{
    double total = 0;
    for (size_t i = 0; i < problem->n_rows; i++) {
        total += (double)problem->row_weights[i];
    }
    report->gap = gap;
    report->intercept_slope = intercept_slope;
    double allowed = problem->ridge > 0 ? tolerance : sqrt(tolerance); // a bound of first order
    report->converged =
        gap <= allowed * report->objective && intercept_slope <= sqrt(tolerance) * 1e-2 * total;
}

// One column's share of the penalty.
VECTOR_KERNEL
static double penalise(const float *parameters, float ridge, float lasso, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        float magnitude = fabsf(parameters[i]);
        sum += (double)((ridge / 2 * magnitude + lasso) * magnitude);
    }
    return sum;
}

static void penalty_piece(void *context, size_t piece)
{
    const struct pass *pass = context;
    struct logistic_problem *problem = pass->problem;
    size_t first = problem->column_chunks[piece], end = problem->column_chunks[piece + 1];
    problem->partial[piece] = penalise(pass->from + first * problem->width, (float)problem->ridge,
                                       (float)problem->lasso, (end - first) * problem->width);
}

double logistic_penalty(struct logistic_problem *problem, const float *parameters)
{
    struct pass pass = {problem, parameters, NULL, false};
    parallel_for(problem->n_column_chunks, problem->n_threads, penalty_piece, &pass);
    double sum = 0;
    for (size_t i = 0; i < problem->n_column_chunks; i++) {
        sum += problem->partial[i];
    }
    return sum;
}

static void diagonal_piece(void *context, size_t piece)
{
    const struct pass *pass = context;
    struct logistic_problem *problem = pass->problem;
    size_t width = problem->width;
    for (size_t i = piece * LOGISTIC_ROWS_A_PIECE; i < end_of_piece(problem, piece); i++) {
        const float *curvature = problem->curvature + i * width;
        float *to = problem->residuals + i * width, weight = problem->row_weights[i];
        for (size_t c = 0; c < width; c++) {
            float p = curvature[c];
            to[c] = problem->form == LOGISTIC_MULTINOMIAL ? weight * p * (1 - p) : p;
        }
    }
}

void logistic_diagonal(struct logistic_problem *problem, float *diagonal)
{
    struct pass pass = {problem, NULL, NULL, false};
    parallel_for(n_row_pieces(problem), problem->n_threads, diagonal_piece, &pass);
    backward(problem, diagonal, true);
}

// weight · (diag(p) − p pᵀ) · v, in place of v.
VECTOR_KERNEL
static void softmax_curve(float *v, const float *p, size_t width, float weight)
{
    float_lanes sums = vector_all(0);
    for (size_t c = 0; c < width; c += VECTOR_LANES) {
        sums += vector_load(p + c) * vector_load(v + c);
    }
    float mean = vector_sum(sums);
    for (size_t c = 0; c < width; c += VECTOR_LANES) {
        vector_store(v + c, vector_load(p + c) * weight * (vector_load(v + c) - mean));
    }
}

static void product_piece(void *context, size_t piece)
{
    const struct pass *pass = context;
    struct logistic_problem *problem = pass->problem;
    size_t width = problem->width;
    for (size_t i = piece * LOGISTIC_ROWS_A_PIECE; i < end_of_piece(problem, piece); i++) {
        float *v = score_row(problem, pass->from, NULL, i);
        const float *curvature = problem->curvature + i * width;
        if (problem->form == LOGISTIC_MULTINOMIAL) {
            softmax_curve(v, curvature, width, problem->row_weights[i]);
        } else {
            for (size_t c = 0; c < width; c++) {
                v[c] *= curvature[c];
            }
        }
    }
}

void logistic_product(struct logistic_problem *problem, const float *direction, float *product)
{
    struct pass pass = {problem, direction, NULL, false};
    parallel_for(n_row_pieces(problem), problem->n_threads, product_piece, &pass);
    problem->n_passes++;
    backward(problem, product, false);
}
