// Sums run in the order of rows and classes, so that the same rows give the same bits.
#include "evaluate/metrics.h"

#include <math.h>
#include <string.h>

size_t metrics_bin(float confidence)
{
    double at = ceil((double)confidence * BANTAM_RELIABILITY_BINS) - 1;
    return at < 0 ? 0 : at >= BANTAM_RELIABILITY_BINS ? BANTAM_RELIABILITY_BINS - 1 : (size_t)at;
}

static void count_classes(struct class_counts *counts, const struct scored_rows *scored, size_t row,
                          double weight)
{
    if (!scored->multi_label) {
        uint32_t truth = scored->predictions->labels[row], guess = scored->rows[row].top;
        counts[truth].support += weight;
        counts[guess].predicted += weight;
        counts[truth].both += truth == guess ? weight : 0;
        return;
    }
    size_t n_truths, n_guesses;
    const uint32_t *truths = scored_row_truths(scored, row, &n_truths);
    const uint32_t *guesses = scored_row_guesses(scored, row, &n_guesses);
    for (size_t i = 0; i < n_guesses; i++) {
        counts[guesses[i]].predicted += weight;
    }
    for (size_t i = 0; i < n_truths; i++) {
        counts[truths[i]].support += weight;
        for (size_t j = 0; j < n_guesses; j++) {
            counts[truths[i]].both += truths[i] == guesses[j] ? weight : 0;
        }
    }
}

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

double class_precision(const struct class_counts *counts)
{
    return ratio(counts->both, counts->predicted);
}

double class_recall(const struct class_counts *counts)
{
    return ratio(counts->both, counts->support);
}

double class_f1(const struct class_counts *counts)
{
    return ratio(2 * counts->both, counts->support + counts->predicted);
}

static double macro_f1(const struct class_counts *counts, size_t n_classes)
{
    double sum = 0, n = 0;
    for (size_t c = 0; c < n_classes; c++) {
        if (counts[c].support > 0 || counts[c].predicted > 0) {
            sum += class_f1(&counts[c]);
            n++;
        }
    }
    return ratio(sum, n);
}

// Turns sums into means; the error is Σ_bins share · |accuracy − confidence|.
static double finish_bins(bantam_reliability_bin *bins, double weight)
{
    double error = 0;
    for (size_t i = 0; i < BANTAM_RELIABILITY_BINS; i++) {
        error += ratio(fabs(bins[i].accuracy - bins[i].confidence), weight);
        bins[i].accuracy = ratio(bins[i].accuracy, bins[i].weight);
        bins[i].confidence = ratio(bins[i].confidence, bins[i].weight);
    }
    return error;
}

void metrics_count(struct metrics *metrics, struct class_counts *counts,
                   const struct scored_rows *scored, const uint32_t *times)
{
    *metrics = (struct metrics){0};
    memset(counts, 0, scored->n_classes * sizeof *counts);
    for (size_t i = 0; i < scored->n_rows; i++) {
        const struct scored_row *row = &scored->rows[i];
        double weight = (double)row->weight * (times ? times[i] : 1);
        if (weight <= 0) {
            continue;
        }
        metrics->weight += weight;
        metrics->accuracy += row->right ? weight : 0;
        metrics->log_loss += weight * row->log_loss;
        metrics->brier += weight * row->brier;
        bantam_reliability_bin *bin = &metrics->bins[metrics_bin(row->confidence)];
        bin->weight += weight;
        bin->confidence += weight * (double)row->confidence;
        bin->accuracy += row->top_right ? weight : 0;
        count_classes(counts, scored, i, weight);
    }
    metrics->accuracy = ratio(metrics->accuracy, metrics->weight);
    metrics->log_loss = ratio(metrics->log_loss, metrics->weight);
    metrics->brier = ratio(metrics->brier, metrics->weight);
    metrics->macro_f1 = macro_f1(counts, scored->n_classes);
    metrics->calibration_error = finish_bins(metrics->bins, metrics->weight);
}

void metrics_averages(bantam_averages *macro, bantam_averages *micro, bantam_averages *weighted,
                      const struct class_counts *counts, size_t n_classes)
{
    struct class_counts all = {0};
    double n = 0;
    *macro = *micro = *weighted = (bantam_averages){0};
    for (size_t c = 0; c < n_classes; c++) {
        const struct class_counts *class = &counts[c];
        all.support += class->support;
        all.predicted += class->predicted;
        all.both += class->both;
        if (class->support <= 0 && class->predicted <= 0) {
            continue;
        }
        n++;
        macro->precision += class_precision(class);
        macro->recall += class_recall(class);
        macro->f1 += class_f1(class);
        weighted->precision += class->support * class_precision(class);
        weighted->recall += class->support * class_recall(class);
        weighted->f1 += class->support * class_f1(class);
    }
    *micro = (bantam_averages){class_precision(&all), class_recall(&all), class_f1(&all)};
    *macro =
        (bantam_averages){ratio(macro->precision, n), ratio(macro->recall, n), ratio(macro->f1, n)};
    *weighted =
        (bantam_averages){ratio(weighted->precision, all.support),
                          ratio(weighted->recall, all.support), ratio(weighted->f1, all.support)};
}

double metrics_balanced_accuracy(const struct class_counts *counts, size_t n_classes)
{
    double sum = 0, n = 0;
    for (size_t c = 0; c < n_classes; c++) {
        if (counts[c].support > 0) {
            sum += class_recall(&counts[c]);
            n++;
        }
    }
    return ratio(sum, n);
}
