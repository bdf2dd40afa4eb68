// Predictions boiled down to what every metric and every resample needs: per row its guesses, its losses, its likeliest class.
#ifndef BANTAM_EVALUATE_SCORED_ROWS_H
#define BANTAM_EVALUATE_SCORED_ROWS_H

#include "bantam/evaluate.h"

struct scored_row {
    double log_loss, brier; // see bantam_evaluation
    float confidence;       // probability of the likeliest class
    float weight;
    uint32_t top;   // the likeliest class; of equal ones the lowest
    bool top_right; // whether `top` is a true one
    bool right;     // whether the guesses are exactly the true ones
};

struct scored_rows {
    size_t n_rows, n_classes;
    bool multi_label;
    const bantam_predictions *predictions; // borrowed
    struct scored_row *rows;               // (n_rows)
    size_t *guess_starts;                  // (n_rows + 1) multi-label; NULL: the guess is `top`
    uint32_t *guesses;                     // (guess_starts[n_rows])
};

// Checks predictions and scores each row. Errors: BANTAM_ERROR_ARGUMENT, BANTAM_ERROR_MEMORY; *scored is then empty.
BANTAM_MUST_CHECK bantam_status scored_rows_init(struct scored_rows *scored,
                                                 const bantam_predictions *predictions,
                                                 double threshold, bantam_error *error);
void scored_rows_release(struct scored_rows *scored);

// The row's true classes and the classes that it was given; returns the first, *n is how many.
const uint32_t *scored_row_truths(const struct scored_rows *scored, size_t row, size_t *n);
const uint32_t *scored_row_guesses(const struct scored_rows *scored, size_t row, size_t *n);

#endif
