// The n-grams that a part of a vectorizer knows: from a 64-bit hash to a feature, and from a feature to its name.
//
// Names are kept as a model file has them: in the order of their bytes, each without what it shares with the one before. No two
// n-grams of a vocabulary have the same hash (whoever makes one picks a seed so); an n-gram of a text is known by its hash
// alone, and so an unknown one passes for a known one once in 2^64 / n.
#ifndef BANTAM_FEATURES_VOCABULARY_H
#define BANTAM_FEATURES_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bantam/status.h"

#define NGRAM_UNKNOWN UINT32_MAX // no feature

struct vocabulary_entry {
    uint64_t hash; // without its dropped bits
    float idf;
    uint32_t documents; // of the training texts that have it
};

struct vocabulary_slot {
    uint64_t hash; // the feature's
    uint32_t feature;
};

struct vocabulary {
    size_t n;
    uint64_t seed;                    // of the hashes
    unsigned dropped_bits;            // an entry keeps its hash without so many lowest bits
    struct vocabulary_entry *entries; // (n)
    struct vocabulary_slot *slots;    // (mask + 1) open addressing, at most half full
    size_t mask;
    unsigned char *names; // (names_size) see vocabulary.c; NULL where only hashes are kept
    size_t names_size;
    uint32_t *restarts; // (n / 16 + 1) where every sixteenth name begins
};

struct ngram_name {
    const char *bytes;
    size_t size;
};

// Room for n entries, zero, without names and slots. Errors: BANTAM_ERROR_MEMORY; *vocabulary is then empty.
BANTAM_MUST_CHECK bantam_status vocabulary_init(struct vocabulary *vocabulary, size_t n,
                                                bantam_error *error);
void vocabulary_release(struct vocabulary *vocabulary);

// Takes names (n), rising and distinct. Errors: BANTAM_ERROR_MEMORY, BANTAM_ERROR_ARGUMENT (more than 4 GiB).
BANTAM_MUST_CHECK bantam_status vocabulary_set_names(struct vocabulary *vocabulary,
                                                     const struct ngram_name *names,
                                                     bantam_error *error);

// Takes names as a model file has them, and sets the hash of each with `hash`, which may read seven bytes beyond. Errors:
// BANTAM_ERROR_MODEL, BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status vocabulary_read_names(
    struct vocabulary *vocabulary, const unsigned char *names, size_t size,
    uint64_t (*hash)(const char *name, size_t size, uint64_t seed), bantam_error *error);

// Makes the entries' hashes findable; *collide tells that two are the same, and another seed is needed. Errors:
// BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status vocabulary_index(struct vocabulary *vocabulary, bool *collide,
                                                 bantam_error *error);

static inline uint32_t vocabulary_find(const struct vocabulary *vocabulary, uint64_t hash)
{
    hash >>= vocabulary->dropped_bits;
    for (size_t at = hash & vocabulary->mask;; at = (at + 1) & vocabulary->mask) {
        struct vocabulary_slot slot = vocabulary->slots[at];
        if (slot.hash == hash || slot.feature == NGRAM_UNKNOWN) {
            return slot.feature;
        }
    }
}

// Finds many at once, which hides the waits for memory: writes the features of those hashes (n) that are known, in their order, to
// `features` (n) and returns how many.
size_t vocabulary_find_all(const struct vocabulary *vocabulary, const uint64_t *hashes, size_t n,
                           uint32_t *features);

// Writes the name, cut to `capacity` bytes, and returns its whole size; 0 where there are no names.
size_t vocabulary_name(const struct vocabulary *vocabulary, size_t feature, char *name,
                       size_t capacity);

#endif
