// The curves of calibration.h for one output: a sigmoid and a rising one.
#ifndef BANTAM_EVALUATE_CALIBRATION_CURVES_H
#define BANTAM_EVALUATE_CALIBRATION_CURVES_H

#include <stddef.h>

struct curve_point {
    float score;
    double weight; // > 0
    double value;  // 1 or 0: whether the row has the label; of a knot: the probability
};

// 1 / (1 + exp(slope · score + offset)) of greatest likelihood, with Platt's targets (Platt 1999) by Newton's method with
// backtracking (Lin, Lin, Weng 2007).
void calibration_sigmoid(const struct curve_point *points, size_t n_points, float *slope,
                         float *offset);

// Sorts the points by score and pools what does not rise (Ayer et al. 1955); leaves the curve's knots in front. Returns their number.
size_t calibration_isotonic(struct curve_point *points, size_t n_points);

// The curve at a score: straight between its knots, level beyond them; at least one knot.
float calibration_curve_at(const float *scores, const float *values, size_t n_knots, float score);

#endif
