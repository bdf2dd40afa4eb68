// What green logs of a job say: the lines of a failed one that they say too are no reason for its failure.
//
// A profile holds a hash for each kind of line (digits, paths, quoted text masked), four bytes each, and no text: it can be kept
// where the logs cannot.
#ifndef BANTAM_BASELINE_H
#define BANTAM_BASELINE_H

#include <stddef.h>

#include "buffer.h"
#include "model.h"
#include "status.h"

typedef struct bantam_baseline bantam_baseline;

// An empty profile. `*out` is NULL on failure. Errors: BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_baseline_new(bantam_baseline **out,
                                                               bantam_error *error);
BANTAM_API void bantam_baseline_free(bantam_baseline **baseline);

// Adds a log of a job that succeeded; any bytes are a log. Errors: BANTAM_ERROR_MEMORY; the profile is then as before.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_baseline_add_log(bantam_baseline *baseline,
                                                                   const void *log, size_t size,
                                                                   bantam_error *error);

// Adds what another profile holds, from a model file of kind "baseline". Errors: BANTAM_ERROR_MODEL, BANTAM_ERROR_VERSION,
// BANTAM_ERROR_MEMORY; the profile is then as before.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_baseline_add_profile(bantam_baseline *baseline,
                                                                       const void *bytes,
                                                                       size_t size,
                                                                       bantam_error *error);

// Appends the profile as a model file; the same lines give the same bytes. Errors: BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_baseline_write(bantam_buffer *out,
                                                                 const bantam_baseline *baseline,
                                                                 bantam_error *error);

// Kinds of lines, and logs that were added, those of other profiles included.
BANTAM_API size_t bantam_baseline_n_lines(const bantam_baseline *baseline);
BANTAM_API size_t bantam_baseline_n_logs(const bantam_baseline *baseline);

#endif
