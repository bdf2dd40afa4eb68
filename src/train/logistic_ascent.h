// Minimises a logistic_problem with a ridge penalty by stochastic dual coordinate ascent, one row after the other.
//
// (Shalev-Shwartz, Zhang 2013; for softmax: Yu, Huang, Lin 2011.) Every row keeps the probabilities q that its residual in the
// weights stands for, V = Σ_i x_i · w_i (y_i − q_i)ᵀ / ridge; a visit solves for the q at which softmax or the logistic function of
// the row's own scores agrees with it. Visits cost a row's entries, and ten to twenty for each row come as near to the optimum as
// hundreds of full gradients. Intercepts are free by the method of multipliers: a quadratic pull towards a centre that moves.
// The order is a seeded shuffle: one thread, the same bits always.
#ifndef BANTAM_TRAIN_LOGISTIC_ASCENT_H
#define BANTAM_TRAIN_LOGISTIC_ASCENT_H

#include "train/logistic_problem.h"

// Fills `parameters` (of logistic_allocate, zero) and the report; without success where the rows are fitted so closely (a large C)
// that Newton's method is the better one from there. Errors: BANTAM_ERROR_MEMORY, BANTAM_ERROR_CANCELLED.
BANTAM_MUST_CHECK bantam_status logistic_ascent(struct logistic_problem *problem, float *parameters,
                                                const struct logistic_options *options,
                                                struct logistic_report *report,
                                                bantam_error *error);

#endif
