// A forward pass under way: one engine a block of sixteen sequences, so that each keeps its keys and values.
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "neural/engine.h"

enum {
    SEQUENCES_MAXIMUM = 1 << 16
};

struct bantam_decoder {
    const struct bantam_neural *neural;
    struct engine *engines; // (n_blocks)
    uint8_t *tokens;        // (n_blocks, length, VECTOR_LANES)
    size_t n_sequences, n_blocks, n_read;
};

void bantam_decoder_free(bantam_decoder **decoder)
{
    if (!*decoder) {
        return;
    }
    for (size_t block = 0; (*decoder)->engines && block < (*decoder)->n_blocks; block++) {
        engine_release(&(*decoder)->engines[block]);
    }
    memory_free((*decoder)->engines);
    memory_free((*decoder)->tokens);
    memory_free(*decoder);
    *decoder = NULL;
}

bantam_status bantam_decoder_new(bantam_decoder **out, const bantam_neural *neural,
                                 bantam_precision precision, size_t n_sequences,
                                 bantam_error *error)
{
    *out = NULL;
    if (n_sequences < 1 || n_sequences > SEQUENCES_MAXIMUM) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "a decoder takes 1 to %d sequences",
                         SEQUENCES_MAXIMUM);
    }
    bantam_decoder *decoder = memory_allocate_array(1, sizeof *decoder);
    if (!decoder) {
        return error_memory(error);
    }
    decoder->neural = neural;
    decoder->n_sequences = n_sequences;
    decoder->n_blocks = (n_sequences + VECTOR_LANES - 1) / VECTOR_LANES;
    decoder->engines = memory_allocate_array(decoder->n_blocks, sizeof *decoder->engines);
    decoder->tokens = memory_allocate_array(decoder->n_blocks, neural->info.length * VECTOR_LANES);
    bantam_status status = decoder->engines && decoder->tokens ? BANTAM_OK : error_memory(error);
    for (size_t block = 0; !status && block < decoder->n_blocks; block++) {
        status = engine_init(&decoder->engines[block], neural, precision, false, error);
    }
    if (status) {
        bantam_decoder_free(&decoder);
    }
    *out = decoder;
    return status;
}

void bantam_decoder_reset(bantam_decoder *decoder)
{
    decoder->n_read = 0;
}

// Lanes beyond the last sequence repeat it.
static void spread_tokens(bantam_decoder *decoder, size_t block, const uint8_t *tokens,
                          size_t n_tokens)
{
    uint8_t *to =
        decoder->tokens + (block * decoder->neural->info.length + decoder->n_read) * VECTOR_LANES;
    for (size_t lane = 0; lane < VECTOR_LANES; lane++) {
        size_t sequence = block * VECTOR_LANES + lane;
        sequence = sequence < decoder->n_sequences ? sequence : decoder->n_sequences - 1;
        for (size_t i = 0; i < n_tokens; i++) {
            to[i * VECTOR_LANES + lane] = tokens[sequence * n_tokens + i];
        }
    }
}

bantam_status bantam_decoder_append(bantam_decoder *decoder, const uint8_t *tokens, size_t n_tokens,
                                    double *logits, bantam_error *error)
{
    const bantam_neural_info *info = &decoder->neural->info;
    if (n_tokens < 1 || n_tokens > info->length - 1 - decoder->n_read) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "the model reads %zu tokens in all, at least one at a time",
                         info->length - 1);
    }
    for (size_t i = 0; i < decoder->n_sequences * n_tokens; i++) {
        if (tokens[i] >= info->vocabulary) {
            return error_set(error, BANTAM_ERROR_ARGUMENT, "the model has no token %u",
                             (unsigned)tokens[i]);
        }
    }
    size_t from = decoder->n_read, to = from + n_tokens;
    for (size_t block = 0; block < decoder->n_blocks; block++) {
        struct engine *engine = &decoder->engines[block];
        spread_tokens(decoder, block, tokens, n_tokens);
        engine_forward(engine, decoder->tokens + block * info->length * VECTOR_LANES, from, to,
                       to - 1);
        for (size_t lane = 0; lane < VECTOR_LANES; lane++) {
            size_t sequence = block * VECTOR_LANES + lane;
            for (size_t i = 0; sequence < decoder->n_sequences && i < info->vocabulary; i++) {
                logits[sequence * info->vocabulary + i] = engine_logit(engine, to - 1, i, lane);
            }
        }
    }
    decoder->n_read = to;
    return BANTAM_OK;
}

size_t bantam_decoder_attention(const bantam_decoder *decoder, size_t sequence, size_t layer,
                                size_t head, double *weights)
{
    const bantam_neural_info *info = &decoder->neural->info;
    if (decoder->n_read == 0 || sequence >= decoder->n_sequences || layer >= info->n_layers ||
        head >= info->n_heads) {
        return 0;
    }
    for (size_t key = 0; key < decoder->n_read; key++) {
        weights[key] = engine_attention(&decoder->engines[sequence / VECTOR_LANES], layer, head,
                                        decoder->n_read - 1, key, sequence % VECTOR_LANES);
    }
    return decoder->n_read;
}
