// bantam train --search and --max-size: the library's search under this process's clock and signals, and shrinking.
#ifndef BANTAM_CLI_SEARCH_TEXT_H
#define BANTAM_CLI_SEARCH_TEXT_H

#include <stdbool.h>

#include <bantam/bantam.h>

#include "train_text.h"

struct train_limits {
    bool search;
    double seconds;  // of search and training
    size_t max_size; // bytes of the model; 0: any
};

// Reads --search, --time and --max-size. False: the problem was told.
bool train_limits_read(struct train_limits *limits, const struct train_text *text);

// Trains; searches before where that is asked for, telling each step on standard output; shrinks what is too large and tells the table.
// The first interrupt ends the search, not the training. NULL: the error tells why, or has no message where the output told it.
bantam_classifier *train_within(const bantam_dataset *dataset,
                                const bantam_classifier_options *options,
                                const struct train_limits *limits, bantam_classifier_report *report,
                                bantam_error *error);

#endif
