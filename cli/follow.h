// A log that is still being written: standard input, or a file that grows.
#ifndef BANTAM_CLI_FOLLOW_H
#define BANTAM_CLI_FOLLOW_H

#include "batch.h"

// Reads the log as it grows and answers on standard output whenever the answer is another one than before; nothing is said while nothing
// has failed. Ends with standard input, or for a file with an interrupt. Text and NDJSON are answers in a row; of any
// other format there is one document, written at the end. Returns an enum exit_code.
int follow_run(const bantam_triage *triage, const char *path, const struct batch_options *options);

#endif
