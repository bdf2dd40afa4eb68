// What a set of phrases is made of; phrases.c builds it, phrase_match.c looks for it in lines.
//
// All is numbers and offsets in few arrays without pointers between them, so that a set can be written to a file and used where it
// lies (phrase_set_freeze, phrase_set_thaw). Phrases that are found by the same bytes, or whose bytes fall into one bucket,
// stand beside each other in an index.
#ifndef BANTAM_FEATURES_PHRASE_SET_H
#define BANTAM_FEATURES_PHRASE_SET_H

#include <string.h>

#include "base/load.h"
#include "features/phrases.h"

enum {
    PHRASE_RARE = 4,           // bytes by which the matches of a line are ordered
    PHRASE_NARROW = 3,         // bytes by which phrases of short literals are found
    PHRASE_WIDE = 8,           // … and all others
    PHRASE_WINDOW_REACH = 255, // bytes of a literal among which windows are chosen
    PHRASE_STRIDE = 2, // every second place of a line is looked at: a phrase has two windows
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

struct phrase_element {
    uint32_t kind : 4;
    uint32_t size : 9;   // of a literal
    uint32_t bytes : 19; // of a literal: where in phrase_set.text
};

enum {
    PHRASE_SIZE_MASK = (1 << 9) - 1, // PHRASE_MAXIMUM is below
    PHRASE_TEXT_MASK = (1 << 19) - 1,
};

struct phrase {
    uint32_t first : 25; // in phrase_set.elements
    uint32_t n_elements : 6;
    uint32_t anchored : 1;
    char rare[PHRASE_RARE]; // its rarest bytes, not always within its windows
};

enum {
    PHRASE_FIRST_MASK = (1 << 25) - 1,
    PHRASE_ELEMENTS_MASK = (1 << 6) - 1, // ELEMENTS_MAXIMUM of phrases.c is below
};

// Where a phrase is looked for: three or eight bytes of one of its literals. Three more tell most literals that share these apart,
// before anything but the line and the window is looked at: those of the literal's end that is farther from the window.
struct phrase_window {
    uint32_t check : 24; // three bytes of the literal,
    uint32_t told : 8;   // which begin behind so many of it
    uint16_t phrase;
    uint8_t element; // the literal around it, of the phrase's elements
    uint8_t before;  // bytes of the literal before the window
};

enum {
    PHRASE_CHECK = 3,          // bytes of phrase_window.check
    PHRASE_TOLD_MAXIMUM = 255, // of phrase_window.told
};

// The windows of one width. The filter tells most places where none stands: each window sets two bits of one word (Putze, Sanders
// and Singler, "Cache-, hash- and space-efficient Bloom filters", 2007, with blocks of one word).
struct phrase_index {
    const struct phrase_window
        *windows; // (n_windows) by bucket, in each the phrase added last first
    size_t n_windows;
    const uint16_t *buckets; // (2^bucket_bits + 1) where each bucket begins in `windows`
    const uint64_t *filter;  // (2^filter_bits)
    uint32_t bucket_bits, filter_bits;
};

struct phrase_arrays; // what a set that is being built owns

struct phrase_set {
    const struct phrase *phrases; // (n_phrases)
    size_t n_phrases;
    const struct phrase_element *elements; // (n_elements)
    size_t n_elements;
    const char *text; // (text_size) literals
    size_t text_size;
    struct phrase_index narrow, wide;
    struct phrase_arrays *own; // NULL: the arrays are borrowed
};

static inline uint64_t narrow_of_wide(uint64_t wide)
{
    return wide & 0xFFFFFF;
}

static inline uint64_t read_narrow(const char *bytes)
{
    const unsigned char *three = (const unsigned char *)bytes;
    return (uint64_t)(three[0] | three[1] << 8 | three[2] << 16);
}

static inline uint64_t hash_window(uint64_t window)
{
    return window * 0x9E3779B97F4A7C15U;
}

// The two bits of the filter's word for a hash.
static inline uint64_t filter_mask(uint64_t hash)
{
    return (uint64_t)1 << (hash >> 26 & 63) | (uint64_t)1 << (hash >> 32 & 63);
}

static inline size_t filter_word(uint64_t hash, uint32_t filter_bits)
{
    return (size_t)(hash >> (64 - filter_bits));
}

#endif
