// The finaliser that turns a salted number into a feature hash: one for words, annotations and causes.
#ifndef BANTAM_BASE_HASH_H
#define BANTAM_BASE_HASH_H

#include <stdint.h>

// Full avalanche (fmix32 of MurmurHash3, Appleby 2011), so that the upper bits can be the bucket.
static inline uint32_t hash_finalize(uint32_t hash)
{
    hash ^= hash >> 16;
    hash *= 0x85EBCA6BU;
    hash ^= hash >> 13;
    hash *= 0xC2B2AE35U;
    return hash ^ (hash >> 16);
}

// The hash of the same number in the family that `salt` names.
static inline uint32_t hash_salted(uint32_t hash, uint32_t salt)
{
    return hash_finalize(hash ^ salt * 0x9E3779B1U);
}

#endif
