// Full-batch: a few hundred to a few thousand examples, so that exactness is cheap.
#include "train/softmax_learner.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "train/minimise.h"

enum {
    CLASSES_MAXIMUM = 64
};

struct problem {
    const struct softmax_example *examples;
    size_t n_examples;
    const struct softmax_learner_options *options;
};

static void score(const struct softmax_example *example,
                  const struct softmax_learner_options *options, const double *theta,
                  double *probabilities)
{
    size_t n_classes = options->n_classes, n_tied = options->n_tied;
    const double *bias = theta + n_tied, *words = bias + n_classes;
    memcpy(probabilities, bias, n_classes * sizeof *probabilities);
    for (size_t f = 0; f < n_tied; f++) {
        for (size_t c = 0; c < n_classes; c++) {
            probabilities[c] += theta[f] * (double)example->input.tied[f * n_classes + c];
        }
    }
    for (size_t w = 0; w < example->input.n_words; w++) {
        const double *row =
            words + (example->input.words[w].hash >> (32 - options->bits)) * n_classes;
        double value = (double)example->input.words[w].value;
        for (size_t c = 0; c < n_classes; c++) {
            probabilities[c] += value * row[c];
        }
    }
    softmax_of_logits(probabilities, n_classes);
}

// Adds the example's share of the gradient; `errors` is w · (p − q).
static void add_gradient(const struct softmax_example *example,
                         const struct softmax_learner_options *options, const double *errors,
                         double *gradient)
{
    size_t n_classes = options->n_classes, n_tied = options->n_tied;
    double *bias = gradient + n_tied, *words = bias + n_classes;
    for (size_t f = 0; f < n_tied; f++) {
        for (size_t c = 0; c < n_classes; c++) {
            gradient[f] += errors[c] * (double)example->input.tied[f * n_classes + c];
        }
    }
    for (size_t c = 0; c < n_classes; c++) {
        bias[c] += errors[c];
    }
    for (size_t w = 0; w < example->input.n_words; w++) {
        double *row = words + (example->input.words[w].hash >> (32 - options->bits)) * n_classes;
        double value = (double)example->input.words[w].value;
        for (size_t c = 0; c < n_classes; c++) {
            row[c] += value * errors[c];
        }
    }
}

double softmax_loss(const struct softmax_example *examples, size_t n_examples,
                    const struct softmax_learner_options *options, const double *theta,
                    double *gradient)
{
    size_t n_classes = options->n_classes, n_tied = options->n_tied;
    size_t n = n_tied + n_classes + ((size_t)1 << options->bits) * n_classes;
    double loss = 0;
    for (size_t i = 0; i < n; i++) {
        double l2 = i < n_tied               ? options->l2_tied
                    : i < n_tied + n_classes ? options->l2_bias
                                             : options->l2_words;
        double away = theta[i] - (i < n_tied ? (double)options->tied_prior[i] : 0);
        loss += l2 / 2 * away * away;
        gradient[i] = l2 * away;
    }
    double probabilities[CLASSES_MAXIMUM];
    for (size_t i = 0; i < n_examples; i++) {
        const struct softmax_example *example = &examples[i];
        score(example, options, theta, probabilities);
        for (size_t c = 0; c < n_classes; c++) {
            double target = (double)example->target[c], weight = (double)example->weight;
            loss -= weight * target * log(fmax(probabilities[c], 1e-300));
            probabilities[c] = weight * (probabilities[c] - target);
        }
        add_gradient(example, options, probabilities, gradient);
    }
    return loss;
}

static double loss_of_problem(void *context, const double *theta, double *gradient)
{
    const struct problem *problem = context;
    return softmax_loss(problem->examples, problem->n_examples, problem->options, theta, gradient);
}

static bantam_status quantise(struct softmax_model *model,
                              const struct softmax_learner_options *options, const double *theta,
                              bantam_error *error)
{
    size_t n_classes = options->n_classes, n_buckets = (size_t)1 << options->bits;
    const double *bias = theta + options->n_tied, *words = bias + n_classes;
    *model = (struct softmax_model){
        .n_classes = n_classes, .n_tied = options->n_tied, .bits = options->bits, .temperature = 1};
    model->tied = memory_allocate_array(options->n_tied, sizeof *model->tied);
    model->bias = memory_allocate_array(n_classes, sizeof *model->bias);
    model->scale = memory_allocate_array(n_classes, sizeof *model->scale);
    model->words = memory_allocate_array(n_buckets, n_classes);
    if (!model->tied || !model->bias || !model->scale || !model->words) {
        softmax_model_release(model);
        return error_memory(error);
    }
    for (size_t f = 0; f < options->n_tied; f++) {
        model->tied[f] = (float)theta[f];
    }
    for (size_t c = 0; c < n_classes; c++) {
        double most = 0;
        for (size_t w = 0; w < n_buckets; w++) {
            most = fmax(most, fabs(words[w * n_classes + c]));
        }
        model->bias[c] = (float)bias[c];
        model->scale[c] = (float)(most / 127);
        for (size_t w = 0; w < n_buckets && most > 0; w++) {
            model->words[w * n_classes + c] = (int8_t)lrint(words[w * n_classes + c] * 127 / most);
        }
    }
    return BANTAM_OK;
}

bantam_status softmax_learner_fit(struct softmax_model *model,
                                  const struct softmax_example *examples, size_t n_examples,
                                  const struct softmax_learner_options *options,
                                  bantam_error *error)
{
    *model = (struct softmax_model){0};
    size_t n =
        options->n_tied + options->n_classes + ((size_t)1 << options->bits) * options->n_classes;
    if (options->n_classes > CLASSES_MAXIMUM) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "at most %d classes can be learned",
                         CLASSES_MAXIMUM);
    }
    double *theta = memory_allocate_array(n, sizeof *theta);
    if (!theta) {
        return error_memory(error);
    }
    for (size_t f = 0; f < options->n_tied; f++) {
        theta[f] = (double)options->tied_prior[f];
    }
    struct problem problem = {examples, n_examples, options};
    struct minimise_options steps = {options->n_iterations, 1e-5};
    bantam_status status = minimise(theta, n, loss_of_problem, &problem, &steps, error);
    if (!status) {
        status = quantise(model, options, theta, error);
    }
    memory_free(theta);
    return status;
}

enum {
    TEMPERATURES = 41, // exp(0.06 · k), k from −20
    DOUBTS = 20,       // 0.02 · k
    RELIANCES = 11,    // 0.1 · k
};

static double temperature_at(int step)
{
    return exp(0.06 * (step - TEMPERATURES / 2));
}

// The largest of the probabilities once they are raised to 1 / temperature and normalised.
static double top_at(const float *probabilities, size_t n_classes, double temperature)
{
    double sum = 0, most = 0;
    for (size_t c = 0; c < n_classes; c++) {
        double raised = pow(fmax((double)probabilities[c], 1e-12), 1 / temperature);
        sum += raised;
        most = fmax(most, raised);
    }
    return most / sum;
}

// Of each temperature, reliance and doubt.
struct calibrations {
    double losses[TEMPERATURES][RELIANCES][DOUBTS]; // log loss of "the likeliest is right"
};

static void add_example(struct calibrations *all, int at, double top, bool right,
                        double reliability, double weight, double n_classes)
{
    for (int r = 0; r < RELIANCES; r++) {
        double trusted = pow(reliability, 0.1 * r);
        for (int k = 0; k < DOUBTS; k++) {
            double trust = (1 - 0.02 * k) * trusted, p = trust * top + (1 - trust) / n_classes;
            all->losses[at][r][k] -= weight * log(fmax(right ? p : 1 - p, 1e-9));
        }
    }
}

// The middle of all that fit as well as the best: which of them is the best, or the most careful, differs from one training to the next.
static void choose(struct softmax_model *model, const struct calibrations *calibrations)
{
    const double as_well =
        1.001; // times the least loss, which so many examples know to a hundredth
    const double *losses = calibrations->losses[0][0];
    size_t n = (size_t)TEMPERATURES * RELIANCES * DOUBTS, n_fit = 0;
    double least = losses[0], temperature = 0, doubt = 0, reliance = 0;
    for (size_t i = 1; i < n; i++) {
        least = fmin(least, losses[i]);
    }
    for (size_t i = 0; i < n; i++) {
        if (losses[i] <= least * as_well) {
            temperature += log(temperature_at((int)(i / DOUBTS / RELIANCES)));
            doubt += 0.02 * (double)(i % DOUBTS);
            reliance += 0.1 * (double)(i / DOUBTS % RELIANCES);
            n_fit++;
        }
    }
    model->temperature = (float)exp(temperature / (double)n_fit);
    model->doubt = (float)(doubt / (double)n_fit);
    model->reliance = (float)(reliance / (double)n_fit);
}

void softmax_calibrate(struct softmax_model *model, const float *probabilities,
                       const float *reliabilities, const size_t *classes, const float *weights,
                       size_t n)
{
    size_t n_classes = model->n_classes;
    struct calibrations all = {0};
    for (int at = 0; at < TEMPERATURES; at++) {
        double temperature = temperature_at(at);
        for (size_t i = 0; i < n; i++) {
            const float *row = probabilities + i * n_classes;
            bool right = softmax_likeliest(row, n_classes) == classes[i];
            add_example(&all, at, top_at(row, n_classes, temperature), right,
                        (double)reliabilities[i], (double)weights[i], (double)n_classes);
        }
    }
    choose(model, &all);
}
