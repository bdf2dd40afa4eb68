// One pass over the probabilities; everything later is O(rows).
#include "evaluate/scored_rows.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

void scored_rows_release(struct scored_rows *scored)
{
    memory_free(scored->rows);
    memory_free(scored->guess_starts);
    memory_free(scored->guesses);
    *scored = (struct scored_rows){0};
}

const uint32_t *scored_row_truths(const struct scored_rows *scored, size_t row, size_t *n)
{
    const bantam_predictions *predictions = scored->predictions;
    if (!predictions->label_starts) {
        *n = 1;
        return &predictions->labels[row];
    }
    *n = predictions->label_starts[row + 1] - predictions->label_starts[row];
    return predictions->labels + predictions->label_starts[row];
}

const uint32_t *scored_row_guesses(const struct scored_rows *scored, size_t row, size_t *n)
{
    if (!scored->guess_starts) {
        *n = 1;
        return &scored->rows[row].top;
    }
    *n = scored->guess_starts[row + 1] - scored->guess_starts[row];
    return scored->guesses + scored->guess_starts[row];
}

static bantam_status check(const bantam_predictions *predictions, bantam_error *error)
{
    size_t n_rows = predictions->n_rows, n_classes = predictions->n_classes;
    const size_t *starts = predictions->label_starts;
    if (n_rows == 0 || n_classes == 0 || n_rows >= UINT32_MAX || n_classes >= UINT32_MAX) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "there is nothing to evaluate; give rows with labels");
    }
    for (size_t row = 0; starts && row < n_rows; row++) {
        if (starts[row + 1] < starts[row]) {
            return error_set(error, BANTAM_ERROR_ARGUMENT, "the starts of label lists fall");
        }
    }
    size_t n_labels = starts ? starts[n_rows] : n_rows;
    for (size_t i = 0; i < n_labels; i++) {
        if (predictions->labels[i] >= n_classes) {
            return error_set(error, BANTAM_ERROR_ARGUMENT, "label %u is beyond the %zu classes",
                             predictions->labels[i], n_classes);
        }
    }
    double weight = 0;
    for (size_t row = 0; row < n_rows; row++) {
        double own = predictions->weights ? (double)predictions->weights[row] : 1;
        if (!(own >= 0 && own <= (double)FLT_MAX)) {
            return error_set(error, BANTAM_ERROR_ARGUMENT, "row %zu weighs less than 0", row + 1);
        }
        weight += own;
    }
    for (size_t i = 0; i < n_rows * n_classes; i++) {
        float p = predictions->probabilities[i];
        if (!(p >= 0 && p <= 1.0001F)) {
            return error_set(error, BANTAM_ERROR_ARGUMENT,
                             "row %zu has a probability outside 0 to 1", i / n_classes + 1);
        }
    }
    return weight > 0 ? BANTAM_OK
                      : error_set(error, BANTAM_ERROR_ARGUMENT, "all rows together weigh nothing");
}

// As scikit-learn does for 32-bit probabilities: clipped at their machine epsilon.
static double clipped(float probability)
{
    double p = (double)probability;
    return p < (double)FLT_EPSILON       ? (double)FLT_EPSILON
           : p > 1 - (double)FLT_EPSILON ? 1 - (double)FLT_EPSILON
                                         : p;
}

static bool has_label(const uint32_t *labels, size_t n_labels, uint32_t label)
{
    for (size_t i = 0; i < n_labels; i++) {
        if (labels[i] == label) {
            return true;
        }
    }
    return false;
}

static void score_single(struct scored_row *row, const float *probabilities, size_t n_classes,
                         uint32_t truth)
{
    double brier = 0;
    for (uint32_t c = 0; c < n_classes; c++) {
        double off = (double)probabilities[c] - (c == truth);
        brier += off * off;
    }
    row->log_loss = -log(clipped(probabilities[truth]));
    row->brier = n_classes == 2 ? brier / 2 : brier;
    row->top_right = row->right = row->top == truth;
}

// Loss per class as of its own yes-or-no question; `guesses` (n_guesses) are what was given.
static void score_several(struct scored_row *row, const float *probabilities, size_t n_classes,
                          const uint32_t *truths, size_t n_truths, const uint32_t *guesses,
                          size_t n_guesses)
{
    size_t n_common = 0;
    row->log_loss = row->brier = 0;
    for (uint32_t c = 0; c < n_classes; c++) {
        bool truth = has_label(truths, n_truths, c);
        double off = (double)probabilities[c] - truth;
        double p = clipped(probabilities[c]);
        row->log_loss -= log(truth ? p : 1 - p);
        row->brier += off * off;
        n_common += truth && has_label(guesses, n_guesses, c);
    }
    row->log_loss /= (double)n_classes;
    row->brier /= (double)n_classes;
    row->top_right = has_label(truths, n_truths, row->top);
    row->right = n_common == n_truths && n_common == n_guesses;
}

static bantam_status find_guesses(struct scored_rows *scored, double threshold, bantam_error *error)
{
    const float *probabilities = scored->predictions->probabilities;
    size_t n_classes = scored->n_classes, n = 0;
    scored->guess_starts = memory_allocate_array(scored->n_rows + 1, sizeof *scored->guess_starts);
    for (size_t i = 0; scored->guess_starts && i < scored->n_rows * n_classes; i++) {
        n += (double)probabilities[i] >= threshold;
        scored->guess_starts[i / n_classes + 1] = n;
    }
    scored->guesses = memory_allocate_array(n, sizeof *scored->guesses);
    if (!scored->guess_starts || !scored->guesses) {
        return error_memory(error);
    }
    n = 0;
    for (size_t i = 0; i < scored->n_rows * n_classes; i++) {
        if ((double)probabilities[i] >= threshold) {
            scored->guesses[n++] = (uint32_t)(i % n_classes);
        }
    }
    return BANTAM_OK;
}

static void score_row(struct scored_rows *scored, size_t i)
{
    const bantam_predictions *predictions = scored->predictions;
    const float *probabilities = predictions->probabilities + i * scored->n_classes;
    struct scored_row *row = &scored->rows[i];
    row->weight = predictions->weights ? predictions->weights[i] : 1;
    for (uint32_t c = 1; c < scored->n_classes; c++) {
        row->top = probabilities[c] > probabilities[row->top] ? c : row->top;
    }
    row->confidence = probabilities[row->top];
    size_t n_truths, n_guesses;
    const uint32_t *truths = scored_row_truths(scored, i, &n_truths);
    if (scored->multi_label) {
        const uint32_t *guesses = scored_row_guesses(scored, i, &n_guesses);
        score_several(row, probabilities, scored->n_classes, truths, n_truths, guesses, n_guesses);
    } else {
        score_single(row, probabilities, scored->n_classes, *truths);
    }
}

bantam_status scored_rows_init(struct scored_rows *scored, const bantam_predictions *predictions,
                               double threshold, bantam_error *error)
{
    *scored = (struct scored_rows){.n_rows = predictions->n_rows,
                                   .n_classes = predictions->n_classes,
                                   .multi_label = predictions->label_starts != NULL,
                                   .predictions = predictions};
    bantam_status status = check(predictions, error);
    if (!status) {
        scored->rows = memory_allocate_array(scored->n_rows, sizeof *scored->rows);
        status = scored->rows ? BANTAM_OK : error_memory(error);
    }
    if (!status && scored->multi_label) {
        status = find_guesses(scored, threshold, error);
    }
    if (status) {
        scored_rows_release(scored);
        return status;
    }
    for (size_t i = 0; i < scored->n_rows; i++) {
        score_row(scored, i);
    }
    return BANTAM_OK;
}
