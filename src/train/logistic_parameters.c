// Parameters of a problem: memory for them, and to and from the caller's weights.
#include <string.h>

#include "base/memory.h"
#include "train/logistic_layout.h"

size_t logistic_n_parameters(const struct logistic_problem *problem)
{
    size_t n = (problem->n_columns + 1) * problem->width;
    return (n + VECTOR_LANES - 1) / VECTOR_LANES * VECTOR_LANES;
}

float *logistic_allocate(const struct logistic_problem *problem, size_t n_vectors, void **memory)
{
    size_t n = n_vectors * logistic_n_parameters(problem) + VECTOR_LANES;
    *memory = memory_allocate_array(n, sizeof(float));
    return *memory ? logistic_align(*memory) : NULL;
}

void logistic_pack(const struct logistic_problem *problem, const float *weights,
                   const float *intercepts, const struct logistic_options *options,
                   float *parameters)
{
    const float *prior = options->prior, *fixed_intercepts = options->fixed_intercepts;
    size_t n_outputs = problem->n_outputs, width = problem->width;
    memset(parameters, 0, logistic_n_parameters(problem) * sizeof *parameters);
    for (size_t f = 0; f < problem->n_features; f++) {
        if (problem->merged[f] == UINT32_MAX) {
            continue;
        }
        float *to = parameters + problem->merged[f] * width;
        for (size_t c = 0; c < n_outputs; c++) {
            float away = weights[f * n_outputs + c] - (prior ? prior[f * n_outputs + c] : 0);
            to[c] += problem->shares[f] * away;
        }
    }
    for (size_t c = 0; c < n_outputs; c++) {
        parameters[problem->n_columns * width + c] =
            intercepts[c] - (fixed_intercepts ? fixed_intercepts[c] : 0);
    }
}

void logistic_unpack(const struct logistic_problem *problem, const float *parameters,
                     const struct logistic_options *options, float *weights, float *intercepts)
{
    const float *prior = options->prior, *fixed_intercepts = options->fixed_intercepts;
    size_t n_outputs = problem->n_outputs, width = problem->width;
    for (size_t f = 0; f < problem->n_features; f++) {
        bool learned = problem->merged[f] != UINT32_MAX;
        const float *from = parameters + (learned ? problem->merged[f] * width : 0);
        for (size_t c = 0; c < n_outputs; c++) {
            weights[f * n_outputs + c] = (learned ? problem->shares[f] * from[c] : 0) +
                                         (prior ? prior[f * n_outputs + c] : 0);
        }
    }
    for (size_t c = 0; c < n_outputs; c++) {
        intercepts[c] = parameters[problem->n_columns * width + c] +
                        (fixed_intercepts ? fixed_intercepts[c] : 0);
    }
}
