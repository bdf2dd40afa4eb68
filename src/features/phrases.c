// Phrases as short programs, found through windows of three or eight literal bytes: building and storing a set.
#include "features/phrases.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "features/phrase_set.h"

enum {
    ELEMENTS_MAXIMUM = 40,
    FILTER_BITS_OF_WINDOW = 24,                   // at least
    PHRASES_MAXIMUM = UINT16_MAX / PHRASE_STRIDE, // windows are counted in 16 bits
    // Windows of a bucket at most, on average. The filter leaves few wide buckets to look into, but many lines have three bytes of a
    // short literal.
    WINDOWS_OF_WIDE_BUCKET = 4,
};

struct phrase_arrays {
    struct phrase *phrases;
    size_t n_phrases, phrase_capacity;
    struct phrase_element *elements;
    size_t n_elements, element_capacity;
    char *text;
    size_t text_size, text_capacity;
    struct phrase_window *added; // (n_phrases, PHRASE_STRIDE) in the order of the phrases
    uint64_t *hashes;            // (n_phrases, PHRASE_STRIDE) of their bytes
    size_t added_capacity, hash_capacity;
    bool *wide; // (n_phrases) whether its windows have eight bytes
    size_t wide_capacity;
    struct phrase_window *windows[2]; // narrow and wide ones by bucket
    uint16_t *buckets[2];
    uint64_t *filters[2];
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
            memory_free(own->hashes);
            memory_free(own->wide);
            for (size_t i = 0; i < 2; i++) {
                memory_free(own->windows[i]);
                memory_free(own->buckets[i]);
                memory_free(own->filters[i]);
            }
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
            elements[n++] = (struct phrase_element){.kind = (unsigned)kind & 15};
            at += length;
            continue;
        }
        if (*at == '\\' && !at[1]) {
            return error_set(error, BANTAM_ERROR_INPUT, "ends in a lone backslash");
        }
        at += *at == '\\';
        if (n == 0 || elements[n - 1].kind != LITERAL) {
            elements[n++] =
                (struct phrase_element){.kind = LITERAL, .bytes = text & PHRASE_TEXT_MASK};
        }
        size_t run = 1 + strcspn(at + 1, "*{\\$"), size = elements[n - 1].size + run;
        memcpy(set->text + text, at, run);
        text += run;
        at += run;
        elements[n - 1].size = size & PHRASE_SIZE_MASK;
    }
    set->text_size = text;
    *n_elements = n;
    return BANTAM_OK;
}

// The rarest run of `width` bytes among the first `reach` of each of the phrase's literals, and the literal it stands in; NULL where
// none is as long.
static const char *rarest_run(const struct phrase_arrays *set, const struct phrase *phrase,
                              size_t width, size_t reach, const struct phrase_element **literal)
{
    unsigned best = UINT32_MAX;
    const char *run = NULL;
    for (size_t i = 0; i < phrase->n_elements; i++) {
        const struct phrase_element *element = &set->elements[phrase->first + i];
        const char *bytes = set->text + element->bytes;
        unsigned common = 0; // of the last `width` bytes
        for (size_t at = 0; element->kind == LITERAL && at < element->size && at < reach; at++) {
            common += byte_cost(bytes[at]);
            common -= at >= width ? byte_cost(bytes[at - width]) : 0;
            if (at + 1 >= width && common < best) {
                best = common;
                run = bytes + at + 1 - width;
                *literal = element;
            }
        }
    }
    return run;
}

// A window behind `before` bytes of the literal.
static struct phrase_window window_of(const struct phrase_arrays *set, const struct phrase *phrase,
                                      const struct phrase_element *literal, size_t before)
{
    size_t last = literal->size - PHRASE_CHECK, told = before > last - before ? 0 : last;
    told = told < PHRASE_TOLD_MAXIMUM ? told : PHRASE_TOLD_MAXIMUM;
    const char *bytes = set->text + literal->bytes;
    return (struct phrase_window){
        .check = read_narrow(bytes + told) & 0xFFFFFF,
        .told = told & 0xFF,
        .phrase = (uint16_t)set->n_phrases,
        .element = (uint8_t)(literal - (set->elements + phrase->first)),
        .before = (uint8_t)before,
    };
}

// How the phrase is found: the windows of a run of literal bytes that is one byte longer. Returns false where no literal is long enough.
static bool choose_windows(const struct phrase_arrays *set, struct phrase *phrase,
                           struct phrase_window windows[PHRASE_STRIDE],
                           uint64_t hashes[PHRASE_STRIDE], bool *wide)
{
    const struct phrase_element *literal;
    const char *rare = rarest_run(set, phrase, PHRASE_RARE, SIZE_MAX, &literal);
    if (!rare) {
        return false;
    }
    memcpy(phrase->rare, rare, PHRASE_RARE);
    const char *run =
        rarest_run(set, phrase, PHRASE_WIDE + PHRASE_STRIDE - 1, PHRASE_WINDOW_REACH, &literal);
    *wide = run != NULL;
    if (!run) {
        run = rarest_run(set, phrase, PHRASE_NARROW + PHRASE_STRIDE - 1, PHRASE_WINDOW_REACH,
                         &literal);
    }
    for (size_t i = 0; i < PHRASE_STRIDE; i++) {
        hashes[i] = hash_window(*wide ? load_eight(run + i) : read_narrow(run + i));
        windows[i] =
            window_of(set, phrase, literal, (size_t)(run + i - (set->text + literal->bytes)));
    }
    return true;
}

static bool reserve_phrase(struct phrase_arrays *set, size_t pattern_size)
{
    return reserve((void **)&set->phrases, &set->phrase_capacity, set->n_phrases + 1,
                   sizeof *set->phrases) &&
           reserve((void **)&set->added, &set->added_capacity, (set->n_phrases + 1) * PHRASE_STRIDE,
                   sizeof *set->added) &&
           reserve((void **)&set->hashes, &set->hash_capacity, (set->n_phrases + 1) * PHRASE_STRIDE,
                   sizeof *set->hashes) &&
           reserve((void **)&set->wide, &set->wide_capacity, set->n_phrases + 1,
                   sizeof *set->wide) &&
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
    if (text_before + size > PHRASE_TEXT_MASK) {
        return error_set(error, BANTAM_ERROR_INPUT,
                         "is one too many: a set has %d bytes of them at most", PHRASE_TEXT_MASK);
    }
    if (own->n_phrases == PHRASES_MAXIMUM) {
        return error_set(error, BANTAM_ERROR_INPUT, "is one too many; a table has at most %d",
                         PHRASES_MAXIMUM);
    }
    if (!reserve_phrase(own, size)) {
        return error_memory(error);
    }
    struct phrase phrase = {.first = own->n_elements & PHRASE_FIRST_MASK,
                            .anchored = *pattern == '^'};
    struct phrase_window *windows = &own->added[own->n_phrases * PHRASE_STRIDE];
    bantam_status status = parse(own, pattern + phrase.anchored, &n_elements, error);
    phrase.n_elements = n_elements & PHRASE_ELEMENTS_MASK;
    if (!status &&
        !choose_windows(own, &phrase, windows, &own->hashes[own->n_phrases * PHRASE_STRIDE],
                        &own->wide[own->n_phrases])) {
        status = error_set(error, BANTAM_ERROR_INPUT,
                           "has no literal run of %d bytes to be found by", PHRASE_RARE);
    }
    if (status) {
        own->text_size = text_before;
        return status;
    }
    own->n_elements += n_elements;
    own->phrases[own->n_phrases++] = phrase;
    return BANTAM_OK;
}

static bool allocate_index(struct phrase_arrays *own, bool wide, size_t n, uint32_t bucket_bits,
                           uint32_t filter_bits)
{
    own->filters[wide] = memory_allocate_array((size_t)1 << filter_bits, sizeof(uint64_t));
    own->buckets[wide] = memory_allocate_array(((size_t)1 << bucket_bits) + 1, sizeof(uint16_t));
    own->windows[wide] = memory_allocate_array(n + 1, sizeof(struct phrase_window));
    return own->filters[wide] && own->buckets[wide] && own->windows[wide];
}

// The exponent of the power of two that is not below `n`, at least `least` and at most 20.
static uint32_t logarithm_above(size_t n, uint32_t least)
{
    uint32_t bits = least;
    while (bits < 20 && (size_t)1 << bits < n) {
        bits++;
    }
    return bits;
}

// Sorts the windows of one width into buckets by counting, and fills the filter.
static bool build_index(struct phrase_index *index, struct phrase_arrays *own, bool wide)
{
    size_t n = 0, n_added = own->n_phrases * PHRASE_STRIDE;
    for (size_t i = 0; i < own->n_phrases; i++) {
        n += own->wide[i] == wide ? PHRASE_STRIDE : 0;
    }
    uint32_t bits = logarithm_above(wide ? n / WINDOWS_OF_WIDE_BUCKET : n, 4);
    uint32_t filter_bits = logarithm_above(n * FILTER_BITS_OF_WINDOW / 64, 4);
    if (!allocate_index(own, wide, n, bits, filter_bits)) {
        return false;
    }
    uint64_t *filter = own->filters[wide];
    uint16_t *buckets = own->buckets[wide];
    uint32_t shift = 64 - bits, end = 0;
    for (size_t i = 0; i < n_added; i++) {
        uint64_t hash = own->hashes[i];
        if (own->wide[i / PHRASE_STRIDE] == wide) {
            filter[filter_word(hash, filter_bits)] |= filter_mask(hash);
            buckets[hash >> shift]++;
        }
    }
    for (size_t bucket = 0; bucket <= (size_t)1 << bits; bucket++) {
        end += buckets[bucket];
        buckets[bucket] =
            (uint16_t)end; // its end; each window that is put there moves it towards the start
    }
    for (size_t i = 0; i < n_added; i++) {
        if (own->wide[i / PHRASE_STRIDE] == wide) {
            uint16_t *bucket = &buckets[own->hashes[i] >> shift];
            own->windows[wide][--*bucket] = own->added[i];
        }
    }
    *index = (struct phrase_index){own->windows[wide], n, buckets, filter, bits, filter_bits};
    return true;
}

bantam_status phrase_set_build(struct phrase_set *set, bantam_error *error)
{
    struct phrase_arrays *own = set->own;
    *set = (struct phrase_set){.phrases = own->phrases,
                               .n_phrases = own->n_phrases,
                               .elements = own->elements,
                               .n_elements = own->n_elements,
                               .text = own->text,
                               .text_size = own->text_size,
                               .own = own};
    return build_index(&set->narrow, own, false) && build_index(&set->wide, own, true)
               ? BANTAM_OK
               : error_memory(error);
}

struct literal {
    uint32_t element; // of phrase_set.elements
    uint32_t size;    // bytes
};

// The longest first, else in the order of the elements.
static int compare_literals(const void *a, const void *b)
{
    const struct literal *first = a, *second = b;
    if (first->size != second->size) {
        return first->size > second->size ? -1 : 1;
    }
    return (first->element > second->element) - (first->element < second->element);
}

static size_t list_literals(struct literal *literals, const struct phrase_arrays *own)
{
    size_t n = 0;
    for (size_t i = 0; i < own->n_elements; i++) {
        if (own->elements[i].kind == LITERAL) {
            literals[n++] = (struct literal){(uint32_t)i, own->elements[i].size};
        }
    }
    qsort(literals, n, sizeof *literals, compare_literals);
    return n;
}

bantam_status phrase_set_share_literals(struct phrase_set *set, bantam_error *error)
{
    struct phrase_arrays *own = set->own;
    struct literal *literals = memory_allocate_array(own->n_elements + 1, sizeof *literals);
    char *text = memory_allocate_array(own->text_size + 1, 1);
    if (!literals || !text) {
        memory_free(literals);
        memory_free(text);
        return error_memory(error);
    }
    size_t n = list_literals(literals, own), size = 0;
    for (size_t i = 0; i < n; i++) {
        struct phrase_element *element = &own->elements[literals[i].element];
        const char *bytes = own->text + element->bytes;
        const char *shared = memmem(text, size, bytes, element->size);
        if (!shared) {
            shared = memcpy(text + size, bytes, element->size);
            size += element->size;
        }
        element->bytes = (uint32_t)(shared - text) & PHRASE_TEXT_MASK;
    }
    memory_free(literals);
    memory_free(own->text);
    own->text = text;
    own->text_size = size;
    own->text_capacity = size;
    set->text = text;
    set->text_size = size;
    return BANTAM_OK;
}

// How an element is written.
static const char *element_name(enum element_kind kind)
{
    for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++) {
        if (placeholders[i].kind == kind) {
            return placeholders[i].name;
        }
    }
    return kind == GAP ? "*" : "$";
}

void phrase_set_describe(const struct phrase_set *set, size_t phrase, bantam_buffer *out)
{
    const struct phrase *shown = &set->phrases[phrase];
    bantam_buffer_append_string(out, shown->anchored ? "^" : "");
    for (size_t i = 0; i < shown->n_elements; i++) {
        const struct phrase_element *element = &set->elements[shown->first + i];
        if (element->kind == LITERAL) {
            bantam_buffer_append(out, set->text + element->bytes, element->size);
        } else {
            bantam_buffer_append_string(out, element_name((enum element_kind)element->kind));
        }
    }
}

size_t phrase_set_count(const struct phrase_set *set)
{
    return set->n_phrases;
}

size_t phrase_set_literal_size(const struct phrase_set *set, size_t phrase)
{
    const struct phrase *counted = &set->phrases[phrase];
    size_t size = 0;
    for (size_t i = 0; i < counted->n_elements; i++) {
        const struct phrase_element *element = &set->elements[counted->first + i];
        size += element->kind == LITERAL ? element->size : 0;
    }
    return size;
}

// The names of an index's arrays in a bundle.
struct index_names {
    const char *windows, *buckets, *filter;
};

static const struct index_names narrow_names = {"narrow_windows", "narrow_buckets",
                                                "narrow_filter"};
static const struct index_names wide_names = {"wide_windows", "wide_buckets", "wide_filter"};

static void freeze_index(const struct phrase_index *index, const struct index_names *names,
                         const char *table, struct bundle_writer *writer)
{
    bundle_add(writer, table, names->windows, index->windows, index->n_windows,
               sizeof *index->windows);
    bundle_add(writer, table, names->buckets, index->buckets, ((size_t)1 << index->bucket_bits) + 1,
               sizeof *index->buckets);
    bundle_add(writer, table, names->filter, index->filter, (size_t)1 << index->filter_bits,
               sizeof *index->filter);
}

void phrase_set_freeze(const struct phrase_set *set, const char *table,
                       struct bundle_writer *writer)
{
    bundle_add(writer, table, "phrases", set->phrases, set->n_phrases, sizeof *set->phrases);
    bundle_add(writer, table, "elements", set->elements, set->n_elements, sizeof *set->elements);
    bundle_add(writer, table, "literals", set->text, set->text_size, 1);
    freeze_index(&set->narrow, &narrow_names, table, writer);
    freeze_index(&set->wide, &wide_names, table, writer);
}

// The exponent of the power of two that `n` is, 0 where it is none between 2 and 2^30.
static uint32_t exact_logarithm(size_t n)
{
    bool is_power = n > 1 && n <= (size_t)1 << 30 && (n & (n - 1)) == 0;
    return is_power ? (uint32_t)__builtin_ctzll(n) : 0;
}

// Finds the arrays; false where they do not fit together. bundle_check tells whether they are all there.
static bool thaw_index(struct phrase_index *index, const struct index_names *names,
                       const char *table, struct bundle *bundle)
{
    size_t n_buckets, n_words;
    index->windows =
        bundle_array(bundle, table, names->windows, sizeof *index->windows, &index->n_windows);
    index->buckets =
        bundle_array(bundle, table, names->buckets, sizeof *index->buckets, &n_buckets);
    index->filter = bundle_array(bundle, table, names->filter, sizeof *index->filter, &n_words);
    index->bucket_bits = n_buckets > 0 ? exact_logarithm(n_buckets - 1) : 0;
    index->filter_bits = exact_logarithm(n_words);
    return index->windows && index->filter && index->bucket_bits > 0 && index->filter_bits > 0 &&
           index->buckets[n_buckets - 1] == index->n_windows;
}

bantam_status phrase_set_thaw(struct phrase_set **out, struct bundle *bundle, const char *table,
                              bantam_error *error)
{
    struct phrase_set *set = *out = memory_allocate_array(1, sizeof *set);
    if (!set) {
        return error_memory(error);
    }
    set->phrases = bundle_array(bundle, table, "phrases", sizeof *set->phrases, &set->n_phrases);
    set->elements =
        bundle_array(bundle, table, "elements", sizeof *set->elements, &set->n_elements);
    set->text = bundle_array(bundle, table, "literals", 1, &set->text_size);
    bool fits = thaw_index(&set->narrow, &narrow_names, table, bundle);
    fits = thaw_index(&set->wide, &wide_names, table, bundle) && fits;
    bantam_status status = bundle_check(bundle, error);
    if (!status &&
        (!fits || set->narrow.n_windows + set->wide.n_windows != set->n_phrases * PHRASE_STRIDE)) {
        status = error_set(error, BANTAM_ERROR_MODEL,
                           "the compiled phrases of %s do not fit together", table);
    }
    if (status) {
        phrase_set_free(out);
    }
    return status;
}
