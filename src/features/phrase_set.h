// What a set of phrases is made of; phrases.c builds it, phrase_match.c looks for it in lines.
//
// All is numbers and offsets in few arrays without pointers between them, so that a set can be written to a file and used where it
// lies (phrase_set_freeze, phrase_set_thaw). Phrases that look for the same four bytes, or whose bytes fall into one bucket, stand
// beside each other in `windows`.
#ifndef BANTAM_FEATURES_PHRASE_SET_H
#define BANTAM_FEATURES_PHRASE_SET_H

#include <string.h>

#include "features/phrases.h"

enum {
    PHRASE_WINDOW = 4,
    PHRASE_BITMAP_BITS = 16,
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
    uint16_t kind;
    uint16_t size;  // of a literal
    uint32_t bytes; // of a literal: where in phrase_set.text
};

struct phrase {
    uint32_t first; // in phrase_set.elements
    uint16_t n_elements;
    uint16_t literal_size; // bytes of all its literals
    uint32_t anchored;
};

// Where a phrase is looked for: its rarest four literal bytes, and the literal around them.
struct phrase_window {
    uint32_t bytes; // as read_window reads them
    uint32_t phrase;
    uint32_t literal; // where in phrase_set.text
    uint16_t size;    // of the literal
    uint16_t before;  // bytes of the literal before the window
};

struct phrase_arrays; // what a set that is being built owns

struct phrase_set {
    const struct phrase *phrases; // (n_phrases)
    size_t n_phrases;
    const struct phrase_element *elements; // (n_elements)
    size_t n_elements;
    const char *text; // (text_size) literals
    size_t text_size;
    const struct phrase_window
        *windows;            // (n_phrases) by bucket; within one, the phrase added last comes first
    const uint32_t *buckets; // (2^bucket_bits + 1) where each bucket begins in `windows`
    const uint64_t *bitmap;  // (2^PHRASE_BITMAP_BITS / 64) which hashes of windows there are
    uint32_t bucket_bits;
    struct phrase_arrays *own; // NULL: the arrays are borrowed
};

static inline uint32_t read_window(const char *bytes)
{
    uint32_t window;
    memcpy(&window, bytes, sizeof window);
    return window;
}

static inline uint32_t hash_window(uint32_t window)
{
    return window * 0x9E3779B1U;
}

#endif
