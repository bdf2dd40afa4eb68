// What words were seen to yield: each word's features of a char_wb part, so that a word is cut into n-grams once.
//
// Bounded: when it is full it forgets everything and begins anew; results never hang on it. One thread's.
#ifndef BANTAM_FEATURES_WORD_MEMO_H
#define BANTAM_FEATURES_WORD_MEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MEMO_WORD_SIZE = 40,       // bytes of a word that is remembered, at most; whole eights
    MEMO_FEATURES = 1 << 21,   // of all words
    MEMO_WORDS_MOST = 1 << 16, // words
    MEMO_NONE = -1,
};

struct memo_word {
    uint64_t hash;
    uint32_t first, n; // its features
    uint64_t size;
    char bytes[MEMO_WORD_SIZE]; // zero behind the word
};

struct word_memo {
    struct memo_word *words; // (n_words)
    size_t n_words, words_capacity, words_most;
    int32_t *slots; // (mask + 1) index of a word, or MEMO_NONE
    size_t mask;
    uint32_t *features;
    size_t n_features, features_capacity;
};

// An empty memo of at most `words_most` words (below MEMO_WORDS_MOST); it allocates when words are added.
void word_memo_init(struct word_memo *memo, size_t words_most);
void word_memo_release(struct word_memo *memo);

// The word's index, or MEMO_NONE. Seven bytes behind the word may be read, here and below.
int32_t word_memo_find(const struct word_memo *memo, uint64_t hash, const char *word, size_t size);

// Remembers a word that is not there and returns its index: MEMO_NONE where it is too long or memory is out. A
// word that is there keeps its index until this forgets them all; then indices begin from 0 again.
int32_t word_memo_add(struct word_memo *memo, uint64_t hash, const char *word, size_t size,
                      const uint32_t *features, size_t n);

#endif
