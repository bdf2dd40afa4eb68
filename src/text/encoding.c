// Line ends and UTF-16; see encoding.h.
#include "text/encoding.h"

#include <stdbool.h>
#include <string.h>

enum {
    DETECT_BYTES = 4096,
    DETECT_MINIMUM = 8,
};

enum encoding encoding_detect(const char *raw, size_t size, size_t *mark_size)
{
    *mark_size = 0;
    if (size >= 3 && memcmp(raw, "\xEF\xBB\xBF", 3) == 0) {
        *mark_size = 3;
        return ENCODING_BYTES;
    }
    if (size >= 2 && (memcmp(raw, "\xFF\xFE", 2) == 0 || memcmp(raw, "\xFE\xFF", 2) == 0)) {
        *mark_size = 2;
        return raw[0] == (char)0xFF ? ENCODING_UTF16_LITTLE : ENCODING_UTF16_BIG;
    }
    size_t limit = size < DETECT_BYTES ? size : DETECT_BYTES;
    size_t nul[2] = {0, 0}; // at even and at odd offsets
    for (size_t at = 0; at < limit; at++) {
        nul[at & 1] += raw[at] == 0;
    }
    size_t half = limit / 2;
    if (limit < DETECT_MINIMUM) {
        return ENCODING_BYTES;
    }
    // Text of mostly Western letters: nearly every second byte is NUL and hardly any of the others.
    if (nul[1] >= half - half / 4 && nul[0] <= half / 16) {
        return ENCODING_UTF16_LITTLE;
    }
    if (nul[0] >= half - half / 4 && nul[1] <= half / 16) {
        return ENCODING_UTF16_BIG;
    }
    return ENCODING_BYTES;
}

size_t encoding_line_end(enum encoding encoding, const char *raw, size_t at, size_t size,
                         size_t *end_size)
{
    *end_size = encoding == ENCODING_BYTES ? 1 : 2;
    size_t base = at; // every line begins at a code unit
    while (at < size) {
        const char *found = memchr(raw + at, '\n', size - at);
        if (!found) {
            return size;
        }
        size_t place = (size_t)(found - raw);
        if (encoding == ENCODING_BYTES) {
            return place;
        }
        bool odd = (place - base) & 1;
        if (encoding == ENCODING_UTF16_LITTLE && !odd && place + 1 < size && !raw[place + 1]) {
            return place;
        }
        if (encoding == ENCODING_UTF16_BIG && odd && !raw[place - 1]) {
            return place - 1;
        }
        at = place + 1;
    }
    return size;
}

enum {
    COUNT_BLOCK =
        240 // bytes; whole vectors, and few enough that a vector of byte counters cannot overflow
};

// Of a known size, so that compilers make vectors of it.
static unsigned count_in_block(const char *raw)
{
    uint8_t count = 0;
    for (size_t i = 0; i < COUNT_BLOCK; i++) {
        count = (uint8_t)(count + (raw[i] == '\n'));
    }
    return count;
}

uint64_t encoding_count_lines(enum encoding encoding, const char *raw, size_t size)
{
    uint64_t count = 0;
    if (encoding == ENCODING_BYTES) {
        size_t at = 0;
        for (; size - at >= COUNT_BLOCK; at += COUNT_BLOCK) {
            count += count_in_block(raw + at);
        }
        for (; at < size; at++) {
            count += raw[at] == '\n';
        }
        return count + (size > 0 && raw[size - 1] != '\n');
    }
    for (size_t at = 0; at < size; count++) {
        size_t end_size;
        at = encoding_line_end(encoding, raw, at, size, &end_size);
        at = size - at > end_size ? at + end_size : size;
    }
    return count;
}

size_t encoding_capacity(size_t size)
{
    return size / 2 * 3 + 3;
}

static unsigned unit(enum encoding encoding, const char *at)
{
    unsigned first = (uint8_t)at[0], second = (uint8_t)at[1];
    return encoding == ENCODING_UTF16_LITTLE ? first | second << 8 : first << 8 | second;
}

static size_t put(char *out, unsigned code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

size_t encoding_convert(enum encoding encoding, char *out, const char *raw, size_t size)
{
    size_t written = 0, at = 0;
    for (; size - at >= 2; at += 2) {
        unsigned code = unit(encoding, raw + at);
        bool leads = code >= 0xD800 && code <= 0xDBFF;
        unsigned next = leads && size - at >= 4 ? unit(encoding, raw + at + 2) : 0;
        if (leads && next >= 0xDC00 && next <= 0xDFFF) {
            code = 0x10000 + ((code - 0xD800) << 10) + (next - 0xDC00);
            at += 2;
        } else if (code >= 0xD800 && code <= 0xDFFF) {
            code = 0xFFFD;
        }
        written += put(out + written, code);
    }
    return at < size ? written + put(out + written, 0xFFFD) : written;
}

const char *encoding_visible_part(enum encoding encoding, const char *line, size_t *size,
                                  size_t maximum)
{
    size_t start = 0;
    bool visible = false;
    for (size_t at = *size / 2 * 2; at >= 2 && start == 0; at -= 2) {
        unsigned code = unit(encoding, line + at - 2);
        if (code == '\r' && visible) {
            start = at;
        }
        visible = visible || code > 0x20;
    }
    *size = *size - start < maximum ? *size - start : maximum;
    return line + start;
}
