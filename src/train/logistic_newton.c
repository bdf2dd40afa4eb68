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
    size_t n,
        n_penalised; // parameters, filled up to whole lanes; those under a penalty, which come first
    float *parameters; // (n)
    float *residual;   // (n) −gradient, and what a step leaves of it
    float *step;       // (n)
    float *direction;  // (n) conjugate
    float *product;    // (n) Hessian of the loss · direction
    float *diagonal;   // (n) of the whole Hessian
    double *partial;   // (pieces, 2)
    float factor;      // of the walk at hand
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

// residual: from the loss's gradient to minus the whole one. Sum: its square, without intercepts.
VECTOR_KERNEL
static void gradient_kernel(const struct newton *newton, size_t first, size_t end, double *sums)
{
    float_lanes sum = vector_all(0);
    for (size_t i = first; i < end; i += VECTOR_LANES) {
        float_lanes ridge = ridge_lanes(newton, i);
        float_lanes r = -vector_load(newton->residual + i);
        r -= ridge * vector_load(newton->parameters + i);
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

VECTOR_KERNEL
static void move_kernel(const struct newton *newton, size_t first, size_t end, double *sums)
{
    (void)sums;
    for (size_t i = first; i < end; i += VECTOR_LANES) {
        float_lanes moved = newton->factor * vector_load(newton->step + i);
        vector_store(newton->parameters + i, vector_load(newton->parameters + i) + moved);
    }
}

// Solves Hessian · step = −gradient to the forcing term. Returns the step's slope, −step · Hessian · step < 0; 0 at the optimum.
static double find_step(struct newton *newton)
{
    logistic_diagonal(newton->problem, newton->diagonal);
    double product = walk(newton, begin_kernel, NULL), first = product, slope = 0;
    for (int k = 0; k < PRODUCTS && product > FORCING * FORCING * first; k++) {
        logistic_product(newton->problem, newton->direction, newton->product);
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
    move(newton, 1);
    for (int k = 0; k < HALVINGS; k++) {
        double reached = objective_at(newton);
        if (reached <= *objective + 1e-4 * length * slope + 1e-7 * fabs(*objective)) {
            *objective = reached;
            return true;
        }
        length /= 2;
        move(newton, -length);
    }
    move(newton, -length);
    *objective = objective_at(newton);
    return false;
}

static bantam_status iterate(struct newton *newton, const struct logistic_options *options,
                             struct logistic_report *report, bantam_error *error)
{
    report->objective = objective_at(newton);
    for (;;) {
        logistic_gradient(newton->problem, newton->residual);
        double squares = walk(newton, gradient_kernel, NULL), slope = 0;
        for (size_t c = 0; !newton->problem->intercepts_held && c < newton->problem->n_outputs;
             c++) {
            slope = fmax(slope, fabs((double)newton->residual[newton->n_penalised + c]));
        }
        logistic_judge(newton->problem, squares / (2 * newton->problem->ridge), slope,
                       options->tolerance, report);
        if (report->converged || report->n_iterations >= options->n_iterations) {
            return BANTAM_OK;
        }
        if (options->progress && !options->progress(options->progress_context, "fit",
                                                    report->n_iterations, options->n_iterations)) {
            return error_set(error, BANTAM_ERROR_CANCELLED, "training was stopped");
        }
        slope = find_step(newton);
        bool moved = slope < 0 && search_line(newton, &report->objective, slope);
        report->n_iterations++;
        if (!moved) {
            return BANTAM_OK;
        }
    }
}

bantam_status logistic_newton(struct logistic_problem *problem, float *parameters,
                              const struct logistic_options *options,
                              struct logistic_report *report, bantam_error *error)
{
    size_t n = logistic_n_parameters(problem);
    struct newton newton = {.problem = problem, .n = n, .parameters = parameters};
    newton.n_penalised = (problem->n_columns + problem->intercepts_held) * problem->width;
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
        status = iterate(&newton, options, report, error);
    }
    memory_free(newton.memory);
    memory_free(newton.partial);
    return status;
}
