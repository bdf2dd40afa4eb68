// What words were seen to yield: each word's features of a char_wb part, so that a word is cut into n-grams once.
//
// Bounded: when it is full it forgets everything and begins anew; results never hang on it. One thread's.
#ifndef BANTAM_FEATURES_WORD_MEMO_H
#define BANTAM_FEATURES_WORD_MEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "features/ngram_hash.h"

enum {
    MEMO_HEAD_SIZE = 16,       // bytes of a word that are compared at once
    MEMO_WORD_SIZE = 40,       // bytes of a word that is remembered, at most; whole eights
    MEMO_FEATURES = 1 << 21,   // of all words
    MEMO_WORDS_MOST = 1 << 16, // words
    MEMO_NONE = -1,
};

// What a word is looked up by. Most words are no longer than their head: they are compared without a loop.
struct memo_key {
    uint64_t hash;
    uint64_t head[MEMO_HEAD_SIZE / 8]; // the first bytes, zero behind the word
    size_t size;
    const char *bytes;
};

struct memo_word {
    uint64_t hash;
    uint64_t head[MEMO_HEAD_SIZE / 8];
    uint32_t first, n; // its features
    uint64_t size;
    char tail[MEMO_WORD_SIZE - MEMO_HEAD_SIZE]; // what is behind the head; zero behind the word
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

// Seven bytes behind the word may be read, and sixteen from its beginning, here and below.
static inline struct memo_key word_memo_key(const char *word, size_t size)
{
    struct memo_key key = {.size = size, .bytes = word};
    size_t first = size < 8 ? size : 8, second = size < 8 ? 0 : size < 16 ? size - 8 : 8;
    key.head[0] = load_eight(word) & hash_mask(first);
    key.head[1] = load_eight(word + 8) & hash_mask(second);
    key.hash = hash_fold(key.head[0] ^ 0x9E3779B97F4A7C15, key.head[1] ^ 0xD6E8FEB86659FD93 ^ size);
    if (size > MEMO_HEAD_SIZE) {
        key.hash = hash_bytes(word + MEMO_HEAD_SIZE, size - MEMO_HEAD_SIZE, key.hash);
    }
    return key;
}

// Whether a word of the same head and size, longer than the head, is the same.
bool word_memo_same_tail(const struct memo_word *known, const struct memo_key *key);

// Forgets all words.
void word_memo_clear(struct word_memo *memo);

// The word's index, or MEMO_NONE.
static inline int32_t word_memo_find(const struct word_memo *memo, const struct memo_key *key)
{
    if (!memo->slots) {
        return MEMO_NONE;
    }
    for (size_t at = key->hash & memo->mask;; at = (at + 1) & memo->mask) {
        int32_t index = memo->slots[at];
        if (index == MEMO_NONE) {
            return MEMO_NONE;
        }
        const struct memo_word *known = &memo->words[index];
        uint64_t other = (known->head[0] ^ key->head[0]) | (known->head[1] ^ key->head[1]) |
                         (known->size ^ key->size);
        if (other == 0 && (key->size <= MEMO_HEAD_SIZE || word_memo_same_tail(known, key))) {
            return index;
        }
    }
}

// Remembers a word that is not there and returns its index: MEMO_NONE where it is too long or memory is out. A
// word that is there keeps its index until this forgets them all; then indices begin from 0 again.
int32_t word_memo_add(struct word_memo *memo, const struct memo_key *key, const uint32_t *features,
                      size_t n);

#endif
