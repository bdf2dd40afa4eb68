// One row at a time: hashed n-grams, a step of the stochastic learner; at the end a classifier as any other.
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/string_table.h"
#include "classify/calibrate.h"
#include "classify/held_rows.h"
#include "text/utf8.h"
#include "train/stochastic_learner.h"

enum {
    HELD_OUT_EVERY = 20,
    LABELS_OF_ROW_MAXIMUM = 4096 // more are refused
};

struct bantam_classifier_stream {
    bantam_classifier *classifier; // in the making: labels, options
    struct string_table labels;    // sorted
    struct vectorizer *vectorizer;
    struct vectorizer_workspace *workspace;
    struct stochastic_learner *learner;
    struct held_rows held;
    double *sums;    // (n_features) of the learned rows' values, for the means
    double weight;   // of the learned rows
    uint64_t n_rows; // of the first pass
    uint64_t at;     // row of the pass
    bool first_pass;
    XXH3_state_t *digest;
    uint32_t row_labels[LABELS_OF_ROW_MAXIMUM];
};

void bantam_classifier_stream_free(bantam_classifier_stream **stream)
{
    bantam_classifier_stream *old = *stream;
    if (old) {
        bantam_classifier_free(&old->classifier);
        string_table_release(&old->labels);
        vectorizer_workspace_free(&old->workspace);
        vectorizer_free(&old->vectorizer);
        stochastic_learner_free(&old->learner);
        held_rows_release(&old->held);
        memory_free(old->sums);
        XXH3_freeState(old->digest);
        memory_free(old);
    }
    *stream = NULL;
}

static bantam_status check(const bantam_classifier_options *options, bantam_error *error)
{
    for (size_t i = 0; i < options->n_parts; i++) {
        if (options->parts[i].hash_bits == 0) {
            return error_set(error, BANTAM_ERROR_ARGUMENT,
                             "a stream needs hashed features, which are the same whatever comes; "
                             "set hash-bits, 18 for example");
        }
        if (options->parts[i].idf) {
            return error_set(
                error, BANTAM_ERROR_ARGUMENT,
                "a stream cannot weigh by rarity, which only all rows tell; set idf to "
                "no");
        }
    }
    return bantam_classifier_options_check(options, error);
}

static bantam_status take_labels(bantam_classifier_stream *stream, const char *const *labels,
                                 size_t n_labels, bantam_error *error)
{
    struct string_table *table = &stream->labels;
    for (size_t i = 0; i < n_labels; i++) {
        if (!utf8_is_valid(labels[i], strlen(labels[i]))) {
            return error_set(error, BANTAM_ERROR_INPUT, "label %zu is not UTF-8", i + 1);
        }
        uint32_t number = string_table_add(table, labels[i], strlen(labels[i]));
        if (number == STRING_TABLE_NONE) {
            return error_memory(error);
        }
        if (number != i) {
            return error_set(error, BANTAM_ERROR_INPUT, "the label \"%.60s\" is told twice",
                             labels[i]);
        }
    }
    if (n_labels < 2) {
        return error_set(error, BANTAM_ERROR_INPUT,
                         "a classifier needs rows of at least two labels");
    }
    uint32_t *numbers = memory_allocate_array(n_labels, sizeof *numbers);
    bool sorted = numbers && string_table_sort(table, numbers);
    memory_free(numbers);
    return sorted ? classifier_set_labels(stream->classifier, table->strings, n_labels, error)
                  : error_memory(error);
}

static bantam_status begin(bantam_classifier_stream *stream, size_t n_rows,
                           const bantam_classifier_options *options, bantam_error *error)
{
    struct vectorizer_options features = classifier_features(options);
    bantam_status status = vectorizer_fit(&stream->vectorizer, NULL, NULL, 0, &features, 1, error);
    if (!status) {
        status = vectorizer_workspace_new(&stream->workspace, stream->vectorizer, error);
    }
    if (!status) {
        status = held_rows_init(&stream->held, options->seed, error);
    }
    if (status) {
        return status;
    }
    size_t n_features = vectorizer_n_features(stream->vectorizer);
    struct logistic_labels labels = {.n_classes = stream->classifier->n_labels,
                                     .starts =
                                         stream->classifier->multi_label ? &(size_t){0} : NULL};
    struct stochastic_options learner = stochastic_options_default();
    bool each = options->multi_class == BANTAM_ONE_VS_REST || stream->classifier->multi_label;
    learner.form = each ? LOGISTIC_ONE_VS_REST : LOGISTIC_MULTINOMIAL;
    learner.n_outputs = logistic_n_outputs(&labels);
    learner.l2 = n_rows > 0 ? 1 / (options->C * (double)n_rows) : 0;
    stream->sums = memory_allocate_array(n_features, sizeof *stream->sums);
    stream->digest = XXH3_createState();
    if (!stream->sums || !stream->digest) {
        return error_memory(error);
    }
    XXH3_128bits_reset(stream->digest);
    return stochastic_learner_new(&stream->learner, n_features, &learner, error);
}

bantam_status bantam_classifier_stream_new(bantam_classifier_stream **out,
                                           const char *const *labels, size_t n_labels,
                                           bool multi_label, size_t n_rows,
                                           const bantam_classifier_options *options,
                                           bantam_error *error)
{
    *out = NULL;
    bantam_status status = check(options, error);
    if (status) {
        return status;
    }
    bantam_classifier_stream *stream = memory_allocate_array(1, sizeof *stream);
    if (!stream) {
        return error_memory(error);
    }
    stream->first_pass = true;
    stream->classifier = memory_allocate_array(1, sizeof *stream->classifier);
    if (stream->classifier) {
        stream->classifier->options = *options;
        stream->classifier->options.progress = NULL;
        stream->classifier->options.progress_context = NULL;
        stream->classifier->multi_label = multi_label;
        status = take_labels(stream, labels, n_labels, error);
    } else {
        status = error_memory(error);
    }
    if (!status) {
        status = begin(stream, n_rows, options, error);
    }
    if (status) {
        bantam_classifier_stream_free(&stream);
    }
    *out = stream;
    return status;
}

// The row's labels as numbers, rising, into stream->row_labels.
static bantam_status find_labels(bantam_classifier_stream *stream, const bantam_record *record,
                                 bantam_error *error)
{
    size_t n = record->n_labels;
    if (n > LABELS_OF_ROW_MAXIMUM || (!stream->classifier->multi_label && n != 1)) {
        return error_set_at(error, BANTAM_ERROR_INPUT, 0, record->line, "row %llu has %zu labels",
                            (unsigned long long)record->row, n);
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t label =
            string_table_find(&stream->labels, record->labels[i].bytes, record->labels[i].size);
        if (label == STRING_TABLE_NONE) {
            return error_set_at(error, BANTAM_ERROR_INPUT, 0, record->line,
                                "row %llu has the label \"%.*s\", which was not among those told",
                                (unsigned long long)record->row,
                                (int)(record->labels[i].size < 60 ? record->labels[i].size : 60),
                                record->labels[i].bytes);
        }
        size_t at = i;
        for (; at > 0 && stream->row_labels[at - 1] > label; at--) {
            stream->row_labels[at] = stream->row_labels[at - 1];
        }
        stream->row_labels[at] = label;
    }
    return BANTAM_OK;
}

bantam_status bantam_classifier_stream_learn(bantam_classifier_stream *stream,
                                             const bantam_record *record, bantam_error *error)
{
    struct sparse_row row;
    bantam_status status = find_labels(stream, record, error);
    if (!status) {
        status =
            vectorizer_row(&row, stream->workspace, record->text.bytes, record->text.size, error);
    }
    if (status) {
        return status;
    }
    uint64_t at = stream->at++;
    bool held_out = stream->classifier->options.calibration != BANTAM_CALIBRATE_NONE &&
                    at % HELD_OUT_EVERY == HELD_OUT_EVERY - 1;
    if (stream->first_pass) {
        stream->n_rows++;
        XXH3_128bits_update(stream->digest, record->text.bytes, record->text.size);
        XXH3_128bits_update(stream->digest, stream->row_labels,
                            record->n_labels * sizeof *stream->row_labels);
        if (held_out) {
            return held_rows_offer(&stream->held, &row, stream->row_labels, record->n_labels,
                                   record->weight, error);
        }
        stream->weight += (double)record->weight;
        for (size_t i = 0; i < row.n; i++) {
            stream->sums[row.columns[i]] += (double)record->weight * (double)row.values[i];
        }
    }
    if (!held_out) {
        (void)stochastic_learner_step(stream->learner, row.columns, row.values, row.n,
                                      stream->row_labels, record->n_labels, record->weight);
    }
    return BANTAM_OK;
}

void bantam_classifier_stream_rewind(bantam_classifier_stream *stream)
{
    stream->first_pass = stream->first_pass && stream->at == 0;
    stream->at = 0;
}

// ---- the end ----------------------------------------------------------------------------------

// The held-out rows as training rows, of which only what calibration looks at is filled in.
static bantam_status gather(struct training_rows *rows, const bantam_classifier_stream *stream,
                            bantam_error *error)
{
    const struct held_rows *held = &stream->held;
    size_t n_labels = 0;
    for (size_t i = 0; i < held->n_rows; i++) {
        n_labels += held->rows[i].n_labels;
    }
    *rows = (struct training_rows){.n_rows = held->n_rows};
    rows->label_list = memory_allocate_array(n_labels, sizeof *rows->label_list);
    rows->label_starts = memory_allocate_array(held->n_rows + 1, sizeof *rows->label_starts);
    rows->weights = memory_allocate_array(held->n_rows, sizeof *rows->weights);
    rows->names = memory_allocate_array(stream->classifier->n_labels, sizeof *rows->names);
    if (!rows->label_list || !rows->label_starts || !rows->weights || !rows->names) {
        return error_memory(error);
    }
    for (size_t i = 0; i < held->n_rows; i++) {
        const struct held_row *row = &held->rows[i];
        for (size_t j = 0; j < row->n_labels; j++) {
            rows->label_list[rows->label_starts[i] + j] = row->labels[j];
        }
        rows->label_starts[i + 1] = rows->label_starts[i] + row->n_labels;
        rows->weights[i] = row->weight;
    }
    memcpy(rows->names, stream->classifier->labels,
           stream->classifier->n_labels * sizeof *rows->names);
    rows->labels = (struct logistic_labels){
        .n_classes = stream->classifier->n_labels,
        .labels = rows->label_list,
        .starts = stream->classifier->multi_label ? rows->label_starts : NULL};
    return BANTAM_OK;
}

static bantam_status calibrate(bantam_classifier_stream *stream, const float *weights,
                               const float *intercepts, size_t n_outputs,
                               bantam_classifier_report *report, bantam_error *error)
{
    const struct held_rows *held = &stream->held;
    struct training_rows rows;
    float *scores = memory_allocate_array(held->n_rows * n_outputs, sizeof *scores);
    bantam_status status = gather(&rows, stream, error);
    if (!status && !scores) {
        status = error_memory(error);
    }
    for (size_t i = 0; !status && i < held->n_rows; i++) {
        float *to = scores + i * n_outputs;
        memcpy(to, intercepts, n_outputs * sizeof *to);
        for (size_t j = 0; j < held->rows[i].n; j++) {
            const float *feature = weights + held->rows[i].columns[j] * n_outputs;
            for (size_t output = 0; output < n_outputs; output++) {
                to[output] += held->rows[i].values[j] * feature[output];
            }
        }
    }
    if (!status) {
        status = classifier_calibrate_scores(stream->classifier, scores, &rows,
                                             &stream->classifier->options, report, error);
    }
    memory_free(scores);
    training_rows_release(&rows);
    return status;
}

static bantam_status make_means(bantam_classifier_stream *stream, size_t n_features,
                                bantam_error *error)
{
    float *means = memory_allocate_array(n_features, sizeof *means);
    if (!means) {
        return error_memory(error);
    }
    for (size_t i = 0; i < n_features; i++) {
        means[i] = stream->weight > 0 ? (float)(stream->sums[i] / stream->weight) : 0;
    }
    stream->classifier->means = means;
    return BANTAM_OK;
}

static bantam_status finish(bantam_classifier_stream *stream, bantam_classifier_report *report,
                            bantam_error *error)
{
    size_t n_features = vectorizer_n_features(stream->vectorizer);
    struct logistic_labels labels = {.n_classes = stream->classifier->n_labels,
                                     .starts =
                                         stream->classifier->multi_label ? &(size_t){0} : NULL};
    size_t n_outputs = logistic_n_outputs(&labels);
    float *weights = memory_allocate_array(n_features * n_outputs, sizeof *weights);
    float *intercepts = memory_allocate_array(n_outputs, sizeof *intercepts);
    bantam_status status = weights && intercepts ? BANTAM_OK : error_memory(error);
    *report = (bantam_classifier_report){.n_rows = (size_t)stream->n_rows,
                                         .n_features = n_features,
                                         .n_labels = labels.n_classes,
                                         .temperature = 1};
    if (!status) {
        stochastic_learner_weights(stream->learner, weights, intercepts);
        stochastic_learner_free(&stream->learner);
        status = calibrate(stream, weights, intercepts, n_outputs, report, error);
    }
    if (!status) {
        status = make_means(stream, n_features, error);
    }
    if (!status) {
        vectorizer_workspace_free(&stream->workspace);
        status = text_model_new_take(&stream->classifier->text, &stream->vectorizer, weights,
                                     intercepts, n_outputs, WEIGHTS_F32, error);
    }
    memory_free(weights);
    memory_free(intercepts);
    if (status) {
        return status;
    }
    char digest[33];
    XXH128_hash_t hash = XXH3_128bits_digest(stream->digest);
    snprintf(digest, sizeof digest, "%016llx%016llx", (unsigned long long)hash.high64,
             (unsigned long long)hash.low64);
    return classifier_record(stream->classifier, digest, report, error);
}

bantam_status bantam_classifier_stream_finish(bantam_classifier **out,
                                              bantam_classifier_stream *stream,
                                              bantam_classifier_report *report, bantam_error *error)
{
    bantam_classifier_report unread;
    *out = NULL;
    if (stream->n_rows == 0) {
        return error_set(error, BANTAM_ERROR_INPUT, "the data have no rows to train on");
    }
    bantam_status status = finish(stream, report ? report : &unread, error);
    if (!status) {
        *out = stream->classifier;
        stream->classifier = NULL;
    }
    return status;
}
