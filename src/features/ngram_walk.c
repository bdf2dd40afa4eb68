// Words and code points of one text.
#include "features/ngram_walk.h"

#include "base/error.h"
#include "base/memory.h"

// Whether a run of word bytes is a single code point: words have two or more.
static bool is_single(const char *bytes, size_t size)
{
    unsigned char first = (unsigned char)*bytes;
    size_t led = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    return led == size;
}

static bool find_words(struct ngram_text *text, const struct vocabulary *stop_words, uint64_t seed)
{
    const struct folded_text *folded = &text->folded;
    size_t wanted = folded->n_edges / 2;
    if (wanted > text->words_capacity) {
        size_t capacity = wanted + wanted / 2 + 16;
        struct ngram_word *words = memory_resize_array(text->words, capacity, sizeof *words);
        if (!words) {
            return false;
        }
        text->words = words;
        text->words_capacity = capacity;
    }
    size_t n = 0;
    for (size_t i = 0; i < folded->n_edges; i += 2) {
        uint32_t start = folded->edges[i], end = folded->edges[i + 1];
        const char *bytes = folded->bytes + start;
        if (is_single(bytes, end - start)) {
            continue;
        }
        text->words[n] = (struct ngram_word){hash_bytes(bytes, end - start, seed), start, end};
        n += !stop_words->n || vocabulary_find(stop_words, text->words[n].hash) == NGRAM_UNKNOWN;
    }
    text->n_words = n;
    return true;
}

static bool reserve_points(struct ngram_text *text)
{
    size_t wanted = text->folded.size + 4;
    if (wanted <= text->points_capacity) {
        return true;
    }
    size_t capacity = wanted + wanted / 2;
    uint32_t *points = memory_resize_array(text->points, capacity, sizeof *points);
    if (points) {
        text->points = points;
        text->points_capacity = capacity;
    }
    return points;
}

bantam_status ngram_text_read(struct ngram_text *text,
                              const struct vectorizer_part_options *options,
                              const struct vocabulary *stop_words, uint64_t seed, const char *raw,
                              size_t size, bool with_origins, bantam_error *error)
{
    if (size > VECTORIZER_TEXT_MAXIMUM) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "a text has %zu bytes; at most %d can be read, so cut it", size,
                         VECTORIZER_TEXT_MAXIMUM);
    }
    static const enum fold_runs runs[] = {
        [ANALYZER_WORD] = RUNS_OF_WORD,
        [ANALYZER_CHAR] = RUNS_NONE,
        [ANALYZER_CHAR_WB] = RUNS_OF_VISIBLE,
    };
    struct folding folding = {options->lowercase, options->accents, runs[options->analyzer]};
    bantam_status status = fold_text(&text->folded, &folding, raw, size, with_origins, error);
    if (status) {
        return status;
    }
    bool enough = options->analyzer == ANALYZER_WORD ? find_words(text, stop_words, seed)
                                                     : reserve_points(text);
    return enough ? BANTAM_OK : error_memory(error);
}

void ngram_text_release(struct ngram_text *text)
{
    folded_text_release(&text->folded);
    memory_free(text->words);
    memory_free(text->points);
    *text = (struct ngram_text){0};
}

size_t ngram_text_points(struct ngram_text *text, size_t start, size_t end)
{
    size_t n = 0;
    for (size_t at = start; at < end; at++) {
        text->points[n] = (uint32_t)at;
        n += ((unsigned char)text->folded.bytes[at] & 0xC0) != 0x80;
    }
    text->points[n] = (uint32_t)end;
    return n;
}

uint64_t ngram_name_hash(const char *name, size_t size, uint64_t seed)
{
    return hash_bytes(name, size, seed);
}

uint64_t ngram_words_name_hash(const char *name, size_t size, uint64_t seed)
{
    uint64_t hash = 0;
    for (size_t start = 0, end; start <= size; start = end + 1) {
        const char *blank = memchr(name + start, ' ', size - start);
        end = blank ? (size_t)(blank - name) : size;
        uint64_t word = hash_bytes(name + start, end - start, seed);
        hash = start ? hash_join(hash, word) : word;
    }
    return hash;
}
