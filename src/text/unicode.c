// Look-ups in the tables, and UTF-8.
#include "text/unicode.h"

#include "text/unicode_tables.inc"

enum {
    BLOCK_BITS = 4,
    GROUP_BITS = 5,
    LAST_CODE_POINT = 0x10FFFF,
    HANGUL_FIRST = 0xAC00,
    HANGUL_LAST = 0xD7A3,
};

unsigned unicode_properties(uint32_t point)
{
    if (point > LAST_CODE_POINT) {
        return 0;
    }
    size_t group = property_groups[point >> (BLOCK_BITS + GROUP_BITS)];
    uint32_t of_group = point >> BLOCK_BITS & ((1U << GROUP_BITS) - 1);
    size_t block = property_blocks[(group << GROUP_BITS) + of_group];
    return properties[(block << BLOCK_BITS) + (point & ((1U << BLOCK_BITS) - 1))];
}

// The lowest and highest second byte that may follow a lead byte (Unicode 15, table 3-7), and how many bytes it leads.
static size_t lead(unsigned char byte, unsigned char *low, unsigned char *high)
{
    *low = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
    *high = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
    return byte < 0x80   ? 1
           : byte < 0xC2 ? 0
           : byte < 0xE0 ? 2
           : byte < 0xF0 ? 3
           : byte < 0xF5 ? 4
                         : 0;
}

uint32_t unicode_decode(const unsigned char *at, const unsigned char *end, size_t *size)
{
    unsigned char low, high;
    size_t n = lead(*at, &low, &high);
    *size = 1;
    if (n < 2) {
        return n ? *at : UNICODE_DAMAGED;
    }
    uint32_t point = *at & (0xFFU >> (n + 1));
    for (; *size < n; ++*size) {
        if (at + *size >= end || at[*size] < low || at[*size] > high) {
            return UNICODE_DAMAGED;
        }
        point = point << 6 | (at[*size] & 0x3F);
        low = 0x80;
        high = 0xBF;
    }
    return point;
}

size_t utf8_encode(uint32_t point, char bytes[UTF8_MOST])
{
    if (point < 0x80) {
        bytes[0] = (char)point;
        return 1;
    }
    size_t n = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (point & 0x3F));
        point >>= 6;
    }
    bytes[0] = (char)((0xF00U >> n & 0xF0) | point);
    return n;
}

uint32_t unicode_lower(uint32_t point)
{
    size_t low = 0, high = sizeof lower_runs / sizeof *lower_runs / 4;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const int32_t *run = lower_runs + 4 * middle;
        if ((int32_t)point < run[0]) {
            high = middle;
        } else if ((int32_t)point > run[1]) {
            low = middle + 1;
        } else {
            return ((int32_t)point - run[0]) % run[2] ? point : (uint32_t)((int32_t)point + run[3]);
        }
    }
    return point;
}

static size_t unaccent_hangul(uint32_t point, uint32_t *points)
{
    uint32_t syllable = point - HANGUL_FIRST, tail = syllable % 28;
    points[0] = 0x1100 + syllable / 588;
    points[1] = 0x1161 + syllable % 588 / 28;
    points[2] = 0x11A7 + tail;
    return tail ? 3 : 2;
}

static size_t decode_utf16(const uint16_t *at, const uint16_t *end, uint32_t *points)
{
    size_t n = 0;
    for (; at < end; at++) {
        points[n] = *at;
        if ((*at & 0xFC00) == 0xD800) {
            points[n] = 0x10000 + ((*at & 0x3FFU) << 10) + (at[1] & 0x3FF);
            at++;
        }
        n++;
    }
    return n;
}

size_t unicode_unaccent(uint32_t point, uint32_t points[UNICODE_UNACCENTED_MOST])
{
    unsigned is = unicode_properties(point);
    if (is & UNICODE_COMBINING) {
        return 0;
    }
    points[0] = point;
    if (!(is & UNICODE_UNACCENTS)) {
        return 1;
    }
    if (point >= HANGUL_FIRST && point <= HANGUL_LAST) {
        return unaccent_hangul(point, points);
    }
    const uint16_t *plane = unaccented_planes + (point >> 16);
    size_t low = plane[0], high = plane[1];
    while (low + 1 < high) {
        size_t middle = (low + high) / 2;
        if (unaccented_keys[middle] <= (point & 0xFFFF)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return decode_utf16(unaccented_pool + unaccented_starts[low],
                        unaccented_pool + unaccented_starts[low + 1], points);
}
