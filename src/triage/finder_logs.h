// The logs that teach the line finder, read and sorted into those that failed and those that passed.
#ifndef BANTAM_TRIAGE_FINDER_LOGS_H
#define BANTAM_TRIAGE_FINDER_LOGS_H

#include "triage/training_log.h"

struct finder_logs {
    bantam_labelled_log *sources; // (n_sources) those that are read
    size_t n_sources;
    struct training_log *logs; // (n_failed + n_passed), each with a fold that its group shares
    size_t n_failed; // the given ones that have spans, in their order, then plain variants
    size_t n_given;  // those before the variants
    size_t n_passed; // green ones and their plain variants
};

// Reads logs with spans and, if asked, green ones, with a plain variant of each that nobody constructed: of constructed logs some
// are plain to begin with. Reports progress. Errors: BANTAM_ERROR_MEMORY, BANTAM_ERROR_ARGUMENT (fewer than two
// with spans), BANTAM_ERROR_CANCELLED; *all is then to be released, too.
BANTAM_MUST_CHECK bantam_status finder_logs_read(
    struct finder_logs *all, const bantam_labelled_log *logs, size_t n_logs, bool passed,
    int n_folds, const struct keyword_table *keywords, const struct line_annotator *annotator,
    const bantam_train_options *options, bantam_error *error);
void finder_logs_release(struct finder_logs *all);

#endif
