// Numbers that lines share only where they mask alike, much faster to tell than by masking them.
//
// Most lines of a log that differ at all differ in digits alone, and the mask looks at a digit's value in two places only: in a name's
// extension (".mp3") and before an 'x' ("0x1f"). Both functions take the text as mask_line does; lines that mask alike may have
// different keys. `salt` tells apart what the text does not.
#ifndef BANTAM_TEXT_MASK_KEY_H
#define BANTAM_TEXT_MASK_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The key of the text as it stands.
uint64_t text_key(const char *text, size_t size, uint64_t salt);

// The key of the text that of most digits knows only that they are digits.
uint64_t mask_key(const char *text, size_t size, uint64_t salt);

// Whether another text may have the same mask_key: not where this one has no digits.
bool mask_key_tells(const char *text, size_t size);

#endif
