// Tuning: rows by the base's vectorizer, and a fit that the base's weights hold back.
#include "classify/tune.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"

bantam_tune_options bantam_tune_options_default(void)
{
    return (bantam_tune_options){.C = 1, .folds = 5, .seed = 1, .n_threads = 1};
}

static void release(struct tune_task *task)
{
    training_rows_release(&task->own);
    tune_labels_release(&task->labels);
    sparse_matrix_release(&task->matrix);
    memory_free(task->label_list);
    memory_free(task->label_starts);
    memory_free(task->row_weights);
    memory_free(task->scaled_values);
    memory_free(task->scaled_intercepts);
    memory_free(task->prior);
    memory_free(task->weights);
    memory_free(task->intercept_prior);
    memory_free(task->intercepts);
}

static bantam_status check(const struct tune_task *task, const bantam_dataset *dataset,
                           bantam_error *error)
{
    const bantam_tune_options *options = task->options;
    if (!(options->C >= 1e-9 && options->C <= 1e9)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "C: takes a number from 1e-9 to 1e9");
    }
    if (options->folds < 2 || options->folds > 20) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "folds: takes a number from 2 to 20");
    }
    if (bantam_dataset_is_multi_label(dataset) != task->base->multi_label) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         task->base->multi_label
                             ? "the model gives several labels a text, and so must the rows: tell "
                               "what separates them"
                             : "the model gives one label a text, and so must the rows");
    }
    return BANTAM_OK;
}

static bantam_status make_matrix(struct tune_task *task, bantam_error *error)
{
    const struct kept_texts *kept = &task->base->kept;
    size_t n_own = task->own.n_rows;
    task->n_rows = n_own + kept->n;
    struct text_piece *texts = memory_allocate_array(task->n_rows, sizeof *texts);
    if (!texts) {
        return error_memory(error);
    }
    memcpy(texts, task->own.texts, n_own * sizeof *texts);
    for (size_t i = 0; i < kept->n; i++) {
        texts[n_own + i] = (struct text_piece){kept->bytes + kept->starts[i],
                                               kept->starts[i + 1] - kept->starts[i]};
    }
    bantam_status status =
        vectorizer_transform(&task->matrix, text_model_vectorizer(task->base->text), texts,
                             task->n_rows, task->options->n_threads, error);
    memory_free(texts);
    return status;
}

static bantam_status make_targets(struct tune_task *task, bantam_error *error)
{
    const struct kept_texts *kept = &task->base->kept;
    size_t n_own = task->own.n_rows, n_given = task->own.label_starts[n_own];
    size_t n_kept = kept->n > 0 ? kept->label_starts[kept->n] : 0;
    task->label_list = memory_allocate_array(n_given + n_kept, sizeof *task->label_list);
    task->label_starts = memory_allocate_array(task->n_rows + 1, sizeof *task->label_starts);
    task->row_weights = memory_allocate_array(task->n_rows, sizeof *task->row_weights);
    if (!task->label_list || !task->label_starts || !task->row_weights) {
        return error_memory(error);
    }
    for (size_t i = 0; i < n_given; i++) {
        task->label_list[i] = task->labels.of_rows[task->own.label_list[i]];
    }
    for (size_t i = 0; i < n_kept; i++) {
        task->label_list[n_given + i] = task->labels.of_base[kept->labels[i]];
    }
    for (size_t i = 0; i < task->n_rows; i++) {
        bool is_own = i < n_own;
        task->row_weights[i] = is_own ? task->own.weights[i] : 1;
        task->label_starts[i + 1] =
            is_own ? task->own.label_starts[i + 1] : n_given + kept->label_starts[i + 1 - n_own];
    }
    task->targets =
        (struct logistic_labels){.n_classes = task->labels.n_labels,
                                 .labels = task->label_list,
                                 .starts = task->base->multi_label ? task->label_starts : NULL};
    task->n_outputs = logistic_n_outputs(&task->targets);
    return BANTAM_OK;
}

static bantam_status make_prior(struct tune_task *task, bantam_error *error)
{
    size_t n = bantam_classifier_n_features(task->base) * task->n_outputs;
    task->prior = memory_allocate_array(n, sizeof *task->prior);
    task->weights = memory_allocate_array(n, sizeof *task->weights);
    task->intercept_prior = memory_allocate_array(task->n_outputs, sizeof *task->intercept_prior);
    task->intercepts = memory_allocate_array(task->n_outputs, sizeof *task->intercepts);
    if (!task->prior || !task->weights || !task->intercept_prior || !task->intercepts) {
        return error_memory(error);
    }
    return tune_prior(task->prior, task->intercept_prior, task->n_outputs, task->base,
                      &task->labels, error);
}

static bantam_status scale(struct tune_task *task, bantam_error *error)
{
    float temperature = task->base->calibration.temperature;
    size_t n = task->matrix.starts[task->n_rows];
    task->scaled_values = memory_allocate_array(n, sizeof *task->scaled_values);
    task->scaled_intercepts =
        memory_allocate_array(task->n_outputs, sizeof *task->scaled_intercepts);
    if (!task->scaled_values || !task->scaled_intercepts) {
        return error_memory(error);
    }
    for (size_t i = 0; i < n; i++) {
        task->scaled_values[i] = task->matrix.values[i] / temperature;
    }
    for (size_t i = 0; i < task->n_outputs; i++) {
        task->scaled_intercepts[i] = task->intercept_prior[i] / temperature;
    }
    return BANTAM_OK;
}

static bantam_status prepare(struct tune_task *task, const bantam_dataset *dataset,
                             bantam_error *error)
{
    bantam_status status = check(task, dataset, error);
    if (!status) {
        status = training_rows_init(&task->own, dataset, 1, error);
    }
    if (!status) {
        status = tune_labels_init(&task->labels, task->base, &task->own, error);
    }
    bool curves = task->base->calibration.method == CALIBRATION_SIGMOID ||
                  task->base->calibration.method == CALIBRATION_ISOTONIC;
    if (!status && curves && task->labels.n_new > 0) {
        status = error_set(error, BANTAM_ERROR_ARGUMENT,
                           "the model is calibrated by a curve for each label, and a new label has "
                           "none; train it with --calibrate temperature");
    }
    if (!status) {
        status = make_matrix(task, error);
    }
    if (!status) {
        status = make_targets(task, error);
    }
    if (!status) {
        status = make_prior(task, error);
    }
    return status ? status : scale(task, error);
}

bantam_status tune_fit(struct tune_task *task, const float *row_weights, bantam_error *error)
{
    struct logistic_options learner = logistic_options_default();
    learner.form = task->base->options.multi_class == BANTAM_ONE_VS_REST ? LOGISTIC_ONE_VS_REST
                                                                         : LOGISTIC_MULTINOMIAL;
    learner.strength = task->options->C;
    learner.prior = task->prior;
    learner.fixed_intercepts = task->scaled_intercepts;
    learner.n_threads = task->options->n_threads;
    learner.progress = task->options->progress;
    learner.progress_context = task->options->progress_context;
    struct sparse_matrix rows = task->matrix;
    rows.values = task->scaled_values;
    bantam_status status = logistic_fit(task->weights, task->intercepts, &rows, &task->targets,
                                        row_weights, &learner, NULL, error);
    memcpy(task->intercepts, task->intercept_prior, task->n_outputs * sizeof *task->intercepts);
    return status;
}

bantam_status bantam_classifier_tune(bantam_classifier **out, const bantam_classifier *base,
                                     const bantam_dataset *dataset,
                                     const bantam_tune_options *options, bantam_tune_report *report,
                                     bantam_error *error)
{
    *out = NULL;
    const bantam_tune_options defaults = bantam_tune_options_default();
    bantam_tune_report unread;
    struct tune_task task = {.base = base, .options = options ? options : &defaults};
    report = report ? report : &unread;
    *report = (bantam_tune_report){.n_rows = 0};
    bantam_classifier *classifier = NULL;
    bantam_status status = prepare(&task, dataset, error);
    if (!status) {
        status = tune_measure(&task, report, error);
    }
    if (!status) {
        classifier = memory_allocate_array(1, sizeof *classifier);
        status = classifier ? tune_build(classifier, &task, report, error) : error_memory(error);
    }
    release(&task);
    if (status) {
        bantam_classifier_free(&classifier);
    }
    *out = classifier;
    return status;
}
