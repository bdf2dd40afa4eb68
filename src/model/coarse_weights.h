// Weights in a quarter of their bytes, to find the largest score of a text by: where memory is what a text waits for, that is most of
// the time. Scores of them are off by no more than is known, so that whoever finds one score ahead by more has the answer of the exact
// weights; where none is, these are to be asked.
//
// A weight is scale · 2^-halvings[f] · q: of two that stand side by side the first in eight bits, the second in sixteen, whose lower half
// the first is. One multiplication by a text's value, rounded to 16 bits, then serves both, and their sums take 16 bits as well.
#ifndef BANTAM_MODEL_COARSE_WEIGHTS_H
#define BANTAM_MODEL_COARSE_WEIGHTS_H

#include "model/text_weights.h"

#define COARSE_UNKNOWN SIZE_MAX // no output is known to have the largest score

struct coarse_weights {
    size_t n_outputs, stride; // of the exact weights
    size_t row_size;          // bytes: the stride, rounded up to 32
    int8_t *rows;             // (n_features, row_size)
    uint8_t *halvings;        // (n_features)
    float scale;
    void *memory; // what rows points into
};

// NULL where these weights would gain nothing (few outputs, few or rounded weights, a processor without AVX2) or memory is out.
struct coarse_weights *coarse_weights_new(const struct text_weights *weights);
void coarse_weights_free(struct coarse_weights *weights);

// Asks for a feature's weights from memory. Always inlined, as gcc drops calls of what only does this.
__attribute__((always_inline)) static inline void
coarse_weights_prefetch(const struct coarse_weights *weights, size_t feature)
{
    const int8_t *row = weights->rows + feature * weights->row_size;
    for (size_t at = 0; at < weights->row_size; at += 64) {
        __builtin_prefetch(row + at);
    }
}

// As text_weights_combine, but off: *off is the most by which the difference of any two sums is, what floats round included. False, and
// nothing is written, where there are too many features.
bool coarse_weights_combine(const struct coarse_weights *weights,
                            const struct weighted_feature *features, size_t n, float *sums,
                            float *off);

// The output of the largest score before + factor · sum, if it is ahead of all others by more than `ahead`; else COARSE_UNKNOWN. Both
// arrays are (stride); what of `before` is no output's is -INFINITY.
size_t coarse_weights_largest(const struct coarse_weights *weights, const float *before,
                              float factor, const float *sums, float ahead);

#endif
