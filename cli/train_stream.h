// bantam train --stream: tables that need not fit into memory.
#ifndef BANTAM_CLI_TRAIN_STREAM_H
#define BANTAM_CLI_TRAIN_STREAM_H

#include "train_text.h"

enum {
    STREAM_HASH_BITS = 18, // where none were asked for
    STREAM_PASSES = 3,     // likewise
};

// The options with hashed features and without weighing by rarity.
bantam_classifier_options train_stream_options(const bantam_classifier_options *given);

// Reads the files row by row, `text->n_passes` times (STREAM_PASSES where that was not given), and makes the classifier. NULL: the problem was told.
bantam_classifier *train_stream(const struct train_settings *settings,
                                const struct train_text *text, const char *const *paths,
                                size_t n_paths, const bantam_dataset_options *data,
                                bantam_classifier_report *report);

#endif
