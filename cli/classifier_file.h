// Opening a text classifier that is named on the command line.
#ifndef BANTAM_CLI_CLASSIFIER_FILE_H
#define BANTAM_CLI_CLASSIFIER_FILE_H

#include <stddef.h>

#include <bantam/bantam.h>

// NULL: the problem was told. `*size` gets the file's bytes where it is not NULL.
bantam_classifier *classifier_open(const char *path, size_t *size);

#endif
