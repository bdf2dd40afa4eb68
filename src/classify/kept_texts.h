// The texts that a classifier was trained on, where it was to keep them: for the nearest ones, and for tuning.
#ifndef BANTAM_CLASSIFY_KEPT_TEXTS_H
#define BANTAM_CLASSIFY_KEPT_TEXTS_H

#include "classify/training_rows.h"

enum {
    KEPT_BYTES_MAXIMUM = 1 << 28
};

struct kept_texts {
    size_t n;
    char *bytes;            // all of them, one after another
    uint32_t *starts;       // (n + 1)
    uint32_t *labels;       // (label_starts[n])
    uint32_t *label_starts; // (n + 1)
};

// Copies texts and labels of the rows. Errors: BANTAM_ERROR_ARGUMENT (more than KEPT_BYTES_MAXIMUM bytes), BANTAM_ERROR_MEMORY; *kept is
// then empty.
BANTAM_MUST_CHECK bantam_status kept_texts_init(struct kept_texts *kept,
                                                const struct training_rows *rows,
                                                bantam_error *error);
void kept_texts_release(struct kept_texts *kept);

#endif
