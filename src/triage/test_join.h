// Joins the failed tests that reports tell to the findings of a log.
//
// In: a diagnosis whose findings are made, the document that they are of, reports. Out: each finding's tests, and the summary with the
// tests that no finding is about. A test is joined where the finding's lines name it, with or without its class, in whatever way its
// runner writes names; or tell the place or the message that its report tells.
#ifndef BANTAM_TRIAGE_TEST_JOIN_H
#define BANTAM_TRIAGE_TEST_JOIN_H

#include "triage/diagnosis.h"

// `findings` is diagnosis->public.findings. Secrets in what is copied are hidden and counted. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status tests_join(struct diagnosis *diagnosis, bantam_finding *findings,
                                           const struct document *document,
                                           const bantam_test_reports *reports,
                                           bantam_redaction redaction, bantam_error *error);

#endif
