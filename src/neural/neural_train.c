// From a recipe to a model file: race, cohort after cohort; polish; write down how it was made.
#include "bantam/neural_train.h"

#include <string.h>

#include "base/error.h"
#include "neural/checkpoint.h"
#include "neural/polish.h"
#include "neural/race.h"

bantam_neural_train_options bantam_neural_train_options_default(void)
{
    return (bantam_neural_train_options){.seed = 1, .n_threads = 1};
}

// Tells the caller where the race stands and hands the checkpoint out.
static bantam_status report_round(const struct race *race,
                                  const bantam_neural_train_options *options, bantam_error *error)
{
    bantam_neural_point point = race_point(race);
    bool goes_on = !options->watch || options->watch(options->context, &point);
    if (goes_on && options->checkpoint) {
        bantam_buffer bytes;
        bantam_buffer_init(&bytes, 1 << 28);
        bantam_status status = checkpoint_write(&bytes, race, error);
        goes_on = !status && options->checkpoint(options->context, bytes.data, bytes.size);
        bantam_buffer_release(&bytes);
        if (status) {
            return status;
        }
    }
    return goes_on ? BANTAM_OK
                   : error_set(error, BANTAM_ERROR_CANCELLED, "the training was cancelled");
}

static bantam_status run_race(struct race *race, const bantam_neural_train_options *options,
                              bantam_error *error)
{
    bantam_status status = options->resume
                               ? checkpoint_read(race, options->resume, options->resume_size, error)
                               : race_start(race, error);
    while (!status && !race_reached(race)) {
        if (race_round(race)) {
            status = report_round(race, options, error);
        } else if (race->cohort + 1 < (size_t)race->options.cohorts) {
            race->cohort++;
            status = race_start(race, error);
        } else {
            break;
        }
    }
    return status;
}

static bantam_status finish(struct race *race, bantam_neural_outcome *outcome, bantam_error *error)
{
    const struct race_options *options = &race->options;
    struct training *winner = &race->runs[0].training;
    struct task_mix mix = {options->selection_hard,
                           winner->task->most_digits(&winner->neural->description.shape), 0};
    uint64_t seed = race->seed << 32 ^ 0x901157;
    bantam_status status = BANTAM_OK;
    if (options->polish > 0) {
        status = polish_descend(winner, (size_t)options->polish, (size_t)options->polish_sequences,
                                mix, seed, error);
    }
    if (!status && options->evolution > 0) {
        status = polish_evolve(winner, (size_t)options->evolution,
                               (size_t)options->polish_sequences, mix, seed + 16, error);
    }
    if (!status) {
        race_check(race, 0);
        size_t n = ((size_t)options->selection + VECTOR_LANES - 1) / VECTOR_LANES * VECTOR_LANES;
        *outcome = (bantam_neural_outcome){
            .reached = race_reached(race),
            .start = (size_t)race->runs[0].start,
            .steps = race->steps,
            .total_steps = race->total_steps,
            .exact = race->runs[0].exact,
            .n_wrong = n - (size_t)(race->runs[0].exact * (double)n + 0.5),
            .n_drawn = n,
        };
    }
    return status;
}

static bantam_status write_winner(bantam_buffer *model, const struct race *race,
                                  const bantam_neural_outcome *outcome, bantam_error *error)
{
    bantam_buffer parameters, made;
    bantam_buffer_init(&parameters, 1 << 16);
    bantam_buffer_init(&made, 1 << 16);
    race_options_write(&parameters, &race->options);
    bantam_buffer_append(&parameters, "", 1);
    bantam_buffer_append_format(
        &made,
        "{\"seed\": %llu, \"start\": %zu, \"steps\": %llu, \"total_steps\": %llu, \"selection\": "
        "%zu, \"selection_wrong\": %zu}",
        (unsigned long long)race->seed, outcome->start, (unsigned long long)outcome->steps,
        (unsigned long long)outcome->total_steps, outcome->n_drawn, outcome->n_wrong);
    bantam_buffer_append(&made, "", 1);
    bantam_status status = parameters.failed || made.failed ? error_memory(error) : BANTAM_OK;
    const bantam_metadata metadata[] = {
        {"task", race->task->name}, {"parameters", parameters.data}, {"training", made.data}};
    if (!status) {
        status = bantam_neural_write(model, race->runs[0].training.neural, metadata, 3, error);
    }
    bantam_buffer_release(&parameters);
    bantam_buffer_release(&made);
    return status;
}

bantam_status bantam_train_neural(bantam_buffer *model, const char *task, const char *description,
                                  const bantam_neural_train_options *options,
                                  bantam_neural_outcome *outcome, bantam_error *error)
{
    struct race race = {.task = task_find(task),
                        .description = description,
                        .seed = options->seed,
                        .n_threads = options->n_threads};
    *outcome = (bantam_neural_outcome){0};
    if (!race.task) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "there is no task \"%.40s\"", task);
    }
    bantam_status status = race_options_read(&race.options, options->parameters, error);
    status = status ? status : run_race(&race, options, error);
    status = status ? status : finish(&race, outcome, error);
    status = status ? status : write_winner(model, &race, outcome, error);
    race_release(&race);
    return status;
}
