// Decoding after the table of well-formed sequences (Unicode 15, table 3-7); widths after East Asian Width, coarsely.
#include "report/utf8.h"

#include <string.h>

size_t utf8_decode(const char *bytes, size_t size, uint32_t *character)
{
    const unsigned char *in = (const unsigned char *)bytes;
    unsigned lead = in[0];
    *character = UTF8_DAMAGED;
    if (lead < 0x80) {
        *character = lead;
        return 1;
    }
    size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4) {
        return 1;
    }
    // The second byte's range keeps out overlong forms, surrogates and what lies above U+10FFFF.
    unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    uint32_t value = lead & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (i >= size || in[i] < low || in[i] > high) {
            return i;
        }
        value = value << 6 | (in[i] & 0x3fu);
        low = 0x80;
        high = 0xbf;
    }
    *character = value;
    return length;
}

bool utf8_is_control(uint32_t character)
{
    return character < 0x20 || (character >= 0x7f && character < 0xa0) ||
           (character >= 0x2028 && character <= 0x202e) ||
           (character >= 0x2066 && character <= 0x2069) || character == 0x061c ||
           character == 0x200e || character == 0x200f;
}

struct range {
    uint32_t first, last;
};

static bool within(const struct range *ranges, size_t n_ranges, uint32_t character)
{
    for (size_t i = 0; i < n_ranges; i++) {
        if (character < ranges[i].first) {
            return false;
        }
        if (character <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

int utf8_columns(uint32_t character)
{
    static const struct range zero[] = {
        {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x064b, 0x065f}, {0x0900, 0x0902},
        {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200d},
        {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0xe0100, 0xe01ef},
    };
    static const struct range wide[] = {
        {0x1100, 0x115f},   {0x231a, 0x231b},   {0x23e9, 0x23ec},   {0x23f0, 0x23f0},
        {0x23f3, 0x23f3},   {0x25fd, 0x25fe},   {0x2614, 0x2615},   {0x2648, 0x2653},
        {0x267f, 0x267f},   {0x2693, 0x2693},   {0x26a1, 0x26a1},   {0x26aa, 0x26ab},
        {0x26bd, 0x26be},   {0x26c4, 0x26c5},   {0x26ce, 0x26ce},   {0x26d4, 0x26d4},
        {0x26ea, 0x26ea},   {0x26f2, 0x26f3},   {0x26f5, 0x26f5},   {0x26fa, 0x26fa},
        {0x26fd, 0x26fd},   {0x2705, 0x2705},   {0x270a, 0x270b},   {0x2728, 0x2728},
        {0x274c, 0x274c},   {0x274e, 0x274e},   {0x2753, 0x2755},   {0x2757, 0x2757},
        {0x2795, 0x2797},   {0x27b0, 0x27b0},   {0x27bf, 0x27bf},   {0x2b1b, 0x2b1c},
        {0x2b50, 0x2b50},   {0x2b55, 0x2b55},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},
        {0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
        {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f004, 0x1f004}, {0x1f0cf, 0x1f0cf},
        {0x1f18e, 0x1f18e}, {0x1f191, 0x1f19a}, {0x1f200, 0x1f320}, {0x1f32d, 0x1f335},
        {0x1f337, 0x1f37c}, {0x1f37e, 0x1f393}, {0x1f3a0, 0x1f3ca}, {0x1f3cf, 0x1f3d3},
        {0x1f3e0, 0x1f3f0}, {0x1f3f4, 0x1f3f4}, {0x1f3f8, 0x1f43e}, {0x1f440, 0x1f440},
        {0x1f442, 0x1f4fc}, {0x1f4ff, 0x1f53d}, {0x1f54b, 0x1f54e}, {0x1f550, 0x1f567},
        {0x1f57a, 0x1f57a}, {0x1f595, 0x1f596}, {0x1f5a4, 0x1f5a4}, {0x1f5fb, 0x1f64f},
        {0x1f680, 0x1f6c5}, {0x1f6cc, 0x1f6cc}, {0x1f6d0, 0x1f6d2}, {0x1f6d5, 0x1f6d7},
        {0x1f6dc, 0x1f6df}, {0x1f6eb, 0x1f6ec}, {0x1f6f4, 0x1f6fc}, {0x1f7e0, 0x1f7eb},
        {0x1f90c, 0x1f93a}, {0x1f93c, 0x1f945}, {0x1f947, 0x1f9ff}, {0x1fa70, 0x1faff},
        {0x20000, 0x3fffd},
    };
    if (character < 0x300) {
        return 1;
    }
    if (within(zero, sizeof zero / sizeof *zero, character)) {
        return 0;
    }
    return within(wide, sizeof wide / sizeof *wide, character) ? 2 : 1;
}

void utf8_append_visible(bantam_buffer *out, const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        uint32_t character;
        size_t step = utf8_decode(bytes + at, size - at, &character);
        if (character == UTF8_DAMAGED) {
            bantam_buffer_append_string(out, UTF8_REPLACEMENT);
        } else if (utf8_is_control(character)) {
            bantam_buffer_append_string(out, " ");
        } else {
            bantam_buffer_append(out, bytes + at, step);
        }
        at += step;
    }
}

void utf8_append_visible_string(bantam_buffer *out, const char *string)
{
    utf8_append_visible(out, string, strlen(string));
}
