// Hides secrets before anything of a log is quoted: lines and commands around what an answer shows are read anew, and each
// secret in them becomes "***".
//
// In: the document after the finder has read it, so that no score depends on what is hidden. Out: the same document with
// some texts replaced by copies in its arena. What is named later (subject, places, command, evidence) is taken from those.
#ifndef BANTAM_TRIAGE_REDACTION_H
#define BANTAM_TRIAGE_REDACTION_H

#include "bantam/triage.h"
#include "triage/finder.h"

// Hides the secrets in what the findings and the list of lines may quote and counts them. `what` is not
// BANTAM_REDACT_NOTHING. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status redaction_apply(size_t *n_hidden, struct document *document,
                                                const struct finder_result *result,
                                                bantam_redaction what, size_t context,
                                                bantam_error *error);

// Hides the secrets in lines `first` to `last` (0-based, inclusive) alone and adds their number to *n_hidden. Errors:
// BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status redaction_hide_lines(size_t *n_hidden, struct document *document,
                                                     size_t first, size_t last,
                                                     bantam_redaction what, bantam_error *error);

#endif
