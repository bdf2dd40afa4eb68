// What a vectorizer is made of: for the files that fit, apply and keep it.
#ifndef BANTAM_FEATURES_VECTORIZER_PARTS_H
#define BANTAM_FEATURES_VECTORIZER_PARTS_H

#include "features/vectorizer.h"
#include "features/vocabulary.h"

struct vectorizer_part {
    struct vectorizer_part_options options;
    struct vocabulary vocabulary; // without hash_bits
    struct vocabulary stop_words;
    float *hashed_idf;          // (2^hash_bits) with hash_bits and use_idf
    uint32_t *hashed_documents; // likewise
    size_t first_feature, n_features;
};

struct vectorizer {
    struct vectorizer_options options;
    struct vectorizer_part parts[VECTORIZER_PARTS];
    size_t n_features;
    uint64_t n_documents; // it was fitted on
    uint64_t seed;        // of all hashes
    struct arena arena;   // owns the stop words
};

// Checks the options. Errors: BANTAM_ERROR_ARGUMENT.
BANTAM_MUST_CHECK bantam_status vectorizer_options_check(const struct vectorizer_options *options,
                                                         bantam_error *error);

// A vectorizer with nothing learned; owns copies of the stop words. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status vectorizer_new(struct vectorizer **out,
                                               const struct vectorizer_options *options,
                                               uint64_t seed, bantam_error *error);

// Sets first_feature and n_features from the parts. Errors: BANTAM_ERROR_ARGUMENT (too many).
BANTAM_MUST_CHECK bantam_status vectorizer_number_features(struct vectorizer *vectorizer,
                                                           bantam_error *error);

// Sets every idf from the numbers of documents.
void vectorizer_weigh(struct vectorizer *vectorizer);

#endif
