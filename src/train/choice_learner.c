// Full-batch L-BFGS: some thousand rows of some hundred features.
#include "train/choice_learner.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "train/minimise.h"

enum {
    ITERATIONS = 200
};

struct choice {
    const struct choice_example *examples; // (n_examples)
    size_t n_examples, n_features, n_kinds;
    double l2, l2_own;
    double *deviations; // (n_features) 0: the feature never changes
    double *scores;     // (most alternatives of an example)
};

static size_t count_right(const struct choice_example *example)
{
    size_t n = 0;
    for (size_t i = 0; i < example->n_alternatives; i++) {
        n += example->right[i] != 0;
    }
    return n;
}

// Scores become exp(score − highest); returns the example's loss or 0 where it teaches nothing.
static double score(const struct choice *choice, const struct choice_example *example,
                    const double *x, double *all, double *right)
{
    double most = -INFINITY;
    *all = *right = 0;
    for (size_t i = 0; i < example->n_alternatives; i++) {
        const float *row = example->rows + i * choice->n_features;
        double sum = 0;
        for (size_t f = 0; f < choice->n_features; f++) {
            sum += choice->deviations[f] > 0 ? x[f] / choice->deviations[f] * (double)row[f] : 0;
        }
        sum += example->kinds ? x[choice->n_features + example->kinds[i]] : 0;
        choice->scores[i] = sum;
        most = fmax(most, sum);
    }
    for (size_t i = 0; i < example->n_alternatives; i++) {
        choice->scores[i] = exp(choice->scores[i] - most);
        *all += choice->scores[i];
        *right += example->right[i] ? choice->scores[i] : 0;
    }
    return (double)example->weight * (log(*all) - log(*right));
}

static double loss(void *context, const double *x, double *gradient)
{
    const struct choice *choice = context;
    double value = 0;
    for (size_t f = 0; f < choice->n_features; f++) {
        gradient[f] = choice->l2 * x[f];
        value += choice->l2 / 2 * x[f] * x[f];
    }
    for (size_t k = choice->n_features; k < choice->n_features + choice->n_kinds; k++) {
        gradient[k] = choice->l2_own * x[k];
        value += choice->l2_own / 2 * x[k] * x[k];
    }
    for (size_t e = 0; e < choice->n_examples; e++) {
        const struct choice_example *example = &choice->examples[e];
        size_t n_right = count_right(example);
        if (n_right == 0 || n_right == example->n_alternatives) {
            continue;
        }
        double all, right;
        value += score(choice, example, x, &all, &right);
        for (size_t i = 0; i < example->n_alternatives; i++) {
            double pull =
                choice->scores[i] / all - (example->right[i] ? choice->scores[i] / right : 0);
            const float *row = example->rows + i * choice->n_features;
            if (example->kinds) {
                gradient[choice->n_features + example->kinds[i]] += (double)example->weight * pull;
            }
            for (size_t f = 0; f < choice->n_features; f++) {
                if (choice->deviations[f] > 0) {
                    gradient[f] +=
                        (double)example->weight * pull * (double)row[f] / choice->deviations[f];
                }
            }
        }
    }
    return value;
}

static void find_deviations(struct choice *choice)
{
    for (size_t f = 0; f < choice->n_features; f++) {
        double sum = 0, squares = 0, n = 0;
        for (size_t e = 0; e < choice->n_examples; e++) {
            const struct choice_example *example = &choice->examples[e];
            for (size_t i = 0; i < example->n_alternatives; i++) {
                double value = (double)example->rows[i * choice->n_features + f];
                sum += value;
                squares += value * value;
                n++;
            }
        }
        double variance = n > 0 ? squares / n - sum / n * (sum / n) : 0;
        choice->deviations[f] = variance > 1e-9 ? sqrt(variance) : 0;
    }
}

bantam_status choice_learner_fit_kinds(float *weights, size_t n_features, float *own,
                                       size_t n_kinds, const struct choice_example *examples,
                                       size_t n_examples, double l2, double l2_own,
                                       bantam_error *error)
{
    size_t most = 1;
    for (size_t e = 0; e < n_examples; e++) {
        most = examples[e].n_alternatives > most ? examples[e].n_alternatives : most;
    }
    double *memory = memory_allocate_array(2 * n_features + n_kinds + most, sizeof *memory);
    if (!memory) {
        return error_memory(error);
    }
    double *x = memory;
    struct choice choice = {.examples = examples,
                            .n_examples = n_examples,
                            .n_features = n_features,
                            .n_kinds = n_kinds,
                            .l2 = l2,
                            .l2_own = l2_own,
                            .deviations = memory + n_features + n_kinds,
                            .scores = memory + 2 * n_features + n_kinds};
    find_deviations(&choice);
    struct minimise_options options = {.n_iterations = ITERATIONS, .tolerance = 1e-7};
    bantam_status status = minimise(x, n_features + n_kinds, loss, &choice, &options, error);
    for (size_t f = 0; !status && f < n_features; f++) {
        weights[f] = choice.deviations[f] > 0 ? (float)(x[f] / choice.deviations[f]) : 0;
    }
    for (size_t k = 0; !status && k < n_kinds; k++) {
        own[k] = (float)x[n_features + k];
    }
    memory_free(memory);
    return status;
}

bantam_status choice_learner_fit(float *weights, size_t n_features,
                                 const struct choice_example *examples, size_t n_examples,
                                 double l2, bantam_error *error)
{
    return choice_learner_fit_kinds(weights, n_features, NULL, 0, examples, n_examples, l2, 0,
                                    error);
}
