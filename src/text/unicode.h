// Code points and what Python's str says of them: which are of a word, which are blank, lower case, what stays without
// accents. Unicode 15.0 from tables of our own (tools/unicode_tables.py): system libraries differ in their version, and with
// it features and so whole models would differ from machine to machine.
#ifndef BANTAM_TEXT_UNICODE_H
#define BANTAM_TEXT_UNICODE_H

#include <stddef.h>
#include <stdint.h>

#define UNICODE_VERSION "15.0"

enum unicode_property {
    UNICODE_WORD = 1 << 0,           // \w of Python's re: str.isalnum() or '_'
    UNICODE_SPACE = 1 << 1,          // str.isspace()
    UNICODE_COMBINING = 1 << 2,      // unicodedata.combining() is not 0
    UNICODE_CASED = 1 << 3,          // has an upper or lower case
    UNICODE_CASE_IGNORABLE = 1 << 4, // looked past where the case of a neighbour matters
    UNICODE_LOWERS = 1 << 5,         // its lower case is another code point
    UNICODE_UNACCENTS = 1 << 6,      // unicode_unaccent changes it
};

enum {
    UNICODE_DAMAGED = 0xFFFD,     // stands for what is not UTF-8
    UNICODE_UNACCENTED_MOST = 18, // code points that one becomes at most
    UTF8_MOST = 4,                // bytes of a code point
};

// Bits of enum unicode_property; 0 beyond the last code point.
unsigned unicode_properties(uint32_t point);

// The first code point of [at, end), which is not empty, and its size in bytes. Damage is UNICODE_DAMAGED, one for each
// longest piece that begins a code point, as Python's errors="replace" does it.
uint32_t unicode_decode(const unsigned char *at, const unsigned char *end, size_t *size);

// Writes a code point and returns its size.
size_t utf8_encode(uint32_t point, char bytes[UTF8_MOST]);

// Simple lower case. What hangs on the place or becomes two code points (U+03A3, U+0130) is for the caller.
uint32_t unicode_lower(uint32_t point);

// Writes NFKD of a code point without what is combining, and returns how many code points that is; 0 for a mark itself.
size_t unicode_unaccent(uint32_t point, uint32_t points[UNICODE_UNACCENTED_MOST]);

#endif
