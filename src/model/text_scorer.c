// From bytes to scores in one pass, part by part; the last part's weights are added up when the text is ended, by when they have
// come from memory.
//
// A part's features are counted in cells (one a feature), then taken once each with their value; the sums of value · weights are
// scaled by the row's norm at the end. Where weights are linear in the counts and n-grams never cross a word, each word's sum is
// remembered, and only the norm needs the n-grams: n² = 1 + 3 + 5 + …, so that it grows with each occurrence, and a cell counts from a
// base that rises from text to text, so that none needs to be emptied.
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "features/vectorizer_rows.h"
#include "model/text_scorer.h"

enum {
    MEMO_BYTES = 32 << 20, // of remembered sums, of a part
    PREFETCHED = 1024,     // bytes of a row
    CACHE_LINE = 64,
    WORDS_AWAITED = 8,
};

// Whether a word's share of the sums is the same in every text.
static bool sums_by_word(const struct vectorizer_part *part)
{
    return part->options.analyzer == ANALYZER_CHAR_WB && !part->options.binary &&
           !part->options.sublinear_tf && !part->options.alternate_sign;
}

static void fill_cells(struct text_scorer *scorer, const struct vectorizer_part *part)
{
    struct cell *cells = scorer->cells + part->first_feature;
    if (!sums_by_word(part)) {
        for (size_t f = 0; f < part->n_features; f++) {
            cells[f].share = part_idf(part, f);
        }
        return;
    }
    float *idf = scorer->idf + part->first_feature;
    bool squares = part->options.norm == NORM_L2;
    for (size_t f = 0; f < part->n_features; f++) {
        idf[f] = part_idf(part, f);
        cells[f].share = squares ? idf[f] * idf[f] : idf[f];
    }
}

bantam_status text_scorer_new(struct text_scorer **out, const struct text_model *model,
                              bantam_error *error)
{
    struct text_scorer *scorer = memory_allocate_array(1, sizeof *scorer);
    *out = scorer;
    if (!scorer) {
        return error_memory(error);
    }
    scorer->model = model;
    const struct vectorizer *vectorizer = model->vectorizer;
    size_t stride = model->weights.stride;
    ngram_reader_init(&scorer->reader, vectorizer);
    for (size_t i = 0; i < VECTORIZER_PARTS; i++) {
        word_memo_init(&scorer->reader.memos[i], MEMO_BYTES / (stride * sizeof(float)));
    }
    scorer->cells = memory_allocate_array(vectorizer->n_features, sizeof *scorer->cells);
    scorer->sums = memory_allocate_array(5 * stride, sizeof *scorer->sums);
    scorer->idf = memory_allocate_array(vectorizer->n_features, sizeof *scorer->idf);
    if (!scorer->cells || !scorer->sums || !scorer->idf) {
        text_scorer_free(out);
        return error_memory(error);
    }
    memory_use_large_pages(scorer->cells, vectorizer->n_features * sizeof *scorer->cells);
    scorer->word_sum = scorer->sums + stride;
    for (size_t i = 0; i < 2; i++) {
        scorer->begun[i].scores = scorer->word_sum + (i + 1) * stride;
    }
    scorer->intercepts = scorer->begun[1].scores + stride;
    memcpy(scorer->intercepts, model->intercepts, model->weights.n_outputs * sizeof(float));
    for (size_t i = 0; i < vectorizer->options.n_parts; i++) {
        fill_cells(scorer, &vectorizer->parts[i]);
    }
    return BANTAM_OK;
}

void text_scorer_free(struct text_scorer **scorer)
{
    if (*scorer) {
        ngram_reader_release(&(*scorer)->reader);
        for (size_t i = 0; i < VECTORIZER_PARTS; i++) {
            memory_free((*scorer)->word_sums[i]);
        }
        memory_free((*scorer)->cells);
        memory_free((*scorer)->idf);
        memory_free((*scorer)->begun[0].weighted);
        memory_free((*scorer)->begun[1].weighted);
        memory_free((*scorer)->sums);
        memory_free(*scorer);
        *scorer = NULL;
    }
}

static bool reserve_weighted(struct begun_text *text, size_t n)
{
    if (n < text->capacity) {
        return true;
    }
    size_t capacity = n + n / 2 + 1;
    struct weighted_feature *weighted =
        memory_resize_array(text->weighted, capacity, sizeof *weighted);
    if (weighted) {
        text->weighted = weighted;
        text->capacity = capacity;
    }
    return weighted;
}

static void prefetch_row(const struct text_weights *weights, size_t feature)
{
    if (weights->is_sparse) {
        __builtin_prefetch(weights->starts + feature);
        return;
    }
    size_t size = weights->stride * (weights->floats ? sizeof(float) : 1);
    const char *row =
        weights->floats ? (const char *)weights->floats : (const char *)weights->integers;
    row += feature * size;
    for (size_t at = 0; at < size && at < PREFETCHED; at += CACHE_LINE) {
        __builtin_prefetch(row + at);
    }
}

// Takes each feature of the list once, with its weight before the norm, and empties its cell. Returns Σ |value|^p of the norm.
static double weigh(struct text_scorer *scorer, struct begun_text *text,
                    const struct vectorizer_part *part)
{
    const uint32_t *features = scorer->reader.features;
    size_t n = scorer->reader.n_features;
    struct cell *cells = scorer->cells + part->first_feature;
    bool signs = counts_signs(part), plain = !part->options.binary && !part->options.sublinear_tf;
    for (size_t i = 0; i < n; i++) {
        cells[features[i] >> 1].count += signs && (features[i] & 1) ? UINT32_MAX : 1;
    }
    bool squares = part->options.norm == NORM_L2;
    double length = 0;
    text->n = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t feature = features[i] >> 1;
        struct cell *cell = &cells[feature];
        if (cell->count == 0) {
            continue;
        }
        int32_t count = (int32_t)cell->count;
        float value = cell->share * (plain ? (float)count : term_weight(&part->options, count));
        cell->count = 0;
        feature += (uint32_t)part->first_feature;
        text->weighted[text->n++] = (struct weighted_feature){feature, value};
        prefetch_row(&scorer->model->weights, feature);
        length += squares ? (double)value * (double)value : fabs((double)value);
    }
    return length;
}

static float norm_factor(const struct vectorizer_part *part, double length)
{
    if (part->options.norm == NORM_NONE || length == 0) {
        return 1;
    }
    return (float)(1 / (part->options.norm == NORM_L2 ? sqrt(length) : length));
}

// Adds a part's sums to the scores.
static void add_sums(const struct text_scorer *scorer, struct begun_text *text, float factor)
{
    text_weights_scale(&scorer->model->weights, factor, scorer->sums, text->before, text->scores);
    text->before = text->scores;
}

// Sums up what was weighed, if anything was.
static void add_weighed(struct text_scorer *scorer, struct begun_text *text)
{
    const struct text_weights *weights = &scorer->model->weights;
    if (text->n == 0) {
        return;
    }
    text_weights_combine(weights, text->weighted, text->n, scorer->sums);
    add_sums(scorer, text, text->factor);
    text->n = 0;
}

static bantam_status weigh_features(struct text_scorer *scorer, struct begun_text *begun, size_t at,
                                    const char *text, size_t size, bantam_error *error)
{
    const struct vectorizer_part *part = &scorer->model->vectorizer->parts[at];
    add_weighed(scorer, begun); // of the part before
    bantam_status status = ngram_reader_features(&scorer->reader, at, text, size, error);
    if (status) {
        return status;
    }
    if (!reserve_weighted(begun, scorer->reader.n_features)) {
        return error_memory(error);
    }
    begun->factor = norm_factor(part, weigh(scorer, begun, part));
    return BANTAM_OK;
}

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
        begun->weighted[i] = (struct weighted_feature){feature, scorer->idf[feature]};
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
        scorer->word_sums[at] = grown;
        scorer->word_sums_capacity[at] = capacity;
    }
    float *kept = scorer->word_sums[at] + (size_t)word->index * stride;
    memcpy(kept, scorer->word_sum, stride * sizeof *kept);
    return kept;
}

// What one more occurrence adds to the norm: share · ((c + 1)² - c²) for c before it, or share. A cell counts by twos, and rises by as
// much from `base`.
static inline float count_feature(struct cell *cell, uint32_t base, bool squares)
{
    uint32_t count = cell->count > base ? cell->count : base;
    cell->count = count + 2;
    return squares ? cell->share * (float)(int32_t)(count - base + 1) : cell->share;
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

static bantam_status score_words(struct text_scorer *scorer, struct begun_text *begun, size_t at,
                                 const char *text, size_t size, bantam_error *error)
{
    const struct vectorizer_part *part = &scorer->model->vectorizer->parts[at];
    const struct text_weights *weights = &scorer->model->weights;
    add_weighed(scorer, begun); // of the part before
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

bantam_status text_scorer_begin(struct text_scorer *scorer, const char *text, size_t size,
                                bantam_error *error)
{
    const struct text_model *model = scorer->model;
    struct begun_text *begun = &scorer->begun[scorer->n_begun % 2];
    begun->n = 0;
    begun->before = scorer->intercepts;
    bantam_status status = BANTAM_OK;
    for (size_t at = 0; at < model->vectorizer->options.n_parts && !status; at++) {
        status = (sums_by_word(&model->vectorizer->parts[at]) ? score_words : weigh_features)(
            scorer, begun, at, text, size, error);
    }
    scorer->n_begun += !status;
    return status;
}

const float *text_scorer_end(struct text_scorer *scorer)
{
    struct begun_text *begun = &scorer->begun[scorer->n_ended++ % 2];
    add_weighed(scorer, begun);
    return begun->before;
}

bantam_status text_scorer_score(struct text_scorer *scorer, const char *text, size_t size,
                                float *scores, bantam_error *error)
{
    bantam_status status = text_scorer_begin(scorer, text, size, error);
    if (!status) {
        memcpy(scores, text_scorer_end(scorer), scorer->model->weights.n_outputs * sizeof *scores);
    }
    return status;
}
