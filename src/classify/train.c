// Training: texts → rows → weights → calibration on held-out rows, called in order from one place.
#include "bantam/classifier_train.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "classify/calibrate.h"
#include "classify/kept_texts.h"
#include "classify/options.h"
#include "classify/stop_words.h"

static struct document_limit limit_of(double value, bool one_is_share)
{
    bool is_share = one_is_share ? value <= 1 : value < 1;
    return (struct document_limit){.value = value, .is_share = is_share};
}

struct vectorizer_options classifier_features(const bantam_classifier_options *options)
{
    struct vectorizer_options features = {.n_parts = options->n_parts};
    for (size_t i = 0; i < options->n_parts; i++) {
        const bantam_text_part *part = &options->parts[i];
        features.parts[i] = (struct vectorizer_part_options){
            .analyzer = (enum analyzer)part->analyzer,
            .n_min = (unsigned)part->n_min,
            .n_max = (unsigned)part->n_max,
            .lowercase = part->lowercase,
            .accents = (enum accents)part->strip_accents,
            .min_df = limit_of(part->min_df, false),
            .max_df = limit_of(part->max_df, true),
            .max_features = part->max_features,
            .binary = part->binary,
            .sublinear_tf = part->sublinear_tf,
            .use_idf = part->idf,
            .smooth_idf = part->smooth_idf,
            .norm = (enum row_norm)part->norm,
            .stop_words = part->stop_words ? stop_words_english : NULL,
            .n_stop_words = part->stop_words ? n_stop_words_english : 0,
            .hash_bits = (unsigned)part->hash_bits,
            .alternate_sign = part->hash_bits != 0,
        };
    }
    return features;
}

struct logistic_options classifier_learner(const bantam_classifier_options *options)
{
    struct logistic_options learner = logistic_options_default();
    learner.form =
        options->multi_class == BANTAM_ONE_VS_REST ? LOGISTIC_ONE_VS_REST : LOGISTIC_MULTINOMIAL;
    learner.strength = options->C;
    learner.l1_ratio = options->penalty == BANTAM_PENALTY_L2   ? 0
                       : options->penalty == BANTAM_PENALTY_L1 ? 1
                                                               : options->l1_ratio;
    learner.balanced = options->balanced;
    learner.tolerance = options->tolerance;
    learner.n_iterations = options->max_iterations;
    learner.n_threads = options->n_threads;
    learner.progress = options->progress;
    learner.progress_context = options->progress_context;
    return learner;
}

bantam_status feature_means(float **out, const struct sparse_matrix *matrix,
                            const float *row_weights, bantam_error *error)
{
    double *sums = memory_allocate_array(matrix->n_columns, sizeof *sums), total = 0;
    float *means = memory_allocate_array(matrix->n_columns, sizeof *means);
    *out = means;
    if (!sums || !means) {
        memory_free(sums);
        return error_memory(error);
    }
    for (size_t row = 0; row < matrix->n_rows; row++) {
        total += (double)row_weights[row];
        for (size_t i = matrix->starts[row]; i < matrix->starts[row + 1]; i++) {
            sums[matrix->columns[i]] += (double)row_weights[row] * (double)matrix->values[i];
        }
    }
    for (size_t i = 0; i < matrix->n_columns; i++) {
        means[i] = total > 0 ? (float)(sums[i] / total) : 0;
    }
    memory_free(sums);
    return BANTAM_OK;
}

// Fits the weights and makes the text model of them; takes the vectorizer.
static bantam_status fit_weights(bantam_classifier *classifier, struct vectorizer **vectorizer,
                                 const struct sparse_matrix *matrix,
                                 const struct training_rows *rows,
                                 const struct logistic_options *learner, bool may_stop,
                                 bantam_classifier_report *report, bantam_error *error)
{
    size_t n_outputs = logistic_n_outputs(&rows->labels);
    struct weights_room room;
    bool enough = weights_room_init(&room, matrix->n_columns, n_outputs);
    float *intercepts = memory_allocate_array(n_outputs, sizeof *intercepts);
    struct logistic_report fit = {0};
    bantam_status status = enough && intercepts ? BANTAM_OK : error_memory(error);
    if (!status) {
        status = logistic_fit(room.weights, intercepts, matrix, &rows->labels, rows->weights,
                              learner, &fit, error);
        status = may_stop && status == BANTAM_ERROR_CANCELLED ? BANTAM_OK : status;
    }
    if (!status) {
        status = text_model_new_take_room(&classifier->text, vectorizer, &room, intercepts,
                                          n_outputs, error);
    }
    report->objective = fit.objective;
    report->gap = fit.gap;
    report->converged = fit.converged;
    report->n_iterations = fit.n_iterations;
    weights_room_release(&room);
    memory_free(intercepts);
    return status;
}

bantam_status classifier_record(bantam_classifier *classifier, const char *digest,
                                const bantam_classifier_report *report, bantam_error *error)
{
    bantam_buffer text;
    bantam_buffer_init(&text, 1 << 16);
    classifier_options_write(&text, &classifier->options);
    classifier->record_options = arena_copy(&classifier->arena, text.data, text.size);
    text.size = 0;
    bantam_buffer_append_format(&text, "{\"rows\":%zu,\"features\":%zu,\"held_out_rows\":%zu",
                                report->n_rows, report->n_features, report->n_held_out);
    if (report->n_held_out > 0) {
        bantam_buffer_append_format(
            &text,
            ",\"accuracy\":%.6f,\"log_loss\":%.6f,\"calibration_error\":%.6f,"
            "\"calibration_error_before\":%.6f",
            report->accuracy, report->log_loss, report->calibration_error,
            report->calibration_error_before);
    }
    bantam_buffer_append_string(&text, "}");
    classifier->measured = arena_copy(&classifier->arena, text.data, text.size);
    classifier->data_digest = arena_copy_string(&classifier->arena, digest);
    bool complete = !text.failed && classifier->record_options && classifier->measured &&
                    classifier->data_digest;
    bantam_buffer_release(&text);
    return complete ? BANTAM_OK : error_memory(error);
}

static bantam_status train(bantam_classifier *classifier, const struct training_rows *rows,
                           const bantam_classifier_options *options, struct held_out_known *known,
                           bantam_classifier_report *report, bantam_error *error)
{
    struct vectorizer_options features = classifier_features(options);
    struct logistic_options learner = classifier_learner(options);
    struct vectorizer *vectorizer = NULL;
    struct sparse_matrix matrix = {0};
    bantam_status status = vectorizer_fit(&vectorizer, &matrix, rows->texts, rows->n_rows,
                                          &features, options->n_threads, error);
    *report = (bantam_classifier_report){.n_rows = rows->n_rows,
                                         .n_features = matrix.n_columns,
                                         .n_labels = rows->labels.n_classes,
                                         .temperature = 1};
    if (!status) {
        status = classifier_set_labels(classifier, rows->names, rows->labels.n_classes, error);
    }
    if (!status) {
        status = classifier_calibrate(classifier, vectorizer, &matrix, rows, &learner, options,
                                      known, report, error);
    }
    if (!status) {
        status = feature_means(&classifier->means, &matrix, rows->weights, error);
    }
    if (!status) {
        status = fit_weights(classifier, &vectorizer, &matrix, rows, &learner,
                             known && known->may_stop, report, error);
    }
    if (!status && options->keep_texts) {
        status = kept_texts_init(&classifier->kept, rows, error);
    }
    if (!status) {
        status = classifier_record(classifier, rows->digest, report, error);
    }
    sparse_matrix_release(&matrix);
    vectorizer_free(&vectorizer);
    return status;
}

bantam_status classifier_train_knowing(bantam_classifier **out, const bantam_dataset *dataset,
                                       const bantam_classifier_options *options,
                                       struct held_out_known *known,
                                       bantam_classifier_report *report, bantam_error *error)
{
    *out = NULL;
    const bantam_classifier_options defaults = bantam_classifier_options_default();
    bantam_classifier_report unread;
    struct training_rows rows = {0};
    bantam_classifier *classifier = NULL;
    options = options ? options : &defaults;
    bantam_status status = bantam_classifier_options_check(options, error);
    if (!status) {
        status = training_rows_init(&rows, dataset, 2, error);
    }
    if (!status) {
        classifier = memory_allocate_array(1, sizeof *classifier);
        status = classifier ? BANTAM_OK : error_memory(error);
    }
    if (!status) {
        classifier->options = *options;
        classifier->options.progress = NULL;
        classifier->options.progress_context = NULL;
        classifier->multi_label = bantam_dataset_is_multi_label(dataset);
        status = train(classifier, &rows, options, known, report ? report : &unread, error);
    }
    training_rows_release(&rows);
    if (status) {
        bantam_classifier_free(&classifier);
    }
    *out = classifier;
    return status;
}

bantam_status bantam_classifier_train(bantam_classifier **out, const bantam_dataset *dataset,
                                      const bantam_classifier_options *options,
                                      bantam_classifier_report *report, bantam_error *error)
{
    return classifier_train_knowing(out, dataset, options, NULL, report, error);
}
