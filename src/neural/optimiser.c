// Elementwise in float64: a hundred numbers cost less than a microsecond.
#include "neural/optimiser.h"

#include <math.h>

static void clip(double *gradient, size_t n, double most)
{
    double square = 0;
    for (size_t i = 0; i < n; i++) {
        square += gradient[i] * gradient[i];
    }
    if (most > 0 && square > most * most) {
        double share = most / sqrt(square);
        for (size_t i = 0; i < n; i++) {
            gradient[i] *= share;
        }
    }
}

void optimiser_step(struct optimiser *optimiser, double *parameters, double *gradient,
                    double learning_rate)
{
    const struct optimiser_options *options = &optimiser->options;
    clip(gradient, optimiser->n, options->clip);
    optimiser->power1 *= options->beta1;
    optimiser->power2 *= options->beta2;
    double unbias1 = 1 / (1 - optimiser->power1), unbias2 = 1 / (1 - optimiser->power2);
    for (size_t i = 0; i < optimiser->n; i++) {
        double g = gradient[i];
        if (options->grokfast_weight > 0) {
            double decay = options->grokfast_decay;
            optimiser->slow[i] = decay * optimiser->slow[i] + (1 - decay) * g;
            g += options->grokfast_weight * optimiser->slow[i];
        }
        double *mean = &optimiser->mean[i], *square = &optimiser->square[i];
        *mean = options->beta1 * *mean + (1 - options->beta1) * g;
        *square = options->beta2 * *square + (1 - options->beta2) * g * g;
        double step = *mean * unbias1 / (sqrt(*square * unbias2) + options->epsilon);
        parameters[i] -= learning_rate * (step + options->weight_decay * parameters[i]);
    }
}
