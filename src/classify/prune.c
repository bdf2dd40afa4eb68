// Thresholds are found by counting the upper and then the lower halves of the floats' bits, whose order is that of their values.
#include "classify/prune.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "model/text_weights.h"

enum {
    HALF = 1 << 16,
    SCALES_TRIED = 24
};

void prune_lengths(float *lengths, const struct sparse_matrix *rows)
{
    memset(lengths, 0, rows->n_columns * sizeof *lengths);
    for (size_t i = 0; i < rows->starts[rows->n_rows]; i++) {
        lengths[rows->columns[i]] += rows->values[i] * rows->values[i];
    }
    for (size_t f = 0; f < rows->n_columns; f++) {
        lengths[f] = sqrtf(lengths[f]);
    }
}

static int rising(const void *left, const void *right)
{
    float a = *(const float *)left, b = *(const float *)right;
    return a < b ? -1 : a > b;
}

bantam_status prune_centre(float *weights, size_t n_features, size_t n_outputs, bantam_error *error)
{
    float *sorted = memory_allocate_array(n_outputs, sizeof *sorted);
    if (!sorted) {
        return error_memory(error);
    }
    for (size_t f = 0; f < n_features; f++) {
        float *own = weights + f * n_outputs;
        memcpy(sorted, own, n_outputs * sizeof *sorted);
        qsort(sorted, n_outputs, sizeof *sorted, rising);
        for (size_t o = 0; o < n_outputs; o++) {
            own[o] -= sorted[n_outputs / 2];
        }
    }
    memory_free(sorted);
    return BANTAM_OK;
}

static uint32_t importance(const float *weights, const float *lengths, size_t n_outputs, size_t i)
{
    float value = fabsf(weights[i]) * lengths[i / n_outputs];
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

// The largest half at which at least `wanted` are counted from above; takes from `wanted` what lies above it.
static uint32_t find_half(const size_t *counts, size_t *wanted)
{
    uint32_t half = HALF - 1;
    while (half > 0 && counts[half] < *wanted) {
        *wanted -= counts[half--];
    }
    return half;
}

bantam_status prune_choose(uint8_t *support, const float *weights, const float *lengths,
                           size_t n_features, size_t n_outputs, size_t n_kept, bantam_error *error)
{
    size_t n = n_features * n_outputs, left = n_kept;
    size_t *counts = memory_allocate_array(HALF, sizeof *counts);
    if (!counts) {
        return error_memory(error);
    }
    for (size_t i = 0; i < n; i++) {
        counts[importance(weights, lengths, n_outputs, i) >> 16]++;
    }
    uint32_t upper = find_half(counts, &left);
    memset(counts, 0, HALF * sizeof *counts);
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = importance(weights, lengths, n_outputs, i);
        counts[bits & (HALF - 1)] += bits >> 16 == upper;
    }
    uint32_t threshold =
        upper << 16 | find_half(counts, &left); // of those equal to it, `left` stay
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = importance(weights, lengths, n_outputs, i);
        support[i] = bits > threshold || (bits == threshold && bits > 0 && left > 0);
        left -= bits == threshold && support[i];
    }
    memory_free(counts);
    return BANTAM_OK;
}

// The weights of one output that are not 0, with what an error in them counts.
struct weighed {
    float *weights, *counts;
    size_t n;
};

static double rounding_error(const struct weighed *weighed, float scale, float most)
{
    double sum = 0;
    for (size_t i = 0; i < weighed->n; i++) {
        float q = weight_steps(weighed->weights[i], scale, most);
        double off = (double)(weighed->weights[i] - q * scale);
        sum += (double)weighed->counts[i] * off * off;
    }
    return sum;
}

static float choose_scale(const struct weighed *weighed, enum weight_format format)
{
    float largest = 0, most = format == WEIGHTS_INT4 ? 7 : 127;
    for (size_t i = 0; i < weighed->n; i++) {
        float size = fabsf(weighed->weights[i]);
        largest = size > largest ? size : largest;
    }
    float scale = largest / most, best = scale;
    double least = INFINITY;
    for (int k = 0; format == WEIGHTS_INT4 && k < SCALES_TRIED; k++, scale *= 0.92F) {
        double error = rounding_error(weighed, scale, most);
        if (error < least) {
            least = error;
            best = scale;
        }
    }
    return best;
}

bantam_status prune_round(float *weights, const float *lengths, size_t n_features, size_t n_outputs,
                          enum weight_format format, bantam_error *error)
{
    struct weighed weighed = {memory_allocate_array(n_features, sizeof(float)),
                              memory_allocate_array(n_features, sizeof(float)), 0};
    bool allocated = weighed.weights && weighed.counts;
    float most = format == WEIGHTS_INT4 ? 7 : 127;
    for (size_t o = 0; allocated && format != WEIGHTS_F32 && o < n_outputs; o++) {
        weighed.n = 0;
        for (size_t f = 0; f < n_features; f++) {
            if (weights[f * n_outputs + o] != 0) {
                weighed.weights[weighed.n] = weights[f * n_outputs + o];
                weighed.counts[weighed.n++] = lengths[f];
            }
        }
        float scale = choose_scale(&weighed, format);
        for (size_t f = 0; f < n_features && scale > 0; f++) {
            float *weight = &weights[f * n_outputs + o];
            *weight = *weight != 0 ? scale * weight_steps(*weight, scale, most) : *weight;
        }
    }
    memory_free(weighed.weights);
    memory_free(weighed.counts);
    return allocated ? BANTAM_OK : error_memory(error);
}
