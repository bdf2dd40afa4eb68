// What the base and each attempt get right: by folds, the whole way from fitting to rounding without the rows that are then asked; or
// on rows that none of them has seen.
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "classify/held_out.h"
#include "classify/prune.h"
#include "classify/shrink.h"

static bool advance(struct shrink *shrink, bantam_error *error)
{
    const bantam_shrink_options *options = shrink->options;
    if (options->progress && !options->progress(options->progress_context, "shrink",
                                                shrink->n_done++, shrink->n_to_do)) {
        error_set(error, BANTAM_ERROR_CANCELLED, "shrinking was stopped");
        return false;
    }
    return true;
}

// Whether the scores name the row's label, or its whole set of them.
static bool is_right(const struct shrink *shrink, size_t row, const float *scores)
{
    const struct training_rows *rows = &shrink->rows;
    size_t start = rows->label_starts[row], n = rows->label_starts[row + 1] - start;
    if (!shrink->base->multi_label) {
        size_t best = 0;
        for (size_t o = 1; o < shrink->n_outputs; o++) {
            best = scores[o] > scores[best] ? o : best;
        }
        best = shrink->n_outputs == 1 ? scores[0] > 0 : best;
        return n == 1 && shrink->labels[rows->label_list[start]] == best;
    }
    size_t n_given = 0, n_met = 0;
    for (size_t o = 0; o < shrink->n_outputs; o++) {
        n_given += scores[o] > 0;
    }
    for (size_t k = 0; k < n; k++) {
        uint32_t label = shrink->labels[rows->label_list[start + k]];
        n_met += label != UINT32_MAX && scores[label] > 0;
    }
    return n_given == n && n_met == n;
}

// Adds up the weights of the rows of a fold (-1: all) that a linear model gets right; keeps the scores where there is room.
static double count_right(struct shrink *shrink, const struct shrink_linear *linear,
                          const struct sparse_matrix *rows, int fold, float *keep)
{
    double right = 0;
    for (size_t row = 0; row < rows->n_rows; row++) {
        if (fold >= 0 && shrink->folds[row] != fold) {
            continue;
        }
        float *scores = keep ? keep + row * shrink->n_outputs : shrink->scores;
        score_row(scores, rows, row, linear->weights, linear->intercepts, shrink->n_outputs);
        right += is_right(shrink, row, scores) ? (double)shrink->rows.weights[row] : 0;
    }
    return right;
}

static bantam_status measure_attempts(struct shrink *shrink, const struct sparse_matrix *rows,
                                      int fold, bantam_error *error)
{
    for (size_t k = 0; k < shrink->n_attempts; k++) {
        struct shrink_attempt *tried = &shrink->attempts[k];
        if (!advance(shrink, error)) {
            return BANTAM_ERROR_CANCELLED;
        }
        bantam_status status =
            shrink_attempt_make(shrink, tried, rows, shrink->row_weights, fold >= 0, error);
        struct sparse_matrix scaled = *rows;
        scaled.values = shrink->values;
        if (!status) {
            status = rescale_rows(shrink->values, rows, shrink->vectorizer, shrink->factors, error);
        }
        if (status) {
            return status;
        }
        tried->n_right += count_right(shrink, &shrink->attempted, &scaled, fold, tried->scores);
    }
    return BANTAM_OK;
}

// The whole way once more without the rows of a fold, and what becomes of them.
static bantam_status measure_fold(struct shrink *shrink, int fold, bantam_error *error)
{
    struct held_out_task held_out = {.rows = &shrink->matrix,
                                     .vectorizer = shrink->vectorizer,
                                     .folds = shrink->folds,
                                     .n_folds = shrink->n_folds};
    struct sparse_matrix rows;
    bantam_status status = held_out_rows(&rows, &held_out, fold, error);
    if (status) {
        return status;
    }
    for (size_t row = 0; row < rows.n_rows; row++) {
        shrink->row_weights[row] = shrink->folds[row] == fold ? 0 : shrink->rows.weights[row];
    }
    status = advance(shrink, error) ? logistic_fit(shrink->whole.weights, shrink->whole.intercepts,
                                                   &rows, &shrink->rows.labels, shrink->row_weights,
                                                   &shrink->learner, NULL, error)
                                    : BANTAM_ERROR_CANCELLED;
    if (!status) {
        shrink->n_right += count_right(shrink, &shrink->whole, &rows, fold, NULL);
        prune_lengths(shrink->lengths, &rows);
        status = shrink_centre(shrink, error);
    }
    if (!status) {
        status = measure_attempts(shrink, &rows, fold, error);
    }
    memory_free(rows.values);
    return status;
}

bantam_status shrink_measure(struct shrink *shrink, bantam_error *error)
{
    bantam_status status = BANTAM_OK;
    for (size_t row = 0; row < shrink->rows.n_rows; row++) {
        shrink->n_counted += (double)shrink->rows.weights[row];
    }
    shrink->n_to_do = (shrink->n_attempts + 1) * (shrink->refit ? (size_t)shrink->n_folds : 1);
    if (!shrink->refit) {
        shrink->n_right = count_right(shrink, &shrink->whole, &shrink->matrix, -1, NULL);
        return measure_attempts(shrink, &shrink->matrix, -1, error);
    }
    for (size_t k = 0; k < shrink->n_attempts && !status; k++) {
        shrink->attempts[k].scores =
            memory_allocate_array(shrink->rows.n_rows * shrink->n_outputs, sizeof(float));
        status = shrink->attempts[k].scores ? BANTAM_OK : error_memory(error);
    }
    for (int fold = 0; fold < shrink->n_folds && !status; fold++) {
        status = measure_fold(shrink, fold, error);
    }
    return status;
}
