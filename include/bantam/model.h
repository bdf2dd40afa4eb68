// A model file: named tensors and metadata strings, in the safetensors format.
//
// Layout (https://github.com/huggingface/safetensors): 8 bytes, the header's size as a little-endian u64; the header, a
// JSON object that gives each tensor its dtype, shape and data_offsets, and "__metadata__", a map of strings; the data.
// A file is data only: opening one checks every offset and runs nothing.
#ifndef BANTAM_MODEL_H
#define BANTAM_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "status.h"

#define BANTAM_MODEL_FORMAT "1" // __metadata__["format"]; a reader refuses any other

typedef enum bantam_dtype {
    BANTAM_I8 = 0,
    BANTAM_U8 = 1,
    BANTAM_I16 = 2,
    BANTAM_U16 = 3,
    BANTAM_I32 = 4,
    BANTAM_U32 = 5,
    BANTAM_F32 = 6,
    BANTAM_F64 = 7,
} bantam_dtype;

#define BANTAM_MAX_DIMENSIONS 4

typedef struct bantam_tensor {
    const char *name; // terminated
    bantam_dtype dtype;
    int n_dimensions;                      // 0 to BANTAM_MAX_DIMENSIONS
    uint64_t shape[BANTAM_MAX_DIMENSIONS]; // row-major
    const void *data;                      // aligned to the size of one element
    size_t size;                           // bytes
} bantam_tensor;

typedef struct bantam_model bantam_model;

// Opens a model from bytes; copies what it needs, so `bytes` may go after the call.
//
// Errors: BANTAM_ERROR_MODEL (damaged, or not a model; `position` says where), BANTAM_ERROR_VERSION (its "format" is not
// BANTAM_MODEL_FORMAT), BANTAM_ERROR_MEMORY. `*out` is NULL on failure. Thread-safe; a model is immutable.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_model_load(bantam_model **out, const void *bytes,
                                                             size_t size, bantam_error *error);

BANTAM_API void bantam_model_free(bantam_model **model);

// The tensor of that name, or NULL. Borrowed: it dies with the model.
BANTAM_API const bantam_tensor *bantam_model_tensor(const bantam_model *model, const char *name);

// The metadata string of that key, or NULL. Borrowed: it dies with the model.
BANTAM_API const char *bantam_model_metadata(const bantam_model *model, const char *key);

// The i-th tensor by name, NULL past the last one. Borrowed.
BANTAM_API const bantam_tensor *bantam_model_tensor_at(const bantam_model *model, size_t i);

// The i-th key and value of the metadata, in the file's order; NULL past the last one. Borrowed.
BANTAM_API const struct bantam_metadata *bantam_model_metadata_at(const bantam_model *model,
                                                                  size_t i);

// XXH3-64 of the file's bytes as 16 hexadecimal digits: names the exact weights in reports. Borrowed.
BANTAM_API const char *bantam_model_digest(const bantam_model *model);

typedef struct bantam_metadata {
    const char *key, *value; // terminated UTF-8
} bantam_metadata;

// Writes a model file's bytes to `out` (appended, all or nothing). Metadata keys are sorted and "format" is added; tensors
// stand by the size of their elements, largest first, and keep the given order within a size: the format allows no padding
// between them, and so each is aligned. The same content gives the same bytes. Errors: BANTAM_ERROR_MEMORY,
// BANTAM_ERROR_ARGUMENT.
BANTAM_API BANTAM_MUST_CHECK bantam_status
bantam_model_write(bantam_buffer *out, const bantam_tensor *tensors, size_t n_tensors,
                   const bantam_metadata *metadata, size_t n_metadata, bantam_error *error);

#endif
