// Held-out scores → calibration, conformal table, figures.
#include "classify/calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bantam/evaluate.h"
#include "base/error.h"
#include "base/memory.h"
#include "evaluate/calibration_adaptive.h"

enum {
    CHOOSE_ROWS = 1000 // with fewer, what the folds say of two methods is chance
};

struct calibrate_task {
    const struct training_rows *rows;
    const bantam_classifier_options *options;
    enum calibration_link link;
    size_t n_outputs;
    int *folds; // (n_rows)
    int n_folds;
    float *scores;          // (n_rows + 1, n_outputs); the last row: doubt
    uint32_t *labels;       // (n_rows + 1) where each row has one; the last: of the doubt
    float *probabilities;   // (n_rows, n_classes)
    size_t n_scored;        // rows with scores
    const bool *done;       // (n_folds) whether there are scores of it; NULL: of all
    float *counted;         // (n_rows) the rows' weights, 0 where there are no scores
    float *weights;         // (n_rows) of rows that calibration may learn from
    float *current_weights; // (n_rows + 1)
    struct calibration *
        fitted; // (n_folds + 1) without each fold; the last: of all rows, which the classifier takes
};

static void release_fitted(struct calibrate_task *task)
{
    for (int i = 0; task->fitted && i <= task->n_folds; i++) {
        calibration_release(&task->fitted[i]);
    }
    memory_free(task->fitted);
    task->fitted = NULL;
}

static void release(struct calibrate_task *task)
{
    release_fitted(task);
    memory_free(task->folds);
    memory_free(task->scores);
    memory_free(task->labels);
    memory_free(task->probabilities);
    memory_free(task->counted);
    memory_free(task->weights);
    memory_free(task->current_weights);
}

static bantam_status allocate(struct calibrate_task *task, bantam_error *error)
{
    size_t n = task->rows->n_rows;
    task->folds = memory_allocate_array(n, sizeof *task->folds);
    task->scores = memory_allocate_array((n + 1) * task->n_outputs, sizeof *task->scores);
    task->labels = memory_allocate_array(n + 1, sizeof *task->labels);
    task->probabilities =
        memory_allocate_array(n * task->rows->labels.n_classes, sizeof *task->probabilities);
    task->counted = memory_allocate_array(n, sizeof *task->counted);
    task->weights = memory_allocate_array(n, sizeof *task->weights);
    task->current_weights = memory_allocate_array(n + 1, sizeof *task->current_weights);
    return task->folds && task->scores && task->labels && task->probabilities && task->counted &&
                   task->weights && task->current_weights
               ? BANTAM_OK
               : error_memory(error);
}

static bool is_scored(const struct calibrate_task *task, size_t row)
{
    return !task->done || task->done[task->folds[row]];
}

// A row whose label stands in no other fold says nothing of how sure a model may be of labels that it has seen.
static bantam_status weigh(struct calibrate_task *task, bantam_error *error)
{
    const struct training_rows *rows = task->rows;
    int *only_fold = memory_allocate_array(rows->labels.n_classes, sizeof *only_fold);
    if (!only_fold) {
        return error_memory(error);
    }
    enum {
        UNSEEN = -2,
        SEVERAL = -1
    };
    for (size_t i = 0; i < rows->labels.n_classes; i++) {
        only_fold[i] = UNSEEN;
    }
    for (size_t i = 0; i < rows->n_rows; i++) {
        for (size_t j = rows->label_starts[i]; j < rows->label_starts[i + 1]; j++) {
            int *only = &only_fold[rows->label_list[j]];
            *only = *only == UNSEEN || *only == task->folds[i] ? task->folds[i] : SEVERAL;
        }
    }
    for (size_t i = 0; i < rows->n_rows; i++) {
        bool known = is_scored(task, i);
        task->counted[i] = known ? rows->weights[i] : 0;
        task->n_scored += known;
        for (size_t j = rows->label_starts[i]; j < rows->label_starts[i + 1]; j++) {
            known = known && only_fold[rows->label_list[j]] == SEVERAL;
        }
        task->weights[i] = known ? rows->weights[i] : 0;
    }
    memory_free(only_fold);
    return BANTAM_OK;
}

struct margin {
    float size; // of the best score over the next
    uint32_t row, second;
};

static int by_size(const void *left, const void *right)
{
    const struct margin *a = left, *b = right;
    if (a->size != b->size) {
        return a->size < b->size ? -1 : 1;
    }
    return (a->row > b->row) - (a->row < b->row);
}

static struct margin margin_of(const float *scores, size_t n_outputs, uint32_t row)
{
    if (n_outputs == 1) {
        return (struct margin){fabsf(scores[0]), row, scores[0] > 0 ? 0 : 1};
    }
    uint32_t best = scores[1] > scores[0], second = !best;
    for (uint32_t i = 2; i < n_outputs; i++) {
        if (scores[i] > scores[best]) {
            second = best;
            best = i;
        } else if (scores[i] > scores[second]) {
            second = i;
        }
    }
    return (struct margin){scores[best] - scores[second], row, second};
}

// Where every held-out row is answered rightly the likeliest temperature is 0, and the model would be sure of everything. So one row
// more counts, as sure of its answer as the middle one of all is, and wrong: Laplace's rule of succession.
static bantam_status doubt(struct calibrate_task *task, bantam_error *error)
{
    size_t n = task->rows->n_rows;
    if (task->link == CALIBRATION_MULTI) {
        return BANTAM_OK;
    }
    struct margin *margins = memory_allocate_array(n, sizeof *margins);
    if (!margins) {
        return error_memory(error);
    }
    size_t n_margins = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_scored(task, i)) {
            margins[n_margins++] =
                margin_of(task->scores + i * task->n_outputs, task->n_outputs, (uint32_t)i);
        }
    }
    qsort(margins, n_margins, sizeof *margins, by_size);
    const struct margin *middle = &margins[n_margins / 2];
    memcpy(task->scores + n * task->n_outputs, task->scores + middle->row * task->n_outputs,
           task->n_outputs * sizeof *task->scores);
    memcpy(task->labels, task->rows->labels.labels, n * sizeof *task->labels);
    task->labels[n] = middle->second;
    memory_free(margins);
    return BANTAM_OK;
}

// Lets only rows of other folds than that one count; false where there are none.
static bool weigh_without(const struct calibrate_task *task, int fold)
{
    size_t n = task->rows->n_rows;
    double total = 0;
    for (size_t i = 0; i < n; i++) {
        task->current_weights[i] = task->folds[i] == fold ? 0 : task->weights[i];
        total += (double)task->current_weights[i];
    }
    task->current_weights[n] = (float)(total / (double)task->n_scored);
    return total > 0;
}

// Fits the method to the held-out scores of all folds but one, and to those of all.
static bantam_status fit_all(struct calibrate_task *task, enum calibration_method method,
                             bantam_error *error)
{
    const struct training_rows *rows = task->rows;
    bool doubts = task->link != CALIBRATION_MULTI;
    size_t n = (size_t)task->n_folds + 1;
    task->fitted = memory_allocate_array(n, sizeof *task->fitted);
    bantam_status status = task->fitted ? BANTAM_OK : error_memory(error);
    for (size_t i = 0; !status && i < n; i++) {
        task->fitted[i] = calibration_none(task->link, task->n_outputs);
        if (weigh_without(task, (int)i)) {
            status = calibration_fit(&task->fitted[i], method, task->link, task->scores,
                                     rows->n_rows + doubts, task->n_outputs,
                                     doubts ? task->labels : rows->labels.labels,
                                     rows->labels.starts, task->current_weights, error);
        }
    }
    return status;
}

static void apply(const struct calibrate_task *task, const struct calibration *calibration,
                  int fold)
{
    size_t n_classes = task->rows->labels.n_classes;
    for (size_t i = 0; i < task->rows->n_rows; i++) {
        if (fold < 0 || task->folds[i] == fold) {
            calibration_apply(calibration, task->scores + i * task->n_outputs,
                              task->probabilities + i * n_classes);
        }
    }
}

// Each row's probabilities by the calibration that has not seen its fold either.
static void apply_across(const struct calibrate_task *task)
{
    for (int fold = 0; fold < task->n_folds; fold++) {
        apply(task, &task->fitted[fold], fold);
    }
}

static bantam_status measure(bantam_evaluation **out, const struct calibrate_task *task,
                             bantam_error *error)
{
    const struct training_rows *rows = task->rows;
    bantam_predictions predictions = {.n_rows = rows->n_rows,
                                      .n_classes = rows->labels.n_classes,
                                      .names = rows->names,
                                      .probabilities = task->probabilities,
                                      .labels = rows->labels.labels,
                                      .label_starts = rows->labels.starts,
                                      .weights = task->counted};
    bantam_evaluate_options options = bantam_evaluate_options_default();
    options.n_resamples = 0;
    options.n_mistakes = 0;
    options.n_confused = 0;
    options.n_threads = task->options->n_threads;
    return bantam_evaluate(out, &predictions, &options, error);
}

// What the scores say as they are.
static bantam_status measure_before(const struct calibrate_task *task,
                                    bantam_classifier_report *report, bantam_error *error)
{
    bantam_evaluation *evaluation = NULL;
    struct calibration none = calibration_none(task->link, task->n_outputs);
    apply(task, &none, -1);
    bantam_status status = measure(&evaluation, task, error);
    if (!status) {
        report->calibration_error_before = evaluation->calibration_error.value;
        bantam_evaluation_free(&evaluation);
    }
    return status;
}

static bantam_status measure_across(const struct calibrate_task *task,
                                    bantam_classifier_report *report, bantam_error *error)
{
    bantam_evaluation *evaluation = NULL;
    apply_across(task);
    bantam_status status = measure(&evaluation, task, error);
    if (!status) {
        report->n_held_out = task->n_scored;
        report->accuracy = evaluation->accuracy.value;
        report->log_loss = evaluation->log_loss.value;
        report->calibration_error = evaluation->calibration_error.value;
        bantam_evaluation_free(&evaluation);
    }
    return status;
}

// Temperatures of all texts, as fitted → temperatures of each text.
static bantam_status adapt_all(struct calibrate_task *task, bantam_error *error)
{
    bantam_status status = BANTAM_OK;
    for (int i = 0; !status && i <= task->n_folds; i++) {
        struct adaptive_rows rows = {task->scores, task->rows->n_rows + 1, task->n_outputs,
                                     task->labels, task->current_weights};
        if (weigh_without(task, i)) {
            task->fitted[i].method = CALIBRATION_ADAPTIVE;
            status = calibration_adaptive_fit(&task->fitted[i], &rows, error);
        }
    }
    return status;
}

// What is fitted and measured are temperatures of all texts. Takes those of each text instead where both the log-loss and the calibration
// error across the folds are lower: with few rows they are noise, and of some data (texts without any known n-gram, for one) a
// smaller loss comes with worse promises.
static bantam_status choose(struct calibrate_task *task, bantam_classifier_report *report,
                            bantam_error *error)
{
    size_t size = ((size_t)task->n_folds + 1) * sizeof *task->fitted;
    struct calibration *plain = memory_allocate(size);
    if (!plain) {
        return error_memory(error);
    }
    memcpy(plain, task->fitted, size);
    bantam_classifier_report adaptive = *report;
    bantam_status status = adapt_all(task, error);
    if (!status) {
        status = measure_across(task, &adaptive, error);
    }
    if (adaptive.log_loss < report->log_loss &&
        adaptive.calibration_error < report->calibration_error) {
        *report = adaptive;
    } else {
        memcpy(task->fitted, plain, size);
        apply_across(task);
    }
    memory_free(plain);
    return status;
}

// The probabilities that the true labels got, of rows that count.
static bantam_status fill_conformal(struct conformal_table *table,
                                    const struct calibrate_task *task, bantam_error *error)
{
    const struct training_rows *rows = task->rows;
    float *truths = memory_allocate_array(rows->n_rows, sizeof *truths);
    if (!truths) {
        return error_memory(error);
    }
    size_t n = 0;
    for (size_t i = 0; i < rows->n_rows; i++) {
        if (task->weights[i] > 0) {
            truths[n++] = task->probabilities[i * rows->labels.n_classes + rows->labels.labels[i]];
        }
    }
    conformal_table_fill(table, truths, n);
    memory_free(truths);
    return BANTAM_OK;
}

// From the scores on: figures, sets, calibration.
static bantam_status calibrate_scores(bantam_classifier *classifier, struct calibrate_task *task,
                                      bantam_classifier_report *report, bantam_error *error)
{
    bantam_status status = weigh(task, error);
    if (task->n_scored == 0) {
        return status; // out of time before a fold was done
    }
    if (!status) {
        status = doubt(task, error);
    }
    bool automatic = task->options->calibration == BANTAM_CALIBRATE_AUTO;
    if (!status) {
        status = measure_before(task, report, error);
    }
    if (!status) {
        status = fit_all(task,
                         automatic ? CALIBRATION_TEMPERATURE
                                   : (enum calibration_method)task->options->calibration,
                         error);
    }
    if (!status) {
        status = measure_across(task, report, error);
    }
    if (!status && automatic && task->n_scored >= CHOOSE_ROWS &&
        calibration_adapts(task->link, task->n_outputs)) {
        status = choose(task, report, error);
    }
    if (!status && !classifier->multi_label) {
        status = fill_conformal(&classifier->conformal, task, error);
    }
    if (!status) {
        calibration_release(&classifier->calibration);
        classifier->calibration = task->fitted[task->n_folds];
        task->fitted[task->n_folds] = calibration_none(task->link, task->n_outputs);
        report->calibration = (bantam_calibration)classifier->calibration.method;
        report->temperature = (double)classifier->calibration.temperature;
    }
    return status;
}

static bantam_status calibrate(bantam_classifier *classifier, struct calibrate_task *task,
                               const struct vectorizer *vectorizer,
                               const struct sparse_matrix *matrix,
                               const struct logistic_options *learner, struct held_out_known *known,
                               bantam_classifier_report *report, bantam_error *error)
{
    task->done = known ? known->done : NULL;
    bantam_status status = allocate(task, error);
    if (!status) {
        task->n_folds = task->options->folds;
        status =
            training_rows_fold(task->folds, &task->n_folds, task->rows, task->options->seed, error);
    }
    if (!status) {
        struct held_out_task held_out = {.rows = matrix,
                                         .vectorizer = vectorizer,
                                         .labels = &task->rows->labels,
                                         .row_weights = task->rows->weights,
                                         .folds = task->folds,
                                         .n_folds = task->n_folds,
                                         .learner = *learner,
                                         .known = known};
        status = held_out_scores(task->scores, &held_out, error);
    }
    return status ? status : calibrate_scores(classifier, task, report, error);
}

static struct calibrate_task begin(bantam_classifier *classifier, const struct training_rows *rows,
                                   const bantam_classifier_options *options,
                                   bantam_classifier_report *report)
{
    struct calibrate_task task = {.rows = rows,
                                  .options = options,
                                  .link = classifier_link(classifier),
                                  .n_outputs = logistic_n_outputs(&rows->labels)};
    classifier->calibration = calibration_none(task.link, task.n_outputs);
    report->calibration = BANTAM_CALIBRATE_NONE;
    return task;
}

static bool is_wanted(const struct calibrate_task *task)
{
    return task->options->calibration != BANTAM_CALIBRATE_NONE &&
           task->rows->n_rows >= CALIBRATE_ROWS;
}

bantam_status
classifier_calibrate(bantam_classifier *classifier, const struct vectorizer *vectorizer,
                     const struct sparse_matrix *matrix, const struct training_rows *rows,
                     const struct logistic_options *learner,
                     const bantam_classifier_options *options, struct held_out_known *known,
                     bantam_classifier_report *report, bantam_error *error)
{
    struct calibrate_task task = begin(classifier, rows, options, report);
    if (!is_wanted(&task)) {
        return BANTAM_OK;
    }
    bantam_status status =
        calibrate(classifier, &task, vectorizer, matrix, learner, known, report, error);
    release(&task);
    return status;
}

bantam_status classifier_calibrate_scores(bantam_classifier *classifier, const float *scores,
                                          const struct training_rows *rows,
                                          const bantam_classifier_options *options,
                                          bantam_classifier_report *report, bantam_error *error)
{
    struct calibrate_task task = begin(classifier, rows, options, report);
    if (!is_wanted(&task)) {
        return BANTAM_OK;
    }
    bantam_status status = allocate(&task, error);
    if (!status) {
        memcpy(task.scores, scores, rows->n_rows * task.n_outputs * sizeof *scores);
        task.n_folds = options->folds;
        status = training_rows_fold(task.folds, &task.n_folds, rows, options->seed, error);
    }
    if (!status) {
        status = calibrate_scores(classifier, &task, report, error);
    }
    release(&task);
    return status;
}
