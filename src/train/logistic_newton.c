// Vectors are walked in fixed pieces, so that sums fold in one order whatever the number of threads.
#include "train/logistic_newton.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/vector.h"

enum {
    PIECE = 1 << 13, // floats of a vector that are worked on at a time
    PRODUCTS = 100,  // most conjugate gradient steps in a Newton step
    HALVINGS = 20,
};

static const double FORCING =
    0.1; // residual, as a share of the gradient, at which a step is good enough

struct newton {
    struct logistic_problem *problem;
    size_t n;            // parameters, filled up to whole lanes
    size_t n_penalised;  // those before the intercepts
    float *parameters;   // (n)
    float *base;         // (n) parameters before the step; the product's memory, which is then free
    float *residual;     // (n) −gradient, and what a step leaves of it
    float *step;         // (n)
    float *direction;    // (n) conjugate
    float *product;      // (n) Hessian of the loss · direction
    float *diagonal;     // (n) of the whole Hessian
    double *partial;     // (pieces, 2)
    float factor;        // of the walk at hand
    double metric_scale; // of the diagonal, at which a proximal step falls
    void *memory;
};

// Works on [first, end), whole lanes, and adds to two sums.
typedef void (*piece_kernel)(const struct newton *newton, size_t first, size_t end, double *sums);

struct walk {
    const struct newton *newton;
    piece_kernel kernel;
};

static void walk_piece(void *context, size_t piece)
{
    const struct walk *walk = context;
    const struct newton *newton = walk->newton;
    size_t first = piece * PIECE, end = first + PIECE < newton->n ? first + PIECE : newton->n;
    double *sums = newton->partial + 2 * piece;
    sums[0] = sums[1] = 0;
    walk->kernel(newton, first, end, sums);
}

// Runs the kernel over all parameters; returns its first sum and the second where it is asked for.
static double walk(const struct newton *newton, piece_kernel kernel, double *second)
{
    struct walk context = {newton, kernel};
    size_t n_pieces = (newton->n + PIECE - 1) / PIECE;
    parallel_for(n_pieces, newton->problem->n_threads, walk_piece, &context);
    double sum = 0, other = 0;
    for (size_t i = 0; i < n_pieces; i++) {
        sum += newton->partial[2 * i];
        other += newton->partial[2 * i + 1];
    }
    if (second) {
        *second = other;
    }
    return sum;
}

// The ridge's factor in each lane from parameter `first` on: 0 for intercepts.
VECTOR_INLINE float_lanes ridge_lanes(const struct newton *newton, size_t first)
{
    size_t left = newton->n_penalised > first ? newton->n_penalised - first : 0;
    int_lanes lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    int_lanes mask = lane < (left < VECTOR_LANES ? (int32_t)left : VECTOR_LANES);
    return vector_select(mask, vector_all((float)newton->problem->ridge), vector_all(0));
}

// Lanes that a Newton step may move: all of them, or those of the support, or with an l1 part those that are not 0; and intercepts.
VECTOR_INLINE int_lanes free_lanes(const struct newton *newton, size_t first)
{
    size_t left = newton->n_penalised > first ? newton->n_penalised - first : 0;
    bool all = newton->problem->lasso == 0 && !newton->problem->support;
    int_lanes lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    int_lanes intercept = lane >= (all ? 0 : left < VECTOR_LANES ? (int32_t)left : VECTOR_LANES);
    const float *support = newton->problem->support;
    return intercept | (vector_load((support ? support : newton->parameters) + first) != 0.0F);
}

// The slope of the l1 part where parameters are not 0; 0 for intercepts.
VECTOR_INLINE float_lanes l1_lanes(const struct newton *newton, size_t first)
{
    size_t left = newton->n_penalised > first ? newton->n_penalised - first : 0;
    float_lanes l1 = vector_all((float)newton->problem->lasso), zero = vector_all(0);
    float_lanes v = vector_load(newton->parameters + first);
    int_lanes lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    int_lanes mask = lane < (left < VECTOR_LANES ? (int32_t)left : VECTOR_LANES);
    return vector_select(mask, vector_select(v > 0.0F, l1, vector_select(v < 0.0F, -l1, zero)),
                         zero);
}

// residual: from the loss's gradient to minus the whole one. Sum: its square, without intercepts.
VECTOR_KERNEL
static void gradient_kernel(const struct newton *newton, size_t first, size_t end, double *sums)
{
    float_lanes sum = vector_all(0);
    for (size_t i = first; i < end; i += VECTOR_LANES) {
        float_lanes ridge = ridge_lanes(newton, i);
        float_lanes r = -vector_load(newton->residual + i);
        r -= ridge * vector_load(newton->parameters + i) + l1_lanes(newton, i);
        r = vector_select(free_lanes(newton, i), r, vector_all(0));
        vector_store(newton->residual + i, r);
        sum += vector_select(ridge > 0.0F, r * r, vector_all(0));
    }
    sums[0] = (double)vector_sum(sum);
}

// diagonal: from the loss's to the whole one; step: 0; direction: the preconditioned residual. Sum: residual · direction.
VECTOR_KERNEL
static void begin_kernel(const struct newton *newton, size_t first, size_t end, double *sums)
{
    float_lanes sum = vector_all(0);
    for (size_t i = first; i < end; i += VECTOR_LANES) {
        float_lanes diagonal = vector_load(newton->diagonal + i) + ridge_lanes(newton, i);
        diagonal = vector_maximum(diagonal, vector_all(1e-12F));
        float_lanes r = vector_load(newton->residual + i), z = r / diagonal;
        vector_store(newton->diagonal + i, diagonal);
        vector_store(newton->step + i, vector_all(0));
        vector_store(newton->direction + i, z);
        sum += r * z;
    }
    sums[0] = (double)vector_sum(sum);
}

// Sum: direction · Hessian · direction.
VECTOR_KERNEL
static void curvature_kernel(const struct newton *newton, size_t first, size_t end, double *sums)
{
    float_lanes sum = vector_all(0);
    for (size_t i = first; i < end; i += VECTOR_LANES) {
        float_lanes p = vector_load(newton->direction + i);
        sum += p * (vector_load(newton->product + i) + ridge_lanes(newton, i) * p);
    }
    sums[0] = (double)vector_sum(sum);
}

// Goes `factor` along the direction. Sum: residual · preconditioned residual, after it.
VECTOR_KERNEL
static void advance_kernel(const struct newton *newton, size_t first, size_t end, double *sums)
{
    float_lanes sum = vector_all(0), factor = vector_all(newton->factor);
    for (size_t i = first; i < end; i += VECTOR_LANES) {
        float_lanes p = vector_load(newton->direction + i);
        float_lanes product = vector_load(newton->product + i) + ridge_lanes(newton, i) * p;
        float_lanes r = vector_load(newton->residual + i) - factor * product;
        r = vector_select(free_lanes(newton, i), r, vector_all(0));
        vector_store(newton->step + i, vector_load(newton->step + i) + factor * p);
        vector_store(newton->residual + i, r);
        sum += r * r / vector_load(newton->diagonal + i);
    }
    sums[0] = (double)vector_sum(sum);
}

VECTOR_KERNEL
static void turn_kernel(const struct newton *newton, size_t first, size_t end, double *sums)
{
    (void)sums;
    for (size_t i = first; i < end; i += VECTOR_LANES) {
        float_lanes z = vector_load(newton->residual + i) / vector_load(newton->diagonal + i);
        z += newton->factor * vector_load(newton->direction + i);
        vector_store(newton->direction + i, z);
    }
}

// parameters = base + factor · step; with an l1 part none changes its sign.
VECTOR_KERNEL
static void move_kernel(const struct newton *newton, size_t first, size_t end, double *sums)
{
    (void)sums;
    bool l1 = newton->problem->lasso > 0;
    for (size_t i = first; i < end; i += VECTOR_LANES) {
        float_lanes base = vector_load(newton->base + i);
        float_lanes to = base + newton->factor * vector_load(newton->step + i);
        int_lanes crossed = (to * base < 0.0F) & (l1_lanes(newton, i) != 0.0F);
        vector_store(newton->parameters + i, l1 ? vector_select(crossed, vector_all(0), to) : to);
    }
}

// parameters = prox(base − gradient / (scale · diagonal)), the gradient in `residual`. Sums: gradient · d and d² in the scaled
// diagonal, of the difference d.
VECTOR_KERNEL
static void prox_kernel(const struct newton *newton, size_t first, size_t end, double *sums)
{
    float l1 = (float)newton->problem->lasso, scale = (float)newton->metric_scale;
    float_lanes slopes = vector_all(0), lengths = vector_all(0), zero = vector_all(0);
    for (size_t i = first; i < end; i += VECTOR_LANES) {
        float_lanes ridge = ridge_lanes(newton, i), base = vector_load(newton->base + i);
        float_lanes metric = vector_maximum(vector_load(newton->diagonal + i), vector_all(1e-3F));
        float_lanes gradient = vector_load(newton->residual + i);
        metric *= scale;
        float_lanes to = base * metric - gradient;
        size_t left = newton->n_penalised > i ? newton->n_penalised - i : 0;
        int_lanes lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
        int_lanes penalised = lane < (left < VECTOR_LANES ? (int32_t)left : VECTOR_LANES);
        float_lanes shrink = vector_select(penalised, vector_all(l1), zero);
        float_lanes magnitude = vector_maximum(vector_maximum(to, -to) - shrink, zero);
        magnitude /= metric + ridge;
        to = vector_select(to < 0.0F, -magnitude, magnitude);
        vector_store(newton->parameters + i, to);
        slopes += gradient * (to - base);
        lengths += metric * (to - base) * (to - base);
    }
    sums[0] = (double)vector_sum(slopes);
    sums[1] = (double)vector_sum(lengths);
}

// Fixed intercepts have no slope and no part in a step.
static void hold_intercepts(const struct newton *newton, float *vector)
{
    if (newton->problem->intercepts_fixed) {
        memset(vector + newton->n_penalised, 0, (newton->n - newton->n_penalised) * sizeof *vector);
    }
}

// Solves Hessian · step = −gradient to the forcing term. Returns the step's slope, −step · Hessian · step < 0; 0 at the optimum.
static double find_step(struct newton *newton)
{
    logistic_diagonal(newton->problem, newton->diagonal);
    double product = walk(newton, begin_kernel, NULL), first = product, slope = 0;
    for (int k = 0; k < PRODUCTS && product > FORCING * FORCING * first; k++) {
        logistic_product(newton->problem, newton->direction, newton->product);
        hold_intercepts(newton, newton->product);
        double curvature = walk(newton, curvature_kernel, NULL);
        if (!(curvature > 0)) {
            break;
        }
        newton->factor = (float)(product / curvature);
        slope -= product * product / curvature;
        double next = walk(newton, advance_kernel, NULL);
        newton->factor = (float)(next / product);
        walk(newton, turn_kernel, NULL);
        product = next;
    }
    return slope;
}

static void move(struct newton *newton, double by)
{
    newton->factor = (float)by;
    walk(newton, move_kernel, NULL);
}

static double objective_at(struct newton *newton)
{
    return logistic_loss(newton->problem, newton->parameters) +
           logistic_penalty(newton->problem, newton->parameters);
}

// Halves the step until the objective falls as it should, within what float sums can tell. False: nothing falls any more.
static bool search_line(struct newton *newton, double *objective, double slope)
{
    double length = 1;
    memcpy(newton->base, newton->parameters, newton->n * sizeof *newton->base);
    for (int k = 0; k < HALVINGS; k++, length /= 2) {
        move(newton, length);
        double reached = objective_at(newton);
        if (reached <= *objective + 1e-4 * length * slope + 1e-7 * fabs(*objective)) {
            *objective = reached;
            return true;
        }
    }
    move(newton, 0);
    *objective = objective_at(newton);
    return false;
}

// One proximal step with the loss's gradient in `residual`, which decides what is 0: the diagonal is scaled until it bounds the loss
// from above. Then brings `residual` to the new place.
static void shrink(struct newton *newton, struct logistic_report *report)
{
    struct logistic_problem *problem = newton->problem;
    double loss = report->objective - logistic_penalty(problem, newton->parameters), reached;
    memcpy(newton->base, newton->parameters, newton->n * sizeof *newton->base);
    logistic_diagonal(problem, newton->diagonal);
    for (newton->metric_scale /= 2;; newton->metric_scale *= 2) {
        double lengths, slopes = walk(newton, prox_kernel, &lengths);
        reached = logistic_loss(problem, newton->parameters);
        if (reached <= loss + slopes + lengths / 2 + 1e-7 * fabs(loss) ||
            newton->metric_scale > 1e6) {
            break;
        }
    }
    report->objective = reached + logistic_penalty(problem, newton->parameters);
    logistic_gradient(problem, newton->residual);
}

// What the certificate needs of the loss's gradient: gradient · parameters, Σ max(|gradient| − l1, 0)² and the largest |gradient|.
VECTOR_KERNEL
static void certify(const struct newton *newton, double sums[3])
{
    float_lanes l1 = vector_all((float)newton->problem->lasso);
    float_lanes largest = vector_all(0), zero = vector_all(0);
    sums[0] = sums[1] = 0;
    for (size_t i = 0; i < newton->n; i += VECTOR_LANES) {
        float gradients[VECTOR_LANES];
        vector_store(gradients, vector_load(newton->residual + i));
        for (size_t k = 0; k < VECTOR_LANES; k++) {
            gradients[k] = i + k < newton->n_penalised ? gradients[k] : 0;
        }
        float_lanes gradient = vector_load(gradients);
        float_lanes magnitude = vector_maximum(gradient, -gradient);
        float_lanes over = vector_maximum(magnitude - l1, zero);
        largest = vector_maximum(largest, magnitude);
        sums[0] += (double)vector_sum(gradient * vector_load(newton->parameters + i));
        sums[1] += (double)vector_sum(over * over);
    }
    sums[2] = (double)vector_largest(largest);
}

// The duality gap, with the loss's gradient in `residual`.
//
// With α = −∂loss/∂score the dual value is loss − ⟨gradient, V⟩ − penalty*(−gradient). Without a ridge part α is scaled by
// s ≤ 1 until |gradient| ≤ l1; by concavity the dual value there is at least s times the one before, as it is 0 at α = 0.
static double gap_at(struct newton *newton, double objective)
{
    struct logistic_problem *problem = newton->problem;
    double sums[3], loss = objective - logistic_penalty(problem, newton->parameters);
    certify(newton, sums);
    double dual = loss - sums[0];
    if (problem->ridge > 0) {
        dual -= sums[1] / (2 * problem->ridge);
    } else if (sums[2] > problem->lasso) {
        dual *= problem->lasso / sums[2];
    }
    return fmax(objective - dual, 0);
}

// Fills the report at the parameters; leaves minus the gradient in `residual`.
static void judge(struct newton *newton, double tolerance, struct logistic_report *report)
{
    struct logistic_problem *problem = newton->problem;
    double gap = 0, slope = 0;
    logistic_gradient(problem, newton->residual);
    hold_intercepts(newton, newton->residual);
    for (size_t c = 0; c < problem->n_outputs; c++) {
        slope = fmax(slope, fabs((double)newton->residual[newton->n_penalised + c]));
    }
    if (problem->lasso > 0) {
        gap = gap_at(newton, report->objective);
    } else {
        gap = walk(newton, gradient_kernel, NULL) / (2 * problem->ridge);
    }
    logistic_judge(problem, gap, slope, tolerance, report);
}

static bantam_status iterate(struct newton *newton, const struct logistic_options *options,
                             struct logistic_report *report, bantam_error *error)
{
    report->objective = objective_at(newton);
    for (;;) {
        judge(newton, options->tolerance, report);
        if (report->converged || report->n_iterations >= options->n_iterations) {
            return BANTAM_OK;
        }
        if (options->progress && !options->progress(options->progress_context, "fit",
                                                    report->n_iterations, options->n_iterations)) {
            return error_set(error, BANTAM_ERROR_CANCELLED, "training was stopped");
        }
        if (newton->problem->lasso > 0) {
            shrink(newton, report);
            walk(newton, gradient_kernel, NULL);
        }
        double slope = find_step(newton);
        bool moved = slope < 0 && search_line(newton, &report->objective, slope);
        report->n_iterations++;
        if (!moved && newton->problem->lasso == 0) {
            return BANTAM_OK;
        }
    }
}

bantam_status logistic_newton(struct logistic_problem *problem, float *parameters,
                              const struct logistic_options *options,
                              struct logistic_report *report, bantam_error *error)
{
    size_t n = logistic_n_parameters(problem);
    struct newton newton = {
        .problem = problem, .n = n, .parameters = parameters, .metric_scale = 2};
    newton.n_penalised = problem->n_columns * problem->width;
    newton.residual = logistic_allocate(problem, 5, &newton.memory);
    newton.partial = memory_allocate_array(n / PIECE + 1, 2 * sizeof *newton.partial);
    bantam_status status = BANTAM_OK;
    if (!newton.memory || !newton.partial) {
        status = error_memory(error);
    } else {
        newton.step = newton.residual + n;
        newton.direction = newton.residual + 2 * n;
        newton.product = newton.residual + 3 * n;
        newton.diagonal = newton.residual + 4 * n;
        newton.base = newton.product;
        status = iterate(&newton, options, report, error);
    }
    memory_free(newton.memory);
    memory_free(newton.partial);
    return status;
}
