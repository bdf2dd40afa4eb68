// What a bantam_classifier holds: the text model's scores, how they become probabilities, and what is known of its training.
#ifndef BANTAM_CLASSIFY_CLASSIFIER_H
#define BANTAM_CLASSIFY_CLASSIFIER_H

#include "bantam/classifier_train.h"
#include "classify/conformal.h"
#include "classify/kept_texts.h"
#include "evaluate/calibration.h"
#include "model/text_model.h"
#include "train/logistic_learner.h"

enum {
    CLASSIFIER_LABELS_MAXIMUM = 1 << 20,
    CLASSIFIER_FILE_MAXIMUM = 2147483647 // bytes of a model file
};

struct bantam_classifier {
    struct text_model *text;
    struct calibration calibration;
    struct conformal_table conformal;
    const char **labels; // (n_labels) in the arena, sorted by their bytes
    size_t n_labels;
    bool multi_label;
    bantam_classifier_options options; // as trained; pointers are NULL
    float *means; // (n_features) of the training rows' values; NULL where they were left out
    struct kept_texts kept;
    const char *record_options, *data_digest, *measured; // JSON, text, JSON; in the arena
    struct arena arena;
};

// What the options mean to the vectorizer and to the learner (train.c).
struct vectorizer_options classifier_features(const bantam_classifier_options *options);
struct logistic_options classifier_learner(const bantam_classifier_options *options);

// As bantam_classifier_train, with held-out scores that were found before, or NULL. Where known->may_stop, training that is cancelled ends
// with the weights as they are then.
struct held_out_known;
BANTAM_MUST_CHECK bantam_status classifier_train_knowing(bantam_classifier **out,
                                                         const bantam_dataset *dataset,
                                                         const bantam_classifier_options *options,
                                                         struct held_out_known *known,
                                                         bantam_classifier_report *report,
                                                         bantam_error *error);

// Writes the mean of each column over the rows, by their weights (n_rows); the caller frees `*out` with memory_free, on failure, too.
// Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status feature_means(float **out, const struct sparse_matrix *matrix,
                                              const float *row_weights, bantam_error *error);

// Fills in the records that go into the model file, from classifier->options and the report. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status classifier_record(bantam_classifier *classifier, const char *digest,
                                                  const bantam_classifier_report *report,
                                                  bantam_error *error);

// How raw scores of such a model are read.
enum calibration_link classifier_link(const bantam_classifier *classifier);

// As the model file and the command line have it.
const char *calibration_name(enum calibration_method method);

// Copies names into the arena. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status classifier_set_labels(bantam_classifier *classifier,
                                                      const char *const *labels, size_t n_labels,
                                                      bantam_error *error);

#endif
