// A hash table of words, each with its bytes in one cache line, over a pool of features.
#include "features/word_memo.h"

#include <string.h>

#include "base/memory.h"

enum {
    FIRST_WORDS = 256
};

void word_memo_init(struct word_memo *memo, size_t words_most)
{
    *memo = (struct word_memo){.words_most =
                                   words_most < MEMO_WORDS_MOST ? words_most : MEMO_WORDS_MOST};
}

void word_memo_release(struct word_memo *memo)
{
    memory_free(memo->words);
    memory_free(memo->slots);
    memory_free(memo->features);
    *memo = (struct word_memo){0};
}

// Compares what is behind the head, eight bytes at a time.
bool word_memo_same_tail(const struct memo_word *known, const struct memo_key *key)
{
    const char *word = key->bytes + MEMO_HEAD_SIZE, *tail = known->tail;
    size_t size = key->size - MEMO_HEAD_SIZE;
    for (; size > 8; size -= 8, tail += 8, word += 8) {
        if (load_eight(tail) != load_eight(word)) {
            return false;
        }
    }
    return load_eight(tail) == (load_eight(word) & hash_mask(size));
}

static void place(struct word_memo *memo, size_t index)
{
    size_t at = memo->words[index].hash & memo->mask;
    while (memo->slots[at] != MEMO_NONE) {
        at = (at + 1) & memo->mask;
    }
    memo->slots[at] = (int32_t)index;
}

static bool grow_words(struct word_memo *memo)
{
    size_t capacity = memo->words_capacity ? 2 * memo->words_capacity : FIRST_WORDS;
    struct memo_word *words = memory_resize_array(memo->words, capacity, sizeof *words);
    if (!words) {
        return false;
    }
    memo->words = words;
    int32_t *slots = memory_resize_array(memo->slots, 2 * capacity, sizeof *slots);
    if (!slots) {
        return false;
    }
    memo->slots = slots;
    memo->mask = 2 * capacity - 1;
    memo->words_capacity = capacity;
    memset(slots, 0xFF, 2 * capacity * sizeof *slots);
    for (size_t i = 0; i < memo->n_words; i++) {
        place(memo, i);
    }
    return true;
}

static bool reserve(struct word_memo *memo, size_t n)
{
    if (memo->n_words == memo->words_capacity && !grow_words(memo)) {
        return false;
    }
    if (!memo->features || memo->n_features + n > memo->features_capacity) {
        size_t capacity = 2 * memo->features_capacity + n + 4096;
        uint32_t *features = memory_resize_array(memo->features, capacity, sizeof *features);
        if (!features) {
            return false;
        }
        memo->features = features;
        memo->features_capacity = capacity;
    }
    return true;
}

void word_memo_clear(struct word_memo *memo)
{
    memo->n_words = memo->n_features = 0;
    if (memo->slots) {
        memset(memo->slots, 0xFF, (memo->mask + 1) * sizeof *memo->slots);
    }
}

int32_t word_memo_add(struct word_memo *memo, const struct memo_key *key, const uint32_t *features,
                      size_t n)
{
    if (key->size > MEMO_WORD_SIZE || n > MEMO_FEATURES / 64) {
        return MEMO_NONE;
    }
    if (memo->n_words == memo->words_most || memo->n_features + n > MEMO_FEATURES) {
        word_memo_clear(memo);
    }
    if (!reserve(memo, n)) {
        return MEMO_NONE;
    }
    struct memo_word *added = &memo->words[memo->n_words];
    *added = (struct memo_word){.hash = key->hash,
                                .head = {key->head[0], key->head[1]},
                                .first = (uint32_t)memo->n_features,
                                .n = (uint32_t)n,
                                .size = key->size};
    if (key->size > MEMO_HEAD_SIZE) {
        memcpy(added->tail, key->bytes + MEMO_HEAD_SIZE, key->size - MEMO_HEAD_SIZE);
    }
    memcpy(memo->features + memo->n_features, features, n * sizeof *features);
    memo->n_features += n;
    place(memo, memo->n_words);
    return (int32_t)memo->n_words++;
}
