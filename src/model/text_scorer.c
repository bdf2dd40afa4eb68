// From bytes to scores in one pass, part by part.
//
// A part's features are counted in cells (one a feature, zero between texts), then taken once each with their value; the sums of
// value · weights are scaled by the row's norm at the end. Where weights are linear in the counts and n-grams never cross a word,
// each word's sum is remembered, and only the norm needs the n-grams.
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "features/ngram_reader.h"
#include "features/vectorizer_rows.h"
#include "model/text_model_parts.h"

enum {
    MEMO_BYTES = 32 << 20, // of remembered sums, of a part
    PREFETCHED = 512,      // bytes of a row
    CACHE_LINE = 64,
};

struct cell {
    float idf;
    int32_t count;
};

struct text_scorer {
    const struct text_model *model;
    struct ngram_reader reader;
    struct cell *cells;                 // (n_features of the vectorizer)
    float *word_sums[VECTORIZER_PARTS]; // (memo's words, stride) before the scales
    size_t word_sums_capacity[VECTORIZER_PARTS];
    uint32_t *read; // (n_read) signed features of a text's words
    size_t n_read, read_capacity;
    struct weighted_feature *weighted; // (n_weighted)
    size_t n_weighted, weighted_capacity;
    float *sums, *word_sum, *scores; // (stride)
};

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
    scorer->sums = memory_allocate_array(3 * stride, sizeof *scorer->sums);
    if (!scorer->cells || !scorer->sums) {
        text_scorer_free(out);
        return error_memory(error);
    }
    scorer->word_sum = scorer->sums + stride;
    scorer->scores = scorer->word_sum + stride;
    for (size_t i = 0; i < vectorizer->options.n_parts; i++) {
        const struct vectorizer_part *part = &vectorizer->parts[i];
        for (size_t f = 0; f < part->n_features; f++) {
            scorer->cells[part->first_feature + f].idf = part_idf(part, f);
        }
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
        memory_free((*scorer)->read);
        memory_free((*scorer)->weighted);
        memory_free((*scorer)->sums);
        memory_free(*scorer);
        *scorer = NULL;
    }
}

static bool reserve_weighted(struct text_scorer *scorer, size_t n)
{
    if (n < scorer->weighted_capacity) {
        return true;
    }
    size_t capacity = n + n / 2 + 1;
    struct weighted_feature *weighted =
        memory_resize_array(scorer->weighted, capacity, sizeof *weighted);
    if (weighted) {
        scorer->weighted = weighted;
        scorer->weighted_capacity = capacity;
    }
    return weighted;
}

static bool reserve_read(struct text_scorer *scorer, size_t more)
{
    size_t wanted = scorer->n_read + more;
    if (wanted <= scorer->read_capacity) {
        return true;
    }
    size_t capacity = wanted + wanted / 2;
    uint32_t *read = memory_resize_array(scorer->read, capacity, sizeof *read);
    if (read) {
        scorer->read = read;
        scorer->read_capacity = capacity;
    }
    return read;
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

// Whether a hashed n-gram counts by its sign: not where all counts are one anyway.
static bool counts_signs(const struct vectorizer_part *part)
{
    return part->options.alternate_sign && !part->options.binary;
}

// Takes each feature of the list once, with its weight before the norm, and empties its cell. Returns Σ |value|^p of the norm.
static double weigh(struct text_scorer *scorer, const struct vectorizer_part *part,
                    const uint32_t *features, size_t n)
{
    struct cell *cells = scorer->cells + part->first_feature;
    bool signs = counts_signs(part), plain = !part->options.binary && !part->options.sublinear_tf;
    for (size_t i = 0; i < n; i++) {
        cells[features[i] >> 1].count += signs && (features[i] & 1) ? -1 : 1;
    }
    bool squares = part->options.norm == NORM_L2;
    double length = 0;
    scorer->n_weighted = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t feature = features[i] >> 1;
        struct cell *cell = &cells[feature];
        if (cell->count == 0) {
            continue;
        }
        float value =
            cell->idf * (plain ? (float)cell->count : term_weight(&part->options, cell->count));
        cell->count = 0;
        feature += (uint32_t)part->first_feature;
        scorer->weighted[scorer->n_weighted++] = (struct weighted_feature){feature, value};
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

static bantam_status score_features(struct text_scorer *scorer, size_t at, const char *text,
                                    size_t size, bantam_error *error)
{
    const struct vectorizer_part *part = &scorer->model->vectorizer->parts[at];
    bantam_status status = ngram_reader_features(&scorer->reader, at, text, size, error);
    if (status) {
        return status;
    }
    if (!reserve_weighted(scorer, scorer->reader.n_features)) {
        return error_memory(error);
    }
    double length = weigh(scorer, part, scorer->reader.features, scorer->reader.n_features);
    const struct text_weights *weights = &scorer->model->weights;
    memset(scorer->sums, 0, weights->stride * sizeof *scorer->sums);
    text_weights_add(weights, scorer->weighted, scorer->n_weighted, scorer->sums);
    text_weights_scale(weights, norm_factor(part, length), scorer->sums, scorer->scores);
    return BANTAM_OK;
}

// Σ idf · weights of the word's n-grams.
static bool sum_word(struct text_scorer *scorer, const struct vectorizer_part *part,
                     const struct reader_word *word)
{
    const struct text_weights *weights = &scorer->model->weights;
    if (!reserve_weighted(scorer, word->n)) {
        return false;
    }
    for (size_t i = 0; i < word->n; i++) {
        uint32_t feature = (word->features[i] >> 1) + (uint32_t)part->first_feature;
        float idf = scorer->cells[feature].idf;
        scorer->weighted[i] =
            (struct weighted_feature){feature, word->features[i] & 1 ? -idf : idf};
        prefetch_row(weights, feature);
    }
    memset(scorer->word_sum, 0, weights->stride * sizeof *scorer->word_sum);
    text_weights_add(weights, scorer->weighted, word->n, scorer->word_sum);
    return true;
}

// The word's sum, remembered or made now; NULL when memory is out.
static const float *word_sum(struct text_scorer *scorer, size_t at, const struct reader_word *word)
{
    size_t stride = scorer->model->weights.stride;
    if (word->index != MEMO_NONE && !word->is_new) {
        return scorer->word_sums[at] + (size_t)word->index * stride;
    }
    if (!sum_word(scorer, &scorer->model->vectorizer->parts[at], word)) {
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

// Counts what was read and empties the cells again; four sums, so that one need not wait for the next.
static double count_words(struct text_scorer *scorer, const struct vectorizer_part *part)
{
    struct cell *cells = scorer->cells + part->first_feature;
    bool squares = part->options.norm == NORM_L2;
    float lengths[4] = {0};
    for (size_t i = 0; i < scorer->n_read; i++) {
        struct cell *cell = &cells[scorer->read[i] >> 1];
        float value = (float)cell->count * cell->idf;
        cell->count = 0;
        lengths[i % 4] += squares ? value * value : fabsf(value);
    }
    return ((double)lengths[0] + (double)lengths[1]) + ((double)lengths[2] + (double)lengths[3]);
}

static bantam_status score_words(struct text_scorer *scorer, size_t at, const char *text,
                                 size_t size, bantam_error *error)
{
    const struct vectorizer_part *part = &scorer->model->vectorizer->parts[at];
    const struct text_weights *weights = &scorer->model->weights;
    struct cell *cells = scorer->cells + part->first_feature;
    bantam_status status = ngram_reader_start(&scorer->reader, at, text, size, error);
    if (status) {
        return status;
    }
    const struct folded_text *folded = &scorer->reader.text.folded;
    memset(scorer->sums, 0, weights->stride * sizeof *scorer->sums);
    scorer->n_read = 0;
    bool enough = true;
    for (size_t i = 0; i < folded->n_edges && enough; i += 2) {
        struct reader_word word;
        enough =
            ngram_reader_word(&scorer->reader, at, folded->edges[i], folded->edges[i + 1], &word) &&
            reserve_read(scorer, word.n);
        const float *sum = enough ? word_sum(scorer, at, &word) : NULL;
        enough = sum;
        for (size_t f = 0; f < word.n && enough; f++) {
            uint32_t feature = word.features[f];
            scorer->read[scorer->n_read++] = feature;
            cells[feature >> 1].count += feature & 1 ? -1 : 1;
        }
        if (enough) {
            text_weights_sum(weights, sum, scorer->sums);
        }
    }
    double length = count_words(scorer, part);
    text_weights_scale(weights, norm_factor(part, length), scorer->sums, scorer->scores);
    return enough ? BANTAM_OK : error_memory(error);
}

// Whether a word's share of the sums is the same in every text.
static bool sums_by_word(const struct vectorizer_part *part)
{
    return part->options.analyzer == ANALYZER_CHAR_WB && !part->options.binary &&
           !part->options.sublinear_tf;
}

bantam_status text_scorer_score(struct text_scorer *scorer, const char *text, size_t size,
                                float *scores, bantam_error *error)
{
    const struct text_model *model = scorer->model;
    size_t n_outputs = model->weights.n_outputs;
    memset(scorer->scores, 0, model->weights.stride * sizeof *scorer->scores);
    memcpy(scorer->scores, model->intercepts, n_outputs * sizeof *scorer->scores);
    bantam_status status = BANTAM_OK;
    for (size_t at = 0; at < model->vectorizer->options.n_parts && !status; at++) {
        status = (sums_by_word(&model->vectorizer->parts[at]) ? score_words : score_features)(
            scorer, at, text, size, error);
    }
    memcpy(scores, scorer->scores, n_outputs * sizeof *scores);
    return status;
}

// Sets the values of the part's places.
static void value_places(struct text_scorer *scorer, const struct vectorizer_part *part,
                         const struct ngram_place *places, struct text_contribution *entries,
                         size_t n)
{
    const uint32_t *features = scorer->reader.features; // signed, of the same places
    struct cell *cells = scorer->cells;
    double length = weigh(scorer, part, features, n);
    float factor = norm_factor(part, length);
    for (size_t i = 0; i < n; i++) {
        cells[places[i].feature].count++;
    }
    // Of a linear part each occurrence brings its own; of others what the feature's value is, shared.
    bool linear = !part->options.binary && !part->options.sublinear_tf;
    for (size_t i = 0; i < n; i++) {
        const struct cell *cell = &cells[places[i].feature];
        float own = features[i] & 1 && counts_signs(part) ? -1 : 1;
        float share = linear ? own : term_weight(&part->options, cell->count) / (float)cell->count;
        entries[i] = (struct text_contribution){places[i].feature, places[i].start, places[i].end,
                                                share * cell->idf * factor};
    }
    for (size_t i = 0; i < n; i++) {
        cells[places[i].feature].count = 0;
    }
}

bantam_status text_scorer_explain(struct text_contributions *contributions,
                                  struct text_scorer *scorer, const char *text, size_t size,
                                  bantam_error *error)
{
    *contributions = (struct text_contributions){0};
    const struct vectorizer *vectorizer = scorer->model->vectorizer;
    struct ngram_places places = {0};
    bantam_status status = BANTAM_OK;
    for (size_t at = 0; at < vectorizer->options.n_parts && !status; at++) {
        size_t before = places.n;
        status = ngram_reader_places(&scorer->reader, at, text, size, &places, error);
        struct text_contribution *entries = NULL;
        if (!status && reserve_weighted(scorer, places.n)) {
            entries = memory_resize_array(contributions->entries, places.n + 1, sizeof *entries);
        }
        if (!status && !entries) {
            status = error_memory(error);
        }
        if (!status) {
            contributions->entries = entries;
            if (places.n > before) {
                value_places(scorer, &vectorizer->parts[at], places.places + before,
                             entries + before, places.n - before);
            }
            contributions->n = places.n;
        }
    }
    ngram_places_release(&places);
    if (status) {
        text_contributions_release(contributions);
    }
    return status;
}

void text_contributions_release(struct text_contributions *contributions)
{
    memory_free(contributions->entries);
    *contributions = (struct text_contributions){0};
}
