// A temperature of each row's own: T = temperature · (spread / typical)^exponent, where the spread is the standard deviation of the
// row's scores over the outputs, held within those of the rows that it was fitted to.
//
// A text that a linear model knows much of has scores far apart, one that it knows little of has them close together; one
// temperature for all makes the one too sure and the other not sure enough. Temperatures told from the scores themselves by a few numbers,
// on a log scale and of least log-loss, are the adaptive temperature scaling of Balanya, Maroñas, Ramos (2024), who take the entropy where
// this takes the spread; Joy et al. (2023) tell them by a network.
#ifndef BANTAM_EVALUATE_CALIBRATION_ADAPTIVE_H
#define BANTAM_EVALUATE_CALIBRATION_ADAPTIVE_H

#include <stddef.h>
#include <stdint.h>

#include "bantam/status.h"
#include "evaluate/calibration.h"

// Standard deviation of n scores.
float calibration_spread(const float *scores, size_t n);

// The temperature of rows of that spread, from 1e-6 to 1e6: a model file may hold any numbers.
float calibration_temperature_at(const struct calibration *calibration, float spread);

// Held-out rows, each with one label.
struct adaptive_rows {
    const float *scores; // (n_rows, n_outputs)
    size_t n_rows, n_outputs;
    const uint32_t *labels; // (n_rows)
    const float *weights;   // (n_rows) NULL: 1
};

// Loss and its derivatives by (ln temperature, exponent); the curvature is the one to be expected (Fisher's information).
struct adaptive_slope {
    double loss; // Σ weight · −ln probability of the label
    double slope[2];
    double curvature[3]; // by temperature twice, by both, by exponent twice
};

// `room` is (n_outputs).
struct adaptive_slope calibration_adaptive_slope(const struct calibration *calibration,
                                                 const struct adaptive_rows *rows, float *room);

// Finds the spreads of the rows and, from the temperature that `calibration` has, temperature and exponent of least loss by Fisher
// scoring; never worse than where it began. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status calibration_adaptive_fit(struct calibration *calibration,
                                                         const struct adaptive_rows *rows,
                                                         bantam_error *error);

#endif
