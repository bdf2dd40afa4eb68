// Learns the n-grams of some texts: which there are, how often, in how many texts; and keeps each text as n-grams.
//
// One counter a thread and part; ngram_counter_merge puts them together. N-grams are told apart by their hash and then by
// their bytes: where two have one hash, `collided` is set and the caller begins again with another seed.
#ifndef BANTAM_FEATURES_NGRAM_COUNTER_H
#define BANTAM_FEATURES_NGRAM_COUNTER_H

#include "features/ngram_walk.h"
#include "features/vectorizer_parts.h"
#include "features/vectorizer_rows.h"
#include "features/word_memo.h"

struct counted_ngram {
    uint64_t hash;
    uint64_t name; // offset among the names
    uint64_t total;
    uint32_t name_size;
    uint32_t documents;
    uint32_t last_row; // 1-based, that had it
    uint32_t merged;   // index after ngram_counter_merge
};

struct counter_slot {
    uint64_t hash;
    uint32_t index; // among the n-grams, or NGRAM_UNKNOWN: empty
};

struct ngram_counter {
    struct counted_ngram *ngrams; // (n_ngrams) in the order of their first occurrence
    size_t n_ngrams, ngrams_capacity;
    struct counter_slot *slots; // (mask + 1)
    size_t mask;
    char *names;
    size_t names_size, names_capacity;
    struct part_rows rows; // indices into ngrams
    struct ngram_text text;
    struct word_memo memo;
    uint32_t *occurrences; // of the text at hand
    size_t n_occurrences, occurrences_capacity;
    bool collided, failed; // failed: memory is out
};

void ngram_counter_init(struct ngram_counter *counter);
void ngram_counter_release(struct ngram_counter *counter);

// Adds a text as the next row. Errors: BANTAM_ERROR_ARGUMENT, BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status ngram_counter_add(struct ngram_counter *counter,
                                                  const struct vectorizer_part *part, uint64_t seed,
                                                  const char *raw, size_t size,
                                                  bantam_error *error);

// Frees what only counting needs; n-grams and rows stay.
void ngram_counter_finish(struct ngram_counter *counter);

// Adds the n-grams of `other` to `counter`'s and sets their `merged`. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status ngram_counter_merge(struct ngram_counter *counter,
                                                    struct ngram_counter *other,
                                                    bantam_error *error);

#endif
