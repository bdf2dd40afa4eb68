// A seeded random generator with the same numbers everywhere: splitmix64 (Steele, Lea, Flood 2014).
#ifndef BANTAM_BASE_RANDOM_H
#define BANTAM_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state; // any value is a seed
};

static inline uint64_t random_next(struct random *random)
{
    uint64_t z = random->state += 0x9E3779B97F4A7C15U;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return z ^ z >> 31;
}

// Uniform in [0, below); below > 0 and small against 2^64, so that the bias does not matter.
static inline size_t random_below(struct random *random, size_t below)
{
    return (size_t)(random_next(random) % below);
}

// Uniform in [0, 1).
static inline double random_unit(struct random *random)
{
    return (double)(random_next(random) >> 11) * 0x1p-53;
}

// Fisher–Yates.
static inline void random_shuffle(struct random *random, uint32_t *values, size_t n_values)
{
    for (size_t left = n_values; left > 1; left--) {
        size_t other = random_below(random, left);
        uint32_t value = values[left - 1];
        values[left - 1] = values[other];
        values[other] = value;
    }
}

#endif
