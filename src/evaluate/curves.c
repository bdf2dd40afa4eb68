// Exact where a number is reported (average precision); over 65,537 buckets where a curve is drawn.
#include "evaluate/curves.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"

enum {
    BUCKETS = (1 << 16) + 1
};

struct scored_item {
    float probability, weight;
    bool positive;
};

struct precision_work {
    const struct scored_rows *scored;
    double *out;
    bool *failed; // (n_classes) memory was out
};

static int compare_falling(const void *left, const void *right)
{
    float a = ((const struct scored_item *)left)->probability;
    float b = ((const struct scored_item *)right)->probability;
    return (a < b) - (a > b);
}

static double average_precision(const struct scored_item *items, size_t n)
{
    double positives = 0, taken = 0, hit = 0, area = 0;
    for (size_t i = 0; i < n; i++) {
        positives += items[i].positive ? (double)items[i].weight : 0;
    }
    for (size_t i = 0; i < n && positives > 0;) {
        double before = hit;
        float probability = items[i].probability;
        for (; i < n && items[i].probability >= probability; i++) {
            taken += (double)items[i].weight;
            hit += items[i].positive ? (double)items[i].weight : 0;
        }
        area += taken > 0 ? (hit - before) / positives * (hit / taken) : 0;
    }
    return area;
}

static bool is_of_class(const struct scored_rows *scored, size_t row, size_t class)
{
    size_t n;
    const uint32_t *truths = scored_row_truths(scored, row, &n);
    for (size_t i = 0; i < n; i++) {
        if (truths[i] == class) {
            return true;
        }
    }
    return false;
}

static void measure_class(void *context, size_t class)
{
    const struct precision_work *work = context;
    const struct scored_rows *scored = work->scored;
    struct scored_item *items = memory_allocate_array(scored->n_rows, sizeof *items);
    work->failed[class] = !items;
    if (!items) {
        return;
    }
    for (size_t i = 0; i < scored->n_rows; i++) {
        items[i] =
            (struct scored_item){scored->predictions->probabilities[i * scored->n_classes + class],
                                 scored->rows[i].weight, is_of_class(scored, i, class)};
    }
    qsort(items, scored->n_rows, sizeof *items, compare_falling);
    work->out[class] = average_precision(items, scored->n_rows);
    memory_free(items);
}

bantam_status curve_average_precision(double *out, const struct scored_rows *scored, int n_threads,
                                      bantam_error *error)
{
    bool *failed = memory_allocate_array(scored->n_classes, sizeof *failed);
    bool whole = failed != NULL;
    if (whole) {
        struct precision_work work = {scored, out, failed};
        parallel_for(scored->n_classes, n_threads, measure_class, &work);
    }
    for (size_t c = 0; whole && c < scored->n_classes; c++) {
        whole = !failed[c];
    }
    memory_free(failed);
    return whole ? BANTAM_OK : error_memory(error);
}

// Weights at a rounded probability.
struct bucket {
    double all, right;
};

static size_t bucket_of(float probability)
{
    double at = floor((double)probability * (BUCKETS - 1) + 0.5);
    return at >= BUCKETS ? BUCKETS - 1 : (size_t)at;
}

// Walks from probability 1 down and keeps points that lie at least a 200th of the whole apart in x. `whole` is what x is a share of:
// of the right weight (recall) or of all of it (coverage).
static size_t draw(bantam_curve_point points[CURVE_POINTS], const struct bucket *buckets,
                   double whole, bool recall)
{
    double all = 0, right = 0, last = -1;
    size_t n = 0;
    for (size_t b = BUCKETS; b-- > 0 && whole > 0;) {
        if (buckets[b].all <= 0) {
            continue;
        }
        all += buckets[b].all;
        right += buckets[b].right;
        double x = (recall ? right : all) / whole;
        bool end = x >= 1 - 1e-12;
        if (x - last >= 1.0 / (CURVE_POINTS - 1) || (end && last < x)) {
            n = n == CURVE_POINTS ? n - 1 : n;
            points[n++] = (bantam_curve_point){x, right / all, (double)b / (BUCKETS - 1)};
            last = x;
        }
    }
    return n;
}

bantam_status curve_precision_recall(bantam_curve_point points[CURVE_POINTS], size_t *n,
                                     const struct scored_rows *scored, bantam_error *error)
{
    struct bucket *buckets = memory_allocate_array(BUCKETS, sizeof *buckets);
    if (!buckets) {
        return error_memory(error);
    }
    double whole = 0;
    for (size_t row = 0; row < scored->n_rows; row++) {
        const float *probabilities = scored->predictions->probabilities + row * scored->n_classes;
        double weight = (double)scored->rows[row].weight;
        for (size_t c = 0; c < scored->n_classes; c++) {
            buckets[bucket_of(probabilities[c])].all += weight;
        }
        size_t n_truths;
        const uint32_t *truths = scored_row_truths(scored, row, &n_truths);
        for (size_t i = 0; i < n_truths; i++) {
            buckets[bucket_of(probabilities[truths[i]])].right += weight;
            whole += weight;
        }
    }
    *n = draw(points, buckets, whole, true);
    memory_free(buckets);
    return BANTAM_OK;
}

bantam_status curve_coverage(bantam_curve_point points[CURVE_POINTS], size_t *n,
                             const struct scored_rows *scored, bantam_error *error)
{
    struct bucket *buckets = memory_allocate_array(BUCKETS, sizeof *buckets);
    if (!buckets) {
        return error_memory(error);
    }
    double whole = 0;
    for (size_t row = 0; row < scored->n_rows; row++) {
        const struct scored_row *one = &scored->rows[row];
        struct bucket *bucket = &buckets[bucket_of(one->confidence)];
        bucket->all += (double)one->weight;
        bucket->right += one->top_right ? (double)one->weight : 0;
        whole += (double)one->weight;
    }
    *n = draw(points, buckets, whole, false);
    memory_free(buckets);
    return BANTAM_OK;
}
