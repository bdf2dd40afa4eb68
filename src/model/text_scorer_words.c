// Scores of a part whose weights are linear in the counts and whose n-grams never cross a word: each word's sum is remembered, and only
// the norm needs the n-grams.
//
// n² = 1 + 3 + 5 + …, so that the norm grows with each occurrence, and a cell counts from a base that rises from text to text, so that
// none needs to be emptied.
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/vector.h"
#include "model/text_scorer.h"

enum {
    CACHE_LINE = 64,
    WORDS_AWAITED = 8,
};

void forget_words(struct text_scorer *scorer)
{
    for (size_t i = 0; i < VECTORIZER_PARTS; i++) {
        word_memo_clear(&scorer->reader.memos[i]);
    }
}

// The weights that words are summed up from: NULL, the exact ones, or coarse ones. How much a coarse sum is off stands behind the
// outputs, where it is summed up with it; where there is no room, and in a part that others follow, sums are exact.
static const struct coarse_weights *coarse_of(const struct text_scorer *scorer, size_t at)
{
    const struct text_weights *weights = &scorer->model->weights;
    bool last = at + 1 == scorer->model->vectorizer->options.n_parts;
    return last && weights->n_outputs < weights->stride ? scorer->coarse : NULL;
}

// scorer->word_sum = Σ idf · weights of the word's n-grams. False when memory is out.
static bool sum_word(struct text_scorer *scorer, struct begun_text *begun,
                     const struct vectorizer_part *part, const struct coarse_weights *coarse,
                     const struct reader_word *word)
{
    const struct text_weights *weights = &scorer->model->weights;
    if (!reserve_weighted(begun, word->n)) {
        return false;
    }
    for (size_t i = 0; i < word->n; i++) {
        uint32_t feature = (word->features[i] >> 1) + (uint32_t)part->first_feature;
        if (weights->stride > VECTOR_LANES) { // rows of one line are asked for in time
            prefetch_row(weights, coarse, feature);
        }
        begun->weighted[i] = (struct weighted_feature){feature, scorer->cells[feature].idf};
    }
    if (!coarse) {
        text_weights_combine(weights, begun->weighted, word->n, scorer->word_sum);
        return true;
    }
    float off;
    if (!coarse_weights_combine(coarse, begun->weighted, word->n, scorer->word_sum, &off)) {
        memset(scorer->word_sum, 0, weights->stride * sizeof *scorer->word_sum);
        off = 1e30F; // no score is so far ahead
    }
    scorer->word_sum[weights->n_outputs] = off;
    return true;
}

// Makes a new word's sum and remembers it; NULL when memory is out.
static const float *new_word_sum(struct text_scorer *scorer, struct begun_text *begun, size_t at,
                                 const struct reader_word *word)
{
    size_t stride = scorer->model->weights.stride;
    const struct vectorizer_part *part = &scorer->model->vectorizer->parts[at];
    if (!sum_word(scorer, begun, part, coarse_of(scorer, at), word)) {
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

// Sums the text's words up from the exact weights; what is remembered stays coarse. False when memory is out.
static bool sum_exactly(struct text_scorer *scorer, struct begun_text *begun, size_t at)
{
    const struct text_weights *weights = &scorer->model->weights;
    const struct vectorizer_part *part = &scorer->model->vectorizer->parts[at];
    const struct folded_text *folded = &scorer->reader.text.folded;
    memset(scorer->sums, 0, weights->stride * sizeof *scorer->sums);
    for (size_t i = 0; i < folded->n_edges; i += 2) {
        struct reader_word word;
        struct memo_key key =
            ngram_reader_key(&scorer->reader, folded->edges[i], folded->edges[i + 1]);
        if (!ngram_reader_known_word(&scorer->reader, at, &key, &word) &&
            !(ngram_reader_new_word(&scorer->reader, at, &key, &word) &&
              new_word_sum(scorer, begun, at, &word))) {
            return false;
        }
        if (!sum_word(scorer, begun, part, NULL, &word)) {
            return false;
        }
        const float *exact = scorer->word_sum;
        text_weights_sum(weights, &exact, 1, scorer->sums);
    }
    return true;
}

// Finds the largest of the coarse scores that scorer->sums make. False where the exact ones are needed.
static bool find_sought(struct text_scorer *scorer, struct begun_text *begun, float factor)
{
    float off = scorer->sums[scorer->coarse->n_outputs] * factor;
    off *= 1 + 4e-5F * (float)scorer->reader.text.folded.n_edges; // floats round
    begun->sought = coarse_weights_largest(scorer->coarse, begun->before, factor, scorer->sums,
                                           scorer->ahead + off);
    return begun->sought != COARSE_UNKNOWN;
}

bantam_status score_words(struct text_scorer *scorer, struct begun_text *begun, size_t at,
                          const char *text, size_t size, bantam_error *error)
{
    const struct vectorizer_part *part = &scorer->model->vectorizer->parts[at];
    bantam_status status = ngram_reader_start(&scorer->reader, at, text, size, error);
    if (status) {
        return status;
    }
    const struct folded_text *folded = &scorer->reader.text.folded;
    struct awaited_words awaited;
    awaited.n = 0;
    awaited.length = 0;
    memset(scorer->sums, 0, scorer->model->weights.stride * sizeof *scorer->sums);
    raise_base(scorer);
    scorer->n_counted = 0;
    for (size_t i = 0; i < folded->n_edges; i += 2) {
        if (!await_word(scorer, begun, at, folded->edges[i], folded->edges[i + 1], &awaited)) {
            return error_memory(error);
        }
    }
    take_awaited(scorer, at, &awaited);
    float factor = norm_factor(part, awaited.length);
    if (coarse_of(scorer, at)) {
        if (find_sought(scorer, begun, factor)) {
            return BANTAM_OK;
        }
        if (!sum_exactly(scorer, begun, at)) {
            return error_memory(error);
        }
    }
    add_sums(scorer, begun, factor);
    return BANTAM_OK;
}
