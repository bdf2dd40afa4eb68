// Opening and writing models that are named on the command line.
#ifndef BANTAM_CLI_CLASSIFIER_FILE_H
#define BANTAM_CLI_CLASSIFIER_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include <bantam/bantam.h>

// NULL: the problem was told. `*size` gets the file's bytes where it is not NULL.
bantam_classifier *classifier_open(const char *path, size_t *size);

// The same, but a model of another kind is opened as `*other`, to be freed with bantam_model_free, and NULL returned. `*other` NULL
// as well: the problem was told.
bantam_classifier *classifier_open_any(const char *path, bantam_model **other, size_t *size);

// Writes it whole; `*size` gets the file's bytes. False: the problem was told.
bool classifier_write(const bantam_classifier *classifier, const char *path, size_t *size);

// "dir/mine.small.bantam" of "dir/mine.bantam" and "small": a name for what is made of a model. To be freed; NULL when memory is out.
char *classifier_name_beside(const char *model, const char *word);

#endif
