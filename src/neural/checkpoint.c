// Tensors: "numbers" F64 (n_runs, 4n + 4): θ, the three moments, the optimiser's powers, smoothed loss, exact; "counters" U32
// (n_runs, 6): start, step and random state as two halves each. Metadata: what race it is, and where that stands.
#include "neural/checkpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bantam/model.h"
#include "base/error.h"
#include "base/memory.h"

#define CHECKPOINT_KIND "neural-checkpoint"

enum {
    COUNTERS = 6,
    OTHERS = 4, // numbers of a run beside θ and the moments
    RUNS_MAXIMUM = 100000
};

// All that makes a race what it is, as one string.
static bool identify(bantam_buffer *identity, const struct race *race)
{
    bantam_buffer_append_format(identity, "%s\n%llu\n%s\n", race->task->name,
                                (unsigned long long)race->seed, race->description);
    race_options_write(identity, &race->options);
    bantam_buffer_append(identity, "", 1);
    return !identity->failed;
}

static void halve(uint32_t *to, uint64_t value)
{
    to[0] = (uint32_t)value;
    to[1] = (uint32_t)(value >> 32);
}

static uint64_t join(const uint32_t *from)
{
    return (uint64_t)from[1] << 32 | from[0];
}

static void pack_run(const struct race_run *run, double *numbers, uint32_t *counters)
{
    const struct training *training = &run->training;
    size_t n = training->neural->info.n_parameters;
    memcpy(numbers, training->neural->parameters, n * sizeof *numbers);
    memcpy(numbers + n, training->moments, 3 * n * sizeof *numbers);
    numbers[4 * n] = training->optimiser.power1;
    numbers[4 * n + 1] = training->optimiser.power2;
    numbers[4 * n + 2] = training->smooth_loss;
    numbers[4 * n + 3] = run->exact;
    halve(counters, run->start);
    halve(counters + 2, training->step);
    halve(counters + 4, training->random.state);
}

static void unpack_run(struct race_run *run, const double *numbers, const uint32_t *counters)
{
    struct training *training = &run->training;
    size_t n = training->neural->info.n_parameters;
    memcpy(training->moments, numbers + n, 3 * n * sizeof *numbers);
    training->optimiser.power1 = numbers[4 * n];
    training->optimiser.power2 = numbers[4 * n + 1];
    training->smooth_loss = numbers[4 * n + 2];
    run->exact = numbers[4 * n + 3];
    run->start = join(counters);
    training->step = join(counters + 2);
    training->random.state = join(counters + 4);
    training_set_parameters(training, numbers);
}

bantam_status checkpoint_write(bantam_buffer *out, const struct race *race, bantam_error *error)
{
    size_t n = race->runs[0].training.neural->info.n_parameters, columns = 4 * n + OTHERS;
    double *numbers = memory_allocate_array(race->n_runs, columns * sizeof *numbers);
    uint32_t *counters = memory_allocate_array(race->n_runs, COUNTERS * sizeof *counters);
    bantam_buffer identity;
    bantam_buffer_init(&identity, 1 << 20);
    bantam_status status =
        numbers && counters && identify(&identity, race) ? BANTAM_OK : error_memory(error);
    for (size_t i = 0; !status && i < race->n_runs; i++) {
        pack_run(&race->runs[i], numbers + i * columns, counters + i * COUNTERS);
    }
    char place[128];
    snprintf(place, sizeof place, "%zu %llu %llu", race->cohort, (unsigned long long)race->steps,
             (unsigned long long)race->total_steps);
    const bantam_tensor tensors[] = {
        {"numbers",
         BANTAM_F64,
         2,
         {race->n_runs, columns},
         numbers,
         race->n_runs * columns * sizeof *numbers},
        {"counters",
         BANTAM_U32,
         2,
         {race->n_runs, COUNTERS},
         counters,
         race->n_runs * COUNTERS * sizeof *counters},
    };
    const bantam_metadata metadata[] = {
        {"kind", CHECKPOINT_KIND}, {"race", identity.data}, {"place", place}};
    if (!status) {
        status = bantam_model_write(out, tensors, 2, metadata, 3, error);
    }
    bantam_buffer_release(&identity);
    memory_free(numbers);
    memory_free(counters);
    return status;
}

static bantam_status refuse(bantam_error *error)
{
    return error_set(
        error, BANTAM_ERROR_MODEL,
        "the checkpoint is not one of this race; it must have the same recipe and seed");
}

// Whether the file is a checkpoint of this race; reads where that stood.
static bool is_of_race(struct race *race, const bantam_model *file)
{
    const char *kind = bantam_model_metadata(file, "kind");
    const char *identity = bantam_model_metadata(file, "race");
    const char *place = bantam_model_metadata(file, "place");
    unsigned long long steps, total;
    bantam_buffer own;
    bantam_buffer_init(&own, 1 << 20);
    bool right = kind && identity && place && strcmp(kind, CHECKPOINT_KIND) == 0 &&
                 identify(&own, race) && strcmp(own.data, identity) == 0 &&
                 sscanf(place, "%zu %llu %llu", &race->cohort, &steps, &total) == 3;
    bantam_buffer_release(&own);
    if (right) {
        race->steps = steps;
        race->total_steps = total;
    }
    return right;
}

static bantam_status set_up(struct race *race, const bantam_model *file, bantam_error *error)
{
    const bantam_tensor *numbers = bantam_model_tensor(file, "numbers");
    const bantam_tensor *counters = bantam_model_tensor(file, "counters");
    if (!is_of_race(race, file) || !numbers || !counters || numbers->dtype != BANTAM_F64 ||
        counters->dtype != BANTAM_U32 || numbers->n_dimensions != 2 || numbers->shape[0] < 1 ||
        numbers->shape[0] > RUNS_MAXIMUM) {
        return refuse(error);
    }
    size_t n_runs = (size_t)numbers->shape[0], columns = (size_t)numbers->shape[1];
    race->runs = memory_allocate_array(n_runs, sizeof *race->runs);
    if (!race->runs) {
        return error_memory(error);
    }
    bantam_status status = BANTAM_OK;
    for (size_t i = 0; !status && i < n_runs; i++) {
        struct training *training = &race->runs[i].training;
        status = training_init(training, race->description, strlen(race->description), race->task,
                               &race->options.training, 0, error);
        race->n_runs += status == BANTAM_OK;
        if (!status && (columns != 4 * training->neural->info.n_parameters + OTHERS ||
                        counters->size != n_runs * COUNTERS * sizeof(uint32_t))) {
            status = refuse(error);
        }
        if (!status) {
            unpack_run(&race->runs[i], (const double *)numbers->data + i * columns,
                       (const uint32_t *)counters->data + i * COUNTERS);
        }
    }
    return status;
}

bantam_status checkpoint_read(struct race *race, const void *bytes, size_t size,
                              bantam_error *error)
{
    bantam_model *file = NULL;
    bantam_status status = bantam_model_load(&file, bytes, size, error);
    status = status ? status : set_up(race, file, error);
    bantam_model_free(&file);
    if (status) {
        race_release(race);
    }
    return status;
}
