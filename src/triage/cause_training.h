// What the steps of training a cause model share: gather examples, fit weights, calibrate what these say of unseen groups.
#ifndef BANTAM_TRIAGE_CAUSE_TRAINING_H
#define BANTAM_TRIAGE_CAUSE_TRAINING_H

#include "base/arena.h"
#include "train/softmax_learner.h"
#include "triage/cause_train.h"
#include "triage/message_origins.h"

struct cause_parameters {
    double bits, l2_words, l2_bias, l2_tied, iterations;
    double message_weight, constructed, alternative, repeats, folds, precision, threshold;
};

struct cause_training {
    const bantam_train_options *options;
    struct cause_parameters parameters;
    const struct cause_example *sources; // (n_sources)
    size_t n_sources;
    const struct messages *messages;
    struct cause_extractor extractor;
    struct message_origins origins;
    struct arena arena;
    struct softmax_example *examples; // (n_examples) the sources, then the messages
    size_t n_examples;
    size_t *
        groups; // (n_examples) number of each source's group; of a message the only one that holds it, or SIZE_MAX
    size_t n_groups;
    bool any_predicted;
    // The finder's findings of logs that nobody made, and of constructed ones; those whose cause was right unseen.
    size_t n_met[2], n_right[2];
    float *held_out; // (n_sources, CAUSES) probabilities by weights that have not seen the group
    size_t done;
};

// The examples of both kinds, the sources' first. Errors: BANTAM_ERROR_ARGUMENT (fewer than two groups), BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status cause_examples_gather(struct cause_training *training,
                                                      bantam_error *error);

// The model's temperature, doubt, reliance and threshold, from the probabilities that are held out; counts what was met, and right.
BANTAM_MUST_CHECK bantam_status cause_calibrate(struct softmax_model *model,
                                                struct cause_training *training,
                                                bantam_error *error);

#endif
