// Hashes of n-grams: 64 bits that stand for an n-gram of the vocabulary, and MurmurHash3 for hashed features.
//
// Inline because every n-gram of every text passes here. The 64-bit hash multiplies to 128 bits and folds the halves, which
// is how wyhash and its kin mix (https://github.com/wangyi-fudan/wyhash): one multiplication for n-grams of up to eight bytes.
#ifndef BANTAM_FEATURES_NGRAM_HASH_H
#define BANTAM_FEATURES_NGRAM_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/load.h"

__extension__ typedef unsigned __int128 hash_product;

static inline uint64_t hash_fold(uint64_t a, uint64_t b)
{
    hash_product product = (hash_product)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

// Keeps the first n of eight bytes.
static inline uint64_t hash_mask(size_t n)
{
    return n ? UINT64_MAX >> (64 - 8 * n) : 0;
}

// What the hash of so many bytes begins with, and what ends it: for one to eight bytes, the last are all.
static inline uint64_t hash_begin(size_t size, uint64_t seed)
{
    return seed + size * 0x9E3779B97F4A7C15;
}

static inline uint64_t hash_end(uint64_t hash, uint64_t last)
{
    return hash_fold(hash ^ last, 0xA0761D6478BD642F);
}

// Of bytes that may be read up to seven beyond their end.
static inline uint64_t hash_bytes(const char *bytes, size_t size, uint64_t seed)
{
    uint64_t hash = hash_begin(size, seed);
    for (; size > 8; bytes += 8, size -= 8) {
        hash = hash_fold(hash ^ load_eight(bytes), 0xD6E8FEB86659FD93);
    }
    return hash_end(hash, size ? load_eight(bytes) & hash_mask(size) : 0);
}

// The hash of an n-gram of words with one more word behind it.
static inline uint64_t hash_join(uint64_t ngram, uint64_t word)
{
    return hash_fold(ngram ^ 0x8EBC6AF09C88C6E3, word ^ 0x589965CC75374CC3);
}

// MurmurHash3_x86_32 (Appleby, public domain description), seed 0: the hash of scikit-learn's FeatureHasher.
static inline uint32_t hash_murmur(const char *bytes, size_t size)
{
    uint32_t hash = 0, n = (uint32_t)size;
    for (;;) {
        size_t taken = size < 4 ? size : 4;
        uint32_t word = 0;
        for (size_t i = 0; i < taken; i++) {
            word |= (uint32_t)(unsigned char)bytes[i] << 8 * i;
        }
        word *= 0xCC9E2D51U;
        word = word << 15 | word >> 17;
        hash ^= word * 0x1B873593U;
        if (taken < 4) {
            break;
        }
        hash = hash << 13 | hash >> 19;
        hash = hash * 5 + 0xE6546B64U;
        bytes += 4;
        size -= 4;
    }
    hash ^= n;
    hash = (hash ^ hash >> 16) * 0x85EBCA6BU;
    hash = (hash ^ hash >> 13) * 0xC2B2AE35U;
    return hash ^ hash >> 16;
}

#endif
