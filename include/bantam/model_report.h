// What is in a model file of any kind: its metadata and its tensors.
#ifndef BANTAM_MODEL_REPORT_H
#define BANTAM_MODEL_REPORT_H

#include "buffer.h"
#include "model.h"
#include "status.h"

// Appends, for a person, each key of the metadata with its value and each tensor with its type, shape and bytes. `file_size`: bytes of
// the file. Errors: BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_model_text(bantam_buffer *out,
                                                             const bantam_model *model,
                                                             size_t file_size, bantam_error *error);

// The same as one JSON object and a newline: "metadata": {key: value}, "tensors": [{"name", "type", "shape", "bytes"}], "digest", "bytes".
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_model_json(bantam_buffer *out,
                                                             const bantam_model *model,
                                                             size_t file_size, bantam_error *error);

#endif
