// The loop around a forward pass; the key–value cache of the decoder means that each token is read once.
#include "neural/decode.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"

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

// As many sequences as are decoded side by side: their keys and values stay in the second cache.
enum {
    CHUNK = 256
};

static bantam_status complete_chunk(const bantam_neural *neural, bantam_precision precision,
                                    uint8_t *tokens, size_t n_sequences, bantam_error *error)
{
    const bantam_neural_info *info = bantam_neural_inform(neural);
    bantam_decoder *decoder = NULL;
    bantam_status status = bantam_decoder_new(&decoder, neural, precision, n_sequences, error);
    struct decode_scratch scratch = {
        memory_allocate_array(n_sequences, info->prompt),
        memory_allocate_array(n_sequences, info->vocabulary * sizeof(double))};
    if (!status && (!scratch.next || !scratch.logits)) {
        status = error_memory(error);
    }
    if (!status) {
        status = decode_greedily(decoder, info, n_sequences, tokens, scratch, NULL, NULL, error);
    }
    memory_free(scratch.next);
    memory_free(scratch.logits);
    bantam_decoder_free(&decoder);
    return status;
}

bantam_status bantam_neural_complete(const bantam_neural *neural, bantam_precision precision,
                                     uint8_t *tokens, size_t n_sequences, bantam_error *error)
{
    size_t length = bantam_neural_inform(neural)->length;
    bantam_status status = BANTAM_OK;
    for (size_t at = 0; !status && at < n_sequences; at += CHUNK) {
        size_t left = n_sequences - at;
        status = complete_chunk(neural, precision, tokens + at * length,
                                left < CHUNK ? left : CHUNK, error);
    }
    return status;
}
