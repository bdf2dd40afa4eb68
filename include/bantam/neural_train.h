// Training tiny transformers from nothing: many starts race, hopeless ones are dropped early, the best one is kept.
//
// A start draws its numbers and its data from the seed and its own index, so that a race has the same winner on any number of
// threads. Nothing is read from files: the task draws every sequence (docs/user/neural.md lists the tasks).
#ifndef BANTAM_NEURAL_TRAIN_H
#define BANTAM_NEURAL_TRAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "status.h"

// Where the race stands after a round.
typedef struct bantam_neural_point {
    size_t cohort;        // of starts: a new one sets out where none of the last reached the goal
    size_t n_runs;        // that take part in the next round
    uint64_t steps;       // that each of them has taken
    uint64_t total_steps; // of all runs so far
    double loss;          // of the leading run, smoothed, in nats a token of the answer
    double
        exact; // share of the selection's sequences that the leading run answers right to the last token
} bantam_neural_point;

typedef struct bantam_neural_outcome {
    bool reached; // the goal of the parameter "goal"
    size_t start; // index of the winner's start
    uint64_t steps, total_steps;
    double exact;            // of the winner on the selection
    size_t n_wrong, n_drawn; // of the selection's sequences
} bantam_neural_outcome;

typedef struct bantam_neural_train_options {
    uint64_t seed;          // default 1
    int n_threads;          // default 1; the result does not depend on it
    const char *parameters; // JSON object of hyper-parameters by name; NULL: all defaults
    // Told after each round; returning false cancels. May be NULL.
    bool (*watch)(void *context, const bantam_neural_point *point);
    // Given the state of the race after each round, from which a later call goes on. May be NULL.
    bool (*checkpoint)(void *context, const void *bytes, size_t size);
    void *context; // of both
    const void *
        resume; // a checkpoint of the same task, description, parameters and seed; NULL: from nothing
    size_t resume_size;
} bantam_neural_train_options;

BANTAM_API bantam_neural_train_options bantam_neural_train_options_default(void);

// Appends the model file of the winner, whether or not it reached the goal. Errors: BANTAM_ERROR_ARGUMENT (task, description
// or parameters), BANTAM_ERROR_MODEL (the checkpoint is not one of this race), BANTAM_ERROR_MEMORY, BANTAM_ERROR_CANCELLED.
BANTAM_API BANTAM_MUST_CHECK bantam_status
bantam_train_neural(bantam_buffer *model, const char *task, const char *description,
                    const bantam_neural_train_options *options, bantam_neural_outcome *outcome,
                    bantam_error *error);

// Appends a drawing (SVG) of loss and exact answers over the steps; points are in order of the rounds.
BANTAM_API void bantam_neural_curve_render(bantam_buffer *out, const bantam_neural_point *points,
                                           size_t n_points);

// Appends one line for each hyper-parameter: name, default, range, what it does.
BANTAM_API void bantam_neural_parameters_help(bantam_buffer *out);

// Appends one line for each task: name, what it is.
BANTAM_API void bantam_neural_tasks_help(bantam_buffer *out);

#endif
