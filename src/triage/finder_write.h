// The line finder's model file, as finder_load reads it.
#ifndef BANTAM_TRIAGE_FINDER_WRITE_H
#define BANTAM_TRIAGE_FINDER_WRITE_H

#include "bantam/train.h"
#include "triage/finder.h"

struct finder_parts {
    const struct line_model *lines;
    const struct tree_model *rank, *chunk;
    const float *findings;  // (FINDING_FEATURES)
    const float *gate;      // (GATE_FEATURES)
    const char *parameters; // JSON object of the hyper-parameters
    size_t n_logs;          // learned from
};

// Appends the file's bytes, with the options' seed and data digest in its metadata. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status finder_write(bantam_buffer *out, const struct finder_parts *parts,
                                             const bantam_train_options *options,
                                             bantam_error *error);

#endif
