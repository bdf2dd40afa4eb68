// An adder from inside: the model, its decoder, and how numbers stand as tokens.
#ifndef BANTAM_NEURAL_ADDER_H
#define BANTAM_NEURAL_ADDER_H

#include "bantam/adder.h"
#include "neural/decode.h"

enum {
    ADDER_BATCH = 64, // sequences decoded side by side: their keys and values stay in the cache
};

struct bantam_adder {
    bantam_model *file; // NULL where the adder was made from a description
    bantam_neural *neural;
    bantam_precision precision;
    size_t n_digits;
    size_t first_a, first_b; // positions of the numbers' ones
    bantam_decoder *decoder; // of ADDER_BATCH sequences
    struct decode_scratch scratch;
    uint8_t *tokens; // (ADDER_BATCH, length)
};

// Takes `neural` over, also on failure (then it is freed and set to NULL).
BANTAM_MUST_CHECK bantam_status adder_new(bantam_adder **out, bantam_neural **neural,
                                          bantam_precision precision, bantam_error *error);

// Writes the prompt of a + b, each below 10^n_digits, into `tokens` (length).
void adder_encode(const bantam_adder *adder, uint64_t a, uint64_t b, uint8_t *tokens);

// The number that the answer's tokens are the digits of.
uint64_t adder_answer(const bantam_adder *adder, const uint8_t *tokens);

#endif
