// From bytes to scores in one pass, part by part; the last part's weights are added up when the text is ended, by when they have
// come from memory.
//
// A part's features are counted in cells (one a feature), then taken once each with their value; the sums of value · weights are
// scaled by the row's norm at the end. Where weights are linear in the counts and n-grams never cross a word, it goes by words
// (text_scorer_words.c).
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "features/vectorizer_rows.h"
#include "model/text_scorer.h"

enum {
    MEMO_BYTES = 32 << 20, // of remembered sums, of a part
    LARGE_SLOTS = 1 << 17, // of eight bytes
};

// Whether n-grams are looked up when the next text is begun: it pays where the vocabulary does not fit into a core's cache.
static bool is_looked_up_late(const struct vectorizer_part *part)
{
    return !part->options.hash_bits && part->options.analyzer != ANALYZER_CHAR_WB &&
           part->vocabulary.mask >= LARGE_SLOTS;
}

static void fill_cells(struct text_scorer *scorer, const struct vectorizer_part *part)
{
    for (size_t f = 0; f < part->n_features; f++) {
        scorer->cells[part->first_feature + f].idf = part_idf(part, f);
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
    scorer->sums = memory_allocate_array((3 + TEXTS_BEGUN) * stride, sizeof *scorer->sums);
    if (!scorer->cells || !scorer->sums) {
        text_scorer_free(out);
        return error_memory(error);
    }
    memory_use_large_pages(scorer->cells, vectorizer->n_features * sizeof *scorer->cells);
    scorer->word_sum = scorer->sums + stride;
    scorer->intercepts = scorer->word_sum + stride;
    for (size_t i = 0; i < TEXTS_BEGUN; i++) {
        scorer->begun[i].scores = scorer->intercepts + (i + 1) * stride;
    }
    for (size_t o = 0; o < stride; o++) {
        scorer->intercepts[o] = o < model->weights.n_outputs ? model->intercepts[o] : -INFINITY;
    }
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
        for (size_t i = 0; i < TEXTS_BEGUN; i++) {
            memory_free((*scorer)->begun[i].hashes);
            memory_free((*scorer)->begun[i].features);
            memory_free((*scorer)->begun[i].weighted);
        }
        memory_free((*scorer)->sums);
        memory_free(*scorer);
        *scorer = NULL;
    }
}

bool reserve_weighted(struct begun_text *text, size_t n)
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

// Takes each feature of the list once, with its weight before the norm, and empties its cell. Returns Σ |value|^p of the norm.
static double weigh(struct text_scorer *scorer, struct begun_text *text, const uint32_t *features,
                    size_t n)
{
    const struct vectorizer_part *part = text->part;
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
        float value = cell->idf * (plain ? (float)count : term_weight(&part->options, count));
        cell->count = 0;
        feature += (uint32_t)part->first_feature;
        text->weighted[text->n++] = (struct weighted_feature){feature, value};
        length += squares ? (double)value * (double)value : fabs((double)value);
    }
    return length;
}

float norm_factor(const struct vectorizer_part *part, double length)
{
    if (part->options.norm == NORM_NONE || length == 0) {
        return 1;
    }
    return (float)(1 / (part->options.norm == NORM_L2 ? sqrt(length) : length));
}

void add_sums(const struct text_scorer *scorer, struct begun_text *text, float factor)
{
    text_weights_scale(&scorer->model->weights, factor, scorer->sums, text->before, text->scores);
    text->before = text->scores;
}

// Room for n hashes and what they are found to be.
static bool reserve_found(struct begun_text *text, size_t n)
{
    if (n >= text->found_capacity) {
        size_t capacity = n + n / 2 + 1;
        uint64_t *hashes = memory_resize_array(text->hashes, capacity, sizeof *hashes);
        text->hashes = hashes ? hashes : text->hashes;
        uint32_t *features = memory_resize_array(text->features, capacity, sizeof *features);
        text->features = features ? features : text->features;
        if (!hashes || !features) {
            return false;
        }
        text->found_capacity = capacity;
    }
    return reserve_weighted(text, n);
}

// Looks a text's n-grams up, if that is still to be done, and asks for their weights from memory.
static void look_up(struct text_scorer *scorer, struct begun_text *text)
{
    if (text->n_hashes == 0) {
        return;
    }
    const struct vectorizer_part *part = text->part;
    text->n_features =
        vocabulary_find_all(&part->vocabulary, text->hashes, text->n_hashes, text->features);
    text->n_hashes = 0;
    for (size_t i = 0; i < text->n_features; i++) {
        size_t feature = part->first_feature + text->features[i];
        __builtin_prefetch(&scorer->cells[feature]);
        prefetch_row(&scorer->model->weights, scorer->coarse, feature);
        text->features[i] = signed_feature(text->features[i], false);
    }
}

// Looks up and weighs what was read of the text's last part and was not yet.
static void settle(struct text_scorer *scorer, struct begun_text *text)
{
    look_up(scorer, text);
    if (text->n_features) {
        text->factor =
            norm_factor(text->part, weigh(scorer, text, text->features, text->n_features));
        text->n_features = 0;
    }
}

// Sums up what was read of the text's last part, if anything was.
static void end_part(struct text_scorer *scorer, struct begun_text *text)
{
    const struct text_weights *weights = &scorer->model->weights;
    settle(scorer, text);
    if (text->n == 0) {
        return;
    }
    text_weights_combine(weights, text->weighted, text->n, scorer->sums);
    add_sums(scorer, text, text->factor);
    text->n = 0;
}

static bantam_status read_hashes(struct text_scorer *scorer, struct begun_text *begun, size_t at,
                                 const char *text, size_t size, bantam_error *error)
{
    struct ngram_reader *reader = &scorer->reader;
    bantam_status status = ngram_reader_hashes(reader, at, text, size, error);
    if (status) {
        return status;
    }
    if (!reserve_found(begun, reader->n_hashes)) {
        return error_memory(error);
    }
    for (size_t i = 0; i < reader->n_hashes; i++) {
        vocabulary_prefetch(&begun->part->vocabulary, reader->hashes[i]);
        begun->hashes[i] = reader->hashes[i];
    }
    begun->n_hashes = reader->n_hashes;
    return BANTAM_OK;
}

static bantam_status read_features(struct text_scorer *scorer, struct begun_text *begun, size_t at,
                                   const char *text, size_t size, bantam_error *error)
{
    const struct ngram_reader *reader = &scorer->reader;
    bantam_status status = ngram_reader_features(&scorer->reader, at, text, size, error);
    if (status) {
        return status;
    }
    if (!reserve_weighted(begun, reader->n_features)) {
        return error_memory(error);
    }
    begun->factor =
        norm_factor(begun->part, weigh(scorer, begun, reader->features, reader->n_features));
    for (size_t i = 0; i < begun->n && scorer->coarse; i++) { // rows of floats are too many lines
        coarse_weights_prefetch(scorer->coarse, begun->weighted[i].feature);
    }
    return BANTAM_OK;
}

bantam_status text_scorer_begin(struct text_scorer *scorer, const char *text, size_t size,
                                bantam_error *error)
{
    const struct vectorizer *vectorizer = scorer->model->vectorizer;
    struct begun_text *begun = &scorer->begun[scorer->n_begun % TEXTS_BEGUN];
    begun->n = begun->n_features = begun->n_hashes = 0;
    begun->before = scorer->intercepts;
    begun->sought = COARSE_UNKNOWN;
    if (scorer->n_begun > scorer->n_ended) {
        look_up(scorer, &scorer->begun[scorer->n_ended % TEXTS_BEGUN]);
    }
    bantam_status status = BANTAM_OK;
    for (size_t at = 0; at < vectorizer->options.n_parts && !status; at++) {
        end_part(scorer, begun);
        begun->part = &vectorizer->parts[at];
        status = (sums_by_word(begun->part) ? score_words
                  : is_looked_up_late(begun->part)
                      ? read_hashes
                      : read_features)(scorer, begun, at, text, size, error);
    }
    scorer->n_begun += !status;
    return status;
}

const float *text_scorer_end(struct text_scorer *scorer)
{
    struct begun_text *begun = &scorer->begun[scorer->n_ended++ % TEXTS_BEGUN];
    end_part(scorer, begun);
    return begun->before;
}

void text_scorer_seek(struct text_scorer *scorer, float ahead)
{
    const struct coarse_weights *coarse = ahead < 0 ? NULL : scorer->model->coarse;
    if (coarse != scorer->coarse) {
        forget_words(scorer);
    }
    scorer->coarse = coarse;
    scorer->ahead = ahead;
}

size_t text_scorer_end_sought(struct text_scorer *scorer, const float **scores)
{
    struct begun_text *begun = &scorer->begun[scorer->n_ended % TEXTS_BEGUN];
    settle(scorer, begun);
    float off;
    if (begun->sought == COARSE_UNKNOWN && begun->n && scorer->coarse &&
        coarse_weights_combine(scorer->coarse, begun->weighted, begun->n, scorer->sums, &off)) {
        begun->sought = coarse_weights_largest(scorer->coarse, begun->before, begun->factor,
                                               scorer->sums, scorer->ahead + off * begun->factor);
    }
    if (begun->sought == COARSE_UNKNOWN) {
        *scores = text_scorer_end(scorer);
        return SIZE_MAX;
    }
    scorer->n_ended++;
    return begun->sought;
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
