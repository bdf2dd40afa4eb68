// One run of training: a network from a seed, a task's sequences drawn as it goes, one optimiser. Runs know nothing of each other.
//
// The same options and seed give the same numbers whenever and wherever the steps are taken.
#ifndef BANTAM_NEURAL_TRAINING_H
#define BANTAM_NEURAL_TRAINING_H

#include "neural/engine.h"
#include "neural/optimiser.h"
#include "neural/table_engine.h"
#include "neural/task.h"

// All doubles, for train/parameters.h; counts are whole.
struct training_options {
    double steps, batch;
    double learning_rate, final_learning_rate, warm_up;
    double beta1, beta2, weight_decay, clip;
    double grokfast_decay, grokfast_weight;
    double hard_start,
        hard_end; // share of hard sequences at first and from hard_steps on, linear between
    double hard_steps;
    double easy_steps,
        mixed_steps;         // easy sequences alone, then ever fewer of them until mixed_steps
    double curriculum_steps; // by when the operands have grown to full length; 0: full at once
};

struct training {
    struct training_options options;
    const struct neural_task *task;
    struct bantam_neural *neural; // owned
    struct engine engine;
    struct table_engine *tables; // NULL where the description is not of its kind
    bool tables_ready;           // they stand for the present parameters
    struct optimiser optimiser;
    struct random random;
    uint64_t step;
    double loss;        // nats an answer's token, of the last step
    double smooth_loss; // its mean, decaying by a hundredth a step
    size_t n_sequences; // of a batch, whole blocks
    uint8_t *sequences; // (n_sequences, length)
    uint8_t *tokens;    // (length, VECTOR_LANES)
    double *adjoints;   // (n_values)
    double *gradient;   // (n_parameters)
    double *moments;    // (3, n_parameters) of the optimiser
};

// Errors: BANTAM_ERROR_ARGUMENT (description, or the task does not fit it), BANTAM_ERROR_MEMORY; nothing is then held.
BANTAM_MUST_CHECK bantam_status training_init(struct training *training, const char *description,
                                              size_t size, const struct neural_task *task,
                                              const struct training_options *options, uint64_t seed,
                                              bantam_error *error);
void training_release(struct training *training);

// Takes `n_steps` more, at most up to options.steps.
void training_advance(struct training *training, size_t n_steps);

// Puts other numbers in place of θ (n_parameters); the optimiser's state stays.
void training_set_parameters(struct training *training, const double *parameters);

// Loss in nats an answer's token, and ∂loss/∂θ (n_parameters) where `gradient` is not NULL, over given sequences: (n, length), n
// whole batches.
double training_loss(struct training *training, const uint8_t *sequences, size_t n,
                     double *gradient);

// How many of these sequences (n whole blocks) are answered right to the last token; `right` (n) tells which, NULL: not wanted.
size_t training_count_exact(struct training *training, const uint8_t *sequences, size_t n,
                            bool *right);

// How many of `n` drawn sequences (rounded up to whole blocks) are answered right to the last token. The mix is the caller's.
size_t training_exact(struct training *training, uint64_t seed, size_t n, struct task_mix mix);

#endif
