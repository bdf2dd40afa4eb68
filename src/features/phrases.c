// Phrases as short programs, found through one window of four literal bytes each.
//
// A line is walked once; a bitmap tells the few positions where the window of some phrase may stand, and only there the phrase
// itself is tried, by backtracking with a limit on its steps.
#include "features/phrases.h"

#include <ctype.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

enum {
    WINDOW = 4,
    BITMAP_BITS = 16,
    STEPS_MAXIMUM = 4000, // of one phrase on one line
    ELEMENTS_MAXIMUM = 40,
};

enum element_kind {
    LITERAL,
    GAP,
    NUMBER,
    WORD,
    NAME,
    FILE_NAME,
    CODE,
    BLANKS,
    QUOTE,
    BORDER,
    END,
};

struct element {
    uint8_t kind;
    uint16_t size;  // of a literal
    uint32_t bytes; // of a literal: where in phrase_set.text
};

struct phrase {
    uint32_t first; // in phrase_set.elements
    uint16_t n_elements;
    uint16_t literal_size;
    uint32_t window; // its rarest four literal bytes
    bool anchored;
    uint32_t next; // with the same bucket, UINT32_MAX: none
};

struct phrase_set {
    struct phrase *phrases;
    size_t n_phrases, phrase_capacity;
    struct element *elements;
    size_t n_elements, element_capacity;
    char *text;
    size_t text_size, text_capacity;
    uint64_t *bitmap;  // (2^BITMAP_BITS / 64)
    uint32_t *buckets; // (n_buckets): first phrase of each
    uint32_t bucket_shift;
};

struct phrase_set *phrase_set_new(void)
{
    return memory_allocate_array(1, sizeof(struct phrase_set));
}

void phrase_set_free(struct phrase_set **set)
{
    if (*set) {
        memory_free((*set)->phrases);
        memory_free((*set)->elements);
        memory_free((*set)->text);
        memory_free((*set)->bitmap);
        memory_free((*set)->buckets);
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

static uint32_t read_window(const char *bytes)
{
    uint32_t window;
    memcpy(&window, bytes, sizeof window);
    return window;
}

static uint32_t hash_window(uint32_t window)
{
    return window * 0x9E3779B1U;
}

// Splits the pattern into elements behind those of the set; `*n_elements` counts them.
static bantam_status parse(struct phrase_set *set, const char *at, size_t *n_elements,
                           bantam_error *error)
{
    struct element *elements = set->elements + set->n_elements;
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
            elements[n++] = (struct element){.kind = (uint8_t)kind};
            at += length;
            continue;
        }
        if (*at == '\\' && !at[1]) {
            return error_set(error, BANTAM_ERROR_INPUT, "ends in a lone backslash");
        }
        at += *at == '\\';
        if (n == 0 || elements[n - 1].kind != LITERAL) {
            elements[n++] = (struct element){.kind = LITERAL, .bytes = (uint32_t)text};
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

static void choose_window(const struct phrase_set *set, struct phrase *phrase)
{
    unsigned best = UINT32_MAX;
    for (size_t i = 0; i < phrase->n_elements; i++) {
        const struct element *element = &set->elements[phrase->first + i];
        if (element->kind != LITERAL) {
            continue;
        }
        phrase->literal_size = (uint16_t)(phrase->literal_size + element->size);
        const char *bytes = set->text + element->bytes;
        unsigned costs[WINDOW] = {0}; // of the last bytes
        for (size_t at = 0; at < element->size; at++) {
            costs[0] = costs[1];
            costs[1] = costs[2];
            costs[2] = costs[3];
            costs[3] = byte_cost(bytes[at]);
            unsigned common = costs[0] + costs[1] + costs[2] + costs[3];
            if (at + 1 >= WINDOW && common < best) {
                best = common;
                phrase->window = read_window(bytes + at + 1 - WINDOW);
            }
        }
    }
    if (best == UINT32_MAX) {
        phrase->literal_size = 0;
    }
}

bantam_status phrase_set_add(struct phrase_set *set, const char *pattern, bantam_error *error)
{
    size_t size = strlen(pattern), text_before = set->text_size, n_elements = 0;
    if (size == 0 || size > PHRASE_MAXIMUM) {
        return error_set(error, BANTAM_ERROR_INPUT, "has %zu bytes; 1 to %d are allowed", size,
                         PHRASE_MAXIMUM);
    }
    if (!reserve((void **)&set->phrases, &set->phrase_capacity, set->n_phrases + 1,
                 sizeof *set->phrases) ||
        !reserve((void **)&set->elements, &set->element_capacity,
                 set->n_elements + ELEMENTS_MAXIMUM, sizeof *set->elements) ||
        !reserve((void **)&set->text, &set->text_capacity, set->text_size + size, 1)) {
        return error_memory(error);
    }
    struct phrase phrase = {.first = (uint32_t)set->n_elements, .anchored = *pattern == '^'};
    bantam_status status = parse(set, pattern + phrase.anchored, &n_elements, error);
    if (status) {
        set->text_size = text_before;
        return status;
    }
    phrase.n_elements = (uint16_t)n_elements;
    choose_window(set, &phrase);
    if (phrase.literal_size == 0) {
        set->text_size = text_before;
        return error_set(error, BANTAM_ERROR_INPUT, "has no literal run of %d bytes to be found by",
                         WINDOW);
    }
    set->n_elements += n_elements;
    set->phrases[set->n_phrases++] = phrase;
    return BANTAM_OK;
}

bantam_status phrase_set_build(struct phrase_set *set, bantam_error *error)
{
    uint32_t bits = 8;
    while (bits < 16 && (size_t)1 << bits < set->n_phrases * 2) {
        bits++;
    }
    set->bucket_shift = 32 - bits;
    set->bitmap = memory_allocate_array((size_t)1 << (BITMAP_BITS - 6), sizeof *set->bitmap);
    set->buckets = memory_allocate_array((size_t)1 << bits, sizeof *set->buckets);
    if (!set->bitmap || !set->buckets) {
        return error_memory(error);
    }
    memset(set->buckets, 0xFF, ((size_t)1 << bits) * sizeof *set->buckets);
    for (size_t i = 0; i < set->n_phrases; i++) {
        uint32_t hash = hash_window(set->phrases[i].window);
        uint32_t bit = hash >> (32 - BITMAP_BITS);
        set->bitmap[bit >> 6] |= (uint64_t)1 << (bit & 63);
        uint32_t *bucket = &set->buckets[hash >> set->bucket_shift];
        set->phrases[i].next = *bucket;
        *bucket = (uint32_t)i;
    }
    return BANTAM_OK;
}

size_t phrase_set_literal_size(const struct phrase_set *set, size_t phrase)
{
    return set->phrases[phrase].literal_size;
}

struct matcher {
    const struct phrase_set *set;
    const char *text;
    size_t size;
    unsigned steps;               // left
    const struct element *wanted; // what it takes is recorded; NULL: nothing
    size_t taken_at, taken;
    size_t ended;     // where the phrase ends, once it matches
    size_t starts[2]; // where the line's own text begins; found when a phrase asks for it
    size_t n_starts;
};

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static size_t quote_size(const char *text, size_t left)
{
    if (*text == '\'' || *text == '"' || *text == '`') {
        return 1;
    }
    bool curly = left >= 3 && memcmp(text, "\xE2\x80", 2) == 0 && (unsigned char)text[2] >= 0x98 &&
                 (unsigned char)text[2] <= 0x9F;
    return curly ? 3 : 0;
}

static bool is_word_byte(char byte)
{
    return isalnum((unsigned char)byte) || (unsigned char)byte >= 0x80 || strchr("_-.$/\\", byte);
}

static bool is_file_byte(char byte)
{
    return !is_blank(byte) && !strchr(":()\"',<>|[]", byte);
}

// The longest run that the element can take here; 0: none.
static size_t run_length(enum element_kind kind, const char *text, size_t left)
{
    size_t at = 0;
    switch (kind) {
    case NUMBER:
        while (at < left && (isdigit((unsigned char)text[at]) ||
                             (at > 0 && at + 1 < left && (text[at] == '.' || text[at] == ',') &&
                              isdigit((unsigned char)text[at + 1])))) {
            at++;
        }
        return at;
    case WORD:
        while (at < left && text[at] && is_word_byte(text[at])) {
            at++;
        }
        return at;
    case NAME:
        while (at < left && !is_blank(text[at])) {
            at++;
        }
        return at;
    case FILE_NAME:
        if (left > 2 && isalpha((unsigned char)text[0]) && text[1] == ':' &&
            (text[2] == '\\' || text[2] == '/')) {
            at = 2;
        }
        while (at < left && text[at] && is_file_byte(text[at])) {
            at++;
        }
        return at;
    case CODE:
        while (at < left && isupper((unsigned char)text[at])) {
            at++;
        }
        size_t letters = at;
        while (at < left && isdigit((unsigned char)text[at])) {
            at++;
        }
        return letters > 0 && at > letters ? at : 0;
    case BLANKS:
        while (at < left && is_blank(text[at])) {
            at++;
        }
        return at;
    default:
        return left ? quote_size(text, left) : 0;
    }
}

static bool is_file_mark(char byte)
{
    return byte == '.' || byte == '/' || byte == '\\';
}

// The fewest bytes of the run that look like what the element takes: a file has a mark of one.
static size_t least_taken(enum element_kind kind, const char *text, size_t run)
{
    size_t at = 0;
    while (kind == FILE_NAME && at < run && !is_file_mark(text[at])) {
        at++;
    }
    return at + 1;
}

static bool match_here(struct matcher *matcher, const struct element *element, size_t n_elements,
                       size_t at);

static bool match_gap(struct matcher *matcher, const struct element *next, size_t n_next, size_t at)
{
    matcher->ended = at;
    if (n_next == 0) {
        return true;
    }
    while (at <= matcher->size && matcher->steps > 0) {
        if (next->kind == LITERAL) {
            const char *found = memmem(matcher->text + at, matcher->size - at,
                                       matcher->set->text + next->bytes, next->size);
            if (!found) {
                return false;
            }
            at = (size_t)(found - matcher->text);
        } else if (next->kind == END) {
            matcher->ended = matcher->size;
            return true;
        }
        if (match_here(matcher, next, n_next, at)) {
            return true;
        }
        at++;
    }
    return false;
}

static void record(struct matcher *matcher, const struct element *element, size_t at, size_t size)
{
    if (element == matcher->wanted) {
        matcher->taken_at = at;
        matcher->taken = size;
    }
}

// The longest piece of the run at `at` behind which the rest matches.
static bool match_run(struct matcher *matcher, const struct element *element, size_t n_elements,
                      size_t at, size_t run)
{
    const char *text = matcher->text + at;
    bool literal = n_elements > 1 && element[1].kind == LITERAL;
    char first = literal ? matcher->set->text[element[1].bytes] : '\0';
    size_t left = matcher->size - at, least = least_taken(element->kind, text, run);
    for (size_t take = run; take >= least && matcher->steps > 0; take--) {
        if (literal && (take == left || text[take] != first)) {
            matcher->steps--; // as if it had been tried
        } else if (match_here(matcher, element + 1, n_elements - 1, at + take)) {
            record(matcher, element, at, take);
            return true;
        }
    }
    return false;
}

static bool match_here(struct matcher *matcher, const struct element *element, size_t n_elements,
                       size_t at)
{
    for (; n_elements > 0; element++, n_elements--) {
        if (matcher->steps == 0) {
            return false;
        }
        matcher->steps--;
        size_t left = matcher->size - at;
        if (element->kind == LITERAL) {
            if (left < element->size ||
                memcmp(matcher->text + at, matcher->set->text + element->bytes, element->size) !=
                    0) {
                return false;
            }
            at += element->size;
            continue;
        }
        if (element->kind == GAP) {
            return match_gap(matcher, element + 1, n_elements - 1, at);
        }
        if (element->kind == END) {
            matcher->ended = at;
            return left == 0;
        }
        if (element->kind == BORDER) {
            if (at > 0 && left > 0 && isalnum((unsigned char)matcher->text[at - 1]) &&
                isalnum((unsigned char)matcher->text[at])) {
                return false;
            }
            continue;
        }
        size_t run = run_length(element->kind, matcher->text + at, left);
        if (element->kind != CODE && element->kind != QUOTE && element->kind != BLANKS) {
            return match_run(matcher, element, n_elements, at, run);
        }
        if (run == 0) {
            return false;
        }
        record(matcher, element, at, run);
        at += run;
    }
    matcher->ended = at;
    return true;
}

// Where a line's own text begins: after its indentation, and after a level in brackets behind it.
static size_t line_starts(size_t starts[2], const char *text, size_t size)
{
    static const char *const levels[] = {"[error]", "[info]",    "[warn]",  "[ERROR]", "[INFO]",
                                         "[WARN]",  "[WARNING]", "[debug]", "[DEBUG]"};
    size_t at = 0;
    while (at < size && is_blank(text[at])) {
        at++;
    }
    starts[0] = at;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        size_t length = strlen(levels[i]);
        if (size - at > length && memcmp(text + at, levels[i], length) == 0) {
            at += length;
            while (at < size && is_blank(text[at])) {
                at++;
            }
            starts[1] = at;
            return 2;
        }
    }
    return 1;
}

// Whether the literals stand in the line one after the other, without which no phrase matches.
static bool has_literals(const struct matcher *matcher, const struct phrase *phrase)
{
    const struct element *element = &matcher->set->elements[phrase->first];
    const char *at = matcher->text, *end = at + matcher->size;
    for (size_t i = 0; i < phrase->n_elements; i++, element++) {
        if (element->kind == LITERAL) {
            at = memmem(at, (size_t)(end - at), matcher->set->text + element->bytes, element->size);
            if (!at) {
                return false;
            }
            at += element->size;
        }
    }
    return true;
}

// Whether some piece of text that ends at `end` (not 0) is what the element takes.
static bool can_end(enum element_kind kind, const char *text, size_t end)
{
    switch (kind) {
    case NUMBER:
        return isdigit((unsigned char)text[end - 1]);
    case WORD:
        return text[end - 1] && is_word_byte(text[end - 1]);
    case NAME:
        return !is_blank(text[end - 1]);
    default:
        while (end > 0 && text[end - 1] && is_file_byte(text[end - 1])) {
            if (is_file_mark(text[--end])) {
                return true;
            }
        }
        return false;
    }
}

// A phrase that may begin anywhere with a placeholder, and then a literal: goes from literal to literal and looks back,
// as each start would walk the same run again.
static bool match_back(struct matcher *matcher, const struct element *element, size_t n_elements)
{
    const struct element *literal = element + 1;
    const char *bytes = matcher->set->text + literal->bytes;
    for (size_t at = 1; at < matcher->size && matcher->steps > 0; at++) {
        const char *found = memmem(matcher->text + at, matcher->size - at, bytes, literal->size);
        if (!found) {
            return false;
        }
        at = (size_t)(found - matcher->text);
        if (can_end(element->kind, matcher->text, at) &&
            match_here(matcher, literal, n_elements - 1, at)) {
            return true;
        }
    }
    return false;
}

static bool can_match_back(const struct matcher *matcher, const struct phrase *phrase)
{
    const struct element *elements = &matcher->set->elements[phrase->first];
    return !matcher->wanted && phrase->n_elements > 1 && elements[1].kind == LITERAL &&
           elements[0].kind >= NUMBER && elements[0].kind <= FILE_NAME &&
           !(elements[0].kind == NUMBER &&
             isdigit((unsigned char)matcher->set->text[elements[1].bytes]));
}

// Whether the element can stand where the line begins: most phrases end here, without a search for their literals.
static bool can_start(struct matcher *matcher, const struct element *element)
{
    if (matcher->n_starts == 0) {
        matcher->n_starts = line_starts(matcher->starts, matcher->text, matcher->size);
    }
    bool found = element->kind != LITERAL;
    for (size_t i = 0; i < matcher->n_starts && !found; i++) {
        size_t at = matcher->starts[i];
        found = matcher->size - at >= element->size &&
                memcmp(matcher->text + at, matcher->set->text + element->bytes, element->size) == 0;
    }
    return found;
}

static bool match_at_start(struct matcher *matcher, const struct phrase *phrase)
{
    const struct element *elements = &matcher->set->elements[phrase->first];
    for (size_t i = 0; i < matcher->n_starts; i++) {
        if (match_here(matcher, elements, phrase->n_elements, matcher->starts[i])) {
            return true;
        }
    }
    return false;
}

static bool match_phrase(struct matcher *matcher, const struct phrase *phrase)
{
    const struct element *elements = &matcher->set->elements[phrase->first];
    matcher->steps = STEPS_MAXIMUM;
    if ((phrase->anchored && !can_start(matcher, &elements[0])) || !has_literals(matcher, phrase)) {
        return false;
    }
    if (phrase->anchored) {
        return match_at_start(matcher, phrase);
    }
    return can_match_back(matcher, phrase) ? match_back(matcher, elements, phrase->n_elements)
                                           : match_gap(matcher, elements, phrase->n_elements, 0);
}

size_t phrase_set_match(const struct phrase_set *set, const char *text, size_t size,
                        uint32_t *phrases, size_t capacity)
{
    enum {
        TRIED_MAXIMUM = 32,
    };
    uint32_t
        tried[TRIED_MAXIMUM]; // the latest phrases looked at: a window often stands in a line twice
    size_t n_tried = 0, n = 0;
    if (size > PHRASE_LINE_MAXIMUM) {
        size = PHRASE_LINE_MAXIMUM;
    }
    struct matcher matcher = {.set = set, .text = text, .size = size};
    for (size_t at = 0; at + WINDOW <= size; at++) {
        uint32_t window = read_window(text + at), hash = hash_window(window);
        uint32_t bit = hash >> (32 - BITMAP_BITS);
        if (!(set->bitmap[bit >> 6] >> (bit & 63) & 1)) {
            continue;
        }
        for (uint32_t i = set->buckets[hash >> set->bucket_shift]; i != UINT32_MAX;
             i = set->phrases[i].next) {
            bool known = set->phrases[i].window != window;
            for (size_t k = 0; k < n_tried && k < TRIED_MAXIMUM && !known; k++) {
                known = tried[k] == i;
            }
            for (size_t k = 0; k < n && !known; k++) {
                known = phrases[k] == i;
            }
            if (known) {
                continue;
            }
            tried[n_tried++ % TRIED_MAXIMUM] = i;
            if (n < capacity && match_phrase(&matcher, &set->phrases[i])) {
                phrases[n++] = i;
            }
        }
    }
    return n;
}

bool phrase_set_capture(const struct phrase_set *set, size_t phrase, size_t placeholder,
                        const char *text, size_t size, const char **taken, size_t *taken_size)
{
    const struct phrase *wanted = &set->phrases[phrase];
    struct matcher matcher = {.set = set, .text = text, .size = size};
    if (size > PHRASE_LINE_MAXIMUM) {
        matcher.size = PHRASE_LINE_MAXIMUM;
    }
    for (size_t i = 0; i < wanted->n_elements && !matcher.wanted; i++) {
        const struct element *element = &set->elements[wanted->first + i];
        bool takes = element->kind >= NUMBER && element->kind <= CODE;
        if (takes && placeholder-- == 0) {
            matcher.wanted = element;
        }
    }
    if (!matcher.wanted || !match_phrase(&matcher, wanted) || matcher.taken == 0) {
        return false;
    }
    *taken = text + matcher.taken_at;
    *taken_size = matcher.taken;
    return true;
}

bool phrase_set_span(const struct phrase_set *set, size_t phrase, const char *text, size_t size,
                     const char **taken, size_t *taken_size)
{
    const struct phrase *wanted = &set->phrases[phrase];
    const struct element *elements = &set->elements[wanted->first];
    struct matcher matcher = {.set = set, .text = text, .size = size};
    if (size > PHRASE_LINE_MAXIMUM) {
        matcher.size = PHRASE_LINE_MAXIMUM;
    }
    size_t starts[2], n_starts = matcher.size + 1;
    if (wanted->anchored) {
        n_starts = line_starts(starts, text, matcher.size);
    }
    matcher.steps = STEPS_MAXIMUM + PHRASE_LINE_MAXIMUM;
    for (size_t i = 0; i < n_starts; i++) {
        size_t at = wanted->anchored ? starts[i] : i;
        if (match_here(&matcher, elements, wanted->n_elements, at)) {
            *taken = text + at;
            *taken_size = matcher.ended - at;
            return matcher.ended > at;
        }
    }
    return false;
}
