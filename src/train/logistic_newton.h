// Minimises a logistic_problem by Newton's method; each step by conjugate gradients (truncated Newton, as LIBLINEAR's: Lin, Weng,
// Keerthi 2008), preconditioned by the Hessian's diagonal.
//
// With an l1 part a proximal step in the metric of that diagonal first decides what is 0 and which sign the others have; the Newton
// step moves only these and crosses no sign (Andrew, Gao 2007; Byrd, Chin, Nocedal, Oztoprak 2016).
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
