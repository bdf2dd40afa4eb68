// One fold of one trial: trained on the other folds, cut to the size, measured.
#include "classify/search.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "classify/classifier.h"
#include "classify/prune.h"

static const double WEIGHTS_A_BYTE = 0.38; // that a small model holds, about
static const double TRIAL_TOLERANCE =
    3e-2; // beyond, hardly a held-out row's answer changes any more

static bool same_features(const struct trial *a, const struct trial *b)
{
    return a->features_name == b->features_name &&
           memcmp(a->shown.name, b->shown.name, a->features_name) == 0;
}

// The sample's rows under the trial's features, kept until other ones are asked for.
static bantam_status make_rows(struct search *search, const struct trial *trial,
                               bantam_error *error)
{
    if (search->made && same_features(search->made, trial)) {
        return BANTAM_OK;
    }
    struct vectorizer_options features = classifier_features(&trial->options);
    vectorizer_free(&search->vectorizer);
    sparse_matrix_release(&search->matrix);
    search->made = NULL;
    bantam_status status =
        vectorizer_fit(&search->vectorizer, &search->matrix, search->sample.texts,
                       search->sample.n_rows, &features, trial->options.n_threads, error);
    search->made = status ? NULL : trial;
    return status;
}

static bool is_right(const struct training_rows *rows, size_t row, const float *scores,
                     size_t n_outputs)
{
    const uint32_t *labels = rows->label_list + rows->label_starts[row];
    size_t n = rows->label_starts[row + 1] - rows->label_starts[row];
    if (rows->labels.starts) {
        size_t n_given = 0, n_met = 0;
        for (size_t o = 0; o < n_outputs; o++) {
            n_given += scores[o] > 0;
        }
        for (size_t k = 0; k < n; k++) {
            n_met += scores[labels[k]] > 0;
        }
        return n_given == n && n_met == n;
    }
    size_t best = n_outputs == 1 ? scores[0] > 0 : 0;
    for (size_t o = 1; o < n_outputs; o++) {
        best = scores[o] > scores[best] ? o : best;
    }
    return n == 1 && labels[0] == best;
}

// Takes the weights that a model within max_size would lack.
static bantam_status keep_to_size(const struct search *search, float *weights,
                                  const struct sparse_matrix *rows, size_t n_outputs, bool softmax,
                                  bantam_error *error)
{
    size_t n = rows->n_columns * n_outputs;
    size_t n_kept = (size_t)((double)search->options->max_size * WEIGHTS_A_BYTE);
    if (search->options->max_size == 0 || n_kept >= n) {
        return BANTAM_OK;
    }
    float *lengths = memory_allocate_array(rows->n_columns, sizeof *lengths);
    uint8_t *support = memory_allocate_array(n, sizeof *support);
    bantam_status status = lengths && support ? BANTAM_OK : error_memory(error);
    if (!status) {
        prune_lengths(lengths, rows);
        status = softmax ? prune_centre(weights, rows->n_columns, n_outputs, error) : BANTAM_OK;
    }
    if (!status) {
        status = prune_choose(support, weights, lengths, rows->n_columns, n_outputs, n_kept, error);
    }
    for (size_t i = 0; i < n && !status; i++) {
        weights[i] = support[i] ? weights[i] : 0;
    }
    memory_free(lengths);
    memory_free(support);
    return status;
}

// Memory of one fold.
struct fold_memory {
    float *weights, *intercepts, *row_weights, *scores;
};

static bantam_status measure_fold(struct search *search, struct trial *trial, int fold,
                                  const struct sparse_matrix *rows,
                                  const struct fold_memory *memory, bantam_error *error)
{
    const struct training_rows *sample = &search->sample;
    size_t n_outputs = logistic_n_outputs(&sample->labels);
    struct logistic_options learner = classifier_learner(&trial->options);
    learner.tolerance = TRIAL_TOLERANCE;
    learner.progress = search_fit_goes_on;
    learner.progress_context = search;
    for (size_t row = 0; row < rows->n_rows; row++) {
        memory->row_weights[row] = search->folds[row] == fold ? 0 : sample->weights[row];
    }
    bantam_status status = logistic_fit(memory->weights, memory->intercepts, rows, &sample->labels,
                                        memory->row_weights, &learner, NULL, error);
    if (!status) {
        bool softmax = learner.form == LOGISTIC_MULTINOMIAL && !sample->labels.starts;
        status =
            keep_to_size(search, memory->weights, rows, n_outputs, softmax && n_outputs > 2, error);
    }
    if (status) {
        return status;
    }
    trial->right[fold] = trial->counted[fold] = 0;
    for (size_t row = 0; row < rows->n_rows; row++) {
        if (search->folds[row] != fold) {
            continue;
        }
        double weight = (double)sample->weights[row];
        score_row(memory->scores, rows, row, memory->weights, memory->intercepts, n_outputs);
        if (trial->scores) {
            memcpy(trial->scores + row * n_outputs, memory->scores, n_outputs * sizeof(float));
        }
        trial->right[fold] += is_right(sample, row, memory->scores, n_outputs) ? weight : 0;
        trial->counted[fold] += weight;
    }
    trial->done[fold] = true;
    return BANTAM_OK;
}

bantam_status search_run_fold(struct search *search, struct trial *trial, int fold,
                              bantam_error *error)
{
    size_t n_outputs = logistic_n_outputs(&search->sample.labels);
    bantam_status status = make_rows(search, trial, error);
    if (status) {
        return status;
    }
    struct held_out_task task = {.rows = &search->matrix,
                                 .vectorizer = search->vectorizer,
                                 .folds = search->folds,
                                 .n_folds = FOLDS};
    struct sparse_matrix rows;
    status = held_out_rows(&rows, &task, fold, error);
    if (status) {
        return status;
    }
    struct fold_memory memory = {
        memory_allocate_array(rows.n_columns * n_outputs, sizeof(float)),
        memory_allocate_array(n_outputs, sizeof(float)),
        memory_allocate_array(rows.n_rows, sizeof(float)),
        memory_allocate_array(n_outputs, sizeof(float)),
    };
    bool complete = memory.weights && memory.intercepts && memory.row_weights && memory.scores;
    status =
        complete ? measure_fold(search, trial, fold, &rows, &memory, error) : error_memory(error);
    memory_free(memory.weights);
    memory_free(memory.intercepts);
    memory_free(memory.row_weights);
    memory_free(memory.scores);
    memory_free(rows.values);
    trial->shown.n_features = search->matrix.n_columns;
    return status;
}
