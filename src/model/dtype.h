// The element types of a model's tensors: their names in the file and their sizes.
#ifndef BANTAM_MODEL_DTYPE_H
#define BANTAM_MODEL_DTYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bantam/model.h"

enum {
    MODEL_HEADER_MAXIMUM = 16 << 20, // bytes of JSON, read or written
    MODEL_ALIGNMENT = 8              // of the data's start in a file: the largest element
};

#define MODEL_METADATA_KEY "__metadata__" // the one name that no tensor may have

// "I8", "F32", …; NULL for a number that is no dtype.
const char *dtype_name(bantam_dtype dtype);

// Bytes of one element; `dtype` is valid.
size_t dtype_size(bantam_dtype dtype);

// Finds the dtype that is called `name` in a file; false when there is none.
bool dtype_parse(bantam_dtype *out, const char *name);

// Bytes of a tensor of that shape; false when the product overflows.
bool dtype_tensor_size(uint64_t *out, bantam_dtype dtype, const uint64_t *shape, int n_dimensions);

#endif
