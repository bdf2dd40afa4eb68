// bantam train with tables of texts instead of a recipe: trains a text classifier.
#ifndef BANTAM_CLI_TRAIN_TEXT_H
#define BANTAM_CLI_TRAIN_TEXT_H

#include <limits.h>
#include <popt.h>

#include "data_options.h"
#include "train.h"

enum {
    TRAIN_TEXT_OPTIONS = 40, // entries of the popt table at most
    TRAIN_TEXT_FIRST_VALUE =
        1000, // what poptGetNextOpt returns for the first option of the library's table
    PASSES_NOT_GIVEN = INT_MIN,
};

struct train_text {
    struct data_options data;
    bantam_classifier_options options;
    bool options_given, strength_given; // any; C
    const char *chosen,
        *without_part; // given, but a search's to choose; but no part of a stream's; NULL: none
    int stream;        // not 0: row by row, for data larger than memory
    long n_passes;     // of a stream, or PASSES_NOT_GIVEN
    char *labels;      // of a stream, separated by commas; NULL: a pass of its own finds them
    int search;        // look for the best features and strength
    char *time;        // of the search; NULL: not given
    char *max_size;    // of the model; NULL: not given
};

// Fills the popt table of the library's options; the values arrive through train_text_option.
void train_text_table(struct poptOption table[TRAIN_TEXT_OPTIONS]);

// Takes the options of a command line whose table includes train_text_table's, up to its end: -1. Below that is popt's problem, above
// it one that was told, with the help of `command`.
int train_text_take_options(struct train_text *text, poptContext context, const char *command);

// Appends the options' lines of the help.
void train_text_help(bantam_buffer *out);

// Whether anything was given that only training on texts knows.
bool train_text_given(const struct train_text *text);

// Trains on the files. Returns an enum exit_code; problems were told.
int train_text(const struct train_settings *settings, const struct train_text *text,
               const char *const *paths, size_t n_paths);

#endif
