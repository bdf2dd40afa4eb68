// The options of a text classifier by name: the table behind the command line, the help and the record in the model file.
#ifndef BANTAM_CLASSIFY_OPTIONS_H
#define BANTAM_CLASSIFY_OPTIONS_H

#include "bantam/classifier_train.h"

// Appends all options as a JSON object of strings, in the order of the table.
void classifier_options_write(bantam_buffer *out, const bantam_classifier_options *options);

// Reads what classifier_options_write wrote; what is not named keeps its default. Errors: BANTAM_ERROR_MODEL, BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status classifier_options_read(bantam_classifier_options *options,
                                                        const char *json, bantam_error *error);

#endif
