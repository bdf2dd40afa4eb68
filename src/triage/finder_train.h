// Training the line finder, and what it finds in logs that it has not been trained on.
//
// The cause classifier learns from such findings: in serving too it sees the finder's lines, not a person's.
#ifndef BANTAM_TRIAGE_FINDER_TRAIN_H
#define BANTAM_TRIAGE_FINDER_TRAIN_H

#include "bantam/train.h"
#include "triage/finder.h"

enum {
    UNSEEN_LINES = 9, // best lines that are kept of a log
};

struct unseen_finding {
    bool any; // false: the log has no spans, or nothing was found
    struct found found;
    float score;                           // how sure it is, in [0, 1], as bantam_finding has it
    struct listed_line list[UNSEEN_LINES]; // (n_list) best first
    size_t n_list;
};

// Fills unseen (n_logs), cleared by the caller, by a finder that is trained more quickly than the one that ships and errs much alike. Of
// the options' parameters none is read. Errors: those of bantam_train_lines.
BANTAM_MUST_CHECK bantam_status finder_find_unseen(struct unseen_finding *unseen,
                                                   const bantam_labelled_log *logs, size_t n_logs,
                                                   const bantam_train_options *options,
                                                   bantam_error *error);

#endif
