// Sixteen numbers at a time in float32 or float64: the arithmetic that the engine's kernels are written in, once for both.
//
// Include with LANES_DOUBLE defined for float64. float32 stands on base/vector.h; the rules are its: fixed order, no fused
// multiply-add, always inlined, so that the same bits come out on every machine.
#ifndef BANTAM_NEURAL_LANES_H
#define BANTAM_NEURAL_LANES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/vector.h"

#ifdef LANES_DOUBLE
typedef double real;
typedef int64_t lanes_integer;
typedef double lanes __attribute__((vector_size(128)));
typedef int64_t lanes_mask __attribute__((vector_size(128)));
#else
typedef float real;
typedef int32_t lanes_integer;
typedef float_lanes lanes;
typedef int_lanes lanes_mask;
#endif

VECTOR_INLINE lanes lanes_all(real value)
{
    return value - (lanes){0};
}

VECTOR_INLINE lanes lanes_select(lanes_mask mask, lanes yes, lanes no)
{
    return (lanes)(((lanes_mask)yes & mask) | ((lanes_mask)no & ~mask));
}

// -1 in the lanes whose number is `token`, 0 in the others.
VECTOR_INLINE lanes_mask lanes_of_token(lanes_mask tokens, size_t token)
{
    return tokens == (lanes_mask){0} + (lanes_integer)token;
}

// One byte a lane.
VECTOR_INLINE lanes_mask lanes_load_tokens(const uint8_t *tokens)
{
    typedef uint8_t bytes __attribute__((vector_size(VECTOR_LANES)));
    bytes loaded;
    memcpy(&loaded, tokens, sizeof loaded);
    return __builtin_convertvector(loaded, lanes_mask);
}

VECTOR_INLINE lanes lanes_maximum(lanes left, lanes right)
{
    return lanes_select(left > right, left, right);
}

// Folds halves onto each other, as vector_sum does.
VECTOR_INLINE real lanes_sum(lanes values)
{
    real folded[VECTOR_LANES];
    memcpy(folded, &values, sizeof values);
    for (size_t half = VECTOR_LANES / 2; half > 0; half /= 2) {
        for (size_t i = 0; i < half; i++) {
            folded[i] += folded[i + half];
        }
    }
    return folded[0];
}

// e^x; float64 as elementary_exp.
VECTOR_INLINE lanes lanes_exp(lanes x)
{
#ifdef LANES_DOUBLE
    const lanes least = lanes_all(-700), most = lanes_all(700);
    x = lanes_select(x < least, least, lanes_select(x > most, most, x));
    const lanes rounder = lanes_all(0x1.8p52); // adding it rounds to a whole number
    lanes shifted = x * lanes_all(1.44269504088896338700) + rounder;
    lanes n = shifted - rounder;
    lanes r = x - n * lanes_all(6.93147180369123816490e-01);
    r = r - n * lanes_all(1.90821492927058770002e-10);
    lanes p = lanes_all(1.0 / 6227020800.0);
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    lanes_mask exponent = ((lanes_mask)shifted - (lanes_mask)rounder + 1023) << 52;
    return p * (lanes)exponent;
#else
    return vector_exp(x);
#endif
}

// ln x for normal x > 0: x = 2^n·m with m in [√½, √2), ln m = 2 artanh((m − 1)/(m + 1)).
VECTOR_INLINE lanes lanes_log(lanes x)
{
#ifdef LANES_DOUBLE
    enum {
        MANTISSA = 52,
        TERMS = 23
    };
    const lanes_mask half_root = (lanes_mask)lanes_all(0.70710678118654752440);
#else
    enum {
        MANTISSA = 23,
        TERMS = 11
    };
    const lanes_mask half_root = (lanes_mask)lanes_all(0.707106781F);
#endif
    lanes_mask n = ((lanes_mask)x - half_root) >> MANTISSA;
    lanes m = (lanes)((lanes_mask)x - (n << MANTISSA));
    lanes s = (m - 1) / (m + 1), z = s * s, p = lanes_all(0);
    for (int k = TERMS; k >= 1; k -= 2) {
        p = p * z + (real)1 / (real)k;
    }
    return __builtin_convertvector(n, lanes) * (real)0.69314718055994530942 + 2 * s * p;
}

// 1/√x for normal x > 0: a first guess from the exponent's bits (Lomont 2003), then Newton's method, which squares the error.
VECTOR_INLINE lanes lanes_inverse_root(lanes x)
{
#ifdef LANES_DOUBLE
    lanes y = (lanes)(0x5fe6eb50c7b537a9 - ((lanes_mask)x >> 1));
    enum {
        ROUNDS = 5
    };
#else
    lanes y = (lanes)(0x5f375a86 - ((lanes_mask)x >> 1));
    enum {
        ROUNDS = 3
    };
#endif
    lanes half = x * (real)0.5;
    for (int round = 0; round < ROUNDS; round++) {
        y = y * ((real)1.5 - half * y * y);
    }
    return y;
}

// 1 / (1 + e^−x)
VECTOR_INLINE lanes lanes_logistic(lanes x)
{
    return (real)1 / ((real)1 + lanes_exp(-x));
}

#endif
