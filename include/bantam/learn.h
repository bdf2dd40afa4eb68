// Learning from a person's corrections: the lines that were the reason, the lines that were not, and causes, shipped ones or their own.
//
// A correction becomes a lesson: hashed features, and none of the log's text. Lessons together become a layer that lies over the
// shipped models, which stay the prior: bantam_triage_use takes it as a model of kind "learned".
#ifndef BANTAM_LEARN_H
#define BANTAM_LEARN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "status.h"
#include "train.h"
#include "triage.h"

typedef struct bantam_correction {
    bantam_span lines; // that explain the failure; {0, 0} (default): those that the triage finds
    bantam_span not_lines; // that do not; {0, 0} (default): none
    const char *
        cause; // one of the 20, or a name of one's own: small letters, digits, _ and -; NULL (default): not told
    const char *fix; // what to do about such a failure, or NULL (default)
} bantam_correction;

// Appends the lesson of one log, as a model file of kind "lesson". `triage` finds the lines and says what the models think; it should
// have no layer of its own. Errors: BANTAM_ERROR_ARGUMENT (lines outside of the log, a cause of another form, nothing told, or no lines
// and none found), BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_lesson_make(bantam_buffer *out,
                                                              const bantam_triage *triage,
                                                              const void *log, size_t size,
                                                              const bantam_correction *correction,
                                                              bantam_error *error);

typedef struct bantam_lesson {
    const void *bytes;
    size_t size;
} bantam_lesson;

// Appends the layer of all lessons, at most 500, as a model file of kind "learned". The same lessons give the same bytes. Errors:
// BANTAM_ERROR_MODEL, BANTAM_ERROR_VERSION (a lesson of other features; teach it again), BANTAM_ERROR_ARGUMENT, BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_learn(bantam_buffer *out,
                                                        const bantam_lesson *lessons,
                                                        size_t n_lessons, bantam_error *error);

// How many of the lessons with a cause are answered rightly, each by a layer of the lessons in other folds.
typedef struct bantam_learned_figures {
    size_t n_causes;             // lessons that tell a cause
    size_t n_before, n_after;    // right ones, by the shipped model and with the layer
    size_t n_mended, n_worsened; // wrong before and right after, and the other way round
} bantam_learned_figures;

// Cross-validates, by at most ten folds of lessons. Errors as bantam_learn.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_learn_check(bantam_learned_figures *figures,
                                                              const bantam_lesson *lessons,
                                                              size_t n_lessons,
                                                              bantam_error *error);

#endif
