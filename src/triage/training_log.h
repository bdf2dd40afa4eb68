// A labelled log made ready for the learners of the triage: document, features with their words kept, line labels.
#ifndef BANTAM_TRIAGE_TRAINING_LOG_H
#define BANTAM_TRIAGE_TRAINING_LOG_H

#include "bantam/train.h"
#include "features/log_features.h"
#include "train/line_learner.h"

struct training_log {
    const bantam_labelled_log *source;
    bantam_buffer plain; // bytes of the plain variant, else empty
    struct document document;
    struct log_features features;
    uint32_t *word_starts; // (n_distinct + 1)
    uint32_t *words;       // hashes
    size_t word_capacity, start_capacity;
    uint8_t *labels; // (n_lines) enum line_label
    bool
        is_plain; // without colours and the CI system's own lines, so that models don't lean on them
    int fold;
};

// Reads the log, or its plain variant. Errors: BANTAM_ERROR_MEMORY; *log is then empty.
BANTAM_MUST_CHECK bantam_status training_log_init(struct training_log *log,
                                                  const bantam_labelled_log *source, bool plain,
                                                  int fold, const struct keyword_table *keywords,
                                                  const struct line_annotator *annotator,
                                                  bantam_error *error);
void training_log_release(struct training_log *log);

// Appends the log's visible text, a line each, with the CI system's own lines left blank.
void plain_text(bantam_buffer *out, const struct document *document);

#endif
