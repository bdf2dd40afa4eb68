// One text as n-grams: the only place that says what an n-gram is, for learning a vocabulary as for using one.
//
// A text is folded and cut into words (ngram_text_read); the walks then hand each n-gram to a visitor. Visitors and walks are
// inlined into one loop. Definitions are scikit-learn's: _word_ngrams, _char_ngrams, _char_wb_ngrams of
// CountVectorizer (https://scikit-learn.org/stable/modules/feature_extraction.html#text-feature-extraction).
#ifndef BANTAM_FEATURES_NGRAM_WALK_H
#define BANTAM_FEATURES_NGRAM_WALK_H

#include "features/ngram_hash.h"
#include "features/vectorizer.h"
#include "features/vocabulary.h"

#define NGRAM_INLINE static inline __attribute__((always_inline))

struct ngram_word {
    uint64_t hash;
    uint32_t start, end; // bytes of the folded text
};

struct ngram_text {
    struct folded_text folded;
    struct ngram_word *words; // (n_words) of ANALYZER_WORD, without stop words
    size_t n_words, words_capacity;
    uint32_t *points; // where code points begin, and the end; filled by ngram_text_points
    size_t points_capacity;
};

struct ngram {
    uint64_t hash;
    uint32_t start, end;    // bytes of the folded text
    uint32_t word, n_words; // of ANALYZER_WORD: which words it is made of
};

// Folds the text for a part and, for ANALYZER_WORD, finds its words. `stop_words` may be empty. Errors: BANTAM_ERROR_ARGUMENT
// (too large), BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status ngram_text_read(struct ngram_text *text,
                                                const struct vectorizer_part_options *options,
                                                const struct vocabulary *stop_words, uint64_t seed,
                                                const char *raw, size_t size, bool with_origins,
                                                bantam_error *error);

void ngram_text_release(struct ngram_text *text);

// Finds the code points of folded bytes [start, end), writes where they begin and `end`, and returns how many there are; the
// room was made by ngram_text_read.
size_t ngram_text_points(struct ngram_text *text, size_t start, size_t end);

// The most n-grams that `n_units` words or code points make.
static inline size_t ngrams_at_most(const struct vectorizer_part_options *options, size_t n_units)
{
    return (n_units + 1) * (options->n_max - options->n_min + 1);
}

typedef void (*ngram_visit)(void *context, const struct ngram *ngram);

// Every n-gram of the text's words.
NGRAM_INLINE void walk_words(const struct ngram_text *text,
                             const struct vectorizer_part_options *options, ngram_visit visit,
                             void *context)
{
    for (size_t first = 0; first < text->n_words; first++) {
        struct ngram ngram = {0, text->words[first].start, 0, (uint32_t)first, 0};
        size_t left = text->n_words - first;
        size_t most = left < options->n_max ? left : options->n_max;
        for (size_t n = 1; n <= most; n++) {
            const struct ngram_word *word = &text->words[first + n - 1];
            ngram.hash = n == 1 ? word->hash : hash_join(ngram.hash, word->hash);
            ngram.end = word->end;
            ngram.n_words = (uint32_t)n;
            if (n >= options->n_min) {
                visit(context, &ngram);
            }
        }
    }
}

// Every n-gram of `taken` bytes, at most eight, of n bytes from `start` on: their hashes need no loop.
NGRAM_INLINE void walk_bytes(const struct ngram_text *text, uint32_t start, size_t n, size_t taken,
                             uint64_t seed, ngram_visit visit, void *context)
{
    uint64_t begun = hash_begin(taken, seed), mask = hash_mask(taken);
    for (size_t first = 0; first + taken <= n; first++, start++) {
        uint64_t bytes = load_eight(text->folded.bytes + start) & mask;
        struct ngram ngram = {hash_end(begun, bytes), start, start + (uint32_t)taken, 0, 0};
        visit(context, &ngram);
    }
}

// Every n-gram of the code points at text->points (n_points, and the end behind them). Where `whole` is set and the code
// points are n or fewer, they are one n-gram, and longer ones are not asked for.
NGRAM_INLINE void walk_points(const struct ngram_text *text, size_t n_points, bool whole,
                              const struct vectorizer_part_options *options, uint64_t seed,
                              ngram_visit visit, void *context)
{
    const uint32_t *points = text->points;
    bool single = points[n_points] - points[0] == n_points; // a byte each
    for (size_t n = options->n_min; n <= options->n_max; n++) {
        bool last = whole && n_points <= n;
        size_t taken = last ? n_points : n;
        if (single && taken <= 8) {
            walk_bytes(text, points[0], n_points, taken, seed, visit, context);
            if (last) {
                return;
            }
            continue;
        }
        for (size_t first = 0; first + taken <= n_points; first++) {
            uint32_t start = points[first], end = points[first + taken];
            uint64_t hash = hash_bytes(text->folded.bytes + start, end - start, seed);
            struct ngram ngram = {hash, start, end, 0, 0};
            visit(context, &ngram);
        }
        if (last) {
            return;
        }
    }
}

// The hash that the walks give to an n-gram of that name; seven bytes behind it may be read.
uint64_t ngram_name_hash(const char *name, size_t size, uint64_t seed);       // of characters
uint64_t ngram_words_name_hash(const char *name, size_t size, uint64_t seed); // of words

#endif
