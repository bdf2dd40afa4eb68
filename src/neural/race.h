// A race of training runs: rounds of ever more steps for ever fewer of them (successive halving, Jamieson, Talwalkar 2016).
//
// Threads take whole runs, and a round ends when all its runs have; so nothing depends on how many threads there are.
#ifndef BANTAM_NEURAL_RACE_H
#define BANTAM_NEURAL_RACE_H

#include "bantam/neural_train.h"
#include "neural/training.h"

// All doubles, for train/parameters.h; counts are whole.
struct race_options {
    struct training_options training;
    double starts, first_steps, keep, finalists, check_steps, cohorts;
    double goal, selection, selection_hard;
    double polish, polish_sequences, evolution;
};

struct race_run {
    struct training training;
    uint64_t start; // index, over all cohorts
    double exact;   // of the last check
};

struct race {
    struct race_options options;
    const struct neural_task *task;
    const char *description;
    uint64_t seed;
    int n_threads;
    struct race_run *runs; // (n_runs) best first after a round
    size_t n_runs, cohort;
    uint64_t steps, total_steps; // taken by each run left, and by all runs ever
};

// Reads the hyper-parameters. Errors: BANTAM_ERROR_ARGUMENT.
BANTAM_MUST_CHECK bantam_status race_options_read(struct race_options *options, const char *json,
                                                  bantam_error *error);
void race_options_write(bantam_buffer *out, const struct race_options *options);

// Sets the starts of the present cohort out. Errors: BANTAM_ERROR_ARGUMENT, BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status race_start(struct race *race, bantam_error *error);
void race_release(struct race *race);

// The next round; afterwards the runs stand best first, those that are left. False when all steps of the cohort are taken.
bool race_round(struct race *race);

// Measures a run's exact answers anew.
void race_check(struct race *race, size_t run);

// Where the race stands.
struct bantam_neural_point race_point(const struct race *race);

// Whether the leader answers the share `goal` of the selection.
bool race_reached(const struct race *race);

#endif
