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

struct vocabulary {
    size_t n;
    uint64_t seed;                    // of the hashes
    unsigned dropped_bits;            // an entry keeps its hash without so many lowest bits
    struct vocabulary_entry *entries; // (n)
    uint64_t *slots; // (mask + 1) open addressing, at most half full: vocabulary_key() | feature
    size_t mask;     // of a slot: the feature; all set in an empty one
    unsigned feature_bits;
    unsigned lost_bits;   // of a kept hash, the lowest: those that a slot has no room for
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

// Makes the entries' hashes findable; *collide tells that two can't be told apart, and another seed is needed. Errors:
// BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status vocabulary_index(struct vocabulary *vocabulary, bool *collide,
                                                 bantam_error *error);

// What a slot holds beside the feature of a hash without its dropped bits; what is lost of it, the slot's place tells.
static inline uint64_t vocabulary_key(const struct vocabulary *vocabulary, uint64_t kept)
{
    return kept >> vocabulary->lost_bits << vocabulary->feature_bits;
}

static inline uint32_t vocabulary_find(const struct vocabulary *vocabulary, uint64_t hash)
{
    uint64_t kept = hash >> vocabulary->dropped_bits, key = vocabulary_key(vocabulary, kept);
    uint64_t mask = vocabulary->mask;
    for (size_t at = kept & mask;; at = (at + 1) & mask) {
        uint64_t slot = vocabulary->slots[at];
        if ((slot & mask) == mask) {
            return NGRAM_UNKNOWN;
        }
        if ((slot ^ key) < mask) {
            return (uint32_t)(slot & mask);
        }
    }
}

// Asks for where the hash would stand from memory.
static inline void vocabulary_prefetch(const struct vocabulary *vocabulary, uint64_t hash)
{
    __builtin_prefetch(&vocabulary->slots[hash >> vocabulary->dropped_bits & vocabulary->mask]);
}

// Finds many at once, which hides the waits for memory: writes the features of those hashes (n) that are known, in their order, to
// `features` (n) and returns how many.
size_t vocabulary_find_all(const struct vocabulary *vocabulary, const uint64_t *hashes, size_t n,
                           uint32_t *features);

// Writes the name, cut to `capacity` bytes, and returns its whole size; 0 where there are no names.
size_t vocabulary_name(const struct vocabulary *vocabulary, size_t feature, char *name,
                       size_t capacity);

#endif
