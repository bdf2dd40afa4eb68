// Learns the weights of a line_model: softmax over sampled lines of one log, the gold lines sharing the target.
//
// Loss of a log: the cross-entropy between q, a distribution over its gold lines, and p = softmax(score) over all sampled
// lines. q ∝ exp(peak · score): peak 0 asks for all gold lines alike, peak 1 for any of them (the marginal
// likelihood). AdaGrad (Duchi, Hazan, Singer 2011), one log a step. Deterministic for a seed.
#ifndef BANTAM_TRAIN_LINE_LEARNER_H
#define BANTAM_TRAIN_LINE_LEARNER_H

#include "base/random.h"
#include "features/log_features.h"
#include "model/line_model.h"

// One log with its words kept. The caller owns everything.
struct line_example {
    const struct log_features *features;
    const uint32_t *word_starts; // (n_distinct + 1)
    const uint32_t *words;       // hashes
    const uint8_t *labels;       // (n_lines) enum line_label
    float weight;                // of the log in the loss
};

enum line_label {
    LINE_WRONG,
    LINE_GOLD,
    LINE_NEUTRAL
}; // neutral lines are never sampled

struct line_learner_options {
    unsigned bits; // 2^bits buckets of words
    unsigned n_epochs;
    float rate;          // AdaGrad's
    float accumulator;   // AdaGrad's starting value
    float word_dropout;  // probability that a word is left out of a line in a step
    float dense_dropout; // likewise a dense feature
    float peak;          // see above
    unsigned n_gold, n_last, n_random, n_marked; // most lines of each kind in a sample
    uint64_t seed;
};

// Float weights in the layout of line_model.
struct line_weights {
    unsigned bits;
    float *words; // (2^bits, LINE_LANES)
    float own[OWN_FEATURES][LINE_VALUES];
    float context[CONTEXT_FEATURES][LINE_VALUES];
};

BANTAM_MUST_CHECK bantam_status line_weights_init(struct line_weights *weights, unsigned bits,
                                                  bantam_error *error);
void line_weights_release(struct line_weights *weights);

// Adds `share` times the other weights of the same size.
void line_weights_add(struct line_weights *weights, const struct line_weights *other, float share);

// Fills `model` with the weights as a model file would hold them: words rounded to int8.
BANTAM_MUST_CHECK bantam_status line_weights_quantize(struct line_model *model,
                                                      const struct line_weights *weights,
                                                      bantam_error *error);

// Learns from scratch into *weights (initialised by the call). Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status line_learner_fit(struct line_weights *weights,
                                                 const struct line_example *examples,
                                                 size_t n_examples,
                                                 const struct line_learner_options *options,
                                                 bantam_error *error);

#endif
