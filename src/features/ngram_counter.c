// An open-addressing table of n-grams over a pool of names.
#include "features/ngram_counter.h"

#include "base/error.h"
#include "base/memory.h"

enum {
    FIRST_NGRAMS = 1024,
    ROWS_MAXIMUM = INT32_MAX,
};

void ngram_counter_init(struct ngram_counter *counter)
{
    *counter = (struct ngram_counter){0};
    word_memo_init(&counter->memo, MEMO_WORDS_MOST);
}

void ngram_counter_finish(struct ngram_counter *counter)
{
    ngram_text_release(&counter->text);
    word_memo_release(&counter->memo);
    memory_free(counter->occurrences);
    counter->occurrences = NULL;
    counter->occurrences_capacity = 0;
}

void ngram_counter_release(struct ngram_counter *counter)
{
    ngram_counter_finish(counter);
    memory_free(counter->ngrams);
    memory_free(counter->slots);
    memory_free(counter->names);
    part_rows_release(&counter->rows);
    *counter = (struct ngram_counter){0};
}

static bool grow_ngrams(struct ngram_counter *counter)
{
    size_t capacity = counter->ngrams_capacity ? 2 * counter->ngrams_capacity : FIRST_NGRAMS;
    struct counted_ngram *ngrams = memory_resize_array(counter->ngrams, capacity, sizeof *ngrams);
    if (!ngrams) {
        return false;
    }
    counter->ngrams = ngrams;
    struct counter_slot *slots = memory_resize_array(counter->slots, 2 * capacity, sizeof *slots);
    if (!slots || capacity > VECTORIZER_FEATURES_MAXIMUM) {
        counter->slots = slots ? slots : counter->slots;
        return false;
    }
    counter->slots = slots;
    counter->mask = 2 * capacity - 1;
    counter->ngrams_capacity = capacity;
    for (size_t at = 0; at < 2 * capacity; at++) {
        slots[at].index = NGRAM_UNKNOWN;
    }
    for (size_t i = 0; i < counter->n_ngrams; i++) {
        uint64_t hash = ngrams[i].hash;
        size_t at = hash & counter->mask;
        while (slots[at].index != NGRAM_UNKNOWN) {
            at = (at + 1) & counter->mask;
        }
        slots[at] = (struct counter_slot){hash, (uint32_t)i};
    }
    return true;
}

// Room for a name of `size` bytes and eight more.
static bool reserve_name(struct ngram_counter *counter, size_t size)
{
    size_t wanted = counter->names_size + size + 8;
    if (wanted <= counter->names_capacity) {
        return true;
    }
    size_t capacity = wanted + wanted / 2 + 4096;
    char *names = memory_resize_array(counter->names, capacity, 1);
    if (names) {
        counter->names = names;
        counter->names_capacity = capacity;
    }
    return names;
}

// The index of the hash, or NGRAM_UNKNOWN with *at set to where it goes.
NGRAM_INLINE uint32_t find(const struct ngram_counter *counter, uint64_t hash, size_t *at)
{
    for (*at = hash & counter->mask;; *at = (*at + 1) & counter->mask) {
        struct counter_slot slot = counter->slots[*at];
        if (slot.index == NGRAM_UNKNOWN || slot.hash == hash) {
            return slot.index;
        }
    }
}

static uint32_t insert(struct ngram_counter *counter, uint64_t hash, size_t at, size_t name_size)
{
    uint32_t index = (uint32_t)counter->n_ngrams++;
    counter->ngrams[index] = (struct counted_ngram){
        .hash = hash, .name = counter->names_size, .name_size = (uint32_t)name_size};
    counter->names_size += name_size;
    counter->slots[at] = (struct counter_slot){hash, index};
    return index;
}

// Words first … first + n_words - 1 with a blank between them; returns the size.
static size_t write_words(char *name, const struct ngram_text *text, const struct ngram *ngram)
{
    size_t size = 0;
    for (size_t i = 0; i < ngram->n_words; i++) {
        const struct ngram_word *word = &text->words[ngram->word + i];
        if (i) {
            name[size++] = ' ';
        }
        memcpy(name + size, text->folded.bytes + word->start, word->end - word->start);
        size += word->end - word->start;
    }
    return size;
}

static bool same_words(const char *name, size_t name_size, const struct ngram_text *text,
                       const struct ngram *ngram)
{
    size_t at = 0;
    for (size_t i = 0; i < ngram->n_words; i++) {
        const struct ngram_word *word = &text->words[ngram->word + i];
        size_t size = word->end - word->start;
        if (name_size - at < size + (i > 0) || (i && name[at++] != ' ') ||
            memcmp(name + at, text->folded.bytes + word->start, size) != 0) {
            return false;
        }
        at += size;
    }
    return at == name_size;
}

// Room for one more n-gram with a name of at most `size` bytes.
static bool reserve_ngram(struct ngram_counter *counter, size_t size)
{
    bool enough = counter->n_ngrams < counter->ngrams_capacity || grow_ngrams(counter);
    enough = enough && reserve_name(counter, size);
    counter->failed |= !enough;
    return enough;
}

NGRAM_INLINE void count_words(void *context, const struct ngram *ngram)
{
    struct ngram_counter *counter = context;
    size_t at, most = ngram->end - ngram->start + ngram->n_words;
    if (counter->failed || !reserve_ngram(counter, most)) {
        return;
    }
    uint32_t index = find(counter, ngram->hash, &at);
    if (index == NGRAM_UNKNOWN) {
        size_t size = write_words(counter->names + counter->names_size, &counter->text, ngram);
        index = insert(counter, ngram->hash, at, size);
    } else {
        const struct counted_ngram *known = &counter->ngrams[index];
        counter->collided |=
            !same_words(counter->names + known->name, known->name_size, &counter->text, ngram);
    }
    counter->occurrences[counter->n_occurrences++] = index;
}

NGRAM_INLINE void count_points(void *context, const struct ngram *ngram)
{
    struct ngram_counter *counter = context;
    size_t at, size = ngram->end - ngram->start;
    if (counter->failed || !reserve_ngram(counter, size)) {
        return;
    }
    const char *bytes = counter->text.folded.bytes + ngram->start;
    uint32_t index = find(counter, ngram->hash, &at);
    if (index == NGRAM_UNKNOWN) {
        memcpy(counter->names + counter->names_size, bytes, size);
        index = insert(counter, ngram->hash, at, size);
    } else {
        const struct counted_ngram *known = &counter->ngrams[index];
        counter->collided |=
            known->name_size != size || memcmp(counter->names + known->name, bytes, size) != 0;
    }
    counter->occurrences[counter->n_occurrences++] = index;
}

static bool reserve_occurrences(struct ngram_counter *counter, size_t more)
{
    size_t wanted = counter->n_occurrences + more + 1;
    if (wanted <= counter->occurrences_capacity) {
        return true;
    }
    size_t capacity = wanted + wanted / 2;
    uint32_t *occurrences =
        memory_resize_array(counter->occurrences, capacity, sizeof *occurrences);
    if (occurrences) {
        counter->occurrences = occurrences;
        counter->occurrences_capacity = capacity;
    }
    counter->failed |= !occurrences;
    return occurrences;
}

static void read_points(struct ngram_counter *counter, const struct vectorizer_part *part,
                        uint64_t seed, size_t start, size_t end)
{
    size_t n_points = ngram_text_points(&counter->text, start, end);
    if (reserve_occurrences(counter, ngrams_at_most(&part->options, n_points))) {
        walk_points(&counter->text, n_points, part->options.analyzer == ANALYZER_CHAR_WB,
                    &part->options, seed, count_points, counter);
    }
}

static void read_visible(struct ngram_counter *counter, const struct vectorizer_part *part,
                         uint64_t seed)
{
    const struct folded_text *folded = &counter->text.folded;
    struct word_memo *memo = &counter->memo;
    for (size_t i = 0; i < folded->n_edges && !counter->failed; i += 2) {
        uint32_t first = folded->edges[i], end = folded->edges[i + 1];
        const char *bytes = folded->bytes + first;
        struct memo_key key = word_memo_key(bytes, end - first);
        int32_t index = word_memo_find(memo, &key);
        if (index == MEMO_NONE) {
            size_t before = counter->n_occurrences;
            read_points(counter, part, seed, first - 1, end + 1);
            if (!counter->failed) {
                word_memo_add(memo, &key, counter->occurrences + before,
                              counter->n_occurrences - before);
            }
            continue;
        }
        const struct memo_word *known = &memo->words[index];
        if (reserve_occurrences(counter, known->n)) {
            memcpy(counter->occurrences + counter->n_occurrences, memo->features + known->first,
                   known->n * sizeof *counter->occurrences);
            counter->n_occurrences += known->n;
        }
    }
}

// Counts the occurrences of the text at hand, the row after those that are there.
static void count_row(struct ngram_counter *counter)
{
    uint32_t row = (uint32_t)counter->rows.n_rows + 1;
    for (size_t i = 0; i < counter->n_occurrences; i++) {
        struct counted_ngram *ngram = &counter->ngrams[counter->occurrences[i]];
        ngram->total++;
        ngram->documents += ngram->last_row != row;
        ngram->last_row = row;
    }
}

bantam_status ngram_counter_add(struct ngram_counter *counter, const struct vectorizer_part *part,
                                uint64_t seed, const char *raw, size_t size, bantam_error *error)
{
    bantam_status status = ngram_text_read(&counter->text, &part->options, &part->stop_words, seed,
                                           raw, size, false, error);
    if (status) {
        return status;
    }
    counter->n_occurrences = 0;
    if (part->options.analyzer == ANALYZER_WORD) {
        size_t most = ngrams_at_most(&part->options, counter->text.n_words);
        if (reserve_occurrences(counter, most)) {
            walk_words(&counter->text, &part->options, count_words, counter);
        }
    } else if (part->options.analyzer == ANALYZER_CHAR) {
        read_points(counter, part, seed, 0, counter->text.folded.size);
    } else {
        read_visible(counter, part, seed);
    }
    if (counter->failed || counter->rows.n_rows == ROWS_MAXIMUM) {
        return error_memory(error);
    }
    count_row(counter);
    return part_rows_append(&counter->rows, counter->occurrences, counter->n_occurrences, error);
}

bantam_status ngram_counter_merge(struct ngram_counter *counter, struct ngram_counter *other,
                                  bantam_error *error)
{
    for (size_t i = 0; i < other->n_ngrams; i++) {
        struct counted_ngram *ngram = &other->ngrams[i];
        const char *name = other->names + ngram->name;
        if (!reserve_ngram(counter, ngram->name_size)) {
            return error_memory(error);
        }
        size_t at;
        uint32_t index = find(counter, ngram->hash, &at);
        if (index == NGRAM_UNKNOWN) {
            memcpy(counter->names + counter->names_size, name, ngram->name_size);
            index = insert(counter, ngram->hash, at, ngram->name_size);
        }
        struct counted_ngram *known = &counter->ngrams[index];
        counter->collided |= known->name_size != ngram->name_size ||
                             memcmp(counter->names + known->name, name, known->name_size) != 0;
        known->total += ngram->total;
        known->documents += ngram->documents;
        ngram->merged = index;
    }
    counter->collided |= other->collided;
    return BANTAM_OK;
}
