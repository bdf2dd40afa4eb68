// The state of a race as bytes, from which it goes on with the same numbers as if it had never stopped.
#ifndef BANTAM_NEURAL_CHECKPOINT_H
#define BANTAM_NEURAL_CHECKPOINT_H

#include "bantam/buffer.h"
#include "neural/race.h"

// Appends a model file of the kind "neural-checkpoint". Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status checkpoint_write(bantam_buffer *out, const struct race *race,
                                                 bantam_error *error);

// Sets the race's runs up as they were; task, description, options and seed must be those of the checkpoint. Errors:
// BANTAM_ERROR_MODEL, BANTAM_ERROR_MEMORY; the race then has no runs.
BANTAM_MUST_CHECK bantam_status checkpoint_read(struct race *race, const void *bytes, size_t size,
                                                bantam_error *error);

#endif
