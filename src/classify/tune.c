// Tuning: rows by the base's vectorizer, a fit that the base's weights hold back, and what it changed, measured.
#include "classify/tune.h"

#include <stdio.h>
#include <string.h>

#include "bantam/evaluate.h"
#include "base/error.h"
#include "base/memory.h"

bantam_tune_options bantam_tune_options_default(void)
{
    return (bantam_tune_options){.C = 1, .folds = 5, .seed = 1, .n_threads = 1};
}

// Everything of one call.
struct tune_task {
    const bantam_classifier *base;
    const bantam_tune_options *options;
    struct training_rows own;
    struct tune_labels labels;
    struct sparse_matrix matrix;    // the tuning rows, then the texts that the base kept
    size_t n_rows;                  // of the matrix
    uint32_t *label_list;           // new numbers
    size_t *label_starts;           // (n_rows + 1)
    float *row_weights;             // (n_rows)
    struct logistic_labels targets; // of the matrix's rows
    size_t n_outputs;
    float *scaled_values;                // of the matrix, divided by the temperature
    float *scaled_intercepts;            // (n_outputs) likewise
    float *prior, *weights;              // (n_features, n_outputs)
    float *intercept_prior, *intercepts; // (n_outputs)
};

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

// ---- the rows ---------------------------------------------------------------------------------

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

// Fits all rows whose weight is not 0. The loss is that of the calibrated probabilities, so that an example asks for no more than it
// takes to be sure of it: scores, and so rows and intercepts, are divided by the temperature. Intercepts stay: without rows of the other
// labels those of the examples would rise and rise.
static bantam_status fit(struct tune_task *task, const float *row_weights, bantam_error *error)
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

// ---- what it changed --------------------------------------------------------------------------

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
        status = fit(task, row_weights, error);
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

// Measures, and leaves the fit of all rows in the task.
static bantam_status fit_and_measure(struct tune_task *task, bantam_tune_report *report,
                                     bantam_error *error)
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
        status = fit(task, task->row_weights, error);
    }
    if (!status) {
        status = measure_known(task, scores, report, error);
    }
    memory_free(scores);
    memory_free(row_weights);
    memory_free(folds);
    return status;
}

// ---- the new model ----------------------------------------------------------------------------

// The base's vectorizer once more, by way of its model file.
static bantam_status copy_vectorizer(struct vectorizer **out, const bantam_classifier *base,
                                     bantam_error *error)
{
    struct vectorizer_file content;
    bantam_model *file = NULL;
    bantam_buffer bytes;
    *out = NULL;
    bantam_status status = vectorizer_write(&content, text_model_vectorizer(base->text), error);
    if (status) {
        return status;
    }
    bantam_buffer_init(&bytes, CLASSIFIER_FILE_MAXIMUM);
    bantam_metadata metadata = {"vectorizer", content.metadata};
    status = bantam_model_write(&bytes, content.tensors, content.n_tensors, &metadata, 1, error);
    vectorizer_file_release(&content);
    if (!status) {
        status = bantam_model_load(&file, bytes.data, bytes.size, error);
    }
    if (!status) {
        status = vectorizer_load(out, file, error);
    }
    bantam_model_free(&file);
    bantam_buffer_release(&bytes);
    return status;
}

static bantam_status copy_means(bantam_classifier *classifier, const bantam_classifier *base,
                                bantam_error *error)
{
    size_t n = bantam_classifier_n_features(base);
    if (!base->means) {
        return BANTAM_OK;
    }
    classifier->means = memory_allocate_array(n, sizeof *classifier->means);
    if (!classifier->means) {
        return error_memory(error);
    }
    memcpy(classifier->means, base->means, n * sizeof *classifier->means);
    return BANTAM_OK;
}

// The base's texts and the tuning rows.
static bantam_status copy_kept(bantam_classifier *classifier, const struct tune_task *task,
                               bantam_error *error)
{
    const struct kept_texts *kept = &task->base->kept;
    if (kept->n == 0) {
        return BANTAM_OK;
    }
    struct training_rows all = {
        .n_rows = task->n_rows, .label_list = task->label_list, .label_starts = task->label_starts};
    all.texts = memory_allocate_array(task->n_rows, sizeof *all.texts);
    if (!all.texts) {
        return error_memory(error);
    }
    memcpy(all.texts, task->own.texts, task->own.n_rows * sizeof *all.texts);
    for (size_t i = 0; i < kept->n; i++) {
        all.texts[task->own.n_rows + i] = (struct text_piece){
            kept->bytes + kept->starts[i], kept->starts[i + 1] - kept->starts[i]};
    }
    bantam_status status = kept_texts_init(&classifier->kept, &all, error);
    memory_free(all.texts);
    return status;
}

static bantam_status record(bantam_classifier *classifier, const struct tune_task *task,
                            const bantam_tune_report *report, bantam_error *error)
{
    struct arena *arena = &classifier->arena;
    bantam_buffer text;
    bantam_buffer_init(&text, 1 << 20);
    bantam_buffer_append_format(&text, "{\"base\":");
    bantam_buffer_append_string(&text, task->base->measured);
    bantam_buffer_append_format(
        &text, ",\"tuning_rows\":%zu,\"own_before\":%.6f,\"own_after\":%.6f,\"known_rows\":%zu",
        report->n_rows, report->own_before, report->own_after, report->n_known);
    bantam_buffer_append_format(&text, ",\"known_before\":%.6f,\"known_after\":%.6f}",
                                report->known_before, report->known_after);
    classifier->measured = arena_copy(arena, text.data, text.size);
    classifier->record_options = arena_copy_string(arena, task->base->record_options);
    classifier->data_digest =
        arena_format(arena, "%s+%s", task->base->data_digest, task->own.digest);
    bool complete = !text.failed && classifier->measured && classifier->record_options &&
                    classifier->data_digest;
    bantam_buffer_release(&text);
    return complete ? BANTAM_OK : error_memory(error);
}

static bantam_status build(bantam_classifier *classifier, const struct tune_task *task,
                           const bantam_tune_report *report, bantam_error *error)
{
    struct vectorizer *vectorizer = NULL;
    classifier->options = task->base->options;
    classifier->multi_label = task->base->multi_label;
    bantam_status status =
        classifier_set_labels(classifier, task->labels.names, task->labels.n_labels, error);
    if (!status) {
        status = copy_vectorizer(&vectorizer, task->base, error);
    }
    if (!status) {
        status =
            text_model_new_take(&classifier->text, &vectorizer, task->weights, task->intercepts,
                                task->n_outputs, text_model_format(task->base->text), error);
    }
    if (!status) {
        status = calibration_copy(&classifier->calibration, &task->base->calibration,
                                  task->n_outputs, error);
    }
    if (!status) {
        status = copy_means(classifier, task->base, error);
    }
    if (!status) {
        status = copy_kept(classifier, task, error);
    }
    vectorizer_free(&vectorizer);
    return status ? status : record(classifier, task, report, error);
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
        status = fit_and_measure(&task, report, error);
    }
    if (!status) {
        classifier = memory_allocate_array(1, sizeof *classifier);
        status = classifier ? build(classifier, &task, report, error) : error_memory(error);
    }
    release(&task);
    if (status) {
        bantam_classifier_free(&classifier);
    }
    *out = classifier;
    return status;
}
