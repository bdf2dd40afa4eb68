// Minimises a logistic_problem with a ridge penalty by Newton's method; each step by conjugate gradients (truncated Newton, as
// LIBLINEAR's: Lin, Weng, Keerthi 2008; Hsia, Chiang, Lin 2018 for the preconditioner), preconditioned by the Hessian's diagonal.
#ifndef BANTAM_TRAIN_LOGISTIC_NEWTON_H
#define BANTAM_TRAIN_LOGISTIC_NEWTON_H

#include "train/logistic_problem.h"

// Moves `parameters` (of logistic_allocate) from their start to the optimum and fills the report. Errors: BANTAM_ERROR_MEMORY,
// BANTAM_ERROR_CANCELLED; `parameters` then hold the best so far.
BANTAM_MUST_CHECK bantam_status logistic_newton(struct logistic_problem *problem, float *parameters,
                                                const struct logistic_options *options,
                                                struct logistic_report *report,
                                                bantam_error *error);

#endif
