// Rounds, and the order of the runs after them: by loss while many are left, by exact answers among the finalists.
#include "neural/race.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"

// Far from the seeds of training, whose lowest bits say what is drawn: the same selection for every run of a race.
static const uint64_t selection_seed = 0x5e1ec7105eed0000;

void race_release(struct race *race)
{
    for (size_t i = 0; race->runs && i < race->n_runs; i++) {
        training_release(&race->runs[i].training);
    }
    memory_free(race->runs);
    race->runs = NULL;
    race->n_runs = 0;
}

bantam_status race_start(struct race *race, bantam_error *error)
{
    race_release(race);
    size_t n_starts = (size_t)race->options.starts;
    race->runs = memory_allocate_array(n_starts, sizeof *race->runs);
    if (!race->runs) {
        return error_memory(error);
    }
    race->steps = 0;
    for (size_t i = 0; i < n_starts; i++) {
        struct race_run *run = &race->runs[i];
        run->start = race->cohort * n_starts + i;
        struct random seeds = {race->seed ^ run->start << 20};
        bantam_status status =
            training_init(&run->training, race->description, strlen(race->description), race->task,
                          &race->options.training, random_next(&seeds), error);
        if (status) {
            race_release(race);
            return status;
        }
        race->n_runs++;
    }
    return BANTAM_OK;
}

struct round {
    struct race *race;
    size_t n_steps;
    bool check;
};

void race_check(struct race *race, size_t index)
{
    const struct race_options *options = &race->options;
    struct race_run *run = &race->runs[index];
    const struct neural_shape *shape = &run->training.neural->description.shape;
    size_t n = ((size_t)options->selection + VECTOR_LANES - 1) / VECTOR_LANES * VECTOR_LANES;
    struct task_mix mix = {options->selection_hard, race->task->most_digits(shape), 0};
    size_t exact = training_exact(&run->training, selection_seed ^ race->seed, n, mix);
    run->exact = (double)exact / (double)n;
}

static void run_round(void *context, size_t i)
{
    const struct round *round = context;
    training_advance(&round->race->runs[i].training, round->n_steps);
    if (round->check) {
        race_check(round->race, i);
    }
}

// Whether a stands before b. A loss that is no number counts as infinite.
static bool is_better(const struct race_run *a, const struct race_run *b)
{
    double loss_a = isfinite(a->training.smooth_loss) ? a->training.smooth_loss : INFINITY;
    double loss_b = isfinite(b->training.smooth_loss) ? b->training.smooth_loss : INFINITY;
    if (a->exact != b->exact) {
        return a->exact > b->exact;
    }
    return loss_a < loss_b || (loss_a == loss_b && a->start < b->start);
}

// Insertion: there are few, and those of a later round stand almost in order.
static void order_runs(struct race *race)
{
    for (size_t i = 1; i < race->n_runs; i++) {
        struct race_run moved = race->runs[i];
        size_t to = i;
        while (to > 0 && is_better(&moved, &race->runs[to - 1])) {
            race->runs[to] = race->runs[to - 1];
            to--;
        }
        race->runs[to] = moved;
    }
}

static void drop_runs(struct race *race)
{
    size_t finalists = (size_t)race->options.finalists;
    size_t left = (size_t)(race->options.keep * (double)race->n_runs);
    left = left < finalists ? finalists : left;
    while (race->n_runs > left) {
        training_release(&race->runs[--race->n_runs].training);
    }
}

bool race_round(struct race *race)
{
    uint64_t most = (uint64_t)race->options.training.steps;
    if (race->steps >= most) {
        return false;
    }
    bool final = race->n_runs <= (size_t)race->options.finalists;
    uint64_t n_steps = final             ? (uint64_t)race->options.check_steps
                       : race->steps > 0 ? race->steps
                                         : (uint64_t)race->options.first_steps;
    n_steps = n_steps < most - race->steps ? n_steps : most - race->steps;
    struct round round = {race, (size_t)n_steps, final};
    parallel_for(race->n_runs, race->n_threads, run_round, &round);
    race->steps += n_steps;
    race->total_steps += n_steps * race->n_runs;
    order_runs(race);
    if (!final) {
        drop_runs(race);
    }
    return true;
}

struct bantam_neural_point race_point(const struct race *race)
{
    const struct race_run *leader = &race->runs[0];
    return (struct bantam_neural_point){
        race->cohort, race->n_runs, race->steps, race->total_steps, leader->training.smooth_loss,
        leader->exact};
}

bool race_reached(const struct race *race)
{
    return race->runs[0].exact >= race->options.goal;
}
