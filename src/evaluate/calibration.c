// Calibrations as values, and the fit of the temperature, which needs only their application (calibration_apply.c). Curves:
// calibration_curves.c.
#include "evaluate/calibration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "evaluate/calibration_adaptive.h"
#include "evaluate/calibration_curves.h"

struct calibration calibration_none(enum calibration_link link, size_t n_outputs)
{
    return (struct calibration){.link = link, .n_outputs = n_outputs, .temperature = 1};
}

void calibration_release(struct calibration *calibration)
{
    memory_free(calibration->slopes);
    memory_free(calibration->offsets);
    memory_free(calibration->knot_starts);
    memory_free(calibration->knot_scores);
    memory_free(calibration->knot_values);
    *calibration = calibration_none(calibration->link, calibration->n_outputs);
}

// `n` elements of `size` bytes; NULL where there are none or memory is out.
static void *copy_array(const void *from, size_t n, size_t size)
{
    void *copy = from ? memory_allocate_array(n, size) : NULL;
    if (copy) {
        memcpy(copy, from, n * size);
    }
    return copy;
}

bantam_status calibration_copy(struct calibration *out, const struct calibration *from,
                               size_t n_outputs, bantam_error *error)
{
    *out = *from;
    out->n_outputs = n_outputs;
    size_t n_knots = from->knot_starts ? from->knot_starts[from->n_outputs] : 0;
    out->slopes = copy_array(from->slopes, from->n_outputs, sizeof *from->slopes);
    out->offsets = copy_array(from->offsets, from->n_outputs, sizeof *from->offsets);
    out->knot_starts =
        copy_array(from->knot_starts, from->n_outputs + 1, sizeof *from->knot_starts);
    out->knot_scores = copy_array(from->knot_scores, n_knots, sizeof *from->knot_scores);
    out->knot_values = copy_array(from->knot_values, n_knots, sizeof *from->knot_values);
    if (!out->slopes != !from->slopes || !out->offsets != !from->offsets ||
        !out->knot_starts != !from->knot_starts || !out->knot_scores != !from->knot_scores ||
        !out->knot_values != !from->knot_values) {
        calibration_release(out);
        *out = calibration_none(from->link, n_outputs);
        return error_memory(error);
    }
    return BANTAM_OK;
}

size_t calibration_n_classes(const struct calibration *calibration)
{
    bool pair = calibration->n_outputs == 1 && calibration->link != CALIBRATION_MULTI;
    return pair ? 2 : calibration->n_outputs;
}

// Held-out rows, as calibration_fit has them.
struct held_out {
    const float *scores;
    size_t n_rows, n_outputs;
    const uint32_t *labels;
    const size_t *starts;
    const float *weights;
};

static bool has_label(const struct held_out *rows, size_t row, size_t label)
{
    size_t start = rows->starts ? rows->starts[row] : row;
    size_t end = rows->starts ? rows->starts[row + 1] : row + 1;
    bool has = false;
    for (size_t k = start; k < end; k++) {
        has = has || rows->labels[k] == label;
    }
    return has;
}

// Mean negative log-likelihood of the labels at the calibration's temperature.
static double loss_at(const struct calibration *calibration, const struct held_out *rows,
                      float *probabilities)
{
    double loss = 0;
    size_t n_classes = calibration_n_classes(calibration);
    for (size_t i = 0; i < rows->n_rows; i++) {
        double weight = rows->weights ? (double)rows->weights[i] : 1, likelihood = 0;
        calibration_apply(calibration, rows->scores + i * rows->n_outputs, probabilities);
        if (!rows->starts) {
            likelihood = log(fmax((double)probabilities[rows->labels[i]], 1e-30));
        }
        for (size_t c = 0; c < n_classes && rows->starts; c++) {
            double p = (double)probabilities[c];
            likelihood += log(fmax(has_label(rows, i, c) ? p : 1 - p, 1e-30));
        }
        loss -= weight * likelihood;
    }
    return loss;
}

// Golden-section search (Kiefer 1953) over the temperature's logarithm.
static bantam_status fit_temperature(struct calibration *out, const struct held_out *rows,
                                     bantam_error *error)
{
    enum {
        STEPS = 40
    };
    const double share = 0.6180339887498949;
    float *probabilities = memory_allocate_array(calibration_n_classes(out), sizeof *probabilities);
    if (!probabilities) {
        return error_memory(error);
    }
    double low = -6, high = 5; // of the logarithm
    double at[2] = {high - share * (high - low), low + share * (high - low)}, loss[2];
    for (int k = 0; k < 2; k++) {
        out->temperature = expf((float)at[k]);
        loss[k] = loss_at(out, rows, probabilities);
    }
    for (int step = 0; step < STEPS; step++) {
        int keep = loss[0] <= loss[1] ? 0 : 1, fresh = 1 - keep; // fresh is where keep is better
        low = keep == 0 ? low : at[0];
        high = keep == 0 ? at[1] : high;
        at[fresh] = at[keep];
        loss[fresh] = loss[keep];
        at[keep] = keep == 0 ? high - share * (high - low) : low + share * (high - low);
        out->temperature = expf((float)at[keep]);
        loss[keep] = loss_at(out, rows, probabilities);
    }
    out->temperature = expf((float)(low + high) / 2);
    memory_free(probabilities);
    return BANTAM_OK;
}

// Sigmoid or isotonic: one output after the other.
static bantam_status fit_curves(struct calibration *out, const struct held_out *rows,
                                bantam_error *error)
{
    size_t n_rows = rows->n_rows, n_outputs = rows->n_outputs;
    struct curve_point *points = memory_allocate_array(n_rows, sizeof *points);
    out->slopes = memory_allocate_array(n_outputs, sizeof *out->slopes);
    out->offsets = memory_allocate_array(n_outputs, sizeof *out->offsets);
    out->knot_starts = memory_allocate_array(n_outputs + 1, sizeof *out->knot_starts);
    bool failed = !points || !out->slopes || !out->offsets || !out->knot_starts;
    for (size_t c = 0; c < n_outputs && !failed; c++) {
        size_t label = n_outputs == 1 && out->link != CALIBRATION_MULTI ? 1 : c;
        for (size_t i = 0; i < n_rows; i++) {
            points[i] = (struct curve_point){rows->scores[i * n_outputs + c],
                                             rows->weights ? (double)rows->weights[i] : 1,
                                             has_label(rows, i, label) ? 1 : 0};
        }
        if (out->method == CALIBRATION_SIGMOID) {
            calibration_sigmoid(points, n_rows, &out->slopes[c], &out->offsets[c]);
            continue;
        }
        size_t start = out->knot_starts[c], n = calibration_isotonic(points, n_rows); // at least 1
        float *scores = memory_resize_array(out->knot_scores, start + n, sizeof *scores);
        out->knot_scores = scores ? scores : out->knot_scores;
        float *values = memory_resize_array(out->knot_values, start + n, sizeof *values);
        out->knot_values = values ? values : out->knot_values;
        failed = !scores || !values;
        for (size_t k = 0; k < n && !failed; k++) {
            scores[start + k] = points[k].score;
            values[start + k] = (float)points[k].value;
        }
        out->knot_starts[c + 1] = start + n;
    }
    memory_free(points);
    return failed ? error_memory(error) : BANTAM_OK;
}

static bantam_status check(const struct held_out *rows, enum calibration_link link,
                           bantam_error *error)
{
    size_t n_classes = rows->n_outputs == 1 && link != CALIBRATION_MULTI ? 2 : rows->n_outputs;
    if (rows->n_rows == 0 || rows->n_outputs == 0) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "there are no held-out rows to calibrate on");
    }
    size_t n_labels = rows->starts ? rows->starts[rows->n_rows] : rows->n_rows;
    for (size_t k = 0; k < n_labels; k++) {
        if (rows->labels[k] >= n_classes) {
            return error_set(error, BANTAM_ERROR_ARGUMENT, "label %u of %zu", rows->labels[k],
                             n_classes);
        }
    }
    for (size_t i = 0; i < rows->n_rows * rows->n_outputs; i++) {
        if (!isfinite(rows->scores[i])) {
            return error_set(error, BANTAM_ERROR_ARGUMENT, "a score of row %zu is not finite",
                             i / rows->n_outputs);
        }
    }
    return BANTAM_OK;
}

bantam_status calibration_fit(struct calibration *out, enum calibration_method method,
                              enum calibration_link link, const float *scores, size_t n_rows,
                              size_t n_outputs, const uint32_t *labels, const size_t *starts,
                              const float *weights, bantam_error *error)
{
    struct held_out rows = {scores, n_rows, n_outputs, labels, starts, weights};
    *out = calibration_none(link, n_outputs);
    bantam_status status = check(&rows, link, error);
    if (status) {
        return status;
    }
    out->method = method;
    if (method == CALIBRATION_TEMPERATURE || method == CALIBRATION_ADAPTIVE) {
        out->method = CALIBRATION_TEMPERATURE;
        status = fit_temperature(out, &rows, error);
        if (!status && method == CALIBRATION_ADAPTIVE && calibration_adapts(link, n_outputs)) {
            out->method = CALIBRATION_ADAPTIVE;
            struct adaptive_rows one_label = {scores, n_rows, n_outputs, labels, weights};
            status = calibration_adaptive_fit(out, &one_label, error);
        }
    } else if (method != CALIBRATION_NONE) {
        status = fit_curves(out, &rows, error);
    }
    if (status) {
        calibration_release(out);
    }
    return status;
}
