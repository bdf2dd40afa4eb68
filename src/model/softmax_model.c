// Loading with every shape checked, and scoring.
#include "model/softmax_model.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

static bool has_shape(const bantam_tensor *tensor, bantam_dtype dtype, uint64_t size)
{
    return tensor && tensor->dtype == dtype && tensor->n_dimensions == 1 &&
           tensor->shape[0] == size;
}

static float *copy_floats(const bantam_tensor *tensor)
{
    float *copy = memory_allocate(tensor->size);
    if (copy) {
        memcpy(copy, tensor->data, tensor->size);
    }
    return copy;
}

static bool all_finite(const bantam_tensor *tensor)
{
    const float *values = tensor->data;
    for (size_t i = 0; i < tensor->size / sizeof *values; i++) {
        if (!isfinite(values[i])) {
            return false;
        }
    }
    return true;
}

bantam_status softmax_model_load(struct softmax_model *model, const bantam_model *file,
                                 size_t n_classes, size_t n_tied, bantam_error *error)
{
    *model = (struct softmax_model){.n_classes = n_classes, .n_tied = n_tied};
    const bantam_tensor *words = bantam_model_tensor(file, "words");
    const bantam_tensor *tied = bantam_model_tensor(file, "tied");
    const bantam_tensor *bias = bantam_model_tensor(file, "bias");
    const bantam_tensor *scale = bantam_model_tensor(file, "scale");
    const bantam_tensor *calibration = bantam_model_tensor(file, "calibration");
    bool fits = words && words->dtype == BANTAM_I8 && words->n_dimensions == 2 &&
                words->shape[1] == n_classes && words->shape[0] >= 2 &&
                words->shape[0] <= 1U << 24 && (words->shape[0] & (words->shape[0] - 1)) == 0 &&
                has_shape(tied, BANTAM_F32, n_tied) && has_shape(bias, BANTAM_F32, n_classes) &&
                has_shape(scale, BANTAM_F32, n_classes) && has_shape(calibration, BANTAM_F32, 4);
    fits = fits && all_finite(tied) && all_finite(bias) && all_finite(scale) &&
           all_finite(calibration) && ((const float *)calibration->data)[0] > 0 &&
           ((const float *)calibration->data)[2] >= 0 &&
           ((const float *)calibration->data)[2] < 1 && ((const float *)calibration->data)[3] >= 0;
    if (!fits) {
        return error_set(
            error, BANTAM_ERROR_MODEL,
            "the model lacks a tensor, or one has the wrong shape or a value that is no "
            "number; train it again");
    }
    model->bits = (unsigned)__builtin_ctzll(words->shape[0]);
    memcpy(&model->temperature, calibration->data, sizeof(float));
    memcpy(&model->threshold, (const float *)calibration->data + 1, sizeof(float));
    memcpy(&model->doubt, (const float *)calibration->data + 2, sizeof(float));
    memcpy(&model->reliance, (const float *)calibration->data + 3, sizeof(float));
    model->tied = copy_floats(tied);
    model->bias = copy_floats(bias);
    model->scale = copy_floats(scale);
    model->words = memory_allocate(words->size);
    if (!model->tied || !model->bias || !model->scale || !model->words) {
        softmax_model_release(model);
        return error_memory(error);
    }
    memcpy(model->words, words->data, words->size);
    return BANTAM_OK;
}

void softmax_model_release(struct softmax_model *model)
{
    memory_free(model->tied);
    memory_free(model->bias);
    memory_free(model->scale);
    memory_free(model->words);
    *model = (struct softmax_model){0};
}

float softmax_model_word(const struct softmax_model *model, uint32_t hash, size_t class)
{
    size_t bucket = hash >> (32 - model->bits);
    return model->scale[class] * (float)model->words[bucket * model->n_classes + class];
}

void softmax_of_logits(double *values, size_t n)
{
    double most = values[0], sum = 0;
    for (size_t i = 1; i < n; i++) {
        most = fmax(most, values[i]);
    }
    for (size_t i = 0; i < n; i++) {
        values[i] = exp(values[i] - most);
        sum += values[i];
    }
    for (size_t i = 0; i < n; i++) {
        values[i] /= sum;
    }
}

size_t softmax_likeliest(const float *values, size_t n_classes)
{
    size_t best = 0;
    for (size_t c = 1; c < n_classes; c++) {
        best = values[c] > values[best] ? c : best;
    }
    return best;
}

float softmax_model_trust(const struct softmax_model *model, float reliability)
{
    return (1 - model->doubt) * powf(reliability, model->reliance);
}

void softmax_normalise(float *logits, size_t n_classes, float temperature, float trust)
{
    float most = -INFINITY, sum = 0;
    for (size_t c = 0; c < n_classes; c++) {
        most = logits[c] > most ? logits[c] : most;
    }
    for (size_t c = 0; c < n_classes; c++) {
        logits[c] = expf((logits[c] - most) / temperature);
        sum += logits[c];
    }
    for (size_t c = 0; c < n_classes; c++) {
        logits[c] = trust * logits[c] / sum + (1 - trust) / (float)n_classes;
    }
}

void softmax_model_predict(const struct softmax_model *model, const struct softmax_input *input,
                           float *probabilities)
{
    size_t n = model->n_classes;
    memcpy(probabilities, model->bias, n * sizeof *probabilities);
    for (size_t f = 0; f < model->n_tied; f++) {
        for (size_t c = 0; c < n; c++) {
            probabilities[c] += model->tied[f] * input->tied[f * n + c];
        }
    }
    for (size_t w = 0; w < input->n_words; w++) {
        size_t bucket = input->words[w].hash >> (32 - model->bits);
        const int8_t *row = model->words + bucket * n;
        for (size_t c = 0; c < n; c++) {
            probabilities[c] += model->scale[c] * (float)row[c] * input->words[w].value;
        }
    }
    softmax_normalise(probabilities, n, model->temperature,
                      softmax_model_trust(model, input->reliability));
}
