// What a thread that scores has: for the files that score and explain.
#ifndef BANTAM_MODEL_TEXT_SCORER_H
#define BANTAM_MODEL_TEXT_SCORER_H

#include "features/ngram_reader.h"
#include "model/text_model_parts.h"

struct cell {
    float idf;
    uint32_t count; // 0 between texts, or at most the base where sums are remembered by word
};

// The cell of a signed feature without a sign (ngram_reader.h).
static inline struct cell *cell_of(struct cell *cells, uint32_t feature)
{
    return (struct cell *)(void *)((char *)cells + feature * (sizeof *cells / 2));
}

enum {
    TEXTS_BEGUN = 2 // and not ended, at most
};

// A text that was read, and whose scores are still to be summed up. Of the last part there are hashes, then features, then weighted
// features.
struct begun_text {
    const struct vectorizer_part *part;
    uint64_t *hashes; // (n_hashes) not yet looked up
    size_t n_hashes;
    uint32_t *features; // (n_features) signed, not yet weighed
    size_t n_features;
    size_t found_capacity;             // of both
    struct weighted_feature *weighted; // (n)
    size_t n, capacity;
    float factor; // of their sum: the row's norm
    const float
        *before; // (stride) of the intercepts and all parts before: `scores`, or as all texts begin
    float *scores; // (stride)
    size_t sought; // the output that was found; COARSE_UNKNOWN: none yet
};

struct text_scorer {
    const struct text_model *model;
    const struct coarse_weights *coarse; // the model's, of a scorer that seeks; else NULL
    float ahead;                         // of all others is the output that it seeks
    struct ngram_reader reader;
    struct cell *cells;                 // (n_features of the vectorizer)
    float *word_sums[VECTORIZER_PARTS]; // (memo's words, stride) before the scales; see coarse_of()
    size_t word_sums_capacity[VECTORIZER_PARTS];
    uint32_t base;                        // that cells count from where sums are remembered by word
    size_t n_counted;                     // n-grams of the text before, so counted
    struct begun_text begun[TEXTS_BEGUN]; // in turn
    size_t n_begun, n_ended;              // so far
    float *sums, *word_sum; // (stride); the memory of the texts' scores and the intercepts, too
    float *intercepts;      // (stride) -INFINITY behind the outputs
};

// Whether a word's share of the sums is the same in every text.
static inline bool sums_by_word(const struct vectorizer_part *part)
{
    return part->options.analyzer == ANALYZER_CHAR_WB && !part->options.binary &&
           !part->options.sublinear_tf && !part->options.alternate_sign;
}

// Asks for a feature's weights from memory: the coarse ones, unless NULL. Always inlined, as gcc drops calls of what only does this.
__attribute__((always_inline)) static inline void prefetch_row(const struct text_weights *weights,
                                                               const struct coarse_weights *coarse,
                                                               size_t feature)
{
    if (coarse) {
        coarse_weights_prefetch(coarse, feature);
        return;
    }
    enum {
        PREFETCHED = 1024, // bytes
        LINE = 64,
    };
    if (weights->is_sparse) {
        __builtin_prefetch(weights->starts + feature);
        return;
    }
    size_t size = weights->stride * (weights->floats ? sizeof(float) : 1);
    const char *row =
        weights->floats ? (const char *)weights->floats : (const char *)weights->integers;
    row += feature * size;
    for (size_t at = 0; at < size && at < PREFETCHED; at += LINE) {
        __builtin_prefetch(row + at);
    }
}

// Room for so many weighted features; false when memory is out.
bool reserve_weighted(struct begun_text *text, size_t n);

// What the norm of a row makes of its values, from Σ |value|^p.
float norm_factor(const struct vectorizer_part *part, double length);

// Forgets all words' sums.
void forget_words(struct text_scorer *scorer);

// Adds scorer->sums, of a part, to the text's scores.
void add_sums(const struct text_scorer *scorer, struct begun_text *text, float factor);

// Reads a part of which sums_by_word() holds, and adds it to the scores. Errors: as text_scorer_begin.
BANTAM_MUST_CHECK bantam_status score_words(struct text_scorer *scorer, struct begun_text *begun,
                                            size_t at, const char *text, size_t size,
                                            bantam_error *error);

// Whether a hashed n-gram counts by its sign: not where all counts are one anyway.
static inline bool counts_signs(const struct vectorizer_part *part)
{
    return part->options.alternate_sign && !part->options.binary;
}

#endif
