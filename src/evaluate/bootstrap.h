// The percentile bootstrap: what metrics would have been on other rows of the same kind.
#ifndef BANTAM_EVALUATE_BOOTSTRAP_H
#define BANTAM_EVALUATE_BOOTSTRAP_H

#include "evaluate/metrics.h"

enum bootstrap_metric {
    BOOTSTRAP_ACCURACY,
    BOOTSTRAP_MACRO_F1,
    BOOTSTRAP_LOG_LOSS,
    BOOTSTRAP_CALIBRATION,
    BOOTSTRAP_METRICS,
};

// Errors: BANTAM_ERROR_ARGUMENT, where an option is out of its range.
BANTAM_MUST_CHECK bantam_status evaluate_options_check(const bantam_evaluate_options *options,
                                                       bantam_error *error);

// Sets each interval to the value itself.
void bootstrap_start(bantam_interval intervals[BOOTSTRAP_METRICS], const struct metrics *metrics);

// Sets low and high of each interval from resamples of `first`, or where `second` is given of second minus first on the same drawn
// rows. Each resample has its own generator, so that threads do not matter. `groups`, where given, are resampled whole. Errors:
// BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status bootstrap_intervals(bantam_interval intervals[BOOTSTRAP_METRICS],
                                                    const struct scored_rows *first,
                                                    const struct scored_rows *second,
                                                    const bantam_evaluate_options *options,
                                                    bantam_error *error);

#endif
