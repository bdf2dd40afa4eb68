// The words of one line as hashed binary features.
//
// Masked tokens in, feature hashes out; the only place that decides what a word feature is. A model trained on other
// features must not be used: raise LINE_FEATURES_VERSION with every change that moves a feature.
#ifndef BANTAM_FEATURES_LINE_WORDS_H
#define BANTAM_FEATURES_LINE_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "text/mask.h"

#define LINE_FEATURES_VERSION "2"

enum {
    LINE_WORDS_MAXIMUM = 320, // features of one line
};

// Writes the line's features as 32-bit hashes (take `hash >> (32 - bits)` as the bucket) and returns how many; `text` is
// what was masked, `hashes` has room for LINE_WORDS_MAXIMUM. 1-grams, 2-grams and skip-2-grams of the tokens, words in
// lower case, pieces of compound words, the first one to three tokens, the last token, the number of tokens.
size_t line_words(uint32_t *hashes, const struct masked_line *masked, const char *text);

#endif
