// One correction as hashed features: what training reads of a lesson's file.
#ifndef BANTAM_TRIAGE_LESSON_H
#define BANTAM_TRIAGE_LESSON_H

#include "bantam/learn.h"
#include "triage/learned.h"

enum {
    LESSON_FOUND, // the finding that the triage has without the correction
    LESSON_TOLD,  // the lines that the person named
    LESSON_VIEWS,
};

struct lesson {
    bantam_model *file;
    const char *cause, *fix;                // or NULL
    struct word_vector words[LESSON_VIEWS]; // n 0 where there is no such finding
    const float *prior[LESSON_VIEWS];       // (CAUSES) what the shipped model says of it
    const uint32_t *right, *wrong;          // (n_right), (n_wrong) kinds of lines
    size_t n_right, n_wrong;
};

// Reads a file of kind "lesson". Errors: BANTAM_ERROR_MODEL, BANTAM_ERROR_VERSION, BANTAM_ERROR_MEMORY; *lesson is then empty.
BANTAM_MUST_CHECK bantam_status lesson_load(struct lesson *lesson, const bantam_lesson *bytes,
                                            bantam_error *error);
void lesson_release(struct lesson *lesson);

#endif
