// Each family of features has a salt, so that the same word counts apart as a 1-gram, as the first token and so on.
#include "features/line_words.h"

#include "base/hash.h"

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

static uint32_t join(uint32_t first, uint32_t second)
{
    return (first * 0x2C1B3C6DU) ^ (second + 0x297A2D39U + (first >> 7));
}

static size_t word_forms(uint32_t *hashes, size_t n, const struct token *token, const char *text)
{
    hashes[n++] = hash_salted(token->lowered_hash, SALT_LOWERED);
    if (token->shape & TOKEN_COMPOUND) {
        uint32_t pieces[4];
        size_t n_pieces = mask_word_pieces(pieces, 4, text + token->offset, token->size);
        for (size_t i = 0; i < n_pieces; i++) {
            hashes[n++] = hash_salted(pieces[i], SALT_PIECE);
        }
    }
    return n;
}

size_t line_words(uint32_t *hashes, const struct masked_line *masked, const char *text)
{
    size_t n = 0, n_tokens = masked->n_tokens;
    const struct token *tokens = masked->tokens;
    for (size_t i = 0; i < n_tokens && n + 16 < LINE_WORDS_MAXIMUM; i++) {
        hashes[n++] = hash_salted(tokens[i].hash, SALT_UNIGRAM);
        if (tokens[i].kind == TOKEN_WORD && (tokens[i].shape & (TOKEN_UPPER | TOKEN_COMPOUND))) {
            n = word_forms(hashes, n, &tokens[i], text);
        }
        if (i + 1 < n_tokens) {
            hashes[n++] = hash_salted(join(tokens[i].hash, tokens[i + 1].hash), SALT_BIGRAM);
        }
        if (i + 2 < n_tokens) {
            hashes[n++] = hash_salted(join(tokens[i].hash, tokens[i + 2].hash), SALT_SKIP);
        }
    }
    if (n_tokens) {
        uint32_t first = tokens[0].hash;
        hashes[n++] = hash_salted(first, SALT_FIRST);
        if (n_tokens > 1) {
            first = join(first, tokens[1].hash);
            hashes[n++] = hash_salted(first, SALT_FIRST_TWO);
        }
        if (n_tokens > 2) {
            hashes[n++] = hash_salted(join(first, tokens[2].hash), SALT_FIRST_THREE);
        }
        hashes[n++] = hash_salted(tokens[n_tokens - 1].hash, SALT_LAST);
    }
    hashes[n++] =
        hash_salted((uint32_t)(n_tokens < 12 ? n_tokens : 12 + n_tokens / 12), SALT_COUNT);
    return n;
}
