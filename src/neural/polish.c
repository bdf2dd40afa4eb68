// Each draws its sequences once, works on a copy of θ and takes it over at the end.
#include "neural/polish.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "neural/random_normal.h"
#include "train/minimise.h"

// Sequences that do not change while θ does.
struct pool {
    struct training *training;
    uint8_t *sequences; // (n, length)
    size_t n;
};

static bool pool_draw(struct pool *pool, struct training *training, size_t n, struct task_mix mix,
                      uint64_t seed)
{
    const struct neural_shape *shape = &training->neural->description.shape;
    size_t batch = training->n_sequences;
    *pool = (struct pool){.training = training, .n = (n + batch - 1) / batch * batch};
    pool->sequences = memory_allocate_array(pool->n, shape->length);
    struct random random = {seed};
    for (size_t i = 0; pool->sequences && i < pool->n; i++) {
        training->task->draw(&random, shape, mix, pool->sequences + i * shape->length);
    }
    return pool->sequences != NULL;
}

static double loss_of_pool(void *context, const double *parameters, double *gradient)
{
    const struct pool *pool = context;
    training_set_parameters(pool->training, parameters);
    return training_loss(pool->training, pool->sequences, pool->n, gradient);
}

// Takes the better of two sets of numbers, by the sequences of another draw.
static void keep_better(struct training *training, const double *before, const double *after,
                        size_t n_sequences, struct task_mix mix, uint64_t seed)
{
    training_set_parameters(training, before);
    size_t exact_before = training_exact(training, seed, n_sequences, mix);
    training_set_parameters(training, after);
    if (training_exact(training, seed, n_sequences, mix) < exact_before) {
        training_set_parameters(training, before);
    }
}

bantam_status polish_descend(struct training *training, size_t n_iterations, size_t n_sequences,
                             struct task_mix mix, uint64_t seed, bantam_error *error)
{
    size_t n = training->neural->info.n_parameters;
    double *numbers = memory_allocate_array(n, 2 * sizeof *numbers);
    struct pool pool = {0};
    if (!numbers || !pool_draw(&pool, training, n_sequences, mix, seed)) {
        memory_free(numbers);
        return error_memory(error);
    }
    double *before = numbers, *after = numbers + n;
    memcpy(before, training->neural->parameters, n * sizeof *before);
    memcpy(after, before, n * sizeof *after);
    struct minimise_options options = {n_iterations, 1e-7};
    bantam_status status = minimise(after, n, loss_of_pool, &pool, &options, error);
    if (!status) {
        keep_better(training, before, after, pool.n, mix, seed + 1);
    }
    memory_free(pool.sequences);
    memory_free(numbers);
    return status;
}

// Keeps of the pool the wrong sequences and, in their order, as many right ones as fill it up to whole batches, at least one more.
static bool pool_narrow(struct pool *pool)
{
    size_t length = pool->training->neural->info.length, batch = pool->training->n_sequences;
    bool *right = memory_allocate_array(pool->n, sizeof *right);
    if (!right) {
        return false;
    }
    size_t wrong = pool->n - training_count_exact(pool->training, pool->sequences, pool->n, right);
    size_t n = (wrong / batch + 2) * batch, kept = 0, room = n - wrong;
    for (size_t i = 0; i < pool->n && kept < n; i++) {
        bool keep = !right[i] || room > 0;
        room -= right[i] && keep;
        if (keep) {
            memmove(pool->sequences + kept++ * length, pool->sequences + i * length, length);
        }
    }
    pool->n = kept / batch * batch;
    memory_free(right);
    return true;
}

struct fitness {
    size_t wrong;
    double loss;
};

static struct fitness fitness_of(const struct pool *pool, const double *parameters)
{
    training_set_parameters(pool->training, parameters);
    size_t exact = training_count_exact(pool->training, pool->sequences, pool->n, NULL);
    double loss = training_loss(pool->training, pool->sequences, pool->n, NULL);
    return (struct fitness){pool->n - exact, loss};
}

static bool is_fitter(struct fitness a, struct fitness b)
{
    return a.wrong < b.wrong || (a.wrong == b.wrong && a.loss < b.loss);
}

static void evolve(const struct pool *pool, double *parent, double *child, size_t n,
                   size_t n_generations, struct random *random)
{
    struct fitness fitness = fitness_of(pool, parent);
    double deviation = 0.01; // times the size of each number, and a little
    for (size_t generation = 0; generation < n_generations; generation++) {
        for (size_t i = 0; i < n; i++) {
            child[i] = parent[i] + deviation * (fabs(parent[i]) + 0.1) * random_normal(random);
        }
        struct fitness of_child = fitness_of(pool, child);
        bool kept = is_fitter(of_child, fitness);
        deviation *=
            kept ? 1.5 : 0.9036; // 0.9036 = 1.5^(−1/4): in balance where one in five is kept
        if (kept) {
            memcpy(parent, child, n * sizeof *parent);
            fitness = of_child;
        }
    }
}

bantam_status polish_evolve(struct training *training, size_t n_generations, size_t n_sequences,
                            struct task_mix mix, uint64_t seed, bantam_error *error)
{
    size_t n = training->neural->info.n_parameters;
    double *numbers = memory_allocate_array(n, 3 * sizeof *numbers);
    struct pool pool = {0};
    if (!numbers || !pool_draw(&pool, training, n_sequences, mix, seed) || !pool_narrow(&pool)) {
        memory_free(pool.sequences);
        memory_free(numbers);
        return error_memory(error);
    }
    double *before = numbers, *after = numbers + n;
    struct random random = {seed + 2};
    memcpy(before, training->neural->parameters, n * sizeof *before);
    memcpy(after, before, n * sizeof *after);
    evolve(&pool, after, numbers + 2 * n, n, n_generations, &random);
    keep_better(training, before, after, n_sequences, mix, seed + 1);
    memory_free(pool.sequences);
    memory_free(numbers);
    return BANTAM_OK;
}
