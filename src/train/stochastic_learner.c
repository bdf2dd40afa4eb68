// Weights and squared gradients lie side by side by feature, (n_features + 1, width), the intercepts last.
#include "train/stochastic_learner.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/vector.h"

static const float SQUARES_BEGIN =
    1e-2F; // AdaGrad's start: the first step of a weight is not a leap

struct stochastic_learner {
    struct stochastic_options options;
    size_t n_features, width; // width: outputs filled up to whole lanes
    float *weights;           // (n_features + 1, width)
    float *squares;           // (n_features + 1, width) sums of squared gradients
    double
        *paid; // (n_features) weight of the rows up to which the penalty is paid; NULL without one
    double seen;    // weight of the rows so far
    float *scores;  // (width)
    float *targets; // (width)
    void *memory;
};

struct stochastic_options stochastic_options_default(void)
{
    return (struct stochastic_options){.n_outputs = 1, .rate = 0.5};
}

static bantam_status check(const struct stochastic_options *options, size_t n_features,
                           bantam_error *error)
{
    if (options->n_outputs < 1 || n_features >= UINT32_MAX) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "%zu features of %zu outputs can't be learned", n_features,
                         options->n_outputs);
    }
    if (!(options->rate > 0 && isfinite(options->rate))) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "the rate is %g; it must be above 0",
                         options->rate);
    }
    if (!(options->l2 >= 0 && isfinite(options->l2))) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "l2 is %g; it is 0 or more", options->l2);
    }
    return BANTAM_OK;
}

bantam_status stochastic_learner_new(struct stochastic_learner **out, size_t n_features,
                                     const struct stochastic_options *options, bantam_error *error)
{
    *out = NULL;
    bantam_status status = check(options, n_features, error);
    if (status) {
        return status;
    }
    struct stochastic_learner *learner = memory_allocate_array(1, sizeof *learner);
    if (!learner) {
        return error_memory(error);
    }
    learner->options = *options;
    learner->n_features = n_features;
    size_t width = (options->n_outputs + VECTOR_LANES - 1) / VECTOR_LANES * VECTOR_LANES;
    width = options->n_outputs == 1 ? 1 : width;
    learner->width = width;
    bool too_many = n_features + 1 > SIZE_MAX / 2 / sizeof(float) / (width + VECTOR_LANES);
    size_t n =
        too_many ? 0 : ((n_features + 1) * width + VECTOR_LANES) / VECTOR_LANES * VECTOR_LANES;
    learner->memory = too_many ? NULL : memory_allocate_array(2 * n + VECTOR_LANES, sizeof(float));
    learner->scores = memory_allocate_array(width, sizeof *learner->scores);
    learner->targets = memory_allocate_array(width, sizeof *learner->targets);
    learner->paid =
        options->l2 > 0 ? memory_allocate_array(n_features, sizeof *learner->paid) : NULL;
    if (!learner->memory || !learner->scores || !learner->targets ||
        (options->l2 > 0 && !learner->paid)) {
        stochastic_learner_free(&learner);
        return error_memory(error);
    }
    size_t alignment = VECTOR_LANES * sizeof(float);
    learner->weights =
        (float *)(((uintptr_t)learner->memory + alignment - 1) / alignment * alignment);
    learner->squares = learner->weights + n;
    *out = learner;
    return BANTAM_OK;
}

void stochastic_learner_free(struct stochastic_learner **learner)
{
    if (*learner) {
        memory_free((*learner)->memory);
        memory_free((*learner)->scores);
        memory_free((*learner)->targets);
        memory_free((*learner)->paid);
        memory_free(*learner);
    }
    *learner = NULL;
}

// The penalty that a feature owes since it was last touched: the weights shrink towards 0 and never beyond.
static void pay_penalty(struct stochastic_learner *learner, uint32_t column)
{
    double owed = learner->seen - learner->paid[column];
    float *weights = learner->weights + column * learner->width;
    const float *squares = learner->squares + column * learner->width;
    for (size_t c = 0; c < learner->width; c++) {
        double rate = learner->options.rate / sqrt((double)(squares[c] + SQUARES_BEGIN));
        weights[c] /= (float)(1 + rate * learner->options.l2 * owed);
    }
    learner->paid[column] = learner->seen;
}

VECTOR_KERNEL
static void add_scaled(float *to, const float *from, float factor, size_t n)
{
    for (size_t c = 0; c < n; c++) {
        to[c] += factor * from[c];
    }
}

// One AdaGrad step of a feature's weights against value · errors.
VECTOR_KERNEL
static void descend(float *weights, float *squares, const float *errors, float value, float rate,
                    size_t n)
{
    for (size_t c = 0; c < n; c++) {
        float gradient = value * errors[c];
        squares[c] += gradient * gradient;
        weights[c] -= rate * gradient / sqrtf(squares[c] + SQUARES_BEGIN);
    }
}

// Scores become errors, p − y times the row's weight; returns the loss.
static double softmax_errors(struct stochastic_learner *learner, uint32_t label, float weight)
{
    float *scores = learner->scores, most = scores[0], sum = 0;
    size_t n = learner->options.n_outputs;
    for (size_t c = 1; c < n; c++) {
        most = scores[c] > most ? scores[c] : most;
    }
    double own = (double)(scores[label] - most);
    for (size_t c = 0; c < n; c++) {
        scores[c] = expf(scores[c] - most);
        sum += scores[c];
    }
    for (size_t c = 0; c < n; c++) {
        scores[c] *= weight / sum;
    }
    scores[label] -= weight;
    return (double)weight * (log((double)sum) - own);
}

static double logistic_errors(struct stochastic_learner *learner, const uint32_t *labels,
                              size_t n_labels, float weight)
{
    size_t n = learner->options.n_outputs;
    memset(learner->targets, 0, n * sizeof *learner->targets);
    for (size_t k = 0; k < n_labels; k++) {
        if (n == 1) {
            learner->targets[0] = (float)labels[k];
        } else {
            learner->targets[labels[k]] = 1;
        }
    }
    double loss = 0;
    for (size_t c = 0; c < n; c++) {
        float z = learner->scores[c], target = learner->targets[c], e = expf(-fabsf(z));
        float p = z >= 0 ? 1 / (1 + e) : e / (1 + e);
        loss += (double)(log1pf(e) + (z > 0 ? z : 0) - target * z);
        learner->scores[c] = weight * (p - target);
    }
    return (double)weight * loss;
}

double stochastic_learner_step(struct stochastic_learner *learner, const uint32_t *columns,
                               const float *values, size_t n_entries, const uint32_t *labels,
                               size_t n_labels, float row_weight)
{
    size_t width = learner->width, n = learner->options.n_outputs;
    float *intercepts = learner->weights + learner->n_features * width;
    float *intercept_squares = learner->squares + learner->n_features * width;
    float rate = (float)learner->options.rate;
    memcpy(learner->scores, intercepts, width * sizeof *learner->scores);
    for (size_t k = 0; k < n_entries; k++) {
        if (learner->paid) {
            pay_penalty(learner, columns[k]);
        }
        add_scaled(learner->scores, learner->weights + columns[k] * width, values[k], width);
    }
    bool softmax = learner->options.form == LOGISTIC_MULTINOMIAL && n > 1;
    double loss = softmax ? softmax_errors(learner, labels[0], row_weight)
                          : logistic_errors(learner, labels, n_labels, row_weight);
    for (size_t k = 0; k < n_entries; k++) {
        descend(learner->weights + columns[k] * width, learner->squares + columns[k] * width,
                learner->scores, values[k], rate, n);
    }
    descend(intercepts, intercept_squares, learner->scores, 1, rate, n);
    learner->seen += (double)row_weight;
    return loss;
}

void stochastic_learner_weights(const struct stochastic_learner *learner, float *weights,
                                float *intercepts)
{
    size_t n = learner->options.n_outputs, width = learner->width;
    for (size_t f = 0; f < learner->n_features; f++) {
        memcpy(weights + f * n, learner->weights + f * width, n * sizeof *weights);
    }
    memcpy(intercepts, learner->weights + learner->n_features * width, n * sizeof *intercepts);
}
