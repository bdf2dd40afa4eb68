// Rows rescaled for each fold, a fit on those outside of it, scores of those in it.
#include "classify/held_out.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

// How many rows outside of `fold` hold each feature; `documents` is (n_features), cleared. Returns the number of such rows.
static size_t count_documents(uint32_t *documents, const struct held_out_task *task, int fold)
{
    const struct sparse_matrix *rows = task->rows;
    size_t n = 0;
    for (size_t row = 0; row < rows->n_rows; row++) {
        if (task->folds[row] == fold) {
            continue;
        }
        n++;
        for (size_t i = rows->starts[row]; i < rows->starts[row + 1]; i++) {
            documents[rows->columns[i]]++;
        }
    }
    return n;
}

static double limit_of(struct document_limit limit, size_t n_documents)
{
    return limit.is_share ? limit.value * (double)n_documents : limit.value;
}

// What a feature's values are multiplied by in the fold: 0 where the other rows do not know it.
static float rescale(const struct vectorizer *vectorizer, size_t feature, uint32_t documents,
                     size_t n_documents)
{
    const struct vectorizer_part_options *part =
        &vectorizer_fitted_options(vectorizer)->parts[vectorizer_part_of(vectorizer, feature)];
    if (part->hash_bits == 0 &&
        (documents == 0 || documents < limit_of(part->min_df, n_documents) ||
         documents > limit_of(part->max_df, n_documents))) {
        return 0;
    }
    if (!part->use_idf) {
        return 1;
    }
    double n = (double)n_documents, df = documents > 0 || part->smooth_idf ? documents : 1;
    double idf = part->smooth_idf ? log((1 + n) / (1 + df)) + 1 : log(n / df) + 1;
    return (float)(idf / (double)vectorizer_idf(vectorizer, feature));
}

// Gives the entries of one part of a row their norm again.
static void normalise(float *values, size_t n, enum row_norm norm)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double value = (double)values[i];
        sum += norm == NORM_L2 ? value * value : fabs(value);
    }
    double size = norm == NORM_L2 ? sqrt(sum) : sum;
    for (size_t i = 0; i < n && norm != NORM_NONE && size > 0; i++) {
        values[i] = (float)((double)values[i] / size);
    }
}

static void rescale_row(float *values, const struct sparse_matrix *rows,
                        const struct vectorizer *vectorizer, size_t row, const float *factors,
                        const uint8_t *part_of)
{
    const struct vectorizer_options *options = vectorizer_fitted_options(vectorizer);
    size_t end = rows->starts[row + 1];
    for (size_t from = rows->starts[row]; from < end;) {
        uint8_t part = part_of[rows->columns[from]];
        size_t to = from;
        for (; to < end && part_of[rows->columns[to]] == part; to++) {
            values[to] = rows->values[to] * factors[rows->columns[to]];
        }
        normalise(values + from, to - from, options->parts[part].norm);
        from = to;
    }
}

bantam_status rescale_rows(float *values, const struct sparse_matrix *rows,
                           const struct vectorizer *vectorizer, const float *factors,
                           bantam_error *error)
{
    uint8_t *part_of = memory_allocate_array(rows->n_columns, sizeof *part_of);
    if (!part_of) {
        return error_memory(error);
    }
    for (size_t i = 0; i < rows->n_columns; i++) {
        part_of[i] = (uint8_t)vectorizer_part_of(vectorizer, i);
    }
    for (size_t row = 0; row < rows->n_rows; row++) {
        rescale_row(values, rows, vectorizer, row, factors, part_of);
    }
    memory_free(part_of);
    return BANTAM_OK;
}

bantam_status held_out_rows(struct sparse_matrix *out, const struct held_out_task *task, int fold,
                            bantam_error *error)
{
    const struct sparse_matrix *rows = task->rows;
    size_t n_features = rows->n_columns;
    *out = *rows;
    out->values = memory_allocate_array(rows->starts[rows->n_rows], sizeof *out->values);
    uint32_t *documents = memory_allocate_array(n_features, sizeof *documents);
    float *factors = memory_allocate_array(n_features, sizeof *factors);
    bantam_status status = BANTAM_OK;
    if (out->values && documents && factors) {
        size_t n_documents = count_documents(documents, task, fold);
        for (size_t i = 0; i < n_features; i++) {
            factors[i] = rescale(task->vectorizer, i, documents[i], n_documents);
        }
        status = rescale_rows(out->values, rows, task->vectorizer, factors, error);
    } else {
        status = error_memory(error);
    }
    if (status) {
        memory_free(out->values);
        out->values = NULL;
    }
    memory_free(documents);
    memory_free(factors);
    return status;
}

void score_row(float *scores, const struct sparse_matrix *rows, size_t row, const float *weights,
               const float *intercepts, size_t n_outputs)
{
    memcpy(scores, intercepts, n_outputs * sizeof *scores);
    for (size_t i = rows->starts[row]; i < rows->starts[row + 1]; i++) {
        const float *feature = weights + (size_t)rows->columns[i] * n_outputs;
        for (size_t output = 0; output < n_outputs; output++) {
            scores[output] += rows->values[i] * feature[output];
        }
    }
}

// Memory that every fold uses again.
struct fold_memory {
    float *weights, *intercepts, *row_weights;
};

static bantam_status run_fold(float *scores, const struct held_out_task *task, int fold,
                              const struct fold_memory *memory, bantam_error *error)
{
    size_t n_outputs = logistic_n_outputs(task->labels);
    struct sparse_matrix rows;
    bantam_status status = held_out_rows(&rows, task, fold, error);
    if (status) {
        return status;
    }
    for (size_t row = 0; row < rows.n_rows; row++) {
        memory->row_weights[row] = task->folds[row] == fold ? 0 : task->row_weights[row];
    }
    memset(memory->weights, 0, rows.n_columns * n_outputs * sizeof *memory->weights);
    memset(memory->intercepts, 0, n_outputs * sizeof *memory->intercepts);
    status = logistic_fit(memory->weights, memory->intercepts, &rows, task->labels,
                          memory->row_weights, &task->learner, NULL, error);
    for (size_t row = 0; !status && row < rows.n_rows; row++) {
        if (task->folds[row] == fold) {
            score_row(scores + row * n_outputs, &rows, row, memory->weights, memory->intercepts,
                      n_outputs);
        }
    }
    memory_free(rows.values);
    return status;
}

bantam_status held_out_scores(float *scores, const struct held_out_task *task, bantam_error *error)
{
    size_t n_outputs = logistic_n_outputs(task->labels), n_rows = task->rows->n_rows;
    struct fold_memory memory = {
        .weights = memory_allocate_array(task->rows->n_columns * n_outputs, sizeof(float)),
        .intercepts = memory_allocate_array(n_outputs, sizeof(float)),
        .row_weights = memory_allocate_array(n_rows, sizeof(float)),
    };
    bantam_status status = BANTAM_OK;
    if (!memory.weights || !memory.intercepts || !memory.row_weights) {
        status = error_memory(error);
    }
    struct held_out_known *known = task->known;
    if (!status && known && known->scores) {
        memcpy(scores, known->scores, n_rows * n_outputs * sizeof *scores);
    }
    for (int fold = 0; !status && fold < task->n_folds; fold++) {
        if (known && known->done[fold]) {
            continue;
        }
        status = run_fold(scores, task, fold, &memory, error);
        if (known && !status) {
            known->done[fold] = true;
        }
    }
    if (known) {
        known->folds_ended = true;
        status = known->may_stop && status == BANTAM_ERROR_CANCELLED ? BANTAM_OK : status;
    }
    memory_free(memory.weights);
    memory_free(memory.intercepts);
    memory_free(memory.row_weights);
    return status;
}
