// Scores of a part whose weights are linear in the counts and whose n-grams never cross a word: each word's sum is remembered, and only
// the norm needs the n-grams.
//
// n² = 1 + 3 + 5 + …, so that the norm grows with each occurrence, and a cell counts from a base that rises from text to text, so that
// none needs to be emptied.
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "model/text_scorer.h"

enum {
    CACHE_LINE = 64,
    WORDS_AWAITED = 8,
};

// Σ idf · weights of the word's n-grams.
static bool sum_word(struct text_scorer *scorer, struct begun_text *begun,
                     const struct vectorizer_part *part, const struct reader_word *word)
{
    const struct text_weights *weights = &scorer->model->weights;
    if (!reserve_weighted(begun, word->n)) {
        return false;
    }
    for (size_t i = 0; i < word->n; i++) {
        uint32_t feature = (word->features[i] >> 1) + (uint32_t)part->first_feature;
        prefetch_row(weights, feature);
        begun->weighted[i] = (struct weighted_feature){feature, scorer->cells[feature].idf};
    }
    text_weights_combine(weights, begun->weighted, word->n, scorer->word_sum);
    return true;
}

// Makes a new word's sum and remembers it; NULL when memory is out.
static const float *new_word_sum(struct text_scorer *scorer, struct begun_text *begun, size_t at,
                                 const struct reader_word *word)
{
    size_t stride = scorer->model->weights.stride;
    if (!sum_word(scorer, begun, &scorer->model->vectorizer->parts[at], word)) {
        return NULL;
    }
    if (word->index == MEMO_NONE) {
        return scorer->word_sum;
    }
    size_t wanted = (size_t)word->index + 1;
    if (wanted > scorer->word_sums_capacity[at]) {
        size_t capacity = 2 * wanted + 64;
        float *grown = memory_resize_array(scorer->word_sums[at], capacity, stride * sizeof *grown);
        if (!grown) {
            return NULL;
        }
        memory_use_large_pages(grown, capacity * stride * sizeof *grown);
        scorer->word_sums[at] = grown;
        scorer->word_sums_capacity[at] = capacity;
    }
    float *kept = scorer->word_sums[at] + (size_t)word->index * stride;
    memcpy(kept, scorer->word_sum, stride * sizeof *kept);
    return kept;
}

// What one more occurrence adds to the norm: idf² · ((c + 1)² - c²) for c before it, or idf. A cell counts by twos, and rises by as much
// from `base`.
static inline float count_feature(struct cell *cell, uint32_t base, bool squares)
{
    uint32_t count = cell->count > base ? cell->count : base;
    cell->count = count + 2;
    return squares ? cell->idf * cell->idf * (float)(int32_t)(count - base + 1) : cell->idf;
}

// Counts a word's features and returns what they add to the norm; four sums, so that one need not wait for the next.
static inline float count_word(struct cell *cells, const struct reader_word *word, uint32_t base,
                               bool squares)
{
    const uint32_t *features = word->features;
    size_t n = word->n;
    float first = 0, second = 0, third = 0, fourth = 0;
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        first += count_feature(cell_of(cells, features[i]), base, squares);
        second += count_feature(cell_of(cells, features[i + 1]), base, squares);
        third += count_feature(cell_of(cells, features[i + 2]), base, squares);
        fourth += count_feature(cell_of(cells, features[i + 3]), base, squares);
    }
    for (; i < n; i++) {
        first += count_feature(cell_of(cells, features[i]), base, squares);
    }
    return (first + second) + (third + fourth);
}

// Raises the base above every count of the text before, which has fewer than 2^28 n-grams of any one kind.
static void raise_base(struct text_scorer *scorer)
{
    size_t raised = scorer->base + 2 * scorer->n_counted;
    if (raised < UINT32_MAX / 2) {
        scorer->base = (uint32_t)raised;
        return;
    }
    const struct vectorizer *vectorizer = scorer->model->vectorizer;
    for (size_t f = 0; f < vectorizer->n_features; f++) {
        scorer->cells[f].count = 0;
    }
    scorer->base = 0;
}

// Words of a text whose features and sums are on their way from memory.
struct awaited_words {
    struct reader_word words[WORDS_AWAITED];
    const float *sums[WORDS_AWAITED];
    size_t n;
    double length; // of those that came: Σ |value|^p of the norm
};

static void take_awaited(struct text_scorer *scorer, size_t at, struct awaited_words *awaited)
{
    const struct vectorizer_part *part = &scorer->model->vectorizer->parts[at];
    struct cell *cells = scorer->cells + part->first_feature;
    bool squares = part->options.norm == NORM_L2;
    for (size_t i = 0; i < awaited->n; i++) {
        const struct reader_word *word = &awaited->words[i];
        awaited->length += (double)(squares ? count_word(cells, word, scorer->base, true)
                                            : count_word(cells, word, scorer->base, false));
        scorer->n_counted += word->n;
    }
    text_weights_sum(&scorer->model->weights, awaited->sums, awaited->n, scorer->sums);
    awaited->n = 0;
}

static void prefetch(const void *from, size_t size)
{
    for (size_t at = 0; at < size; at += CACHE_LINE) {
        __builtin_prefetch((const char *)from + at);
    }
}

// Takes one word more. False when memory is out.
static bool await_word(struct text_scorer *scorer, struct begun_text *begun, size_t at,
                       uint32_t start, uint32_t end, struct awaited_words *awaited)
{
    struct reader_word word;
    const float *sum;
    size_t stride = scorer->model->weights.stride;
    struct memo_key key = ngram_reader_key(&scorer->reader, start, end);
    if (ngram_reader_known_word(&scorer->reader, at, &key, &word)) {
        sum = scorer->word_sums[at] + (size_t)word.index * stride;
        __builtin_prefetch(word.features); // without a loop: most words have no more
        __builtin_prefetch(word.features + 16);
        prefetch(sum, stride * sizeof *sum);
    } else {
        take_awaited(scorer, at, awaited); // a new word may take the place of an old one
        if (!ngram_reader_new_word(&scorer->reader, at, &key, &word)) {
            return false;
        }
        sum = new_word_sum(scorer, begun, at, &word);
    }
    awaited->words[awaited->n] = word;
    awaited->sums[awaited->n++] = sum;
    if (sum && awaited->n == WORDS_AWAITED) {
        take_awaited(scorer, at, awaited);
    }
    return sum;
}

bantam_status score_words(struct text_scorer *scorer, struct begun_text *begun, size_t at,
                          const char *text, size_t size, bantam_error *error)
{
    const struct vectorizer_part *part = &scorer->model->vectorizer->parts[at];
    const struct text_weights *weights = &scorer->model->weights;
    bantam_status status = ngram_reader_start(&scorer->reader, at, text, size, error);
    if (status) {
        return status;
    }
    const struct folded_text *folded = &scorer->reader.text.folded;
    struct awaited_words awaited;
    awaited.n = 0;
    awaited.length = 0;
    memset(scorer->sums, 0, weights->stride * sizeof *scorer->sums);
    raise_base(scorer);
    scorer->n_counted = 0;
    for (size_t i = 0; i < folded->n_edges; i += 2) {
        if (!await_word(scorer, begun, at, folded->edges[i], folded->edges[i + 1], &awaited)) {
            return error_memory(error);
        }
    }
    take_awaited(scorer, at, &awaited);
    add_sums(scorer, begun, norm_factor(part, awaited.length));
    return BANTAM_OK;
}
