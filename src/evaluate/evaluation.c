// Puts one evaluation together: all that it points to lies in one arena.
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "evaluate/bootstrap.h"
#include "evaluate/curves.h"

enum {
    RESAMPLES_MAXIMUM = 100000,
    LISTED_MAXIMUM = 10000,
    MISTAKE_TEXT = 300, // bytes shown
};

struct owned_evaluation {
    bantam_evaluation evaluation; // first: a pointer to it is one to the whole
    struct arena arena;
};

bantam_evaluate_options bantam_evaluate_options_default(void)
{
    return (bantam_evaluate_options){.n_resamples = 1000,
                                     .confidence = 0.95,
                                     .threshold = 0.5,
                                     .n_mistakes = 20,
                                     .n_confused = 20,
                                     .seed = 1,
                                     .n_threads = 1};
}

bantam_status evaluate_options_check(const bantam_evaluate_options *options, bantam_error *error)
{
    if (options->n_resamples > RESAMPLES_MAXIMUM || options->n_mistakes > LISTED_MAXIMUM ||
        options->n_confused > LISTED_MAXIMUM) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "at most 100,000 resamples, 10,000 mistakes and 10,000 pairs");
    }
    if (!(options->confidence > 0 && options->confidence < 1)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "the confidence lies between 0 and 1");
    }
    return BANTAM_OK;
}

void bantam_evaluation_free(bantam_evaluation **evaluation)
{
    if (*evaluation) {
        struct owned_evaluation *owned = (struct owned_evaluation *)*evaluation;
        arena_release(&owned->arena);
        memory_free(owned);
        *evaluation = NULL;
    }
}

static bool set_classes(struct owned_evaluation *owned, const struct class_counts *counts,
                        const double *precisions, const bantam_predictions *predictions)
{
    bantam_evaluation *evaluation = &owned->evaluation;
    bantam_class_result *classes =
        arena_allocate_array(&owned->arena, evaluation->n_classes, sizeof *classes);
    double n = 0;
    for (size_t c = 0; classes && c < evaluation->n_classes; c++) {
        classes[c] = (bantam_class_result){
            .name = arena_copy_string(&owned->arena, predictions->names[c]),
            .precision = class_precision(&counts[c]),
            .recall = class_recall(&counts[c]),
            .f1 = class_f1(&counts[c]),
            .average_precision = precisions[c],
            .support = counts[c].support,
            .predicted = counts[c].predicted,
        };
        if (!classes[c].name) {
            return false;
        }
        evaluation->mean_average_precision += counts[c].support > 0 ? precisions[c] : 0;
        n += counts[c].support > 0;
    }
    evaluation->mean_average_precision /= n > 0 ? n : 1;
    evaluation->classes = classes;
    return classes != NULL;
}

static int compare_pairs(const void *left, const void *right)
{
    const bantam_confused_pair *a = left, *b = right;
    if (a->weight < b->weight || a->weight > b->weight) {
        return a->weight < b->weight ? 1 : -1;
    }
    return a->truth != b->truth ? (a->truth > b->truth) - (a->truth < b->truth)
                                : (a->guess > b->guess) - (a->guess < b->guess);
}

static bool set_confusion(struct owned_evaluation *owned, const struct scored_rows *scored,
                          size_t n_listed)
{
    bantam_evaluation *evaluation = &owned->evaluation;
    size_t n = scored->n_classes, n_pairs = 0;
    size_t n_cells;
    if (__builtin_mul_overflow(n, n, &n_cells)) {
        return false;
    }
    double *confusion = arena_allocate_array(&owned->arena, n_cells, sizeof *confusion);
    for (size_t row = 0; confusion && row < scored->n_rows; row++) {
        double *cell =
            &confusion[scored->predictions->labels[row] * n + (size_t)scored->rows[row].top];
        n_pairs += *cell <= 0;
        *cell += (double)scored->rows[row].weight;
    }
    bantam_confused_pair *pairs = confusion ? memory_allocate_array(n_pairs, sizeof *pairs) : NULL;
    if (!pairs) {
        return false;
    }
    n_pairs = 0;
    for (size_t i = 0; i < n_cells; i++) {
        if (confusion[i] > 0 && i / n != i % n) {
            pairs[n_pairs++] =
                (bantam_confused_pair){(uint32_t)(i / n), (uint32_t)(i % n), confusion[i]};
        }
    }
    qsort(pairs, n_pairs, sizeof *pairs, compare_pairs);
    n_pairs = n_pairs < n_listed ? n_pairs : n_listed;
    bantam_confused_pair *listed = arena_allocate_array(&owned->arena, n_pairs, sizeof *listed);
    if (listed && n_pairs) {
        memcpy(listed, pairs, n_pairs * sizeof *listed);
    }
    memory_free(pairs);
    evaluation->confusion = confusion;
    evaluation->confused = listed;
    evaluation->n_confused = n_pairs;
    return listed != NULL;
}

struct ranked_row {
    float confidence;
    uint32_t row;
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked_row *a = left, *b = right;
    if (a->confidence < b->confidence || a->confidence > b->confidence) {
        return a->confidence < b->confidence ? 1 : -1;
    }
    return (a->row > b->row) - (a->row < b->row);
}

static bool describe_mistake(struct owned_evaluation *owned, bantam_mistake *mistake,
                             const struct scored_rows *scored, size_t row)
{
    size_t n_truths;
    const bantam_predictions *predictions = scored->predictions;
    const uint32_t *truths = scored_row_truths(scored, row, &n_truths);
    const float *probabilities = predictions->probabilities + row * scored->n_classes;
    *mistake = (bantam_mistake){.row = row,
                                .truth = n_truths ? truths[0] : (uint32_t)scored->n_classes,
                                .guess = scored->rows[row].top,
                                .probability = (double)scored->rows[row].confidence};
    mistake->truth_probability = n_truths ? (double)probabilities[truths[0]] : 0;
    if (predictions->texts) {
        size_t size = predictions->texts[row].size;
        mistake->text_size = size < MISTAKE_TEXT ? size : MISTAKE_TEXT;
        mistake->text =
            arena_copy(&owned->arena, predictions->texts[row].bytes, mistake->text_size);
        return mistake->text != NULL;
    }
    return true;
}

static bool set_mistakes(struct owned_evaluation *owned, const struct scored_rows *scored,
                         size_t n_listed)
{
    struct ranked_row *ranked = memory_allocate_array(scored->n_rows, sizeof *ranked);
    size_t n = 0;
    for (uint32_t row = 0; ranked && row < scored->n_rows; row++) {
        if (!scored->rows[row].top_right && scored->rows[row].weight > 0) {
            ranked[n++] = (struct ranked_row){scored->rows[row].confidence, row};
        }
    }
    if (!ranked) {
        return false;
    }
    qsort(ranked, n, sizeof *ranked, compare_ranked);
    n = n < n_listed ? n : n_listed;
    bantam_mistake *mistakes = arena_allocate_array(&owned->arena, n, sizeof *mistakes);
    bool whole = mistakes != NULL;
    for (size_t i = 0; whole && i < n; i++) {
        whole = describe_mistake(owned, &mistakes[i], scored, ranked[i].row);
    }
    memory_free(ranked);
    owned->evaluation.mistakes = mistakes;
    owned->evaluation.n_mistakes = n;
    return whole;
}

static bantam_status set_curves(struct owned_evaluation *owned, const struct scored_rows *scored,
                                bantam_error *error)
{
    bantam_curve_point *points =
        arena_allocate_array(&owned->arena, (size_t)2 * CURVE_POINTS, sizeof *points);
    if (!points) {
        return error_memory(error);
    }
    bantam_evaluation *evaluation = &owned->evaluation;
    evaluation->precision_recall = points;
    evaluation->coverage = points + CURVE_POINTS;
    bantam_status status =
        curve_precision_recall(points, &evaluation->n_precision_recall, scored, error);
    return status ? status
                  : curve_coverage(points + CURVE_POINTS, &evaluation->n_coverage, scored, error);
}

static bantam_status set_counts(struct owned_evaluation *owned, const struct scored_rows *scored,
                                const bantam_evaluate_options *options, struct class_counts *counts,
                                double *precisions, bantam_error *error)
{
    bantam_evaluation *evaluation = &owned->evaluation;
    struct metrics metrics;
    bantam_interval intervals[BOOTSTRAP_METRICS];
    metrics_count(&metrics, counts, scored, NULL);
    bootstrap_start(intervals, &metrics);
    evaluation->weight = metrics.weight;
    evaluation->brier_score = metrics.brier;
    evaluation->balanced_accuracy = metrics_balanced_accuracy(counts, scored->n_classes);
    memcpy(evaluation->reliability, metrics.bins, sizeof metrics.bins);
    metrics_averages(&evaluation->macro, &evaluation->micro, &evaluation->weighted, counts,
                     scored->n_classes);
    bantam_status status = curve_average_precision(precisions, scored, options->n_threads, error);
    if (!status && options->n_resamples) {
        status = bootstrap_intervals(intervals, scored, NULL, options, error);
    }
    evaluation->has_intervals = options->n_resamples > 0;
    evaluation->accuracy = intervals[BOOTSTRAP_ACCURACY];
    evaluation->macro_f1 = intervals[BOOTSTRAP_MACRO_F1];
    evaluation->log_loss = intervals[BOOTSTRAP_LOG_LOSS];
    evaluation->calibration_error = intervals[BOOTSTRAP_CALIBRATION];
    return status;
}

static bantam_status fill(struct owned_evaluation *owned, const struct scored_rows *scored,
                          const bantam_evaluate_options *options, bantam_error *error)
{
    size_t n_classes = scored->n_classes;
    struct class_counts *counts = memory_allocate_array(n_classes, sizeof *counts);
    double *precisions = memory_allocate_array(n_classes, sizeof *precisions);
    bantam_status status = counts && precisions
                               ? set_counts(owned, scored, options, counts, precisions, error)
                               : error_memory(error);
    if (!status) {
        bool whole = set_classes(owned, counts, precisions, scored->predictions) &&
                     (scored->multi_label || set_confusion(owned, scored, options->n_confused)) &&
                     set_mistakes(owned, scored, options->n_mistakes);
        status = whole ? set_curves(owned, scored, error) : error_memory(error);
    }
    memory_free(counts);
    memory_free(precisions);
    return status;
}

bantam_status bantam_evaluate(bantam_evaluation **out, const bantam_predictions *predictions,
                              const bantam_evaluate_options *options, bantam_error *error)
{
    *out = NULL;
    bantam_evaluate_options standard = bantam_evaluate_options_default();
    options = options ? options : &standard;
    struct scored_rows scored;
    bantam_status status = evaluate_options_check(options, error);
    if (!status) {
        status = scored_rows_init(&scored, predictions, options->threshold, error);
    }
    if (status) {
        return status;
    }
    struct owned_evaluation *owned = memory_allocate_array(1, sizeof *owned);
    if (owned) {
        owned->evaluation.n_rows = scored.n_rows;
        owned->evaluation.n_classes = scored.n_classes;
        owned->evaluation.multi_label = scored.multi_label;
        owned->evaluation.confidence = options->confidence;
        *out = &owned->evaluation;
        status = fill(owned, &scored, options, error);
    } else {
        status = error_memory(error);
    }
    if (status) {
        bantam_evaluation_free(out);
    }
    scored_rows_release(&scored);
    return status;
}
