// Why does the classifier say so? What each n-gram of a text adds to a label's score, exactly, and where it stands.
//
// The score of a label is linear in the features x, so that it splits without remainder:
//
//   score = base + Σ_j w_j · (x_j − E[x_j])      base = intercept + Σ_j w_j · E[x_j], what an average training text scores
//
// An n-gram of the text contributes w_j · (x_j − E[x_j]); all n-grams that are not in it share `absent` = −Σ w_j · E[x_j].
// These are the Shapley values of a linear model with independent features (Lundberg and Lee 2017).
#ifndef BANTAM_EXPLAIN_H
#define BANTAM_EXPLAIN_H

#include "classifier.h"

typedef struct bantam_place {
    size_t start, end; // bytes [start, end) of the text
} bantam_place;

typedef struct bantam_contribution {
    const char *
        ngram; // as the model knows it (lowercased, say); of hashed features as it stands in the text; terminated
    size_t ngram_size;          // bytes
    double value;               // what it adds to the score
    const bantam_place *places; // (n_places) in the order of the text
    size_t n_places;
} bantam_contribution;

typedef struct bantam_neighbour {
    bantam_text text;       // of the training data
    const uint32_t *labels; // (n_labels) of the text
    size_t n_labels;
    double similarity; // cosine of the two rows of features: 1 the same, 0 nothing in common
} bantam_neighbour;

typedef struct bantam_explain_options {
    bool label_given, against_given; // default false
    uint32_t label;                  // the label to explain; else the most likely one
    uint32_t
        against; // explain why `label` and not this one: the difference of their scores; else the label's own score
    size_t
        n_neighbours; // nearest training texts, where the model keeps them; 0 to 1,000, default 3
} bantam_explain_options;

BANTAM_API bantam_explain_options bantam_explain_options_default(void);

typedef struct bantam_explanation {
    const float *probabilities; // (n_labels)
    uint32_t label;             // explained
    bool has_against;
    uint32_t against;
    double score, base, absent;               // score = base + Σ contributions + absent
    const bantam_contribution *contributions; // by size, largest first
    size_t n_contributions;
    const bantam_neighbour
        *neighbours; // most similar first; those without anything in common are left out
    size_t n_neighbours;
} bantam_explanation;

typedef struct bantam_explainer bantam_explainer;

// Borrows the classifier; with kept texts it makes their rows once. `*out` is NULL on failure. Errors: BANTAM_ERROR_ARGUMENT (the model
// keeps no mean features: it was shrunk without them), BANTAM_ERROR_MEMORY. One thread at a time.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_explainer_new(bantam_explainer **out,
                                                                const bantam_classifier *classifier,
                                                                bantam_error *error);

BANTAM_API void bantam_explainer_free(bantam_explainer **explainer);

// Explains one text. `options` may be NULL. `*out` owns all it points to but the neighbours' texts and labels, which are the
// classifier's. Errors: BANTAM_ERROR_ARGUMENT (a label that is none), BANTAM_ERROR_MEMORY; `*out` is then NULL.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_explain(bantam_explanation **out,
                                                          bantam_explainer *explainer,
                                                          const char *text, size_t text_size,
                                                          const bantam_explain_options *options,
                                                          bantam_error *error);

BANTAM_API void bantam_explanation_free(bantam_explanation **explanation);

// One n-gram that speaks for a label, and its weight.
typedef struct bantam_telling_ngram {
    const char *ngram; // terminated; borrowed until the list is freed
    double weight;     // for the label against the mean of all labels
} bantam_telling_ngram;

typedef struct bantam_telling_ngrams {
    const bantam_telling_ngram *ngrams; // (n) the heaviest first
    size_t n;
} bantam_telling_ngrams;

// The n-grams with the largest weights for a label, at most `n`. Hashed features and those without a name are passed over. `*out` is
// NULL on failure. Errors: BANTAM_ERROR_ARGUMENT (a label that is none), BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status
bantam_classifier_telling(bantam_telling_ngrams **out, const bantam_classifier *classifier,
                          uint32_t label, size_t n, bantam_error *error);

BANTAM_API void bantam_telling_ngrams_free(bantam_telling_ngrams **ngrams);

#endif
