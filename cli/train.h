// What bantam train hands to the kind of model that is asked for: cmd_train.c parses and decides, train_<kind>.c trains.
#ifndef BANTAM_CLI_TRAIN_H
#define BANTAM_CLI_TRAIN_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "recipe.h"

enum {
    SEED_NOT_GIVEN = INT_MIN
};

// The options that every kind has.
struct train_settings {
    char *data;   // where a recipe's data lie; NULL: ../shared/data
    char *output; // NULL: as the kind says
    long folds;   // 0: none asked for
    long threads; // 1 or more
    bool quiet;   // no progress
    char *curve;  // tiny transformers: where to draw the way of the training as SVG; NULL: nowhere
    char *checkpoint; // tiny transformers: the file that the training can go on from; NULL: none
    long seed;        // in place of the recipe's, or SEED_NOT_GIVEN
};

// Trains what the recipe at `path` describes. Returns an enum exit_code; problems were told.
typedef int (*train_recipe)(const struct train_settings *settings, const struct recipe *recipe,
                            const char *path);

int train_neural(const struct train_settings *settings, const struct recipe *recipe,
                 const char *path);
int train_logs(const struct train_settings *settings, const struct recipe *recipe,
               const char *path);

#endif
