// What is done to the winner of a race: a smooth descent to the bottom of where it lies, then a search for its last errors.
//
// Both keep what they found only where it answers at least as many of the selection's sequences right as before.
#ifndef BANTAM_NEURAL_POLISH_H
#define BANTAM_NEURAL_POLISH_H

#include "neural/training.h"

// L-BFGS over `n_sequences` (rounded up to whole batches) that are drawn once. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status polish_descend(struct training *training, size_t n_iterations,
                                               size_t n_sequences, struct task_mix mix,
                                               uint64_t seed, bantam_error *error);

// A (1 + 1) evolution strategy with the one-fifth rule (Rechenberg 1973): random moves are kept that leave fewer sequences wrong,
// or as many at less loss, of a pool of the wrong ones among `n_sequences` and some right ones. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status polish_evolve(struct training *training, size_t n_generations,
                                              size_t n_sequences, struct task_mix mix,
                                              uint64_t seed, bantam_error *error);

#endif
