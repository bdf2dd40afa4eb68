// What a thread that scores has: for the files that score and explain.
#ifndef BANTAM_MODEL_TEXT_SCORER_H
#define BANTAM_MODEL_TEXT_SCORER_H

#include "features/ngram_reader.h"
#include "model/text_model_parts.h"

struct cell {
    float share; // the idf; what one occurrence adds to the norm where sums are remembered by word
    uint32_t count; // 0 between texts, or at most the base where sums are remembered by word
};

// The cell of a signed feature without a sign (ngram_reader.h).
static inline struct cell *cell_of(struct cell *cells, uint32_t feature)
{
    return (struct cell *)(void *)((char *)cells + feature * (sizeof *cells / 2));
}

// A text that was read, and whose scores are still to be summed up.
struct begun_text {
    struct weighted_feature *weighted; // (n) of the last part
    size_t n, capacity;
    float factor; // of their sum: the row's norm
    const float
        *before; // (stride) of the intercepts and all parts before: `scores`, or as all texts begin
    float *scores; // (stride)
};

struct text_scorer {
    const struct text_model *model;
    struct ngram_reader reader;
    struct cell *cells;                 // (n_features of the vectorizer)
    float *idf;                         // (n_features) where sums are remembered by word
    float *word_sums[VECTORIZER_PARTS]; // (memo's words, stride) before the scales
    size_t word_sums_capacity[VECTORIZER_PARTS];
    uint32_t base;              // that cells count from where sums are remembered by word
    size_t n_counted;           // n-grams of the text before, so counted
    struct begun_text begun[2]; // in turn
    size_t n_begun, n_ended;    // so far
    float *sums, *word_sum;     // (stride); the memory of the texts' scores and the intercepts, too
    float *intercepts;          // (stride)
};

// Whether a hashed n-gram counts by its sign: not where all counts are one anyway.
static inline bool counts_signs(const struct vectorizer_part *part)
{
    return part->options.alternate_sign && !part->options.binary;
}

#endif
