// Which lines of a log a baseline knows.
#ifndef BANTAM_TRIAGE_BASELINE_H
#define BANTAM_TRIAGE_BASELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "bantam/baseline.h"
#include "features/log_features.h"

// Whether a green log has a line of that kind; `hash` is distinct_line.hash.
bool baseline_knows(const bantam_baseline *baseline, uint64_t hash);

#endif
