// A resample is how often each row (or group) was drawn; one pass over the rows then counts all metrics.
#include "evaluate/bootstrap.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/random.h"

struct bootstrap {
    const struct scored_rows *first, *second;
    const bantam_evaluate_options *options;
    const uint32_t *units; // (n_rows) what is drawn as one; NULL: each row by itself
    size_t n_units;
    double *values; // (BOOTSTRAP_METRICS, n_resamples)
    bool *failed;   // (n_resamples) memory was out
};

static void values_of(double values[BOOTSTRAP_METRICS], const struct metrics *metrics)
{
    values[BOOTSTRAP_ACCURACY] = metrics->accuracy;
    values[BOOTSTRAP_MACRO_F1] = metrics->macro_f1;
    values[BOOTSTRAP_LOG_LOSS] = metrics->log_loss;
    values[BOOTSTRAP_CALIBRATION] = metrics->calibration_error;
}

void bootstrap_start(bantam_interval intervals[BOOTSTRAP_METRICS], const struct metrics *metrics)
{
    double values[BOOTSTRAP_METRICS];
    values_of(values, metrics);
    for (size_t m = 0; m < BOOTSTRAP_METRICS; m++) {
        intervals[m] = (bantam_interval){values[m], values[m], values[m]};
    }
}

// How often each row comes in resample i.
static void draw(const struct bootstrap *bootstrap, size_t i, uint32_t *unit_times,
                 uint32_t *row_times)
{
    struct random random = {bootstrap->options->seed};
    random.state = random_next(&random) ^ (uint64_t)i;
    uint32_t *times = bootstrap->units ? unit_times : row_times;
    memset(times, 0, bootstrap->n_units * sizeof *times);
    for (size_t drawn = 0; drawn < bootstrap->n_units; drawn++) {
        times[random_below(&random, bootstrap->n_units)]++;
    }
    for (size_t row = 0; bootstrap->units && row < bootstrap->first->n_rows; row++) {
        row_times[row] = unit_times[bootstrap->units[row]];
    }
}

static void resample(void *context, size_t i)
{
    const struct bootstrap *bootstrap = context;
    size_t n_rows = bootstrap->first->n_rows, n_resamples = bootstrap->options->n_resamples;
    uint32_t *times = memory_allocate_array(n_rows + bootstrap->n_units, sizeof *times);
    struct class_counts *counts =
        memory_allocate_array(bootstrap->first->n_classes, sizeof *counts);
    bootstrap->failed[i] = !times || !counts;
    if (!bootstrap->failed[i]) {
        double values[BOOTSTRAP_METRICS], others[BOOTSTRAP_METRICS] = {0};
        draw(bootstrap, i, times + n_rows, times);
        struct metrics metrics;
        metrics_count(&metrics, counts, bootstrap->first, times);
        values_of(values, &metrics);
        if (bootstrap->second) {
            memcpy(others, values, sizeof others);
            metrics_count(&metrics, counts, bootstrap->second, times);
            values_of(values, &metrics);
        }
        for (size_t m = 0; m < BOOTSTRAP_METRICS; m++) {
            bootstrap->values[m * n_resamples + i] = values[m] - others[m];
        }
    }
    memory_free(times);
    memory_free(counts);
}

static int compare_values(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

// Linear between the two nearest of the sorted values.
static double quantile(const double *values, size_t n, double share)
{
    double at = share * (double)(n - 1);
    size_t below = (size_t)at;
    double rest = at - (double)below;
    return below + 1 < n ? values[below] * (1 - rest) + values[below + 1] * rest : values[n - 1];
}

// Numbers groups by the highest, so that any numbers are allowed.
static size_t count_units(const uint32_t *groups, size_t n_rows)
{
    size_t n_units = 0;
    for (size_t i = 0; i < n_rows; i++) {
        n_units = groups[i] >= n_units ? (size_t)groups[i] + 1 : n_units;
    }
    return n_units;
}

bantam_status bootstrap_intervals(bantam_interval intervals[BOOTSTRAP_METRICS],
                                  const struct scored_rows *first, const struct scored_rows *second,
                                  const bantam_evaluate_options *options, bantam_error *error)
{
    size_t n = options->n_resamples;
    const uint32_t *groups = first->predictions->groups;
    struct bootstrap bootstrap = {first, second, options, groups, first->n_rows, NULL, NULL};
    if (groups) {
        bootstrap.n_units = count_units(groups, first->n_rows);
    }
    bootstrap.values = memory_allocate_array(n * BOOTSTRAP_METRICS, sizeof *bootstrap.values);
    bootstrap.failed = memory_allocate_array(n, sizeof *bootstrap.failed);
    bool whole = bootstrap.values && bootstrap.failed;
    if (whole) {
        parallel_for(n, options->n_threads, resample, &bootstrap);
    }
    for (size_t i = 0; whole && i < n; i++) {
        whole = !bootstrap.failed[i];
    }
    for (size_t m = 0; whole && m < BOOTSTRAP_METRICS; m++) {
        double *values = bootstrap.values + m * n;
        qsort(values, n, sizeof *values, compare_values);
        intervals[m].low = quantile(values, n, (1 - options->confidence) / 2);
        intervals[m].high = quantile(values, n, (1 + options->confidence) / 2);
    }
    memory_free(bootstrap.values);
    memory_free(bootstrap.failed);
    return whole ? BANTAM_OK : error_memory(error);
}
