// Rounding and the sums in AVX2's instructions; on other processors there are no coarse weights.
#include "model/coarse_weights.h"

#include "base/memory.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>

// What runs once a model: size counts for more.
#define COLD __attribute__((cold))
#define AVX2 __attribute__((target("avx2")))
#define AVX2_INLINE static inline __attribute__((target("avx2"), always_inline))

enum {
    CACHE_LINE = 64,
    BLOCK = 32,           // outputs
    BLOCKS_AT_ONCE = 5,   // whose sums stay in registers
    STRIDE_LEAST = 64,    // below, a row of floats is not much to wait for
    MOST = 127,           // of a rounded weight
    HALVINGS_MOST = 15,   // of the scale
    FEATURES_MOST = 1024, // of a text
    FACTORS_SUM = 60000,  // half of it and FEATURES_MOST fit into 16 bits
    FACTOR_MOST = 32767,
};

static const float least_scale = 1e-30F; // so that nothing small is divided by

COLD static float largest_of(const float *weights, size_t n)
{
    float largest = 0;
    for (size_t i = 0; i < n; i++) {
        largest = fabsf(weights[i]) > largest ? fabsf(weights[i]) : largest;
    }
    return largest;
}

// To the nearest whole number, of numbers below 2^22.
static inline int round_small(float number)
{
    return (int)(number + 0x1.8p23F - 0x1.8p23F);
}

// The second of two makes up for the first, which its lower half is.
COLD static void round_row(const float *weights, size_t stride, float scale, int8_t *row)
{
    float inverse = 1 / scale;
    for (size_t o = 0; o < stride; o += 2) {
        int first = round_small(weights[o] * inverse);
        row[o] = (int8_t)first;
        row[o + 1] = (int8_t)round_small(weights[o + 1] * inverse - (float)(first & 0xFF) / 256);
    }
}

COLD static void fill(struct coarse_weights *to, const struct text_weights *weights)
{
    float largest = largest_of(weights->floats, weights->n_features * weights->stride);
    to->scale = fmaxf(largest / MOST, least_scale);
    for (size_t f = 0; f < weights->n_features; f++) {
        const float *row = weights->floats + f * weights->stride;
        float scale = to->scale, most = largest_of(row, weights->stride);
        for (; to->halvings[f] < HALVINGS_MOST && most <= scale * MOST / 2; scale /= 2) {
            to->halvings[f]++;
        }
        round_row(row, weights->stride, scale, to->rows + f * to->row_size);
    }
}

struct coarse_weights *coarse_weights_new(const struct text_weights *weights)
{
    if (!weights->floats || weights->is_sparse || weights->stride < STRIDE_LEAST ||
        !__builtin_cpu_supports("avx2")) {
        return NULL;
    }
    struct coarse_weights *to = memory_allocate_array(1, sizeof *to);
    if (!to) {
        return NULL;
    }
    to->n_outputs = weights->n_outputs;
    to->stride = weights->stride;
    to->row_size = (weights->stride + BLOCK - 1) / BLOCK * BLOCK;
    size_t size = weights->n_features * to->row_size + CACHE_LINE; // below that of the floats
    to->memory = memory_allocate_array(size, 1);
    to->halvings = memory_allocate_array(weights->n_features, 1);
    if (!to->memory || !to->halvings) {
        coarse_weights_free(to);
        return NULL;
    }
    memory_use_large_pages(to->memory, size);
    to->rows = (int8_t *)to->memory + (CACHE_LINE - (uintptr_t)to->memory % CACHE_LINE);
    fill(to, weights);
    return to;
}

void coarse_weights_free(struct coarse_weights *weights)
{
    if (weights) {
        memory_free(weights->memory);
        memory_free(weights->halvings);
        memory_free(weights);
    }
}

AVX2_INLINE void store_eight(__m128i sums, __m256 unit, float *to)
{
    _mm256_storeu_ps(to, _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_cvtepi16_epi32(sums)), unit));
}

// Brings the sums of every second output and of those between into the order of the outputs, of which so many are left.
AVX2_INLINE void store_block(__m256i firsts, __m256i seconds, __m256 unit, float *to, size_t left)
{
    __m256i low = _mm256_unpacklo_epi16(firsts, seconds);
    __m256i high = _mm256_unpackhi_epi16(firsts, seconds);
    store_eight(_mm256_castsi256_si128(low), unit, to);
    store_eight(_mm256_castsi256_si128(high), unit, to + 8);
    if (left > BLOCK / 2) {
        store_eight(_mm256_extracti128_si256(low, 1), unit, to + 16);
        store_eight(_mm256_extracti128_si256(high, 1), unit, to + 24);
    }
}

// sums (left, at most) = unit · Σ the upper half of factor · weight, of n_blocks blocks from rows + at on.
AVX2_INLINE void add_blocks(const struct coarse_weights *weights, size_t at,
                            const struct weighted_feature *features, const int16_t *factors,
                            size_t n, float unit, float *sums, size_t n_blocks)
{
    __m256i firsts[BLOCKS_AT_ONCE], seconds[BLOCKS_AT_ONCE];
    for (size_t block = 0; block < n_blocks; block++) {
        firsts[block] = seconds[block] = _mm256_setzero_si256();
    }
    for (size_t i = 0; i < n; i++) {
        const int8_t *row = weights->rows + features[i].feature * weights->row_size + at;
        __m256i factor = _mm256_set1_epi16(factors[i]);
        for (size_t block = 0; block < n_blocks; block++) {
            __m256i pairs = _mm256_load_si256((const void *)(row + block * BLOCK));
            __m256i first = _mm256_mulhi_epi16(_mm256_slli_epi16(pairs, 8), factor);
            firsts[block] = _mm256_add_epi16(firsts[block], first);
            seconds[block] = _mm256_add_epi16(seconds[block], _mm256_mulhi_epi16(pairs, factor));
        }
    }
    for (size_t block = 0; block < n_blocks; block++) {
        size_t start = at + block * BLOCK;
        store_block(firsts[block], seconds[block], _mm256_set1_ps(unit), sums + start,
                    weights->stride - start);
    }
}

AVX2 static void add_rows(const struct coarse_weights *weights,
                          const struct weighted_feature *features, const int16_t *factors, size_t n,
                          float unit, float *sums)
{
    size_t at = 0;
    for (; at + 5 * BLOCK <= weights->row_size; at += 5 * BLOCK) {
        add_blocks(weights, at, features, factors, n, unit, sums, 5);
    }
    for (; at + 3 * BLOCK <= weights->row_size; at += 3 * BLOCK) {
        add_blocks(weights, at, features, factors, n, unit, sums, 3);
    }
    for (; at < weights->row_size; at += BLOCK) {
        add_blocks(weights, at, features, factors, n, unit, sums, 1);
    }
}

// In units of the scale: the difference of two of a feature's weights is off by one, each of n products by less than one of 256 units, and
// a value that is off meets a difference of two weights of at most 2 · 128. A thousandth is for what floats round here, and 2^-24 of
// each of n exact sums' 127 for those.
bool coarse_weights_combine(const struct coarse_weights *weights,
                            const struct weighted_feature *features, size_t n, float *sums,
                            float *off)
{
    static const float powers[] = {0x1p0F,   0x1p-1F,  0x1p-2F,  0x1p-3F, 0x1p-4F,  0x1p-5F,
                                   0x1p-6F,  0x1p-7F,  0x1p-8F,  0x1p-9F, 0x1p-10F, 0x1p-11F,
                                   0x1p-12F, 0x1p-13F, 0x1p-14F, 0x1p-15F};
    if (n > FEATURES_MOST) {
        return false;
    }
    float values[FEATURES_MOST], sum = 0, largest = 0, lost = 0;
    int16_t factors[FEATURES_MOST];
    for (size_t i = 0; i < n; i++) {
        values[i] = features[i].value * powers[weights->halvings[features[i].feature]];
        float size = fabsf(values[i]);
        sum += size;
        largest = size > largest ? size : largest;
    }
    float unit = fmaxf(sum * (1.001F / FACTORS_SUM), largest * (1.001F / FACTOR_MOST));
    unit = fmaxf(unit, least_scale);
    float inverse = 1 / unit;
    for (size_t i = 0; i < n; i++) {
        factors[i] = (int16_t)(values[i] * inverse);
        lost += fabsf(values[i] - (float)factors[i] * unit);
    }
    add_rows(weights, features, factors, n, 256 * unit * weights->scale, sums);
    *off = weights->scale *
           (sum * (1.001F + 2e-5F * (float)n) + 256 * 1.001F * (unit * (float)n + lost));
    return true;
}

AVX2_INLINE __m256 score_eight(const float *before, __m256 factor, const float *sums)
{
    return _mm256_add_ps(_mm256_loadu_ps(before), _mm256_mul_ps(factor, _mm256_loadu_ps(sums)));
}

AVX2_INLINE float largest_of_eight(__m256 lanes)
{
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(lanes), _mm256_extractf128_ps(lanes, 1));
    __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}

AVX2 static size_t find_largest(const float *before, float factor, const float *sums, size_t stride,
                                float ahead)
{
    __m256 factors = _mm256_set1_ps(factor), most = score_eight(before, factors, sums);
    for (size_t o = 8; o < stride; o += 8) {
        most = _mm256_max_ps(most, score_eight(before + o, factors, sums + o));
    }
    float largest = largest_of_eight(most);
    __m256 least = _mm256_set1_ps(largest - ahead - 1e-6F * fabsf(largest)); // which floats round
    size_t n_near = 0, near = 0;
    for (size_t o = 0; o < stride; o += 8) {
        unsigned which = (unsigned)_mm256_movemask_ps(
            _mm256_cmp_ps(score_eight(before + o, factors, sums + o), least, _CMP_NLT_UQ));
        if (which) {
            n_near += (size_t)__builtin_popcount(which);
            near = o + (size_t)__builtin_ctz(which);
        }
    }
    return n_near == 1 ? near : COARSE_UNKNOWN;
}

size_t coarse_weights_largest(const struct coarse_weights *weights, const float *before,
                              float factor, const float *sums, float ahead)
{
    return find_largest(before, factor, sums, weights->stride, ahead);
}

#else

struct coarse_weights *coarse_weights_new(const struct text_weights *weights)
{
    (void)weights;
    return NULL;
}

void coarse_weights_free(struct coarse_weights *weights)
{
    (void)weights;
}

bool coarse_weights_combine(const struct coarse_weights *weights,
                            const struct weighted_feature *features, size_t n, float *sums,
                            float *off)
{
    (void)weights, (void)features, (void)n, (void)sums, (void)off;
    return false;
}

size_t coarse_weights_largest(const struct coarse_weights *weights, const float *before,
                              float factor, const float *sums, float ahead)
{
    (void)weights, (void)before, (void)factor, (void)sums, (void)ahead;
    return COARSE_UNKNOWN;
}

#endif
