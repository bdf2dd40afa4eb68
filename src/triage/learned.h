// The layer that a person's corrections make over the shipped models.
//
// Causes: logits = ln p + Σ_i k(x, x_i)² · α_i, k the cosine of the finding's hashed words and those of lesson i; p the shipped model's
// probabilities, own causes having a small one. That is a softmax over products of words with the shipped model as its prior, in the
// dual (Zhu, Hastie 2005, "Kernel Logistic Regression"); where nothing is alike, nothing changes.
// Lines: a weight for each kind of line that a lesson tells of, added to the finder's linear score.
#ifndef BANTAM_TRIAGE_LEARNED_H
#define BANTAM_TRIAGE_LEARNED_H

#include "bantam/model.h"
#include "triage/cause_features.h"

enum {
    LEARNED_CLASSES = 64,    // causes, shipped and own
    LEARNED_EXAMPLES = 1000, // two a lesson
};

#define OWN_PRIOR 0.1 // of a cause of one's own, before any lesson is looked at

// A finding's words as a vector of length 1, hashes rising.
struct word_vector {
    const uint32_t *hashes; // (n)
    const float *values;    // (n)
    size_t n;
};

// Writes the vector of features->words into the arena. False when memory is out.
bool word_vector_init(struct word_vector *vector, const struct cause_features *features,
                      struct arena *arena);

// The square of the cosine of two vectors.
double word_vector_kernel(const struct word_vector *a, const struct word_vector *b);

struct learned_example {
    struct word_vector words;
    uint32_t cause;     // class
    const char *fix;    // or NULL
    const float *alpha; // (n_classes)
};

struct learned {
    bantam_model *file;
    struct arena arena;
    const char *names[LEARNED_CLASSES]; // of the classes
    size_t n_classes;                   // at least CAUSES
    struct learned_example *examples;   // (n_examples)
    size_t n_examples;
    const uint32_t *lines; // (n_lines) rising: hashes of kinds of lines
    const float *weights;  // (n_lines)
    size_t n_lines;
    bool out_of_memory; // while it was read
};

// Reads a model of kind "learned", which it takes over where that succeeds. Errors: BANTAM_ERROR_MODEL, BANTAM_ERROR_VERSION,
// BANTAM_ERROR_MEMORY; *out is then NULL.
BANTAM_MUST_CHECK bantam_status learned_load(struct learned **out, bantam_model *file,
                                             bantam_error *error);
void learned_free(struct learned **learned);

// What the layer makes of a finding.
struct learned_answer {
    float probabilities[LEARNED_CLASSES];
    size_t best;     // class
    size_t n_alike;  // lessons that are much alike and have that cause
    const char *fix; // of the most alike of them, or NULL
    double weight;   // what the lessons add to the best class's log-odds
};

// Writes the logits of the classes for a finding with those words, `prior` (CAUSES) being the shipped model's probabilities.
void learned_score(double logits[LEARNED_CLASSES], const struct learned *learned,
                   const struct word_vector *words, const float *prior);

// `prior` is (CAUSES). Errors: BANTAM_ERROR_MEMORY. Thread-safe.
BANTAM_MUST_CHECK bantam_status learned_apply(struct learned_answer *answer,
                                              const struct learned *learned,
                                              const struct cause_features *features,
                                              const float *prior, bantam_error *error);

// What is added to the score of a line whose kind has that hash.
float learned_line(const struct learned *learned, uint64_t hash);

// 32 bits of a kind of line's hash.
static inline uint32_t learned_line_key(uint64_t hash)
{
    return (uint32_t)(hash ^ hash >> 32);
}

#endif
