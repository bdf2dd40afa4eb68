// Merging two sorted lists of names, and moving weights to where the merged list has them.
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "classify/tune.h"

void tune_labels_release(struct tune_labels *labels)
{
    memory_free(labels->names);
    memory_free(labels->of_base);
    memory_free(labels->of_rows);
    *labels = (struct tune_labels){0};
}

bantam_status tune_labels_init(struct tune_labels *labels, const bantam_classifier *base,
                               const struct training_rows *rows, bantam_error *error)
{
    size_t n_base = base->n_labels, n_rows = rows->labels.n_classes, i = 0, j = 0;
    *labels = (struct tune_labels){
        .names = memory_allocate_array(n_base + n_rows, sizeof *labels->names),
        .of_base = memory_allocate_array(n_base, sizeof *labels->of_base),
        .of_rows = memory_allocate_array(n_rows, sizeof *labels->of_rows),
    };
    if (!labels->names || !labels->of_base || !labels->of_rows) {
        tune_labels_release(labels);
        return error_memory(error);
    }
    while (i < n_base || j < n_rows) {
        int order = i == n_base ? 1 : j == n_rows ? -1 : strcmp(base->labels[i], rows->names[j]);
        labels->names[labels->n_labels] = order <= 0 ? base->labels[i] : rows->names[j];
        if (order <= 0) {
            labels->of_base[i++] = (uint32_t)labels->n_labels;
        }
        if (order >= 0) {
            labels->of_rows[j++] = (uint32_t)labels->n_labels;
        }
        labels->n_new += order > 0;
        labels->n_labels++;
    }
    return BANTAM_OK;
}

// Moves the base's numbers of one feature, or its intercepts, to the outputs of the merged labels. `to` is zero.
static void spread(float *to, size_t n_outputs, const float *from, const bantam_classifier *base,
                   const struct tune_labels *labels)
{
    size_t n_from = text_model_n_outputs(base->text);
    if (n_from == n_outputs && labels->n_new == 0) {
        memcpy(to, from, n_from * sizeof *to);
    } else if (n_from == 1 && base->n_labels == 2) {
        // Two labels had one score between them; on their own they share it so that its meaning stays.
        bool softmax = base->options.multi_class == BANTAM_MULTINOMIAL;
        float own = softmax ? from[0] / 2 : from[0];
        to[labels->of_base[0]] = -own;
        to[labels->of_base[1]] = own;
    } else {
        for (size_t i = 0; i < n_from; i++) {
            to[labels->of_base[i]] = from[i];
        }
    }
}

bantam_status tune_prior(float *weights, float *intercepts, size_t n_outputs,
                         const bantam_classifier *base, const struct tune_labels *labels,
                         bantam_error *error)
{
    size_t n_from = text_model_n_outputs(base->text);
    float *own = memory_allocate_array(n_from, sizeof *own);
    if (!own) {
        return error_memory(error);
    }
    for (size_t i = 0; i < bantam_classifier_n_features(base); i++) {
        text_model_weights(base->text, i, own);
        memset(weights + i * n_outputs, 0, n_outputs * sizeof *weights);
        spread(weights + i * n_outputs, n_outputs, own, base, labels);
    }
    memory_free(own);
    memset(intercepts, 0, n_outputs * sizeof *intercepts);
    spread(intercepts, n_outputs, text_model_intercepts(base->text), base, labels);
    if (labels->n_new == 0) {
        return BANTAM_OK;
    }
    float mean = 0;
    for (size_t i = 0; i < base->n_labels; i++) {
        mean += intercepts[labels->of_base[i]] / (float)base->n_labels;
    }
    for (size_t i = 0, old = 0; i < labels->n_labels; i++) {
        if (old < base->n_labels && labels->of_base[old] == i) {
            old++;
        } else {
            intercepts[i] = mean;
        }
    }
    return BANTAM_OK;
}
