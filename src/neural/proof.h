// Proves that an adder of one layer answers every pair of numbers rightly, or finds a pair that it does not.
//
// Claim: for every pair and every answer step j, if the answers before j are right then the likeliest token at j is the right digit.
// By induction over j all answers are right. For one step the pairs are cut into cells (proof_bound.h): first by the query's token
// (the previous answer), the carry into column j and the digits of column j, which fix the right digit; the attention of a cell is
// bounded by an interval for each coordinate of the stream, and what follows is computed over intervals. Where this does not show the
// right logit to be the greatest, the cell is halved at the digit that moves the attention most, until it does or a pair is left.
//
// What is proved holds for the real-number function of the stored weights and for the answers of the float64 engine: every interval
// holds both (interval.h). It says nothing of float32.
#ifndef BANTAM_NEURAL_PROOF_H
#define BANTAM_NEURAL_PROOF_H

#include "neural/proof_bound.h"

// What became of the cells of one query.
struct proof_result {
    bantam_verdict verdict;
    struct proof_pair pair; // refuted
    uint64_t n_cells;
    double margin; // least lower bound on the right logit's lead
};

// All pairs at one answer step whose query is the given token. `adder` must be the model's own; it is run on suspects.
// Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status proof_of_query(struct proof_result *result,
                                               const struct proof_model *model, bantam_adder *adder,
                                               size_t step, size_t token, uint64_t cells_maximum,
                                               bantam_error *error);

#endif
