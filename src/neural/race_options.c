// The table of hyper-parameters: what feeds the defaults, the validation, the help and the record in the model file.
#include <stddef.h>

#include "neural/race.h"
#include "train/parameters.h"

#define RACE(name) #name, offsetof(struct race_options, name)
#define RUN(name) #name, offsetof(struct race_options, training.name)

static const struct parameter table[] = {
    {RUN(steps), 30000, 1, 1e9, "steps of a run that stays to the end"},
    {RUN(batch), 128, 16, 65536, "sequences a step, in whole sixteens"},
    {RUN(learning_rate), 0.01, 1e-9, 10, "of AdamW after the warm-up"},
    {RUN(final_learning_rate), 0.001, 0, 10, "where its half cosine ends"},
    {RUN(warm_up), 0, 0, 1e9, "steps in which the learning rate grows from 0"},
    {RUN(beta1), 0.9, 0, 0.999999, "decay of the mean of gradients, a step"},
    {RUN(beta2), 0.999, 0, 0.999999, "decay of the mean of their squares, a step"},
    {RUN(weight_decay), 0.01, 0, 10,
     "of AdamW: share of the learning rate by which numbers shrink"},
    {RUN(clip), 1, 0, 1e9, "longest gradient; 0: any"},
    {RUN(grokfast_weight), 0, 0, 100,
     "of the slow mean of gradients that is added to them (Grokfast)"},
    {RUN(grokfast_decay), 0.98, 0, 0.999999, "of that mean, a step"},
    {RUN(hard_start), 0, 0, 1, "share of hard sequences in the first step"},
    {RUN(hard_end), 0, 0, 1, "the same from hard_steps on"},
    {RUN(hard_steps), 0, 0, 1e9, "steps over which that share changes"},
    {RUN(easy_steps), 0, 0, 1e9, "steps with easy sequences alone"},
    {RUN(mixed_steps), 0, 0, 1e9, "steps by which the last easy sequence has been seen"},
    {RUN(curriculum_steps), 0, 0, 1e9,
     "steps over which operands grow to full length; 0: full at once"},
    {RACE(starts), 64, 1, 100000, "runs that set out in a cohort"},
    {RACE(first_steps), 1500, 1, 1e9,
     "steps of the first round; each later one doubles what was taken"},
    {RACE(keep), 0.34, 0.01, 1, "share of runs that a round leaves, those of the least loss"},
    {RACE(finalists), 4, 1, 10000, "runs that are left to go on to the end"},
    {RACE(check_steps), 1000, 1, 1e9, "steps of a finalists' round"},
    {RACE(cohorts), 4, 1, 1e6, "most cohorts, one after the other, until one reaches the goal"},
    {RACE(goal), 0.999, 0, 1, "share of the selection that ends the race"},
    {RACE(selection), 4096, 16, 1e8, "sequences that choose the winner, from a seed of their own"},
    {RACE(selection_hard), 0.25, 0, 1, "share of hard ones among them"},
    {RACE(polish), 0, 0, 1e6, "iterations of L-BFGS on the winner, over a fixed batch"},
    {RACE(polish_sequences), 16384, 16, 1e7, "sequences of that batch"},
    {RACE(evolution), 0, 0, 1e6, "generations of a search around the winner for its last errors"},
};

enum {
    N_PARAMETERS = sizeof table / sizeof *table
};

bantam_status race_options_read(struct race_options *options, const char *json, bantam_error *error)
{
    return parameters_read(options, table, N_PARAMETERS, json, error);
}

void race_options_write(bantam_buffer *out, const struct race_options *options)
{
    parameters_write(out, options, table, N_PARAMETERS);
}

void bantam_neural_parameters_help(bantam_buffer *out)
{
    for (size_t i = 0; i < N_PARAMETERS; i++) {
        bantam_buffer_append_format(out, "  %-19s %-6g %g to %g: %s\n", table[i].name,
                                    table[i].value, table[i].least, table[i].most, table[i].help);
    }
}

void bantam_neural_tasks_help(bantam_buffer *out)
{
    const struct neural_task *task;
    for (size_t i = 0; (task = task_at(i)); i++) {
        bantam_buffer_append_format(out, "  %-10s %s\n", task->name, task->help);
    }
}
