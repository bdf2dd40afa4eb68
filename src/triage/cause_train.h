// Learns the cause model from findings of known cause and from the table of messages.
//
// Input: documents with a finding and a cause each, in groups (repositories). Output: the bytes of a model of kind
// "ci-cause". Temperature and threshold are chosen on predictions for groups that the weights have not seen.
#ifndef BANTAM_TRIAGE_CAUSE_TRAIN_H
#define BANTAM_TRIAGE_CAUSE_TRAIN_H

#include "bantam/train.h"
#include "triage/cause.h"

struct cause_example {
    struct cause_input input;
    const char *group;      // folds never split a group
    enum cause cause;       // not CAUSE_UNKNOWN
    enum cause alternative; // CAUSE_UNKNOWN: none
    float weight;           // in the loss; 1 for an ordinary log
    bool constructed;       // of a constructed log
    bool
        predicted; // the finding is the finder's, not a person's: the calibration looks at these where there are any
};

// Appends the model file. Hyper-parameters: cause_parameter_table in cause_train.c. Errors: BANTAM_ERROR_ARGUMENT
// (parameters; fewer than two groups), BANTAM_ERROR_MEMORY, BANTAM_ERROR_CANCELLED. The same input gives the same bytes.
BANTAM_MUST_CHECK bantam_status cause_train(bantam_buffer *model,
                                            const struct cause_example *examples, size_t n_examples,
                                            const struct messages *messages,
                                            const bantam_train_options *options,
                                            bantam_error *error);

#endif
