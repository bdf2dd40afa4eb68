// Writing a model file from tensors whose rows stand apart in memory, without a copy of them that touches.
#ifndef BANTAM_MODEL_MODEL_ROWS_H
#define BANTAM_MODEL_MODEL_ROWS_H

#include "bantam/model.h"

// As bantam_model_write; row_strides (n_tensors) are the bytes from a row of each tensor's first dimension to the next, 0 where they
// touch. A tensor's `size` counts its rows alone.
BANTAM_MUST_CHECK bantam_status model_write_rows(bantam_buffer *out, const bantam_tensor *tensors,
                                                 const size_t *row_strides, size_t n_tensors,
                                                 const bantam_metadata *metadata, size_t n_metadata,
                                                 bantam_error *error);

#endif
