// One attempt: choose weights, scale the rows to the n-grams that stay, learn those weights again where that may be, round, build.
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "classify/held_out.h"
#include "classify/prune.h"
#include "classify/shrink.h"

enum {
    MODEL_MAXIMUM = 2147483647 // bytes of a file
};

bantam_status shrink_centre(struct shrink *shrink, bantam_error *error)
{
    bool softmax = shrink->base->options.multi_class == BANTAM_MULTINOMIAL &&
                   !shrink->base->multi_label && shrink->n_outputs > 2;
    return softmax
               ? prune_centre(shrink->whole.weights, shrink->n_features, shrink->n_outputs, error)
               : BANTAM_OK;
}

// Which n-grams stay: those with a weight, and all buckets of a hashed part, which is kept whole. A part left without any keeps its
// first, since it must not be empty.
static void choose_features(struct shrink *shrink)
{
    const struct vectorizer_options *features = vectorizer_fitted_options(shrink->vectorizer);
    size_t n_stay[BANTAM_TEXT_PARTS_MAXIMUM] = {0};
    for (size_t f = shrink->n_features; f-- > 0;) {
        size_t part = vectorizer_part_of(shrink->vectorizer, f);
        bool first = f == 0 || vectorizer_part_of(shrink->vectorizer, f - 1) != part;
        bool stays = features->parts[part].hash_bits > 0 || (first && n_stay[part] == 0);
        for (size_t o = 0; o < shrink->n_outputs && !stays; o++) {
            stays = shrink->support[f * shrink->n_outputs + o] != 0;
        }
        n_stay[part] += stays;
        shrink->factors[f] = stays ? 1 : 0;
    }
}

bantam_status shrink_attempt_make(struct shrink *shrink, const struct shrink_attempt *tried,
                                  const struct sparse_matrix *rows, const float *row_weights,
                                  bool learn, bantam_error *error)
{
    size_t n_weights = shrink->n_features * shrink->n_outputs;
    struct shrink_linear *to = &shrink->attempted;
    bantam_status status =
        prune_choose(shrink->support, shrink->whole.weights, shrink->lengths, shrink->n_features,
                     shrink->n_outputs, tried->n_kept, error);
    if (status) {
        return status;
    }
    choose_features(shrink);
    if (learn) {
        struct sparse_matrix scaled = *rows;
        struct logistic_options learner = shrink->learner;
        scaled.values = shrink->values;
        learner.support = shrink->support;
        status = rescale_rows(shrink->values, rows, shrink->vectorizer, shrink->factors, error);
        if (!status) {
            status = logistic_fit(to->weights, to->intercepts, &scaled, &shrink->rows.labels,
                                  row_weights, &learner, NULL, error);
        }
    } else {
        for (size_t i = 0; i < n_weights; i++) {
            to->weights[i] = shrink->support[i] ? shrink->whole.weights[i] : 0;
        }
        memcpy(to->intercepts, shrink->whole.intercepts, shrink->n_outputs * sizeof(float));
    }
    return status ? status
                  : prune_round(to->weights, shrink->lengths, shrink->n_features, shrink->n_outputs,
                                tried->format, error);
}

// The means of the n-grams that stay, of rows without the others; `order` (n) is each one's number in the base.
static bantam_status find_means(float **out, struct shrink *shrink, const uint32_t *order, size_t n,
                                bantam_error *error)
{
    struct sparse_matrix scaled = shrink->matrix;
    float *all = NULL;
    scaled.values = shrink->values;
    bantam_status status =
        rescale_rows(shrink->values, &shrink->matrix, shrink->vectorizer, shrink->factors, error);
    if (!status) {
        status = feature_means(&all, &scaled, shrink->rows.weights, error);
    }
    *out = status ? NULL : memory_allocate_array(n, sizeof **out);
    for (size_t i = 0; *out && i < n; i++) {
        (*out)[i] = all[order[i]];
    }
    memory_free(all);
    return status || *out ? status : error_memory(error);
}

// The attempted weights as a text model; where n-grams stay readable, also the means that explanations are measured from.
static bantam_status build(struct text_model **out, float **means, struct shrink *shrink,
                           enum weight_format format, bantam_error *error)
{
    size_t n_outputs = shrink->n_outputs, n_kept = 0;
    struct vectorizer *vectorizer = NULL;
    bool *keep = memory_allocate_array(shrink->n_features, sizeof *keep);
    uint32_t *order = memory_allocate_array(shrink->n_features, sizeof *order);
    float *weights = NULL;
    *out = NULL;
    *means = NULL;
    bantam_status status = keep && order ? BANTAM_OK : error_memory(error);
    for (size_t f = 0; !status && f < shrink->n_features; f++) {
        keep[f] = shrink->factors[f] > 0;
        n_kept += keep[f];
    }
    if (!status) {
        status = vectorizer_select(&vectorizer, order, shrink->vectorizer, keep,
                                   shrink->options->keep_names, error);
    }
    if (!status) {
        weights = memory_allocate_array(n_kept * n_outputs, sizeof *weights);
        status = weights ? BANTAM_OK : error_memory(error);
    }
    if (!status) {
        for (size_t i = 0; i < vectorizer_n_features(vectorizer); i++) {
            memcpy(weights + i * n_outputs, shrink->attempted.weights + order[i] * n_outputs,
                   n_outputs * sizeof *weights);
        }
        status = text_model_new_take(out, &vectorizer, weights, shrink->attempted.intercepts,
                                     n_outputs, format, error);
    }
    if (!status && shrink->options->keep_names) {
        status = find_means(means, shrink, order, n_kept, error);
    }
    vectorizer_free(&vectorizer);
    memory_free(keep);
    memory_free(order);
    memory_free(weights);
    return status;
}

// A classifier around the text model and the means, with the base's calibration.
static bantam_status wrap(bantam_classifier **out, const struct shrink *shrink,
                          struct text_model **text, float **means, bantam_error *error)
{
    const bantam_classifier *base = shrink->base;
    bantam_classifier *classifier = memory_allocate_array(1, sizeof *classifier);
    *out = NULL;
    if (!classifier) {
        return error_memory(error);
    }
    classifier->text = *text;
    classifier->means = *means;
    *text = NULL;
    *means = NULL;
    classifier->options = base->options;
    classifier->multi_label = base->multi_label;
    bantam_status status = classifier_set_labels(classifier, base->labels, base->n_labels, error);
    if (!status) {
        status = calibration_copy(&classifier->calibration, &base->calibration, shrink->n_outputs,
                                  error);
    }
    if (!status) {
        classifier->record_options = arena_copy_string(&classifier->arena, base->record_options);
        classifier->data_digest = arena_copy_string(&classifier->arena, base->data_digest);
        classifier->measured = arena_copy_string(&classifier->arena, base->measured);
        bool complete =
            classifier->record_options && classifier->data_digest && classifier->measured;
        status = complete ? BANTAM_OK : error_memory(error);
    }
    if (status) {
        bantam_classifier_free(&classifier);
    }
    *out = classifier;
    return status;
}

bantam_status classifier_size(size_t *size, const bantam_classifier *classifier,
                              bantam_error *error)
{
    bantam_buffer bytes;
    bantam_buffer_init(&bytes, MODEL_MAXIMUM);
    bantam_status status = bantam_classifier_save(classifier, &bytes, error);
    *size = bytes.size;
    bantam_buffer_release(&bytes);
    return status;
}

bantam_status shrink_build(bantam_classifier **out, size_t *size, struct shrink *shrink,
                           enum weight_format format, bantam_error *error)
{
    struct text_model *text = NULL;
    float *means = NULL;
    bantam_classifier *classifier = NULL;
    bantam_status status = build(&text, &means, shrink, format, error);
    if (!status) {
        status = wrap(&classifier, shrink, &text, &means, error);
    }
    if (!status) {
        status = classifier_size(size, classifier, error);
    }
    text_model_free(&text);
    memory_free(means);
    if (status || !out) {
        bantam_classifier_free(&classifier);
    }
    if (out) {
        *out = classifier;
    }
    return status;
}
