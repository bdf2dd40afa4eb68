// Metrics of scored rows, each row counted as often as a resample drew it.
#ifndef BANTAM_EVALUATE_METRICS_H
#define BANTAM_EVALUATE_METRICS_H

#include "evaluate/scored_rows.h"

// Weights per class: rows that are of it, rows that were given it, rows of which both holds.
struct class_counts {
    double support, predicted, both;
};

// The metrics that have intervals, and what they are made of.
struct metrics {
    double weight, accuracy, macro_f1, log_loss, calibration_error, brier;
    bantam_reliability_bin bins[BANTAM_RELIABILITY_BINS];
};

// Counts rows, row i `times[i]` times (NULL: once each). `counts` (n_classes) is overwritten.
void metrics_count(struct metrics *metrics, struct class_counts *counts,
                   const struct scored_rows *scored, const uint32_t *times);

double class_precision(const struct class_counts *counts);
double class_recall(const struct class_counts *counts);
double class_f1(const struct class_counts *counts);

// The averages over the classes that occur as truth or guess.
void metrics_averages(bantam_averages *macro, bantam_averages *micro, bantam_averages *weighted,
                      const struct class_counts *counts, size_t n_classes);

// Mean recall of the classes that have rows.
double metrics_balanced_accuracy(const struct class_counts *counts, size_t n_classes);

// The bin of a probability of the likeliest class.
size_t metrics_bin(float confidence);

#endif
