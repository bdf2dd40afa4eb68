// Each family of features has a salt, so that the same word counts apart as a 1-gram, as the first token and so on.
#include "features/line_words.h"

enum {
    SALT_UNIGRAM = 1,
    SALT_BIGRAM,
    SALT_SKIP,
    SALT_LOWERED,
    SALT_PIECE,
    SALT_FIRST,
    SALT_FIRST_TWO,
    SALT_FIRST_THREE,
    SALT_LAST,
    SALT_COUNT,
};

// A finaliser with full avalanche (the constants of MurmurHash3's fmix32), so that the upper bits can be the bucket.
static uint32_t mix(uint32_t hash, uint32_t salt)
{
    hash ^= salt * 0x9E3779B1U;
    hash ^= hash >> 16;
    hash *= 0x85EBCA6BU;
    hash ^= hash >> 13;
    hash *= 0xC2B2AE35U;
    return hash ^ (hash >> 16);
}

static uint32_t join(uint32_t first, uint32_t second)
{
    return (first * 0x2C1B3C6DU) ^ (second + 0x297A2D39U + (first >> 7));
}

static size_t word_forms(uint32_t *hashes, size_t n, const struct token *token, const char *text)
{
    hashes[n++] = mix(token->lowered_hash, SALT_LOWERED);
    if (token->shape & TOKEN_COMPOUND) {
        uint32_t pieces[4];
        size_t n_pieces = mask_word_pieces(pieces, 4, text + token->offset, token->size);
        for (size_t i = 0; i < n_pieces; i++) {
            hashes[n++] = mix(pieces[i], SALT_PIECE);
        }
    }
    return n;
}

size_t line_words(uint32_t *hashes, const struct masked_line *masked, const char *text)
{
    size_t n = 0, n_tokens = masked->n_tokens;
    const struct token *tokens = masked->tokens;
    for (size_t i = 0; i < n_tokens && n + 16 < LINE_WORDS_MAXIMUM; i++) {
        hashes[n++] = mix(tokens[i].hash, SALT_UNIGRAM);
        if (tokens[i].kind == TOKEN_WORD && (tokens[i].shape & (TOKEN_UPPER | TOKEN_COMPOUND))) {
            n = word_forms(hashes, n, &tokens[i], text);
        }
        if (i + 1 < n_tokens) {
            hashes[n++] = mix(join(tokens[i].hash, tokens[i + 1].hash), SALT_BIGRAM);
        }
        if (i + 2 < n_tokens) {
            hashes[n++] = mix(join(tokens[i].hash, tokens[i + 2].hash), SALT_SKIP);
        }
    }
    if (n_tokens) {
        uint32_t first = tokens[0].hash;
        hashes[n++] = mix(first, SALT_FIRST);
        if (n_tokens > 1) {
            first = join(first, tokens[1].hash);
            hashes[n++] = mix(first, SALT_FIRST_TWO);
        }
        if (n_tokens > 2) {
            hashes[n++] = mix(join(first, tokens[2].hash), SALT_FIRST_THREE);
        }
        hashes[n++] = mix(tokens[n_tokens - 1].hash, SALT_LAST);
    }
    hashes[n++] = mix((uint32_t)(n_tokens < 12 ? n_tokens : 12 + n_tokens / 12), SALT_COUNT);
    return n;
}
