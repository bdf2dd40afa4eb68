// What training on rows and training on a stream share.
#ifndef BANTAM_CLASSIFY_TRAIN_H
#define BANTAM_CLASSIFY_TRAIN_H

#include "classify/classifier.h"

// The options as the vectorizer takes them. Stop words are static.
struct vectorizer_options classifier_features(const bantam_classifier_options *options);

// Fills in the records that go into the model file, from classifier->options and the report. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status classifier_record(bantam_classifier *classifier, const char *digest,
                                                  const bantam_classifier_report *report,
                                                  bantam_error *error);

#endif
