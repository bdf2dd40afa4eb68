// The loop around a forward pass; the key–value cache of the decoder means that each token is read once.
#include "neural/decode.h"

#include <string.h>

static uint8_t likeliest(const double *logits, size_t n)
{
    size_t best = 0;
    for (size_t i = 1; i < n; i++) {
        best = logits[i] > logits[best] || logits[best] != logits[best] ? i : best;
    }
    return (uint8_t)best;
}

static bantam_status read_prompt(bantam_decoder *decoder, const bantam_neural_info *info,
                                 size_t n_sequences, const uint8_t *tokens,
                                 struct decode_scratch scratch, bantam_error *error)
{
    for (size_t i = 0; i < n_sequences; i++) {
        memcpy(scratch.next + i * info->prompt, tokens + i * info->length, info->prompt);
    }
    return bantam_decoder_append(decoder, scratch.next, info->prompt, scratch.logits, error);
}

bantam_status decode_greedily(bantam_decoder *decoder, const bantam_neural_info *info,
                              size_t n_sequences, uint8_t *tokens, struct decode_scratch scratch,
                              decode_watch watch, void *context, bantam_error *error)
{
    size_t n_steps = info->length - info->prompt;
    bantam_decoder_reset(decoder);
    bantam_status status = read_prompt(decoder, info, n_sequences, tokens, scratch, error);
    for (size_t step = 0; !status && step < n_steps; step++) {
        if (watch) {
            watch(context, decoder, step, scratch.logits);
        }
        for (size_t i = 0; i < n_sequences; i++) {
            scratch.next[i] = likeliest(scratch.logits + i * info->vocabulary, info->vocabulary);
            tokens[i * info->length + info->prompt + step] = scratch.next[i];
        }
        if (step + 1 < n_steps) {
            status = bantam_decoder_append(decoder, scratch.next, 1, scratch.logits, error);
        }
    }
    return status;
}
