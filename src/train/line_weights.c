// Float weights of the line model: averaging and rounding.
#include "train/line_learner.h"

#include <math.h>

#include "base/error.h"
#include "base/memory.h"

bantam_status line_weights_init(struct line_weights *weights, unsigned bits, bantam_error *error)
{
    *weights = (struct line_weights){.bits = bits};
    weights->words = memory_allocate_array((size_t)LINE_LANES << bits, sizeof(float));
    return weights->words ? BANTAM_OK : error_memory(error);
}

void line_weights_release(struct line_weights *weights)
{
    memory_free(weights->words);
    *weights = (struct line_weights){0};
}

void line_weights_add(struct line_weights *weights, const struct line_weights *other, float share)
{
    for (size_t i = 0; i < (size_t)LINE_LANES << weights->bits; i++) {
        weights->words[i] += share * other->words[i];
    }
    for (size_t value = 0; value < LINE_VALUES; value++) {
        for (size_t feature = 0; feature < OWN_FEATURES; feature++) {
            weights->own[feature][value] += share * other->own[feature][value];
        }
        for (size_t feature = 0; feature < CONTEXT_FEATURES; feature++) {
            weights->context[feature][value] += share * other->context[feature][value];
        }
    }
}

bantam_status line_weights_quantize(struct line_model *model, const struct line_weights *weights,
                                    bantam_error *error)
{
    *model = (struct line_model){.bits = weights->bits};
    size_t n_words = (size_t)LINE_LANES << weights->bits;
    model->words = memory_allocate_array(n_words, 1);
    if (!model->words) {
        return error_memory(error);
    }
    float most = 1e-9F;
    for (size_t i = 0; i < n_words; i++) {
        most = fmaxf(most, fabsf(weights->words[i]));
    }
    model->word_scale = most / 127;
    for (size_t i = 0; i < n_words; i++) {
        model->words[i] = (int8_t)lrintf(weights->words[i] / model->word_scale);
    }
    for (size_t value = 0; value < LINE_VALUES; value++) {
        for (size_t feature = 0; feature < OWN_FEATURES; feature++) {
            model->own[feature][value] = weights->own[feature][value];
        }
        for (size_t feature = 0; feature < CONTEXT_FEATURES; feature++) {
            model->context[feature][value] = weights->context[feature][value];
        }
    }
    return BANTAM_OK;
}
