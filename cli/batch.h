// Many logs through one triage: read, diagnose, render, print; in parallel, and printed in the order given.
#ifndef BANTAM_CLI_BATCH_H
#define BANTAM_CLI_BATCH_H

#include <bantam/bantam.h>

#include "io.h"
#include "recorder.h"

struct batch_options {
    bantam_report_format format;
    bool several; // more than one log is asked for: JSON is an array
    bool progress;
    bool group; // an entry for each distinct failure, in a format that bantam_groups_format knows
    size_t n_threads; // 1 or more; the output does not depend on it
    bantam_triage_options triage;
    bantam_report_options report; // the path is set for each log
    struct log_limits limits;
    struct recorder *recorder; // keeps each log that it was opened for
};

// Answers every log of `paths` on standard output, problems on standard error. Returns the highest enum exit_code.
int batch_run(const bantam_triage *triage, const char *const *paths, size_t n_paths,
              const struct batch_options *options);

#endif
