// Rounding and the sums that scoring is made of.
#include "model/text_weights.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/vector.h"

enum {
    INT8_MOST = 127,
    INT4_MOST = 7,
    SCALES_TRIED = 24,
    BLOCKS_AT_ONCE = 10,      // of sixteen outputs
    HALF_BLOCKS_AT_ONCE = 10, // of eight
    CACHE_LINE = 64,
};

typedef int8_t byte_lanes __attribute__((vector_size(VECTOR_LANES)));
typedef float quad_lanes __attribute__((vector_size(16)));

const char *weight_format_name(enum weight_format format)
{
    static const char *const names[] = {"f32", "int8", "int4"};
    return names[format];
}

size_t text_weights_stride(size_t n_outputs)
{
    return n_outputs <= 4 ? 4 : n_outputs <= 8 ? 8 : (n_outputs + 15) / 16 * 16;
}

bool text_weights_allocate(struct text_weights *weights, size_t n)
{
    size_t size = weights->format == WEIGHTS_F32 ? sizeof(float) : 1;
    if (n > (SIZE_MAX - CACHE_LINE) / size) {
        return false;
    }
    weights->memory = memory_allocate_array(n * size + CACHE_LINE, 1);
    if (!weights->memory) {
        return false;
    }
    memory_use_large_pages(weights->memory, n * size + CACHE_LINE);
    char *start = (char *)weights->memory + (CACHE_LINE - (uintptr_t)weights->memory % CACHE_LINE);
    if (weights->format == WEIGHTS_F32) {
        weights->floats = (float *)(void *)start;
    } else {
        weights->integers = (int8_t *)start;
    }
    return true;
}

// Σ (w - scale · round(w / scale))², rounding to whole numbers of at most `most`.
static double rounding_error(const float *weights, size_t n_features, size_t n_outputs, float scale,
                             float most)
{
    double sum = 0;
    for (size_t f = 0; f < n_features; f++) {
        float weight = weights[f * n_outputs];
        if (weight != 0) { // of a shrunk model most are
            double off = (double)weight - (double)weight_steps(weight, scale, most) * (double)scale;
            sum += off * off;
        }
    }
    return sum;
}

// The scale of one output. With few steps it pays to cut the largest weights: the best of some cuts is taken.
static float choose_scale(const float *weights, size_t n_features, size_t n_outputs,
                          enum weight_format format)
{
    float most = 0;
    for (size_t f = 0; f < n_features; f++) {
        float size = fabsf(weights[f * n_outputs]);
        most = size > most ? size : most;
    }
    if (most == 0) {
        return 1;
    }
    if (format == WEIGHTS_INT8) {
        return most / INT8_MOST;
    }
    float best = most / INT4_MOST;
    double least = INFINITY;
    for (int i = 0; i < SCALES_TRIED; i++) {
        float scale = most / INT4_MOST * (1 - (float)i / (SCALES_TRIED + 6));
        double error = rounding_error(weights, n_features, n_outputs, scale, INT4_MOST);
        if (error < least) {
            least = error;
            best = scale;
        }
    }
    return best;
}

static int8_t quantise(float weight, float scale, enum weight_format format)
{
    float most = format == WEIGHTS_INT8 ? INT8_MOST : INT4_MOST;
    return weight == 0 ? 0 : (int8_t)weight_steps(weight, scale, most);
}

static bool all_finite(const float *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) {
            return false;
        }
    }
    return true;
}

static bool is_zero(const struct text_weights *to, const float *weights, size_t f, size_t o)
{
    float weight = weights[f * to->n_outputs + o];
    return to->format == WEIGHTS_F32 ? weight == 0
                                     : quantise(weight, to->scales[o], to->format) == 0;
}

static size_t count_entries(const struct text_weights *to, const float *weights)
{
    size_t n = 0;
    for (size_t f = 0; f < to->n_features; f++) {
        for (size_t o = 0; o < to->n_outputs; o++) {
            n += !is_zero(to, weights, f, o);
        }
    }
    return n;
}

static bool fill_sparse(struct text_weights *to, const float *weights, size_t n_entries)
{
    to->starts = memory_allocate_array(to->n_features + 1, sizeof *to->starts);
    to->outputs = memory_allocate_array(n_entries, sizeof *to->outputs);
    if (!to->starts || !to->outputs || !text_weights_allocate(to, n_entries)) {
        return false;
    }
    size_t n = 0;
    for (size_t f = 0; f < to->n_features; f++) {
        for (size_t o = 0; o < to->n_outputs; o++) {
            if (is_zero(to, weights, f, o)) {
                continue;
            }
            float weight = weights[f * to->n_outputs + o];
            to->outputs[n] = (uint16_t)o;
            if (to->format == WEIGHTS_F32) {
                to->floats[n] = weight;
            } else {
                to->integers[n] = quantise(weight, to->scales[o], to->format);
            }
            n++;
        }
        to->starts[f + 1] = (uint32_t)n;
    }
    return true;
}

static bool fill_dense(struct text_weights *to, const float *weights)
{
    if (!text_weights_allocate(to, to->n_features * to->stride)) {
        return false;
    }
    for (size_t f = 0; f < to->n_features; f++) {
        for (size_t o = 0; o < to->n_outputs; o++) {
            float weight = weights[f * to->n_outputs + o];
            if (to->format == WEIGHTS_F32) {
                to->floats[f * to->stride + o] = weight;
            } else {
                to->integers[f * to->stride + o] = quantise(weight, to->scales[o], to->format);
            }
        }
    }
    return true;
}

bantam_status text_weights_init(struct text_weights *to, const float *weights, size_t n_features,
                                size_t n_outputs, enum weight_format format, bantam_error *error)
{
    *to = (struct text_weights){.format = format,
                                .n_features = n_features,
                                .n_outputs = n_outputs,
                                .stride = text_weights_stride(n_outputs)};
    if (n_outputs < 1 || n_outputs > TEXT_OUTPUTS_MAXIMUM ||
        !all_finite(weights, n_features * n_outputs)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "a text model has 1 to %d outputs, and its weights are finite numbers",
                         TEXT_OUTPUTS_MAXIMUM);
    }
    to->scales = memory_allocate_array(to->stride, sizeof *to->scales);
    if (!to->scales) {
        return error_memory(error);
    }
    for (size_t o = 0; o < to->stride; o++) {
        to->scales[o] = o < n_outputs && format != WEIGHTS_F32
                            ? choose_scale(weights + o, n_features, n_outputs, format)
                            : 1;
    }
    size_t n_entries = count_entries(to, weights);
    to->is_sparse = n_entries <= n_features * n_outputs / 3 && n_entries < UINT32_MAX;
    if (!(to->is_sparse ? fill_sparse(to, weights, n_entries) : fill_dense(to, weights))) {
        text_weights_release(to);
        return error_memory(error);
    }
    return BANTAM_OK;
}

bool weights_room_init(struct weights_room *room, size_t n_features, size_t n_outputs)
{
    struct text_weights weights = {.format = WEIGHTS_F32};
    size_t stride = text_weights_stride(n_outputs);
    bool fits = n_features <= SIZE_MAX / stride;
    fits = fits && text_weights_allocate(&weights, n_features * stride);
    *room = (struct weights_room){weights.floats, weights.memory};
    return fits;
}

void weights_room_release(struct weights_room *room)
{
    memory_free(room->memory);
    *room = (struct weights_room){0};
}

// From the last row, so that none is written over before it was moved.
static void spread_rows(float *weights, size_t n_features, size_t n_outputs, size_t stride)
{
    for (size_t f = n_features; f-- > 0;) {
        memmove(weights + f * stride, weights + f * n_outputs, n_outputs * sizeof *weights);
        memset(weights + f * stride + n_outputs, 0, (stride - n_outputs) * sizeof *weights);
    }
}

bantam_status text_weights_take(struct text_weights *to, struct weights_room *room,
                                size_t n_features, size_t n_outputs, bantam_error *error)
{
    size_t n = n_features * n_outputs, n_other = 0;
    for (size_t i = 0; i < n; i++) {
        n_other += room->weights[i] != 0;
    }
    bantam_status status = BANTAM_OK;
    if (n_other <= n / 3 || !all_finite(room->weights, n)) { // few are kept, or it fails
        status = text_weights_init(to, room->weights, n_features, n_outputs, WEIGHTS_F32, error);
    } else {
        *to = (struct text_weights){.n_features = n_features,
                                    .n_outputs = n_outputs,
                                    .stride = text_weights_stride(n_outputs)};
        to->scales = memory_allocate_array(to->stride, sizeof *to->scales);
        status = to->scales ? BANTAM_OK : error_memory(error);
        for (size_t o = 0; o < to->stride && !status; o++) {
            to->scales[o] = 1;
        }
        if (!status) {
            spread_rows(room->weights, n_features, n_outputs, to->stride);
            to->floats = room->weights;
            to->memory = room->memory;
            room->memory = NULL;
        }
    }
    weights_room_release(room);
    return status;
}

void text_weights_release(struct text_weights *weights)
{
    memory_free(weights->memory);
    memory_free(weights->starts);
    memory_free(weights->outputs);
    memory_free(weights->scales);
    *weights = (struct text_weights){0};
}

void text_weights_row(const struct text_weights *weights, size_t feature, float *row)
{
    memset(row, 0, weights->n_outputs * sizeof *row);
    size_t start = weights->is_sparse ? weights->starts[feature] : feature * weights->stride;
    size_t n = weights->is_sparse ? weights->starts[feature + 1] - start : weights->n_outputs;
    for (size_t i = 0; i < n; i++) {
        size_t o = weights->is_sparse ? weights->outputs[start + i] : i;
        row[o] = weights->floats ? weights->floats[start + i]
                                 : weights->scales[o] * (float)weights->integers[start + i];
    }
}

// Adds features to n_blocks times sixteen sums, which stay in registers. Each output's sum is in the order of the features, however
// many lanes and blocks there are.
VECTOR_INLINE void add_float_blocks(const float *weights, size_t stride,
                                    const struct weighted_feature *features, size_t n, float *sums,
                                    size_t n_blocks)
{
    float_lanes blocks[BLOCKS_AT_ONCE];
    for (size_t block = 0; block < n_blocks; block++) {
        blocks[block] = vector_all(0);
    }
    for (size_t i = 0; i < n; i++) {
        const float *row = weights + (size_t)features[i].feature * stride;
        float_lanes value = vector_all(features[i].value);
        for (size_t block = 0; block < n_blocks; block++) {
            blocks[block] += value * vector_load(row + block * VECTOR_LANES);
        }
    }
    for (size_t block = 0; block < n_blocks; block++) {
        vector_store(sums + block * VECTOR_LANES, blocks[block]);
    }
}

VECTOR_KERNEL_FOR("avx512f")
static void add_floats_wide(const float *weights, size_t stride,
                            const struct weighted_feature *features, size_t n, float *sums)
{
    size_t at = 0, many = BLOCKS_AT_ONCE * VECTOR_LANES;
    for (; at + many <= stride; at += many) {
        add_float_blocks(weights + at, stride, features, n, sums + at, BLOCKS_AT_ONCE);
    }
    for (; at + many / 2 <= stride; at += many / 2) {
        add_float_blocks(weights + at, stride, features, n, sums + at, BLOCKS_AT_ONCE / 2);
    }
    for (; at < stride; at += VECTOR_LANES) {
        add_float_blocks(weights + at, stride, features, n, sums + at, 1);
    }
}

// The same by half lanes, for narrower registers.
VECTOR_INLINE void add_half_blocks(const float *weights, size_t stride,
                                   const struct weighted_feature *features, size_t n, float *sums,
                                   size_t n_blocks)
{
    half_lanes blocks[HALF_BLOCKS_AT_ONCE];
    for (size_t block = 0; block < n_blocks; block++) {
        blocks[block] = (half_lanes){0};
    }
    for (size_t i = 0; i < n; i++) {
        const float *from = weights + (size_t)features[i].feature * stride;
        for (size_t block = 0; block < n_blocks; block++) {
            blocks[block] += features[i].value * vector_load_half(from + block * VECTOR_HALF_LANES);
        }
    }
    for (size_t block = 0; block < n_blocks; block++) {
        vector_store_half(sums + block * VECTOR_HALF_LANES, blocks[block]);
    }
}

VECTOR_KERNEL_SMALL
static void add_floats(const float *weights, size_t stride, const struct weighted_feature *features,
                       size_t n, float *sums)
{
    size_t at = 0, many = HALF_BLOCKS_AT_ONCE * VECTOR_HALF_LANES;
    for (; at + many <= stride; at += many) {
        add_half_blocks(weights + at, stride, features, n, sums + at, HALF_BLOCKS_AT_ONCE);
    }
    for (; at < stride; at += VECTOR_LANES) {
        add_half_blocks(weights + at, stride, features, n, sums + at,
                        VECTOR_LANES / VECTOR_HALF_LANES);
    }
}

VECTOR_KERNEL static void add_integers(const int8_t *weights, size_t stride,
                                       const struct weighted_feature *features, size_t n,
                                       float *sums)
{
    for (size_t block = 0; block < stride; block += VECTOR_LANES) {
        float_lanes sum = vector_load(sums + block);
        for (size_t i = 0; i < n; i++) {
            byte_lanes row;
            memcpy(&row, weights + (size_t)features[i].feature * stride + block, sizeof row);
            sum += vector_all(features[i].value) * __builtin_convertvector(row, float_lanes);
        }
        vector_store(sums + block, sum);
    }
}

// Few outputs: rows of one or two times four, whose sums stay in registers.
VECTOR_INLINE void add_quads(const float *weights, const struct weighted_feature *features,
                             size_t n, float *sums, size_t n_quads)
{
    quad_lanes quads[2] = {{0}, {0}};
    for (size_t i = 0; i < n; i++) {
        const float *row = weights + (size_t)features[i].feature * n_quads * 4;
        for (size_t quad = 0; quad < n_quads; quad++) {
            quad_lanes lanes;
            memcpy(&lanes, row + 4 * quad, sizeof lanes);
            quads[quad] += features[i].value * lanes;
        }
    }
    memcpy(sums, quads, n_quads * sizeof *quads);
}

static void add_few_floats(const float *weights, size_t stride,
                           const struct weighted_feature *features, size_t n, float *sums)
{
    if (stride == 4) {
        add_quads(weights, features, n, sums, 1);
    } else {
        add_quads(weights, features, n, sums, 2);
    }
}

static void add_few_integers(const int8_t *weights, size_t stride,
                             const struct weighted_feature *features, size_t n, float *sums)
{
    for (size_t i = 0; i < n; i++) {
        const int8_t *row = weights + (size_t)features[i].feature * stride;
        for (size_t o = 0; o < stride; o++) {
            sums[o] += features[i].value * (float)row[o];
        }
    }
}

static void add_sparse(const struct text_weights *weights, const struct weighted_feature *features,
                       size_t n, float *sums)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t end = weights->starts[features[i].feature + 1];
        float value = features[i].value;
        for (uint32_t entry = weights->starts[features[i].feature]; entry < end; entry++) {
            float weight =
                weights->floats ? weights->floats[entry] : (float)weights->integers[entry];
            sums[weights->outputs[entry]] += value * weight;
        }
    }
}

void text_weights_combine(const struct text_weights *weights,
                          const struct weighted_feature *features, size_t n, float *sums)
{
    if (weights->is_sparse || !weights->floats) {
        memset(sums, 0, weights->stride * sizeof *sums); // which the others need not read
    }
    bool few = weights->stride < VECTOR_LANES;
    if (weights->is_sparse) {
        add_sparse(weights, features, n, sums);
    } else if (weights->floats) {
        (few                     ? add_few_floats
         : vector_has("avx512f") ? add_floats_wide
                                 : add_floats)(weights->floats, weights->stride, features, n, sums);
    } else {
        (few ? add_few_integers : add_integers)(weights->integers, weights->stride, features, n,
                                                sums);
    }
}

// Whole half lanes of text_weights_scale.
VECTOR_KERNEL_SMALL
static void scale_halves(const float *scales, size_t stride, float factor, const float *from,
                         const float *before, float *to)
{
    for (size_t at = 0; at < stride; at += VECTOR_HALF_LANES) {
        half_lanes share = factor * vector_load_half(scales + at) * vector_load_half(from + at);
        vector_store_half(to + at, vector_load_half(before + at) + share);
    }
}

void text_weights_scale(const struct text_weights *weights, float factor, const float *from,
                        const float *before, float *to)
{
    if (weights->stride >= VECTOR_HALF_LANES) {
        scale_halves(weights->scales, weights->stride, factor, from, before, to);
        return;
    }
    for (size_t o = 0; o < weights->stride; o++) {
        to[o] = before[o] + factor * weights->scales[o] * from[o];
    }
}

VECTOR_KERNEL_SMALL
static void sum_rows(const float *const *rows, size_t n, size_t stride, float *to)
{
    for (size_t block = 0; block < stride; block += VECTOR_LANES) {
        half_lanes left = vector_load_half(to + block);
        half_lanes right = vector_load_half(to + block + VECTOR_HALF_LANES);
        for (size_t i = 0; i < n; i++) {
            left += vector_load_half(rows[i] + block);
            right += vector_load_half(rows[i] + block + VECTOR_HALF_LANES);
        }
        vector_store_half(to + block, left);
        vector_store_half(to + block + VECTOR_HALF_LANES, right);
    }
}

void text_weights_sum(const struct text_weights *weights, const float *const *rows, size_t n,
                      float *to)
{
    if (weights->stride >= VECTOR_LANES) {
        sum_rows(rows, n, weights->stride, to);
        return;
    }
    for (size_t block = 0; block < weights->stride; block += 4) {
        quad_lanes sum;
        memcpy(&sum, to + block, sizeof sum);
        for (size_t i = 0; i < n; i++) {
            quad_lanes row;
            memcpy(&row, rows[i] + block, sizeof row);
            sum += row;
        }
        memcpy(to + block, &sum, sizeof sum);
    }
}
