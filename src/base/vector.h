// Sixteen floats at a time, with the same bits on every machine.
//
// A kernel is written once over float_lanes and compiled for several instruction sets (VECTOR_KERNEL); the loader picks
// the best that the processor has. The lanes are always sixteen, sums fold in one fixed order, and the build forbids
// fused multiply-add (-ffp-contract=off), so a narrower processor is slower but never rounds otherwise: a model trained
// on one machine is the same file on the next. What takes or returns lanes is inlined into the kernel (VECTOR_INLINE):
// lanes never pass a real call, whose convention would hang on the instruction set (hence -Wno-psabi in the build).
#ifndef BANTAM_BASE_VECTOR_H
#define BANTAM_BASE_VECTOR_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    VECTOR_LANES = 16,
    VECTOR_HALF_LANES = 8,
};

typedef float float_lanes __attribute__((vector_size(64)));
typedef int32_t int_lanes __attribute__((vector_size(64)));

// Half as many, for sums that go on from step to step: lanes wider than the machine's registers do not stay in them, and going through
// memory makes such a loop two or three times as slow. What is computed is the same, lane by lane.
typedef float half_lanes __attribute__((vector_size(32)));
typedef int32_t half_int_lanes __attribute__((vector_size(32)));

// Before the definition of a function that works on lanes, which is static: the symbol that chooses a version is exported
// whatever the visibility. A sanitizer's start comes before the loader has chosen, so under one there is a single version; what
// it computes is the same.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define VECTOR_ONE_VERSION
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define VECTOR_ONE_VERSION
#endif
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(VECTOR_ONE_VERSION)
#define VECTOR_KERNEL __attribute__((target_clones("default", "avx2", "avx512f")))
#define VECTOR_KERNEL_SMALL                                                                        \
    __attribute__((target_clones("default", "avx2"))) // where size counts for more
// One version by hand, for a kernel that only wide processors are worth; its caller asks vector_has() first.
#define VECTOR_KERNEL_FOR(instructions) __attribute__((target(instructions)))
#define vector_has(instructions) __builtin_cpu_supports(instructions)
#else
#define VECTOR_KERNEL
#define VECTOR_KERNEL_SMALL
#define VECTOR_KERNEL_FOR(instructions)
#define vector_has(instructions) 0
#endif
#define VECTOR_INLINE static inline __attribute__((always_inline))

VECTOR_INLINE float_lanes vector_load(const float *from)
{
    float_lanes lanes;
    memcpy(&lanes, from, sizeof lanes);
    return lanes;
}

VECTOR_INLINE void vector_store(float *to, float_lanes lanes)
{
    memcpy(to, &lanes, sizeof lanes);
}

VECTOR_INLINE half_lanes vector_load_half(const float *from)
{
    half_lanes lanes;
    memcpy(&lanes, from, sizeof lanes);
    return lanes;
}

VECTOR_INLINE void vector_store_half(float *to, half_lanes lanes)
{
    memcpy(to, &lanes, sizeof lanes);
}

// A shuffle, since gcc builds {value, value, …} of AVX-512's lanes from sixteen masked moves.
VECTOR_INLINE float_lanes vector_all(float value)
{
    const float_lanes first = {value};
    return __builtin_shufflevector(first, first, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

// Lane i of `yes` where lane i of `mask` is -1, of `no` where it is 0.
VECTOR_INLINE float_lanes vector_select(int_lanes mask, float_lanes yes, float_lanes no)
{
    return (float_lanes)(((int_lanes)yes & mask) | ((int_lanes)no & ~mask));
}

// The greater, or the lesser, of each lane; `right` where they can't be compared. As loops, which a compiler turns into the one
// instruction that this is: gcc takes a comparison of lanes wider than the machine's apart, lane by lane.
VECTOR_INLINE float_lanes vector_maximum(float_lanes left, float_lanes right)
{
    float lefts[VECTOR_LANES], rights[VECTOR_LANES];
    vector_store(lefts, left);
    vector_store(rights, right);
    for (size_t i = 0; i < VECTOR_LANES; i++) {
        rights[i] = lefts[i] > rights[i] ? lefts[i] : rights[i];
    }
    return vector_load(rights);
}

VECTOR_INLINE float_lanes vector_minimum(float_lanes left, float_lanes right)
{
    float lefts[VECTOR_LANES], rights[VECTOR_LANES];
    vector_store(lefts, left);
    vector_store(rights, right);
    for (size_t i = 0; i < VECTOR_LANES; i++) {
        rights[i] = lefts[i] < rights[i] ? lefts[i] : rights[i];
    }
    return vector_load(rights);
}

// Folds halves onto each other: 8 + 8, 4 + 4, 2 + 2, 1 + 1.
VECTOR_INLINE float vector_sum(float_lanes lanes)
{
    float values[VECTOR_LANES];
    vector_store(values, lanes);
    for (size_t half = VECTOR_LANES / 2; half > 0; half /= 2) {
        for (size_t i = 0; i < half; i++) {
            values[i] += values[i + half];
        }
    }
    return values[0];
}

VECTOR_INLINE float vector_largest(float_lanes lanes)
{
    float values[VECTOR_LANES];
    vector_store(values, lanes);
    for (size_t half = VECTOR_LANES / 2; half > 0; half /= 2) {
        for (size_t i = 0; i < half; i++) {
            values[i] = values[i] > values[i + half] ? values[i] : values[i + half];
        }
    }
    return values[0];
}

// e^x within 2 units in the last place for -87 ≤ x ≤ 88; beyond, as at the nearer end.
//
// x = n·ln 2 + r with |r| ≤ ln 2 / 2; e^r by the polynomial of Cephes' expf (Moshier 1989); 2^n by the exponent's bits.
VECTOR_INLINE float_lanes vector_exp(float_lanes x)
{
    x = vector_minimum(vector_all(88.0F), vector_maximum(vector_all(-87.0F), x));
    const float_lanes rounder = vector_all(0x1.8p23F); // adding it rounds to a whole number
    float_lanes shifted = x * vector_all(1.44269504F) + rounder;
    float_lanes n = shifted - rounder;
    float_lanes r = x - n * vector_all(0.693359375F);
    r = r - n * vector_all(-2.12194440e-4F);
    float_lanes p = vector_all(1.9875691500e-4F);
    p = p * r + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    p = p * (r * r) + r + 1.0F;
    int_lanes exponent = ((int_lanes)shifted - (int_lanes)rounder + 127) << 23;
    return p * (float_lanes)exponent;
}

// ln x within 2 units in the last place for normal x > 0, by Cephes' logf (Moshier 1989): x = 2^n · m, m within √2 of 1.
VECTOR_INLINE float_lanes vector_log(float_lanes x)
{
    int_lanes bits = (int_lanes)x;
    int_lanes n = (bits - 0x3F3504F3) >> 23;
    float_lanes f = (float_lanes)(bits - (n << 23)) - 1.0F;
    float_lanes exponent = __builtin_convertvector(n, float_lanes);
    float_lanes p = vector_all(7.0376836292e-2F);
    p = p * f - 1.1514610310e-1F;
    p = p * f + 1.1676998740e-1F;
    p = p * f - 1.2420140846e-1F;
    p = p * f + 1.4249322787e-1F;
    p = p * f - 1.6668057665e-1F;
    p = p * f + 2.0000714765e-1F;
    p = p * f - 2.4999993993e-1F;
    p = p * f + 3.3333331174e-1F;
    float_lanes square = f * f;
    p = p * square * f + exponent * vector_all(-2.12194440e-4F) - square * 0.5F;
    return f + p + exponent * vector_all(0.693359375F);
}

#endif
