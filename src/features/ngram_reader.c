// Looks up or hashes what the walks visit.
#include "features/ngram_reader.h"

#include "base/error.h"
#include "base/memory.h"

// What a visitor knows. Room for every feature was made before the walk.
struct reading {
    struct ngram_reader *reader;
    const struct vectorizer_part *part;
    const struct vocabulary *vocabulary;
    struct ngram_places *places; // NULL: not asked for
};

void ngram_reader_init(struct ngram_reader *reader, const struct vectorizer *vectorizer)
{
    *reader = (struct ngram_reader){.vectorizer = vectorizer};
    for (size_t i = 0; i < VECTORIZER_PARTS; i++) {
        word_memo_init(&reader->memos[i], MEMO_WORDS_MOST);
    }
}

void ngram_reader_release(struct ngram_reader *reader)
{
    ngram_text_release(&reader->text);
    for (size_t i = 0; i < VECTORIZER_PARTS; i++) {
        word_memo_release(&reader->memos[i]);
    }
    memory_free(reader->features);
    memory_free(reader->hashes);
    memory_free(reader->joined);
    memory_free(reader->joined_at);
    *reader = (struct ngram_reader){0};
}

static bool reserve_hashes(struct ngram_reader *reader, size_t n)
{
    if (n <= reader->hashes_capacity) {
        return true;
    }
    size_t capacity = n + n / 2;
    uint64_t *hashes = memory_resize_array(reader->hashes, capacity, sizeof *hashes);
    if (hashes) {
        reader->hashes = hashes;
        reader->hashes_capacity = capacity;
    }
    return hashes;
}

static bool reserve_features(struct ngram_reader *reader, size_t more)
{
    size_t wanted = reader->n_features + more + 1;
    if (wanted <= reader->features_capacity) {
        return true;
    }
    size_t capacity = wanted + wanted / 2;
    uint32_t *features = memory_resize_array(reader->features, capacity, sizeof *features);
    if (features) {
        reader->features = features;
        reader->features_capacity = capacity;
    }
    return features;
}

static bool reserve_places(struct ngram_places *places, size_t more)
{
    size_t wanted = places->n + more + 1;
    if (wanted <= places->capacity) {
        return true;
    }
    size_t capacity = wanted + wanted / 2;
    struct ngram_place *grown = memory_resize_array(places->places, capacity, sizeof *grown);
    if (grown) {
        places->places = grown;
        places->capacity = capacity;
    }
    return grown;
}

// Where an n-gram up to folded byte `end` ends in the raw text. A character that folds to several, as a ligature without its
// accents does, is the place of each of them, whole. The blank before the text shares its origin with the first, but is no part of it.
static uint32_t end_in_raw(const struct reading *reading, uint32_t end)
{
    const struct folded_text *folded = &reading->reader->text.folded;
    bool padding = end == 1 && reading->part->options.analyzer == ANALYZER_CHAR_WB;
    while (!padding && end < folded->size && folded->origins[end] == folded->origins[end - 1]) {
        end++;
    }
    return folded->origins[end];
}

static void keep(const struct reading *reading, const struct ngram *ngram, uint32_t feature,
                 bool negative)
{
    struct ngram_reader *reader = reading->reader;
    reader->features[reader->n_features++] = signed_feature(feature, negative);
    if (reading->places) {
        const uint32_t *origins = reader->text.folded.origins;
        reading->places->places[reading->places->n++] = (struct ngram_place){
            .feature = (uint32_t)reading->part->first_feature + feature,
            .start = origins[ngram->start],
            .end = end_in_raw(reading, ngram->end),
        };
    }
}

NGRAM_INLINE void visit_hash(void *context, const struct ngram *ngram)
{
    struct ngram_reader *reader = context;
    reader->hashes[reader->n_hashes++] = ngram->hash;
}

static void visit_known(void *context, const struct ngram *ngram)
{
    const struct reading *reading = context;
    uint32_t feature = vocabulary_find(reading->vocabulary, ngram->hash);
    if (feature != NGRAM_UNKNOWN) {
        keep(reading, ngram, feature, false);
    }
}

// Looks up the hashes that were collected and appends what is known.
static void keep_known(const struct reading *reading)
{
    struct ngram_reader *reader = reading->reader;
    uint32_t *found = reader->features + reader->n_features;
    size_t n = vocabulary_find_all(reading->vocabulary, reader->hashes, reader->n_hashes, found);
    for (size_t i = 0; i < n; i++) {
        found[i] = signed_feature(found[i], false);
    }
    reader->n_features += n;
}

// The column and sign as FeatureHasher has them: |h| mod 2^bits, and h < 0.
static void keep_hashed(const struct reading *reading, const struct ngram *ngram, const char *bytes,
                        size_t size)
{
    uint32_t hash = hash_murmur(bytes, size);
    bool negative = hash >> 31;
    uint32_t absolute = negative ? 0U - hash : hash;
    uint32_t column = absolute & ((1U << reading->part->options.hash_bits) - 1);
    keep(reading, ngram, column, negative && reading->part->options.alternate_sign);
}

static void visit_hashed_points(void *context, const struct ngram *ngram)
{
    const struct reading *reading = context;
    keep_hashed(reading, ngram, reading->reader->text.folded.bytes + ngram->start,
                ngram->end - ngram->start);
}

static void visit_hashed_words(void *context, const struct ngram *ngram)
{
    const struct reading *reading = context;
    const struct ngram_reader *reader = reading->reader;
    const struct ngram_word *last = &reader->text.words[ngram->word + ngram->n_words - 1];
    uint32_t start = reader->joined_at[ngram->word];
    uint32_t end = reader->joined_at[ngram->word + ngram->n_words - 1] + last->end - last->start;
    keep_hashed(reading, ngram, reader->joined + start, end - start);
}

static bool join_words(struct ngram_reader *reader)
{
    const struct ngram_text *text = &reader->text;
    if (text->folded.size + 1 > reader->joined_capacity) {
        size_t capacity = text->folded.size + text->folded.size / 2 + 64;
        char *joined = memory_resize_array(reader->joined, capacity, 1);
        if (!joined) {
            return false;
        }
        reader->joined = joined;
        reader->joined_capacity = capacity;
    }
    if (text->n_words > reader->joined_at_capacity) {
        size_t capacity = text->n_words + text->n_words / 2 + 16;
        uint32_t *joined_at = memory_resize_array(reader->joined_at, capacity, sizeof *joined_at);
        if (!joined_at) {
            return false;
        }
        reader->joined_at = joined_at;
        reader->joined_at_capacity = capacity;
    }
    uint32_t at = 0;
    for (size_t i = 0; i < text->n_words; i++) {
        uint32_t size = text->words[i].end - text->words[i].start;
        reader->joined_at[i] = at;
        memcpy(reader->joined + at, text->folded.bytes + text->words[i].start, size);
        reader->joined[at + size] = ' ';
        at += size + 1;
    }
    return true;
}

// Room for `most` n-grams more, and no hash collected yet.
static bool reserve(const struct reading *reading, size_t most)
{
    reading->reader->n_hashes = 0;
    return reserve_features(reading->reader, most) && reserve_hashes(reading->reader, most) &&
           (!reading->places || reserve_places(reading->places, most));
}

static bool read_words(const struct reading *reading)
{
    struct ngram_reader *reader = reading->reader;
    const struct vectorizer_part_options *options = &reading->part->options;
    if (!reserve(reading, ngrams_at_most(options, reader->text.n_words))) {
        return false;
    }
    if (options->hash_bits) {
        if (!join_words(reader)) {
            return false;
        }
        walk_words(&reader->text, options, visit_hashed_words, (void *)reading);
    } else if (reading->places) {
        walk_words(&reader->text, options, visit_known, (void *)reading);
    } else {
        walk_words(&reader->text, options, visit_hash, reader);
        keep_known(reading);
    }
    return true;
}

static bool read_points(const struct reading *reading, size_t start, size_t end)
{
    struct ngram_reader *reader = reading->reader;
    const struct vectorizer_part_options *options = &reading->part->options;
    size_t n_points = ngram_text_points(&reader->text, start, end);
    if (!reserve(reading, ngrams_at_most(options, n_points))) {
        return false;
    }
    bool whole = options->analyzer == ANALYZER_CHAR_WB;
    uint64_t seed = reader->vectorizer->seed;
    if (options->hash_bits) {
        walk_points(&reader->text, n_points, whole, options, seed, visit_hashed_points,
                    (void *)reading);
    } else if (reading->places) {
        walk_points(&reader->text, n_points, whole, options, seed, visit_known, (void *)reading);
    } else {
        walk_points(&reader->text, n_points, whole, options, seed, visit_hash, reader);
        keep_known(reading);
    }
    return true;
}

static struct reading reading_of(struct ngram_reader *reader, size_t part,
                                 struct ngram_places *places)
{
    const struct vectorizer_part *read = &reader->vectorizer->parts[part];
    return (struct reading){reader, read, &read->vocabulary, places};
}

static bantam_status start(struct ngram_reader *reader, size_t part, const char *raw, size_t size,
                           bool with_origins, bantam_error *error)
{
    const struct vectorizer_part *read = &reader->vectorizer->parts[part];
    reader->n_features = 0;
    return ngram_text_read(&reader->text, &read->options, &read->stop_words,
                           reader->vectorizer->seed, raw, size, with_origins, error);
}

bantam_status ngram_reader_start(struct ngram_reader *reader, size_t part, const char *raw,
                                 size_t size, bantam_error *error)
{
    return start(reader, part, raw, size, false, error);
}

// A new word's features are appended to the reader's.
static bool read_new_word(const struct reading *reading, size_t part, const struct memo_key *key,
                          struct reader_word *word)
{
    struct ngram_reader *reader = reading->reader;
    size_t before = reader->n_features, first = (size_t)(key->bytes - reader->text.folded.bytes);
    if (!read_points(reading, first - 1, first + key->size + 1)) {
        return false;
    }
    word->features = reader->features + before;
    word->n = reader->n_features - before;
    word->index = reading->places
                      ? MEMO_NONE
                      : word_memo_add(&reader->memos[part], key, word->features, word->n);
    return true;
}

bool ngram_reader_new_word(struct ngram_reader *reader, size_t part, const struct memo_key *key,
                           struct reader_word *word)
{
    struct reading reading = reading_of(reader, part, NULL);
    reader->n_features = 0;
    return read_new_word(&reading, part, key, word);
}

static bool read_visible(const struct reading *reading, size_t part)
{
    struct ngram_reader *reader = reading->reader;
    const struct folded_text *folded = &reader->text.folded;
    for (size_t i = 0; i < folded->n_edges; i += 2) {
        struct reader_word word;
        struct memo_key key = ngram_reader_key(reader, folded->edges[i], folded->edges[i + 1]);
        if (reading->places || !ngram_reader_known_word(reader, part, &key, &word)) {
            if (!read_new_word(reading, part, &key, &word)) {
                return false;
            }
            continue;
        }
        if (!reserve_features(reader, word.n)) {
            return false;
        }
        memcpy(reader->features + reader->n_features, word.features,
               word.n * sizeof *word.features);
        reader->n_features += word.n;
    }
    return true;
}

static bool read_text(const struct reading *reading, size_t part)
{
    switch (reading->part->options.analyzer) {
    case ANALYZER_WORD:
        return read_words(reading);
    case ANALYZER_CHAR:
        return read_points(reading, 0, reading->reader->text.folded.size);
    case ANALYZER_CHAR_WB:
        return read_visible(reading, part);
    }
    return false;
}

bantam_status ngram_reader_features(struct ngram_reader *reader, size_t part, const char *raw,
                                    size_t size, bantam_error *error)
{
    bantam_status status = start(reader, part, raw, size, false, error);
    struct reading reading = reading_of(reader, part, NULL);
    if (!status && !read_text(&reading, part)) {
        status = error_memory(error);
    }
    return status;
}

bantam_status ngram_reader_hashes(struct ngram_reader *reader, size_t part, const char *raw,
                                  size_t size, bantam_error *error)
{
    bantam_status status = start(reader, part, raw, size, false, error);
    if (status) {
        return status;
    }
    struct ngram_text *text = &reader->text;
    const struct vectorizer_part_options *options = &reader->vectorizer->parts[part].options;
    bool words = options->analyzer == ANALYZER_WORD;
    size_t n_units = words ? text->n_words : ngram_text_points(text, 0, text->folded.size);
    reader->n_hashes = 0;
    if (!reserve_hashes(reader, ngrams_at_most(options, n_units))) {
        return error_memory(error);
    }
    if (words) {
        walk_words(text, options, visit_hash, reader);
    } else {
        walk_points(text, n_units, false, options, reader->vectorizer->seed, visit_hash, reader);
    }
    return BANTAM_OK;
}

bantam_status ngram_reader_places(struct ngram_reader *reader, size_t part, const char *raw,
                                  size_t size, struct ngram_places *places, bantam_error *error)
{
    bantam_status status = start(reader, part, raw, size, true, error);
    struct reading reading = reading_of(reader, part, places);
    if (!status && !read_text(&reading, part)) {
        status = error_memory(error);
    }
    return status;
}
