// Minimises a smooth function of many variables: L-BFGS (Liu, Nocedal 1989) with backtracking. Deterministic.
#ifndef BANTAM_TRAIN_MINIMISE_H
#define BANTAM_TRAIN_MINIMISE_H

#include <stddef.h>

#include "bantam/status.h"

// Returns the value at x and writes the gradient; both arrays are (n).
typedef double (*objective)(void *context, const double *x, double *gradient);

struct minimise_options {
    size_t n_iterations; // most steps
    double tolerance;    // stops when the value falls by less than this share in one step
};

// Moves `x` from its start to a minimum. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status minimise(double *x, size_t n, objective function, void *context,
                                         const struct minimise_options *options,
                                         bantam_error *error);

#endif
