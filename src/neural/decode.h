// Greedy decoding: what follows a prompt by appending the likeliest token, again and again. Knows nothing of any task.
#ifndef BANTAM_NEURAL_DECODE_H
#define BANTAM_NEURAL_DECODE_H

#include "bantam/neural.h"

// Told of each answer: `logits` is (n_sequences, vocabulary), `step` counts from 0. May be NULL.
typedef void (*decode_watch)(void *context, const bantam_decoder *decoder, size_t step,
                             const double *logits);

struct decode_scratch {
    uint8_t *next;  // (n_sequences, prompt)
    double *logits; // (n_sequences, vocabulary)
};

// Fills in the answers behind the prompts of `tokens` (n_sequences, length), where n_sequences is the decoder's. Of equal
// logits the lowest token is taken; a NaN never is. Errors: those of bantam_decoder_append.
BANTAM_MUST_CHECK bantam_status decode_greedily(bantam_decoder *decoder,
                                                const bantam_neural_info *info, size_t n_sequences,
                                                uint8_t *tokens, struct decode_scratch scratch,
                                                decode_watch watch, void *context,
                                                bantam_error *error);

#endif
