// Which weights of a linear model may go, and how those that stay are rounded.
//
// A weight counts by |W[f][o]| times the length of its column ‖x_f‖ over the training rows: what it brings to their scores at most.
// Softmax does not see a constant added to all outputs of a feature; taking away its median leaves most of its weights near 0.
#ifndef BANTAM_CLASSIFY_PRUNE_H
#define BANTAM_CLASSIFY_PRUNE_H

#include "features/sparse_matrix.h"
#include "model/text_model.h"

// Writes the length of each column; `lengths` is (n_columns).
void prune_lengths(float *lengths, const struct sparse_matrix *rows);

// Takes the median of each feature's weights away; `weights` is (n_features, n_outputs), for softmax alone. Errors:
// BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status prune_centre(float *weights, size_t n_features, size_t n_outputs,
                                             bantam_error *error);

// Marks the n_kept weights that count most in `support` (n_features, n_outputs): 1, others 0. Of equals the first. Errors:
// BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status prune_choose(uint8_t *support, const float *weights,
                                             const float *lengths, size_t n_features,
                                             size_t n_outputs, size_t n_kept, bantam_error *error);

// Rounds the weights as `format` will hold them, four bits so that those that count most are hit best: text_model_new_take then
// changes nothing any more. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status prune_round(float *weights, const float *lengths, size_t n_features,
                                            size_t n_outputs, enum weight_format format,
                                            bantam_error *error);

#endif
