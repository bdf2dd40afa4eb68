// Training a text classifier: n-grams as scikit-learn counts and weighs them, logistic regression, calibrated probabilities.
//
// Every option has a name, a default and a range in one table, which bantam_classifier_option_* reads: the command line, the help
// and the record in the model file come from it. The defaults are those of scikit-learn's TfidfVectorizer and LogisticRegression;
// beyond them, probabilities are scaled on held-out folds.
#ifndef BANTAM_CLASSIFIER_TRAIN_H
#define BANTAM_CLASSIFIER_TRAIN_H

#include "classifier.h"
#include "dataset.h"
#include "train.h"

typedef enum bantam_analyzer {
    BANTAM_ANALYZER_WORD = 0,    // words of two or more letters, digits or underscores
    BANTAM_ANALYZER_CHAR = 1,    // characters of the whole text
    BANTAM_ANALYZER_CHAR_WB = 2, // characters within a word and one blank at either side
} bantam_analyzer;

typedef enum bantam_strip_accents {
    BANTAM_STRIP_NONE = 0,
    BANTAM_STRIP_ASCII = 1,   // drops what has no ASCII base letter
    BANTAM_STRIP_UNICODE = 2, // drops combining marks only
} bantam_strip_accents;

typedef enum bantam_norm {
    BANTAM_NORM_NONE = 0,
    BANTAM_NORM_L1 = 1,
    BANTAM_NORM_L2 = 2,
} bantam_norm;

// One part of the features; several stand side by side.
typedef struct bantam_text_part {
    bantam_analyzer analyzer;           // default word
    int n_min, n_max;                   // lengths of n-grams, 1 to 16; default 1 and 1
    bool lowercase;                     // default true
    bantam_strip_accents strip_accents; // default none
    double min_df,
        max_df; // documents an n-gram must and may stand in: below 1 (max_df: up to 1) a share of all, else a number;
                // default 1 and 1.0 (all)
    size_t max_features; // the most frequent n-grams are kept; 0 (default): all
    bool binary;         // counts above 1 become 1; default false
    bool sublinear_tf;   // 1 + ln(count) in the place of the count; default false
    bool idf,
        smooth_idf;   // weigh by rarity, as if one more document held every n-gram; default true
    bantam_norm norm; // of a document's values; default l2
    bool stop_words;  // leave out scikit-learn's English stop words (word only); default false
    int hash_bits;    // 0 (default): a vocabulary; 8 to 24: 2^bits buckets instead
} bantam_text_part;

enum {
    BANTAM_TEXT_PARTS_MAXIMUM = 4
};

typedef enum bantam_penalty {
    BANTAM_PENALTY_L2 = 0,
    BANTAM_PENALTY_L1 = 1,
    BANTAM_PENALTY_ELASTIC_NET = 2,
} bantam_penalty;

typedef enum bantam_multi_class {
    BANTAM_MULTINOMIAL = 0,
    BANTAM_ONE_VS_REST = 1,
} bantam_multi_class;

typedef enum bantam_calibration {
    BANTAM_CALIBRATE_NONE = 0,
    BANTAM_CALIBRATE_TEMPERATURE = 1,
    BANTAM_CALIBRATE_SIGMOID = 2,
    BANTAM_CALIBRATE_ISOTONIC = 3,
    // A temperature of each text, by the spread of its scores; of all texts where there are two labels, or several a text.
    BANTAM_CALIBRATE_ADAPTIVE = 4,
    // The temperature, or the adaptive one where 1,000 rows or more are held out and both log-loss and calibration error across their
    // folds are lower by it.
    BANTAM_CALIBRATE_AUTO = 5,
} bantam_calibration;

typedef struct bantam_classifier_options {
    bantam_text_part parts[BANTAM_TEXT_PARTS_MAXIMUM]; // (n_parts)
    size_t n_parts;                                    // 1 to BANTAM_TEXT_PARTS_MAXIMUM, default 1
    double C;               // inverse strength of the penalty, > 0; default 1
    bantam_penalty penalty; // default l2
    double l1_ratio;        // elastic net: the share of l1, 0 to 1; default 0.5
    bantam_multi_class
        multi_class;  // default multinomial; two classes and multi-label data make no difference
    bool balanced;    // weigh classes by the inverse of their size; default false
    double tolerance; // the fit ends within this share of its objective, proven; > 0, default 1e-8
    size_t max_iterations;          // default 200
    bantam_calibration calibration; // default auto
    int folds; // held-out folds for calibration and for what is measured; 2 to 20, default 5
    bool
        keep_texts; // keep the training texts in the model, to show the nearest ones; default false
    uint64_t seed;  // of the folds; default 1
    int n_threads;  // default 1; the result does not depend on it
    bantam_progress progress; // may be NULL
    void *progress_context;
} bantam_classifier_options;

BANTAM_API bantam_classifier_options bantam_classifier_options_default(void);

// One line of the table of options.
typedef struct bantam_classifier_option {
    const char *name;    // as on the command line, without the dashes: "min-df"
    const char *value;   // what it takes: "N", "MIN-MAX", "word|char|char_wb"; NULL for a switch
    const char *initial; // the default, as text
    const char *help;    // what it does, one line
} bantam_classifier_option;

// The table; `*n_options` gets its length. Static.
BANTAM_API const bantam_classifier_option *bantam_classifier_option_table(size_t *n_options);

// Sets one option from text, as the command line does. An option of the features may give each part its own value, joined by '+'
// ("word+char_wb", "1-2+2-5"); one value goes for all parts. Errors: BANTAM_ERROR_ARGUMENT with what is allowed.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_classifier_option_set(
    bantam_classifier_options *options, const char *name, const char *value, bantam_error *error);

// Whether the options go together and each is in its range; training checks that, too. Errors: BANTAM_ERROR_ARGUMENT, with the option's
// name in front.
BANTAM_API BANTAM_MUST_CHECK bantam_status
bantam_classifier_options_check(const bantam_classifier_options *options, bantam_error *error);

// Appends the option's value in the same notation. `name` is of the table.
BANTAM_API void bantam_classifier_option_text(bantam_buffer *out,
                                              const bantam_classifier_options *options,
                                              const char *name);

// What the classifier was trained with, from its model file. Borrowed.
BANTAM_API const bantam_classifier_options *
bantam_classifier_trained_options(const bantam_classifier *classifier);

// What the training found out. The held-out figures come from models that had not seen the rows (cross-validation by `folds`).
typedef struct bantam_classifier_report {
    size_t n_rows, n_features, n_labels;
    double objective;    // at the solution, as scikit-learn counts it: C · loss + penalty
    double gap;          // how far it may at most be above the optimum
    bool converged;      // to the tolerance
    size_t n_iterations; // of the final fit
    bantam_calibration calibration; // what was used: none where there were too few rows
    size_t n_held_out;              // rows that the following speak of; 0: not measured
    double accuracy;                // multi-label: of whole label sets
    double log_loss;                // in nats, calibrated; multi-label: the sum over labels
    double calibration_error_before, calibration_error; // expected calibration error, 15 bins
    double temperature; // 1 where none was fitted; adaptive: of a text of typical spread
} bantam_classifier_report;

// Trains on a finished dataset. `report` may be NULL. `*out` is NULL on failure.
//
// Errors: BANTAM_ERROR_INPUT (no rows, fewer than two labels, no n-gram in any text), BANTAM_ERROR_ARGUMENT (an option out of its
// range), BANTAM_ERROR_MEMORY, BANTAM_ERROR_CANCELLED. The same data, options and seed give the same model on any number of threads.
BANTAM_API BANTAM_MUST_CHECK bantam_status
bantam_classifier_train(bantam_classifier **out, const bantam_dataset *dataset,
                        const bantam_classifier_options *options, bantam_classifier_report *report,
                        bantam_error *error);

// ---- data larger than memory ------------------------------------------------------------------

// A classifier in the making that sees one row at a time: hashed features, AdaGrad (Duchi, Hazan, Singer 2011). Of the rows it keeps
// only every twentieth, and of those a sample, to calibrate and measure on; they are not learned.
//
// Memory: 12 bytes for each of 2^hash_bits · labels weights, and at most 64 MB for the sample and the row at hand (whose text may have
// 16 MB). It does not grow with the number of rows.
typedef struct bantam_classifier_stream bantam_classifier_stream;

// Begins. `labels` are all labels that will come, any order. The options' parts must have hash_bits and no idf; penalty, balanced,
// tolerance, max_iterations, folds and keep_texts have no part in it. `n_rows` is how many rows a pass has, for the strength of the
// penalty, which C tells; 0: not known, no penalty. Errors: BANTAM_ERROR_ARGUMENT, BANTAM_ERROR_INPUT (fewer than two labels, one twice or not UTF-8),
// BANTAM_ERROR_MEMORY. `*out` is NULL on failure.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_classifier_stream_new(
    bantam_classifier_stream **out, const char *const *labels, size_t n_labels, bool multi_label,
    size_t n_rows, const bantam_classifier_options *options, bantam_error *error);

// Takes a row. Errors: BANTAM_ERROR_INPUT (a label that was not told), BANTAM_ERROR_MEMORY; the row is then left out.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_classifier_stream_learn(
    bantam_classifier_stream *stream, const bantam_record *record, bantam_error *error);

// Before the same rows come once more in the same order.
BANTAM_API void bantam_classifier_stream_rewind(bantam_classifier_stream *stream);

// Makes the classifier; the stream can only be freed then. `report` may be NULL. Errors: BANTAM_ERROR_INPUT (no rows),
// BANTAM_ERROR_MEMORY. `*out` is NULL on failure.
BANTAM_API BANTAM_MUST_CHECK bantam_status
bantam_classifier_stream_finish(bantam_classifier **out, bantam_classifier_stream *stream,
                                bantam_classifier_report *report, bantam_error *error);

BANTAM_API void bantam_classifier_stream_free(bantam_classifier_stream **stream);

// ---- going on from a trained classifier -------------------------------------------------------

typedef struct bantam_tune_options {
    double C;  // how far the weights may leave the base for the rows' sake; > 0, default 1
    int folds; // of the tuning rows, to measure on rows that were not learned; 2 to 20, default 5
    uint64_t seed; // of the folds; default 1
    int n_threads; // default 1; the result does not depend on it
    const bantam_dataset *
        known; // rows that the base should still know, measured and not learned; NULL: the texts that it kept
    bantam_progress progress; // may be NULL
    void *progress_context;
} bantam_tune_options;

BANTAM_API bantam_tune_options bantam_tune_options_default(void);

typedef struct bantam_tune_report {
    size_t n_rows, n_unknown; // tuning rows; those of them without any n-gram that the base knows
    size_t n_new_labels;      // labels that the base did not have
    double own_before,
        own_after; // accuracy on the tuning rows: of the base, and of models that have not seen the row
    size_t n_known;                   // rows that the following speak of; 0: not measured
    double known_before, known_after; // accuracy on what it should still know
} bantam_tune_report;

// Goes on from a trained classifier with a handful of rows: minimises C · loss of the rows + ‖W − base‖²/2, so that what the rows do not
// speak of stays as it was. Intercepts stay, a new label gets the mean of them; the n-grams stay those of the base. Texts that the
// base kept are learned along with the rows. Calibration stays, conformal sets do not. `report` may be NULL.
//
// Errors: BANTAM_ERROR_INPUT (no rows), BANTAM_ERROR_ARGUMENT (an option out of its range; several labels a text in one of base and rows only; new
// labels for a base that is calibrated by curves), BANTAM_ERROR_MEMORY, BANTAM_ERROR_CANCELLED. `*out` is NULL on failure.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_classifier_tune(
    bantam_classifier **out, const bantam_classifier *base, const bantam_dataset *dataset,
    const bantam_tune_options *options, bantam_tune_report *report, bantam_error *error);

#endif
