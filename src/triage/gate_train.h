// Fits the gate's weights on logs that failed and logs that passed.
//
// minimise Σ weight · ln(1 + exp(−y · w·x)) + l2/2 · |w − prior|²,  y = ±1; failed and green logs weigh the same together.
// Then the constant is lowered until at most `false_alarms` of the green weight is called failed.
#ifndef BANTAM_TRIAGE_GATE_TRAIN_H
#define BANTAM_TRIAGE_GATE_TRAIN_H

#include <stdbool.h>

#include "bantam/status.h"
#include "triage/gate.h"

struct gate_example {
    float values[GATE_FEATURES];
    float weight; // among the logs of its kind
    bool failed;
};

// Fills weights (GATE_FEATURES); the prior where the examples are all of one kind. GATE_QUIET keeps its prior: such logs are too
// alike to learn from. Deterministic. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status gate_fit(float *weights, const struct gate_example *examples,
                                         size_t n_examples, double l2, double false_alarms,
                                         bantam_error *error);

#endif
