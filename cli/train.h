// What bantam train hands to the kind of model that is asked for: cmd_train.c parses and decides, train_<kind>.c trains.
#ifndef BANTAM_CLI_TRAIN_H
#define BANTAM_CLI_TRAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "recipe.h"

// The options that every kind has.
struct train_settings {
    char *data;   // where a recipe's data lie; NULL: ../shared/data
    char *output; // NULL: as the kind says
    long folds;   // 0: none asked for
    long threads; // 1 or more
    bool quiet;   // no progress
    char *curve;  // tiny transformers: where to draw the way of the training as SVG; NULL: nowhere
    char *checkpoint; // tiny transformers: the file that the training can go on from; NULL: none
    long seed;        // in place of the recipe's; -1: the recipe's
};

// Trains what the recipe at `path` describes. Returns an enum exit_code; problems were told.
typedef int (*train_recipe)(const struct train_settings *settings, const struct recipe *recipe,
                            const char *path);

// "model.safetensors" beside the recipe; NULL when memory is out. The caller frees.
char *train_output_beside(const char *recipe_path);

// A bantam_progress that keeps one line of standard error up to date; `context` is a string that stands before it.
bool train_show_progress(void *context, const char *what, size_t done, size_t total);

// Takes that line away; `quiet` as in the settings.
void train_end_progress(bool quiet);

int train_neural(const struct train_settings *settings, const struct recipe *recipe,
                 const char *path);
int train_logs(const struct train_settings *settings, const struct recipe *recipe,
               const char *path);

#endif
