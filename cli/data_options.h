// How tables of texts are read: the options that train, predict, eval and tune share, and the reading itself.
#ifndef BANTAM_CLI_DATA_OPTIONS_H
#define BANTAM_CLI_DATA_OPTIONS_H

#include <popt.h>
#include <stdbool.h>

#include <bantam/bantam.h>

// As given on the command line; NULL: not given. options_release frees them.
struct data_options {
    char *input, *header, *separator, *text, *label, *weight, *group, *label_separator;
};

enum {
    DATA_OPTIONS = 9 // entries of the table, with its end
};

// Fills a popt table to be included in a command's own.
void data_options_table(struct poptOption table[DATA_OPTIONS], struct data_options *options);

// Whether any of them was given.
bool data_options_given(const struct data_options *options);

// Reads what was given; the result borrows from `options`. False: the problem was told, and where `command` tells its options.
bool data_options_parse(bantam_dataset_options *out, const struct data_options *options,
                        const char *command);

// The lines of a command's help for these options.
extern const char data_options_help[];

// Appends the rows of a file, or of standard input ("-"), packed or not. False: the problem was told.
bool data_read(bantam_dataset *dataset, const char *path);

// All rows of the files, finished. `*out` is NULL on failure, which was told.
bool data_read_all(bantam_dataset **out, const bantam_dataset_options *options,
                   const char *const *paths, size_t n_paths);

// What messages call the files: "test.csv", "standard input" or "a.csv and 2 more". The caller frees it; NULL: memory is out, told.
char *data_name(const char *const *paths, size_t n_paths);

// Tells what was wrong with the files' rows, with their name; errors of another kind, as options that do not hold, without it.
void data_tell(const char *const *paths, size_t n_paths, const bantam_error *error);

#endif
