// Looks for all phrases of a set in a line at once.
//
// A line is walked once; two filters tell the few positions where the window of some phrase may stand, and only where the whole
// literal around that window stands as well is the phrase itself tried.
#include <string.h>

#include "features/phrase_backtrack.h"
#include "text/span.h"

enum {
    TRIED_MAXIMUM = 32,
    MATCHES_MAXIMUM = 256, // of one line
};

// The phrases found so far, in the order in which the first of their rarest bytes stand in the line.
struct matches {
    uint32_t *phrases;
    size_t n, capacity;
    uint32_t tried
        [TRIED_MAXIMUM]; // the latest phrases looked at: a literal often stands in a line twice
    size_t n_tried;
    uint16_t places[MATCHES_MAXIMUM]; // (n) of those bytes
};

static bool was_tried(const struct matches *matches, uint32_t phrase)
{
    for (size_t i = 0; i < matches->n_tried && i < TRIED_MAXIMUM; i++) {
        if (matches->tried[i] == phrase) {
            return true;
        }
    }
    for (size_t i = 0; i < matches->n; i++) {
        if (matches->phrases[i] == phrase) {
            return true;
        }
    }
    return false;
}

// Keeps the order; where there is no more room, the last one is dropped.
static void insert(struct matches *matches, uint32_t phrase, size_t place)
{
    size_t at = matches->n;
    while (at > 0 && (matches->places[at - 1] > place ||
                      (matches->places[at - 1] == place && matches->phrases[at - 1] < phrase))) {
        at--;
    }
    if (at == matches->capacity) {
        return;
    }
    size_t n_moved = (matches->n < matches->capacity ? matches->n : matches->capacity - 1) - at;
    memmove(matches->phrases + at + 1, matches->phrases + at, n_moved * sizeof *matches->phrases);
    memmove(matches->places + at + 1, matches->places + at, n_moved * sizeof *matches->places);
    matches->phrases[at] = phrase;
    matches->places[at] = (uint16_t)place;
    matches->n = at + 1 + n_moved;
}

// Whether as many bytes are the same; of four at least, as a literal has. Most that differ do so at the end: what they begin with, windows
// have told already.
static bool are_same(const char *one, const char *other, size_t size)
{
    if (size < 8) {
        return load_four(one + size - 4) == load_four(other + size - 4) &&
               load_four(one) == load_four(other);
    }
    return load_eight(one + size - 8) == load_eight(other + size - 8) &&
           (size <= 16 ? load_eight(one) == load_eight(other) : memcmp(one, other, size - 8) == 0);
}

// The literal around a window that was seen at `at` stands there.
static bool has_literal_at(const struct phrase_matcher *matcher, const struct phrase_window *window,
                           size_t at)
{
    const struct phrase_set *set = matcher->set;
    const struct phrase_element *literal =
        &set->elements[set->phrases[window->phrase].first + window->element];
    return at >= window->before && matcher->size - (at - window->before) >= literal->size &&
           are_same(matcher->text + at - window->before, set->text + literal->bytes, literal->size);
}

static void try_window(struct phrase_matcher *matcher, struct matches *matches,
                       const struct phrase_window *window, size_t at)
{
    const struct phrase *phrase = &matcher->set->phrases[window->phrase];
    if (!has_literal_at(matcher, window, at) || was_tried(matches, window->phrase)) {
        return;
    }
    matches->tried[matches->n_tried++ % TRIED_MAXIMUM] = window->phrase;
    if (phrase_try(matcher, phrase)) {
        struct span rare = span_of(phrase->rare, sizeof phrase->rare);
        insert(matches, window->phrase, span_find(span_of(matcher->text, matcher->size), rare));
    }
}

// What the window's check tells of stands in the line where it should.
static bool check_fits(const struct phrase_matcher *matcher, const struct phrase_window *window,
                       size_t at)
{
    size_t told = at + window->told - window->before;
    return at >= window->before && told + PHRASE_CHECK <= matcher->size &&
           read_narrow(matcher->text + told) == window->check;
}

static void try_windows(struct phrase_matcher *matcher, struct matches *matches,
                        const struct phrase_index *index, uint64_t bytes, size_t at)
{
    const uint16_t *bucket = &index->buckets[hash_window(bytes) >> (64 - index->bucket_bits)];
    for (uint32_t i = bucket[0]; i < bucket[1]; i++) {
        if (check_fits(matcher, &index->windows[i], at)) {
            try_window(matcher, matches, &index->windows[i], at);
        }
    }
}

// Whether some window of the index may have these bytes: both bits are there.
static bool may_hold(const struct phrase_index *index, uint64_t bytes)
{
    uint64_t hash = hash_window(bytes), word = index->filter[filter_word(hash, index->filter_bits)];
    return (word >> (hash >> 26 & 63)) & (word >> (hash >> 32 & 63)) & 1;
}

size_t phrase_set_match(const struct phrase_set *set, const char *text, size_t size,
                        uint32_t *phrases, size_t capacity)
{
    struct phrase_matcher matcher = {.set = set, .text = text, .size = size};
    if (size > PHRASE_LINE_MAXIMUM) {
        matcher.size = PHRASE_LINE_MAXIMUM;
    }
    struct matches matches;
    matches.phrases = phrases;
    matches.capacity = capacity < MATCHES_MAXIMUM ? capacity : MATCHES_MAXIMUM;
    matches.n = matches.n_tried = 0; // the rest is filled as these grow
    const struct phrase_index narrow = set->narrow, wide = set->wide;
    size_t at = 0;
    for (; at + PHRASE_WIDE <= matcher.size; at += PHRASE_STRIDE) {
        uint64_t bytes = load_eight(text + at), few = narrow_of_wide(bytes);
        // Both are asked before the one jump: two would be guessed wrong twice as often.
        bool may_wide = may_hold(&wide, bytes), may_narrow = may_hold(&narrow, few);
        if ((unsigned)may_wide | (unsigned)may_narrow) {
            if (may_wide) {
                try_windows(&matcher, &matches, &wide, bytes, at);
            }
            if (may_narrow) {
                try_windows(&matcher, &matches, &narrow, few, at);
            }
        }
    }
    for (; at + PHRASE_NARROW <= matcher.size; at += PHRASE_STRIDE) {
        uint64_t few = read_narrow(text + at);
        if (may_hold(&narrow, few)) {
            try_windows(&matcher, &matches, &narrow, few, at);
        }
    }
    return matches.n;
}

bool phrase_set_capture(const struct phrase_set *set, size_t phrase, size_t placeholder,
                        const char *text, size_t size, const char **taken, size_t *taken_size)
{
    const struct phrase *wanted = &set->phrases[phrase];
    struct phrase_matcher matcher = {.set = set, .text = text, .size = size};
    if (size > PHRASE_LINE_MAXIMUM) {
        matcher.size = PHRASE_LINE_MAXIMUM;
    }
    for (size_t i = 0; i < wanted->n_elements && !matcher.wanted; i++) {
        const struct phrase_element *element = &set->elements[wanted->first + i];
        bool takes = element->kind >= NUMBER && element->kind <= CODE;
        if (takes && placeholder-- == 0) {
            matcher.wanted = element;
        }
    }
    if (!matcher.wanted || !phrase_try(&matcher, wanted) || matcher.taken == 0) {
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
    const struct phrase_element *elements = &set->elements[wanted->first];
    struct phrase_matcher matcher = {.set = set, .text = text, .size = size};
    if (size > PHRASE_LINE_MAXIMUM) {
        matcher.size = PHRASE_LINE_MAXIMUM;
    }
    size_t starts[2], n_starts = matcher.size + 1;
    if (wanted->anchored) {
        n_starts = phrase_line_starts(starts, text, matcher.size);
    }
    matcher.steps = PHRASE_STEPS_MAXIMUM + PHRASE_LINE_MAXIMUM;
    for (size_t i = 0; i < n_starts; i++) {
        size_t at = wanted->anchored ? starts[i] : i;
        if (phrase_try_here(&matcher, elements, wanted->n_elements, at)) {
            *taken = text + at;
            *taken_size = matcher.ended - at;
            return matcher.ended > at;
        }
    }
    return false;
}
