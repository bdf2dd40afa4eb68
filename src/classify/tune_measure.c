// What tuning changed: accuracy on its own rows by folds, and on the texts that the base kept, before and after.
#include "classify/tune.h"

#include <string.h>

#include "bantam/evaluate.h"
#include "base/error.h"
#include "base/memory.h"

// Whether the scores (n_outputs) give exactly the labels.
static bool is_right(const struct tune_task *task, const float *scores, const uint32_t *labels,
                     size_t n_labels)
{
    size_t n = task->n_outputs;
    if (task->base->multi_label) {
        size_t n_given = 0, n_met = 0;
        for (size_t i = 0; i < n; i++) {
            n_given += scores[i] > 0;
        }
        for (size_t i = 0; i < n_labels; i++) {
            n_met += scores[labels[i]] > 0;
        }
        return n_given == n_labels && n_met == n_labels;
    }
    size_t best = n == 1 && scores[0] > 0;
    for (size_t i = 1; i < n; i++) {
        best = scores[i] > scores[best] ? i : best;
    }
    return n_labels == 1 && labels[0] == best;
}

static void score(float *scores, const struct tune_task *task, const struct sparse_matrix *rows,
                  size_t row, const float *weights, const float *intercepts)
{
    memcpy(scores, intercepts, task->n_outputs * sizeof *scores);
    for (size_t i = rows->starts[row]; i < rows->starts[row + 1]; i++) {
        const float *feature = weights + (size_t)rows->columns[i] * task->n_outputs;
        for (size_t output = 0; output < task->n_outputs; output++) {
            scores[output] += rows->values[i] * feature[output];
        }
    }
}

// Adds to `right` the weight of the rows from `first` to `end`, of this fold (-1: all), that are answered rightly.
static double count_right(const struct tune_task *task, float *scores, size_t first, size_t end,
                          const int *folds, int fold, bool tuned)
{
    double right = 0;
    for (size_t i = first; i < end; i++) {
        if (fold >= 0 && folds[i] != fold) {
            continue;
        }
        score(scores, task, &task->matrix, i, tuned ? task->weights : task->prior,
              tuned ? task->intercepts : task->intercept_prior);
        size_t start = task->label_starts[i];
        right +=
            is_right(task, scores, task->label_list + start, task->label_starts[i + 1] - start);
    }
    return right;
}

// Accuracy on the tuning rows: the base's, and that of fits which have not seen the row.
static bantam_status measure_own(struct tune_task *task, float *scores, float *row_weights,
                                 int *folds, bantam_tune_report *report, bantam_error *error)
{
    size_t n = task->own.n_rows;
    report->own_before = count_right(task, scores, 0, n, NULL, -1, false) / (double)n;
    int n_folds = n < (size_t)task->options->folds ? (int)n : task->options->folds;
    if (n_folds < 2) {
        report->own_after = report->own_before;
        return BANTAM_OK;
    }
    uint32_t *first = memory_allocate_array(n, sizeof *first);
    if (!first) {
        return error_memory(error);
    }
    for (size_t i = 0; i < n; i++) {
        size_t start = task->label_starts[i];
        first[i] = task->label_starts[i + 1] > start ? task->label_list[start] : 0;
    }
    bantam_status status = bantam_folds_stratified(folds, first, n, task->labels.n_labels, n_folds,
                                                   task->options->seed, error);
    memory_free(first);
    double right = 0;
    for (int fold = 0; !status && fold < n_folds; fold++) {
        for (size_t i = 0; i < task->n_rows; i++) {
            row_weights[i] = i < n && folds[i] == fold ? 0 : task->row_weights[i];
        }
        status = tune_fit(task, row_weights, error);
        right += status ? 0 : count_right(task, scores, 0, n, folds, fold, true);
    }
    report->own_after = right / (double)n;
    return status;
}

// The labels' numbers in the task, by name. False for a label that neither base nor tuning rows have: it can only be answered wrongly.
static bool renumber(const struct tune_task *task, uint32_t *labels, size_t n_labels,
                     const struct training_rows *known)
{
    for (size_t i = 0; i < n_labels; i++) {
        uint32_t number = 0;
        while (number < task->labels.n_labels &&
               strcmp(task->labels.names[number], known->names[labels[i]]) != 0) {
            number++;
        }
        if (number == task->labels.n_labels) {
            return false;
        }
        labels[i] = number;
    }
    return true;
}

// Accuracy on rows that were given to be measured: before and after, by the weights in force.
static bantam_status measure_given(struct tune_task *task, float *scores,
                                   bantam_tune_report *report, bantam_error *error)
{
    struct training_rows known;
    struct sparse_matrix matrix = {0};
    bantam_status status = training_rows_init(&known, task->options->known, 1, error);
    if (!status) {
        status = vectorizer_transform(&matrix, text_model_vectorizer(task->base->text), known.texts,
                                      known.n_rows, task->options->n_threads, error);
    }
    double before = 0, after = 0;
    for (size_t i = 0; !status && i < known.n_rows; i++) {
        size_t start = known.label_starts[i], n_labels = known.label_starts[i + 1] - start;
        uint32_t *row = known.label_list + start;
        if (renumber(task, row, n_labels, &known)) {
            score(scores, task, &matrix, i, task->prior, task->intercept_prior);
            before += is_right(task, scores, row, n_labels);
            score(scores, task, &matrix, i, task->weights, task->intercepts);
            after += is_right(task, scores, row, n_labels);
        }
    }
    if (!status) {
        report->n_known = known.n_rows;
        report->known_before = before / (double)known.n_rows;
        report->known_after = after / (double)known.n_rows;
    }
    sparse_matrix_release(&matrix);
    training_rows_release(&known);
    return status;
}

static bantam_status measure_known(struct tune_task *task, float *scores,
                                   bantam_tune_report *report, bantam_error *error)
{
    size_t first = task->own.n_rows, n = task->n_rows - first;
    if (task->options->known) {
        return measure_given(task, scores, report, error);
    }
    if (n > 0) {
        report->n_known = n;
        report->known_before =
            count_right(task, scores, first, task->n_rows, NULL, -1, false) / (double)n;
        report->known_after =
            count_right(task, scores, first, task->n_rows, NULL, -1, true) / (double)n;
    }
    return BANTAM_OK;
}

bantam_status tune_measure(struct tune_task *task, bantam_tune_report *report, bantam_error *error)
{
    float *scores = memory_allocate_array(task->n_outputs, sizeof *scores);
    float *row_weights = memory_allocate_array(task->n_rows, sizeof *row_weights);
    int *folds = memory_allocate_array(task->own.n_rows, sizeof *folds);
    bantam_status status = scores && row_weights && folds ? BANTAM_OK : error_memory(error);
    report->n_rows = task->own.n_rows;
    report->n_new_labels = task->labels.n_new;
    for (size_t i = 0; i < task->own.n_rows; i++) {
        report->n_unknown += task->matrix.starts[i] == task->matrix.starts[i + 1];
    }
    if (!status) {
        status = measure_own(task, scores, row_weights, folds, report, error);
    }
    if (!status) {
        status = tune_fit(task, task->row_weights, error);
    }
    if (!status) {
        status = measure_known(task, scores, report, error);
    }
    memory_free(scores);
    memory_free(row_weights);
    memory_free(folds);
    return status;
}
