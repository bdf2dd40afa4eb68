// How good are predicted probabilities on labelled rows, and how sure is that?
//
// Everything here is a pure function of probabilities, labels, options and seed: it knows no model and no data format. The metrics
// are those of scikit-learn's functions of the same names (tests/parity holds them against it).
#ifndef BANTAM_EVALUATE_H
#define BANTAM_EVALUATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dataset.h"
#include "status.h"

// What a model said of labelled rows. Everything is borrowed for the time of the call.
typedef struct bantam_predictions {
    size_t n_rows, n_classes;
    const char *const *names; // (n_classes) of the classes, sorted or not
    const float
        *probabilities; // (n_rows, n_classes) each in [0, 1]; of a single-label row they sum to 1
    const uint32_t *labels;     // (n_rows) the true classes; multi-label: (label_starts[n_rows])
    const size_t *label_starts; // (n_rows + 1) where a row's labels begin; NULL: one label a row
    const float *weights;       // (n_rows) ≥ 0; NULL: 1 each
    const uint32_t
        *groups; // (n_rows) rows of one group are resampled together; NULL: each row alone
    const bantam_text *texts; // (n_rows) shown with mistakes; NULL: none
} bantam_predictions;

typedef struct bantam_evaluate_options {
    size_t n_resamples; // of the bootstrap; 0: no intervals; at most 100,000, default 1,000
    double confidence;  // of the intervals; above 0 and below 1, default 0.95
    double threshold;   // multi-label: a class is given from this probability on; default 0.5
    size_t n_mistakes;  // mistakes listed, the surest first; at most 10,000, default 20
    size_t
        n_confused; // pairs of classes listed, the most often confused first; at most 10,000, default 20
    uint64_t seed; // default 1
    int n_threads; // default 1; the result does not depend on it
} bantam_evaluate_options;

BANTAM_API bantam_evaluate_options bantam_evaluate_options_default(void);

// A value with its bootstrap interval (percentiles); low = high = value where there were no resamples.
typedef struct bantam_interval {
    double value, low, high;
} bantam_interval;

typedef struct bantam_averages {
    double precision, recall, f1;
} bantam_averages;

typedef struct bantam_class_result {
    const char *name;
    double precision, recall, f1; // 0 where undefined
    double average_precision; // area under the precision–recall curve by steps; 0 without true rows
    double support;           // weight of the rows that are of the class
    double predicted;         // weight of the rows that were given it
} bantam_class_result;

typedef struct bantam_confused_pair {
    uint32_t truth, guess; // classes
    double weight;         // of the rows of class `truth` that were given `guess`
} bantam_confused_pair;

typedef struct bantam_mistake {
    size_t row;
    uint32_t truth,
        guess; // multi-label: the row's first label, or n_classes where it has none; the likeliest class
    double probability;       // of the guess
    double truth_probability; // of the truth
    const char
        *text; // the first 300 bytes at most, damaged UTF-8 and all; NULL where no texts were given
    size_t text_size;
} bantam_mistake;

#define BANTAM_RELIABILITY_BINS 15

// Rows whose likeliest class has a probability in (i / 15, (i + 1) / 15].
typedef struct bantam_reliability_bin {
    double weight;     // of its rows
    double confidence; // mean probability of the likeliest class
    double accuracy;   // share of rows of which it is a true one
} bantam_reliability_bin;

typedef struct bantam_curve_point {
    double x, y, threshold;
} bantam_curve_point;

typedef struct bantam_evaluation {
    size_t n_rows, n_classes;
    bool multi_label;
    bool has_intervals;
    double confidence; // of the intervals
    double weight;     // of all rows

    bantam_interval
        accuracy; // share of rows given exactly their label (multi-label: exactly their set)
    bantam_interval macro_f1;
    bantam_interval
        log_loss; // nats a row, probabilities clipped at 2^-23; multi-label: mean over classes
    bantam_interval
        calibration_error; // expected, over 15 bins of the likeliest class's probability (Guo et al. 2017)
    double balanced_accuracy; // mean recall of the classes that have rows
    double
        brier_score; // multinomial: Σ_c (p_c − y_c)² a row; halved for two classes; multi-label: mean over classes
    double mean_average_precision; // over the classes that have rows

    bantam_averages macro, micro, weighted; // over the classes that occur as truth or guess
    const bantam_class_result *classes;     // (n_classes)
    const double
        *confusion; // (n_classes, n_classes) weight by truth and guess; NULL for multi-label
    const bantam_confused_pair *confused; // most often first
    size_t n_confused;
    const bantam_mistake *mistakes; // the surest first
    size_t n_mistakes;
    bantam_reliability_bin reliability[BANTAM_RELIABILITY_BINS];
    const bantam_curve_point
        *precision_recall; // over all (row, class) pairs: x recall, y precision; falling threshold
    size_t n_precision_recall;
    const bantam_curve_point *
        coverage; // x share of rows at or above the threshold, y accuracy of the likeliest class on them
    size_t n_coverage;
} bantam_evaluation;

// Measures. `options` may be NULL. Errors: BANTAM_ERROR_ARGUMENT (no rows, a label that is no class, a probability outside [0, 1] or
// NaN, weights that are negative or sum to 0; an option out of its range), BANTAM_ERROR_MEMORY. `*out` is NULL on failure and owns
// all it points to. Thread-safe.
//
// Intervals: Efron's percentile bootstrap over rows, or over groups where there are any (Efron & Tibshirani 1993, ch. 13).
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_evaluate(bantam_evaluation **out,
                                                           const bantam_predictions *predictions,
                                                           const bantam_evaluate_options *options,
                                                           bantam_error *error);

BANTAM_API void bantam_evaluation_free(bantam_evaluation **evaluation);

// Two models on the same rows; differences are second minus first.
typedef struct bantam_comparison {
    size_t n_rows;
    double confidence;        // of the intervals
    double first_only_right;  // number of rows that only the first gets right
    double second_only_right; // … only the second
    double both_right, both_wrong;
    double
        p_value; // exact McNemar test, two-sided: how often equally good models differ as much in accuracy
    bantam_interval accuracy, macro_f1, log_loss,
        calibration_error; // paired bootstrap of the differences
} bantam_comparison;

// Compares. Both must have the same rows, classes, labels and weights (those of `first` are used). Errors: as bantam_evaluate.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_compare(bantam_comparison *out,
                                                          const bantam_predictions *first,
                                                          const bantam_predictions *second,
                                                          const bantam_evaluate_options *options,
                                                          bantam_error *error);

// Gives each row a fold below n_folds so that each class is spread evenly (scikit-learn's StratifiedKFold: with seed 0 the same
// folds as its own without shuffling; with another seed rows of a class are shuffled first). `folds` and `labels` are (n_rows);
// n_folds 2 to 1,000,000. Errors: BANTAM_ERROR_ARGUMENT (fewer rows than folds), BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_folds_stratified(int *folds,
                                                                   const uint32_t *labels,
                                                                   size_t n_rows, size_t n_classes,
                                                                   int n_folds, uint64_t seed,
                                                                   bantam_error *error);

// Gives each row a fold so that no group is split: the largest groups first, each to the fold with the fewest rows (scikit-learn's
// GroupKFold up to the order of groups of one size; here the lower number goes first). Errors: BANTAM_ERROR_ARGUMENT (fewer groups
// than folds), BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_folds_grouped(int *folds, const uint32_t *groups,
                                                                size_t n_rows, size_t n_groups,
                                                                int n_folds, bantam_error *error);

#endif
