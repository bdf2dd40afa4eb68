// The two-loop recursion over the last HISTORY steps; a step that does not fall enough is halved.
#include "train/minimise.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

enum {
    HISTORY = 8,
    HALVINGS = 30,
};

struct state {
    size_t n;
    double *gradient, *next, *next_gradient, *direction; // (n)
    double *steps, *changes;                             // (HISTORY, n) of x and of the gradient
    double curvature[HISTORY];                           // 1 / (step · change)
    size_t n_pairs;                                      // ever kept
};

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

static void add(double *a, const double *b, double share, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        a[i] += share * b[i];
    }
}

// direction = −H · gradient
static void find_direction(struct state *state)
{
    size_t n = state->n, pairs = state->n_pairs < HISTORY ? state->n_pairs : HISTORY;
    double alpha[HISTORY];
    for (size_t i = 0; i < n; i++) {
        state->direction[i] = -state->gradient[i];
    }
    for (size_t k = 0; k < pairs; k++) {
        size_t slot = (state->n_pairs - 1 - k) % HISTORY;
        alpha[slot] = state->curvature[slot] * dot(state->steps + slot * n, state->direction, n);
        add(state->direction, state->changes + slot * n, -alpha[slot], n);
    }
    if (pairs > 0) {
        size_t newest = (state->n_pairs - 1) % HISTORY;
        const double *change = state->changes + newest * n;
        double scale = 1 / (state->curvature[newest] * dot(change, change, n));
        for (size_t i = 0; i < n; i++) {
            state->direction[i] *= scale;
        }
    }
    for (size_t k = pairs; k-- > 0;) {
        size_t slot = (state->n_pairs - 1 - k) % HISTORY;
        double beta = state->curvature[slot] * dot(state->changes + slot * n, state->direction, n);
        add(state->direction, state->steps + slot * n, alpha[slot] - beta, n);
    }
}

static void keep_pair(struct state *state, const double *x)
{
    size_t n = state->n, slot = state->n_pairs % HISTORY;
    double *step = state->steps + slot * n, *change = state->changes + slot * n;
    for (size_t i = 0; i < n; i++) {
        step[i] = state->next[i] - x[i];
        change[i] = state->next_gradient[i] - state->gradient[i];
    }
    double product = dot(step, change, n);
    if (product > 1e-12) {
        state->curvature[slot] = 1 / product;
        state->n_pairs++;
    }
}

// One step; false when nothing falls any more.
static bool step(struct state *state, double *x, double *value, objective function, void *context)
{
    size_t n = state->n;
    find_direction(state);
    double slope = dot(state->direction, state->gradient, n);
    if (!(slope < 0)) {
        return false;
    }
    double length = state->n_pairs ? 1 : 1 / (1 + sqrt(dot(state->gradient, state->gradient, n)));
    for (int tried = 0; tried < HALVINGS; tried++, length /= 2) {
        memcpy(state->next, x, n * sizeof *x);
        add(state->next, state->direction, length, n);
        double reached = function(context, state->next, state->next_gradient);
        if (reached <= *value + 1e-4 * length * slope) {
            keep_pair(state, x);
            memcpy(x, state->next, n * sizeof *x);
            memcpy(state->gradient, state->next_gradient, n * sizeof *x);
            *value = reached;
            return true;
        }
    }
    return false;
}

bantam_status minimise(double *x, size_t n, objective function, void *context,
                       const struct minimise_options *options, bantam_error *error)
{
    double *memory = memory_allocate_array(n, (4 + 2 * HISTORY) * sizeof *memory);
    if (!memory) {
        return error_memory(error);
    }
    struct state state = {.n = n,
                          .gradient = memory,
                          .next = memory + n,
                          .next_gradient = memory + 2 * n,
                          .direction = memory + 3 * n,
                          .steps = memory + 4 * n,
                          .changes = memory + (4 + HISTORY) * n};
    double value = function(context, x, state.gradient);
    for (size_t i = 0; i < options->n_iterations; i++) {
        double before = value;
        if (!step(&state, x, &value, function, context) ||
            before - value < options->tolerance * (fabs(before) + 1e-12)) {
            break;
        }
    }
    memory_free(memory);
    return BANTAM_OK;
}
