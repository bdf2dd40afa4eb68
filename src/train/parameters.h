// Declared hyper-parameters: one table a learner, which feeds defaults, validation, help and the record in the model file.
#ifndef BANTAM_TRAIN_PARAMETERS_H
#define BANTAM_TRAIN_PARAMETERS_H

#include <stddef.h>

#include "bantam/buffer.h"
#include "bantam/status.h"

struct parameter {
    const char *name;
    size_t offset;      // of a double in the learner's structure
    double value;       // default
    double least, most; // range, inclusive
    const char *help;   // what it does, with its unit
};

// Fills the structure with the defaults, then with the values of the JSON object `json` (NULL: none). Errors:
// BANTAM_ERROR_ARGUMENT for an unknown name, a value that is no number or out of its range, or JSON that does not parse.
BANTAM_MUST_CHECK bantam_status parameters_read(void *structure, const struct parameter *table,
                                                size_t n_parameters, const char *json,
                                                bantam_error *error);

// Appends the values in force as a JSON object, in the order of the table.
void parameters_write(bantam_buffer *out, const void *structure, const struct parameter *table,
                      size_t n_parameters);

#endif
