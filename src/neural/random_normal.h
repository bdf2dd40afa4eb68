// Normal numbers from the seeded generator, the same everywhere.
#ifndef BANTAM_NEURAL_RANDOM_NORMAL_H
#define BANTAM_NEURAL_RANDOM_NORMAL_H

#include "base/random.h"
#include "neural/elementary.h"

// Mean 0, deviation 1 (Box, Muller 1958; one number of each pair).
static inline double random_normal(struct random *random)
{
    double sine, cosine, unit = 1 - random_unit(random);
    elementary_sine_cosine(6.28318530717958647693 * random_unit(random), &sine, &cosine);
    return sqrt(-2 * elementary_log(unit)) * cosine;
}

#endif
