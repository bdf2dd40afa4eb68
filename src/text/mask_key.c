// Digits become '0', but for the few whose values count, and XXH3 hashes what that gives. Sixteen bytes at a time and without a branch:
// where the digits stand in a line can't be guessed.
#include "text/mask_key.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/load.h"
#include "text/mask.h"

enum {
    LANES = 16,
    WORD = 8, // bytes of a number
};
typedef uint8_t byte_lanes __attribute__((vector_size(LANES)));

_Static_assert(MASK_BYTES_MAXIMUM % LANES == 0, "whole lanes are written");

uint64_t text_key(const char *text, size_t size, uint64_t salt)
{
    return XXH3_64bits_withSeed(text, size < MASK_BYTES_MAXIMUM ? size : MASK_BYTES_MAXIMUM, salt);
}

static byte_lanes load_lanes(const char *bytes)
{
    byte_lanes lanes;
    memcpy(&lanes, bytes, sizeof lanes);
    return lanes;
}

static uint64_t half_of(byte_lanes lanes, size_t half)
{
    char bytes[LANES];
    memcpy(bytes, &lanes, sizeof bytes);
    return load_eight(bytes + half * WORD);
}

bool mask_key_tells(const char *text, size_t size)
{
    size = size < MASK_BYTES_MAXIMUM ? size : MASK_BYTES_MAXIMUM;
    byte_lanes digits = {0};
    size_t at = 0;
    for (; size - at >= LANES; at += LANES) {
        digits |= (byte_lanes)(load_lanes(text + at) - '0' <= 9);
    }
    if (at < size && size >= LANES) { // the last ones, some of them again
        digits |= (byte_lanes)(load_lanes(text + size - LANES) - '0' <= 9);
        at = size;
    }
    bool found = (half_of(digits, 0) | half_of(digits, 1)) != 0;
    for (; at < size; at++) {
        found = found || (uint8_t)(text[at] - '0') <= 9;
    }
    return found;
}

// The digits of the runs that begin with one of `starts`; bytes are 0xFF where something is, else 0. Adding 1 to a run makes it 0 and
// goes over into the byte behind it, or into `*carry` for a run that goes on in the next eight bytes.
static uint64_t runs_from(uint64_t digits, uint64_t starts, uint64_t *carry)
{
    uint64_t sum;
    bool over = __builtin_add_overflow(digits, (starts & 0x0101010101010101U) | *carry, &sum);
    *carry = over;
    return digits & ~sum;
}

uint64_t mask_key(const char *text, size_t size, uint64_t salt)
{
    // The text, with a zero before it and so many behind that lanes can be read from each byte's neighbours.
    char padded[LANES + MASK_BYTES_MAXIMUM + LANES + 1], folded[MASK_BYTES_MAXIMUM];
    char *bytes = padded + LANES;
    size = size < MASK_BYTES_MAXIMUM ? size : MASK_BYTES_MAXIMUM;
    bytes[-1] = 0;
    memcpy(bytes, text, size);
    memset(bytes + size, 0, LANES + 1);
    uint64_t carry = 0;
    for (size_t at = 0; at < size; at += LANES) {
        byte_lanes before = (load_lanes(bytes + at - 1) | 0x20) - 'a';
        byte_lanes behind = load_lanes(bytes + at + 1) | 0x20;
        byte_lanes values = load_lanes(bytes + at) - '0', digits = (byte_lanes)(values <= 9);
        // An extension begins with a letter and holds letters and digits alone: its digits stand in runs behind letters.
        byte_lanes starts = digits & (byte_lanes)(before < 26);
        byte_lanes before_x = digits & (byte_lanes)(behind == 'x');
        for (size_t half = 0; half < LANES / WORD; half++) {
            uint64_t kept = half_of(before_x, half) |
                            runs_from(half_of(digits, half), half_of(starts, half), &carry);
            // No byte borrows of another: a digit is at least '0'.
            uint64_t word =
                load_eight(bytes + at + half * WORD) - (half_of(values & digits, half) & ~kept);
            memcpy(folded + at + half * WORD, &word, sizeof word);
        }
    }
    return XXH3_64bits_withSeed(folded, size, salt);
}
