// The one UTF-8 decoder step that cleaning, rendering and checks share.
#ifndef BANTAM_TEXT_UTF8_H
#define BANTAM_TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Bytes of the well-formed UTF-8 sequence at the start of `bytes` (`size` >= 1), 0 where it is damaged, overlong, a
// surrogate or cut off. Unicode 15, table 3-7.
static inline size_t utf8_length(const char *bytes, size_t size)
{
    const uint8_t *at = (const uint8_t *)bytes;
    if (at[0] < 0x80) {
        return 1;
    }
    if (at[0] < 0xC2 || at[0] > 0xF4) {
        return 0;
    }
    size_t length = at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
    if (size < length) {
        return 0;
    }
    uint8_t low = at[0] == 0xE0 ? 0xA0 : at[0] == 0xF0 ? 0x90 : 0x80;
    uint8_t high = at[0] == 0xED ? 0x9F : at[0] == 0xF4 ? 0x8F : 0xBF;
    if (at[1] < low || at[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < length; i++) {
        if (at[i] < 0x80 || at[i] > 0xBF) {
            return 0;
        }
    }
    return length;
}

// Whether all of it is well-formed.
static inline bool utf8_is_valid(const char *bytes, size_t size)
{
    size_t length = 1;
    for (; size > 0 && length > 0; bytes += length, size -= length) {
        length = utf8_length(bytes, size);
    }
    return size == 0;
}

#endif
