// Phrases as short programs, found through one window of four literal bytes each: building and storing a set.
#include "features/phrases.h"

#include "base/error.h"
#include "base/memory.h"
#include "features/phrase_set.h"

enum {
    ELEMENTS_MAXIMUM = 40,
    BITMAP_WORDS = 1 << (PHRASE_BITMAP_BITS - 6),
};

struct phrase_arrays {
    struct phrase *phrases;
    size_t n_phrases, phrase_capacity;
    struct phrase_element *elements;
    size_t n_elements, element_capacity;
    char *text;
    size_t text_size, text_capacity;
    struct phrase_window *added; // (n_phrases) in the order of the phrases
    size_t added_capacity;
    struct phrase_window *windows; // the same by bucket
    uint32_t *buckets;
    uint64_t *bitmap;
};

struct phrase_set *phrase_set_new(void)
{
    struct phrase_set *set = memory_allocate_array(1, sizeof *set);
    if (set) {
        set->own = memory_allocate_array(1, sizeof *set->own);
        if (!set->own) {
            phrase_set_free(&set);
        }
    }
    return set;
}

void phrase_set_free(struct phrase_set **set)
{
    if (*set) {
        struct phrase_arrays *own = (*set)->own;
        if (own) {
            memory_free(own->phrases);
            memory_free(own->elements);
            memory_free(own->text);
            memory_free(own->added);
            memory_free(own->windows);
            memory_free(own->buckets);
            memory_free(own->bitmap);
        }
        memory_free(own);
        memory_free(*set);
        *set = NULL;
    }
}

static bool reserve(void **array, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity) {
        return true;
    }
    size_t larger = *capacity * 2 > needed ? *capacity * 2 : needed + 64;
    void *grown = memory_resize_array(*array, larger, size);
    if (!grown) {
        return false;
    }
    *array = grown;
    *capacity = larger;
    return true;
}

static const struct {
    const char *name;
    enum element_kind kind;
} placeholders[] = {
    {"{n}", NUMBER},  {"{word}", WORD}, {"{name}", NAME}, {"{file}", FILE_NAME},
    {"{code}", CODE}, {"{s}", BLANKS},  {"{q}", QUOTE},   {"{b}", BORDER},
};

// The placeholder that begins at a brace, and its bytes; -1: none.
static int placeholder_at(const char *at, size_t *size)
{
    for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++) {
        if (placeholders[i].name[1] == at[1]) {
            *size = strlen(placeholders[i].name);
            if (strncmp(at, placeholders[i].name, *size) == 0) {
                return (int)placeholders[i].kind;
            }
        }
    }
    return -1;
}

// How common bytes from ' ' to '~' are in logs, roughly; windows of rare bytes are tried less often. All others: 2.
static const char commonness[] = "8222222222222666"                 // space to '/'
                                 "6666666666222622"                 // '0' to '?'
                                 "23333333333333333333333333322222" // '@' to '_'
                                 "2855585558555588558885555552222";

static unsigned byte_cost(char byte)
{
    return byte >= ' ' && byte <= '~' ? (unsigned)(commonness[byte - ' '] - '0') : 2;
}

// Splits the pattern into elements behind those of the set; `*n_elements` counts them.
static bantam_status parse(struct phrase_arrays *set, const char *at, size_t *n_elements,
                           bantam_error *error)
{
    struct phrase_element *elements = set->elements + set->n_elements;
    size_t n = 0, text = set->text_size;
    while (*at) {
        if (n == ELEMENTS_MAXIMUM) {
            return error_set(error, BANTAM_ERROR_INPUT, "has more than %d parts", ELEMENTS_MAXIMUM);
        }
        int kind = *at == '*' ? GAP : *at == '$' && !at[1] ? END : LITERAL;
        size_t length = 1;
        if (*at == '{') {
            kind = placeholder_at(at, &length);
            if (kind < 0) {
                return error_set(error, BANTAM_ERROR_INPUT,
                                 "has an unknown placeholder at '%.12s'; write \\{ for a brace",
                                 at);
            }
        }
        if (kind != LITERAL) {
            elements[n++] = (struct phrase_element){.kind = (uint16_t)kind};
            at += length;
            continue;
        }
        if (*at == '\\' && !at[1]) {
            return error_set(error, BANTAM_ERROR_INPUT, "ends in a lone backslash");
        }
        at += *at == '\\';
        if (n == 0 || elements[n - 1].kind != LITERAL) {
            elements[n++] = (struct phrase_element){.kind = LITERAL, .bytes = (uint32_t)text};
        }
        size_t run = 1 + strcspn(at + 1, "*{\\$");
        memcpy(set->text + text, at, run);
        text += run;
        at += run;
        elements[n - 1].size = (uint16_t)(elements[n - 1].size + run);
    }
    set->text_size = text;
    *n_elements = n;
    return BANTAM_OK;
}

// The rarest window of the phrase's literals. Returns false where no literal is as long as a window.
static bool choose_window(const struct phrase_arrays *set, struct phrase *phrase,
                          struct phrase_window *window)
{
    unsigned best = UINT32_MAX;
    for (size_t i = 0; i < phrase->n_elements; i++) {
        const struct phrase_element *element = &set->elements[phrase->first + i];
        if (element->kind != LITERAL) {
            continue;
        }
        phrase->literal_size = (uint16_t)(phrase->literal_size + element->size);
        const char *bytes = set->text + element->bytes;
        unsigned costs[PHRASE_WINDOW] = {0}; // of the last bytes
        for (size_t at = 0; at < element->size; at++) {
            costs[0] = costs[1];
            costs[1] = costs[2];
            costs[2] = costs[3];
            costs[3] = byte_cost(bytes[at]);
            unsigned common = costs[0] + costs[1] + costs[2] + costs[3];
            if (at + 1 >= PHRASE_WINDOW && common < best) {
                best = common;
                size_t before = at + 1 - PHRASE_WINDOW;
                window->bytes = read_window(bytes + before);
                window->literal = element->bytes;
                window->size = element->size;
                window->before = (uint16_t)before;
            }
        }
    }
    return best != UINT32_MAX;
}

static bool reserve_phrase(struct phrase_arrays *set, size_t pattern_size)
{
    return reserve((void **)&set->phrases, &set->phrase_capacity, set->n_phrases + 1,
                   sizeof *set->phrases) &&
           reserve((void **)&set->added, &set->added_capacity, set->n_phrases + 1,
                   sizeof *set->added) &&
           reserve((void **)&set->elements, &set->element_capacity,
                   set->n_elements + ELEMENTS_MAXIMUM, sizeof *set->elements) &&
           reserve((void **)&set->text, &set->text_capacity, set->text_size + pattern_size, 1);
}

bantam_status phrase_set_add(struct phrase_set *set, const char *pattern, bantam_error *error)
{
    struct phrase_arrays *own = set->own;
    size_t size = strlen(pattern), text_before = own->text_size, n_elements = 0;
    if (size == 0 || size > PHRASE_MAXIMUM) {
        return error_set(error, BANTAM_ERROR_INPUT, "has %zu bytes; 1 to %d are allowed", size,
                         PHRASE_MAXIMUM);
    }
    if (!reserve_phrase(own, size)) {
        return error_memory(error);
    }
    struct phrase phrase = {.first = (uint32_t)own->n_elements, .anchored = *pattern == '^'};
    struct phrase_window window = {.phrase = (uint32_t)own->n_phrases};
    bantam_status status = parse(own, pattern + phrase.anchored, &n_elements, error);
    phrase.n_elements = (uint16_t)n_elements;
    if (!status && !choose_window(own, &phrase, &window)) {
        status = error_set(error, BANTAM_ERROR_INPUT,
                           "has no literal run of %d bytes to be found by", PHRASE_WINDOW);
    }
    if (status) {
        own->text_size = text_before;
        return status;
    }
    own->n_elements += n_elements;
    own->added[own->n_phrases] = window;
    own->phrases[own->n_phrases++] = phrase;
    return BANTAM_OK;
}

// Sorts the windows into buckets by counting.
static void fill_buckets(struct phrase_arrays *own, uint32_t bucket_bits)
{
    uint32_t shift = 32 - bucket_bits, n_buckets = (uint32_t)1 << bucket_bits;
    for (size_t i = 0; i < own->n_phrases; i++) {
        uint32_t hash = hash_window(own->added[i].bytes);
        uint32_t bit = hash >> (32 - PHRASE_BITMAP_BITS);
        own->bitmap[bit >> 6] |= (uint64_t)1 << (bit & 63);
        own->buckets[hash >> shift]++;
    }
    uint32_t end = 0;
    for (uint32_t bucket = 0; bucket <= n_buckets; bucket++) {
        end += own->buckets[bucket];
        own->buckets[bucket] =
            end; // its end; each window that is put there moves it towards the start
    }
    for (size_t i = 0; i < own->n_phrases; i++) {
        uint32_t *bucket = &own->buckets[hash_window(own->added[i].bytes) >> shift];
        own->windows[--*bucket] = own->added[i];
    }
}

bantam_status phrase_set_build(struct phrase_set *set, bantam_error *error)
{
    struct phrase_arrays *own = set->own;
    uint32_t bits = 8;
    while (bits < 16 && (size_t)1 << bits < own->n_phrases * 2) {
        bits++;
    }
    own->bitmap = memory_allocate_array(BITMAP_WORDS, sizeof *own->bitmap);
    own->buckets = memory_allocate_array(((size_t)1 << bits) + 1, sizeof *own->buckets);
    own->windows = memory_allocate_array(own->n_phrases + 1, sizeof *own->windows);
    if (!own->bitmap || !own->buckets || !own->windows) {
        return error_memory(error);
    }
    fill_buckets(own, bits);
    *set = (struct phrase_set){.phrases = own->phrases,
                               .n_phrases = own->n_phrases,
                               .elements = own->elements,
                               .n_elements = own->n_elements,
                               .text = own->text,
                               .text_size = own->text_size,
                               .windows = own->windows,
                               .buckets = own->buckets,
                               .bitmap = own->bitmap,
                               .bucket_bits = bits,
                               .own = own};
    return BANTAM_OK;
}

size_t phrase_set_literal_size(const struct phrase_set *set, size_t phrase)
{
    return set->phrases[phrase].literal_size;
}

void phrase_set_freeze(const struct phrase_set *set, const char *table,
                       struct bundle_writer *writer)
{
    size_t n_buckets = (size_t)1 << set->bucket_bits;
    bundle_add(writer, table, "phrases", set->phrases, set->n_phrases, sizeof *set->phrases);
    bundle_add(writer, table, "elements", set->elements, set->n_elements, sizeof *set->elements);
    bundle_add(writer, table, "literals", set->text, set->text_size, 1);
    bundle_add(writer, table, "windows", set->windows, set->n_phrases, sizeof *set->windows);
    bundle_add(writer, table, "buckets", set->buckets, n_buckets + 1, sizeof *set->buckets);
    bundle_add(writer, table, "bitmap", set->bitmap, BITMAP_WORDS, sizeof *set->bitmap);
}

bantam_status phrase_set_thaw(struct phrase_set **out, struct bundle *bundle, const char *table,
                              bantam_error *error)
{
    struct phrase_set *set = *out = memory_allocate_array(1, sizeof *set);
    if (!set) {
        return error_memory(error);
    }
    size_t n_windows, n_buckets, n_words;
    set->phrases = bundle_array(bundle, table, "phrases", sizeof *set->phrases, &set->n_phrases);
    set->elements =
        bundle_array(bundle, table, "elements", sizeof *set->elements, &set->n_elements);
    set->text = bundle_array(bundle, table, "literals", 1, &set->text_size);
    set->windows = bundle_array(bundle, table, "windows", sizeof *set->windows, &n_windows);
    set->buckets = bundle_array(bundle, table, "buckets", sizeof *set->buckets, &n_buckets);
    set->bitmap = bundle_array(bundle, table, "bitmap", sizeof *set->bitmap, &n_words);
    while (set->bucket_bits < 16 && ((size_t)1 << set->bucket_bits) + 1 < n_buckets) {
        set->bucket_bits++;
    }
    bantam_status status = bundle_check(bundle, error);
    if (!status && (n_windows != set->n_phrases || n_words != BITMAP_WORDS ||
                    n_buckets != ((size_t)1 << set->bucket_bits) + 1 || set->bucket_bits == 0 ||
                    set->buckets[n_buckets - 1] != n_windows)) {
        status = error_set(error, BANTAM_ERROR_MODEL,
                           "the compiled phrases of %s do not fit together", table);
    }
    if (status) {
        phrase_set_free(out);
    }
    return status;
}
