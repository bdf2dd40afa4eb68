// A line as tokens with what varies from run to run masked: numbers, paths, links, quoted strings, hashes.
//
// The only tokeniser of the project: every feature of a line's words, in training and in serving, is made from these
// tokens. Two lines that differ only in what is masked have equal hashes.
#ifndef BANTAM_TEXT_MASK_H
#define BANTAM_TEXT_MASK_H

#include <stddef.h>
#include <stdint.h>

enum {
    MASK_BYTES_MAXIMUM = 400, // bytes of a line that are looked at
    MASK_TOKENS_MAXIMUM = 48, // tokens of a line that are kept
};

enum token_kind {
    TOKEN_WORD,        // letters, then letters, digits (a run of digits counts as one '0') and '_'
    TOKEN_NUMBER,      // digits, with one '.' between digits
    TOKEN_HEX,         // 7 or more hexadecimal digits with both letters and digits, or 0x…
    TOKEN_PUNCTUATION, // one mark, however often it is repeated
    TOKEN_PATH,        // has a '/' or '\' between names; its hash knows only the extension
    TOKEN_FILE,        // name.extension; likewise
    TOKEN_URL,         // scheme://…
    TOKEN_QUOTED,      // '…', "…" or `…`
    TOKEN_MARKER,      // stands for a whole line of the CI system's own; mask_line never makes one
};

enum token_shape {
    TOKEN_CAPITALS = 1 << 0, // a word of two or more letters, none of them small
    TOKEN_COMPOUND = 1 << 1, // a word of several pieces: camelCase, snake_case
    TOKEN_UPPER = 1 << 2,    // a word with a capital letter
    TOKEN_GLUED = 1 << 3,    // no blank before it
};

struct token {
    uint32_t hash;         // of the masked token, case kept
    uint32_t lowered_hash; // of the masked token in lower case
    uint16_t offset, size; // its bytes in the text
    uint8_t kind;          // enum token_kind
    uint8_t shape;         // enum token_shape
};

struct masked_line {
    struct token tokens[MASK_TOKENS_MAXIMUM];
    size_t n_tokens;
    uint64_t hash;   // of the sequence of tokens; 0 for a line without tokens
    uint16_t indent; // blanks before the first token; a tab counts as 4
};

// Tokenises and masks the visible text of a line.
void mask_line(struct masked_line *masked, const char *text, size_t size);

// The lowered_hash that a word token has; `word` in lower case, terminated.
uint32_t mask_word_hash(const char *word);

// The hash of each piece of a compound word ("camelCase" → "camel", "case"), in lower case; at most `capacity` of them.
size_t mask_word_pieces(uint32_t *hashes, size_t capacity, const char *word, size_t size);

#endif
