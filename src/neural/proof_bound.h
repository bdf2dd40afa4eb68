// How far the attention of one layer can move the residual stream, over all pairs of numbers of a cell.
//
// A cell is a set of pairs at one answer step: the digits that each column may hold, the query's token, and the carry into the
// answered column. The answers so far are taken as right (the proof's induction), so they follow from the digits and the carries.
// For a direction w the greatest w·N / D is found by Dinkelbach's method (1967): it is the θ at which the greatest Σ_i e_i·(w·v_i − θ)
// is 0. That sum falls into one term a column, coupled only by the carry, so its greatest value over all 10^20 pairs is exact
// by a walk over the columns with two states.
#ifndef BANTAM_NEURAL_PROOF_BOUND_H
#define BANTAM_NEURAL_PROOF_BOUND_H

#include "neural/proof_model.h"

// The query of one answer step and what each key weighs for it.
struct proof_query {
    const struct proof_model *model;
    size_t step, token, position;
    struct interval *weights; // (n_heads, n_inputs, PROOF_TOKENS)
    double *denominator;      // (n_heads) a lower bound on D
};

// Digits that a column's a and b may hold, a bit a digit.
struct proof_column {
    uint16_t a, b;
};

struct proof_cell {
    struct proof_column columns[BANTAM_ADDER_DIGITS];
    unsigned carry; // into the answered column
};

// One pair of the cell.
struct proof_pair {
    uint8_t a[BANTAM_ADDER_DIGITS], b[BANTAM_ADDER_DIGITS];
};

BANTAM_MUST_CHECK bantam_status proof_query_init(struct proof_query *query,
                                                 const struct proof_model *model, size_t step,
                                                 size_t token, bantam_error *error);
void proof_query_release(struct proof_query *query);

// Bounds what `head` adds to coordinate `row` of the stream. `*lowest` and `*highest` are pairs at or next to its ends. Returns
// false where the cell holds no pair.
bool proof_bound(struct interval *added, const struct proof_query *query,
                 const struct proof_cell *cell, size_t head, size_t row, struct proof_pair *lowest,
                 struct proof_pair *highest);

// The stream after attention for one pair, near enough to guess by.
void proof_attend(struct interval *x, const struct proof_query *query,
                  const struct proof_pair *pair);

// How much the choice among the digits of column k's a (or b) can move coordinate `row`: for choosing what to split.
double proof_spread(const struct proof_query *query, const struct proof_cell *cell, size_t row,
                    size_t column, bool of_b);

#endif
