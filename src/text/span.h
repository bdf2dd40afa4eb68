// A borrowed run of bytes and the few questions the readers of this layer ask of one.
//
// Nothing here allocates or looks past the end; the bytes are not terminated and may hold anything.
#ifndef BANTAM_TEXT_SPAN_H
#define BANTAM_TEXT_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
    const char *data;
    size_t size;
};

// A string literal as a span.
#define SPAN(literal) ((struct span){(literal), sizeof(literal) - 1})

static inline struct span span_of(const char *data, size_t size)
{
    return (struct span){data, size};
}

static inline bool span_equal(struct span a, struct span b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool span_starts(struct span text, struct span prefix)
{
    return text.size >= prefix.size && memcmp(text.data, prefix.data, prefix.size) == 0;
}

static inline bool span_ends(struct span text, struct span suffix)
{
    return text.size >= suffix.size &&
           memcmp(text.data + text.size - suffix.size, suffix.data, suffix.size) == 0;
}

static inline bool span_is_one_of(struct span text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (span_equal(text, span_of(words[i], strlen(words[i])))) {
            return true;
        }
    }
    return false;
}

// The same of an array of words.
#define SPAN_IS_ONE_OF(text, words) span_is_one_of(text, words, sizeof(words) / sizeof *(words))

// What is left after the first `count` bytes, empty when there are fewer.
static inline struct span span_after(struct span text, size_t count)
{
    return count < text.size ? span_of(text.data + count, text.size - count)
                             : span_of(text.data + text.size, 0);
}

// If `text` starts with `prefix`, drops it from `text`.
static inline bool span_skip(struct span *text, struct span prefix)
{
    if (!span_starts(*text, prefix)) {
        return false;
    }
    *text = span_after(*text, prefix.size);
    return true;
}

// Offset of the first `needle`, SIZE_MAX where there is none.
size_t span_find(struct span text, struct span needle);

static inline bool span_contains(struct span text, struct span needle)
{
    return span_find(text, needle) != SIZE_MAX;
}

static inline bool byte_is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static inline bool byte_is_lower(char byte)
{
    return byte >= 'a' && byte <= 'z';
}

static inline bool byte_is_upper(char byte)
{
    return byte >= 'A' && byte <= 'Z';
}

static inline bool byte_is_letter(char byte)
{
    return byte_is_lower(byte) || byte_is_upper(byte);
}

static inline bool byte_is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

// Copies the text in lower case (ASCII), at most `capacity` bytes of it; returns how many.
static inline size_t span_lower(char *to, size_t capacity, struct span text)
{
    size_t size = text.size < capacity ? text.size : capacity;
    for (size_t i = 0; i < size; i++) {
        char byte = text.data[i];
        to[i] = (char)(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte);
    }
    return size;
}

static inline struct span span_trim_start(struct span text)
{
    while (text.size > 0 && byte_is_blank(text.data[0])) {
        text = span_after(text, 1);
    }
    return text;
}

// Bytes of blanks that the text begins with.
static inline size_t span_indent(struct span text)
{
    return text.size - span_trim_start(text).size;
}

static inline struct span span_trim(struct span text)
{
    text = span_trim_start(text);
    while (text.size > 0 && byte_is_blank(text.data[text.size - 1])) {
        text.size--;
    }
    return text;
}

// How many digits `text` starts with.
static inline size_t span_digits(struct span text)
{
    size_t count = 0;
    while (count < text.size && byte_is_digit(text.data[count])) {
        count++;
    }
    return count;
}

// The number that `text` starts with into *number (a leading '-' is read), and true; false where there is none or it
// has more than 9 digits.
static inline bool span_number(struct span text, int32_t *number)
{
    bool negative = text.size > 0 && text.data[0] == '-';
    text = span_after(text, negative);
    size_t digits = span_digits(text);
    if (digits == 0 || digits > 9) {
        return false;
    }
    int32_t value = 0;
    for (size_t i = 0; i < digits; i++) {
        value = value * 10 + (text.data[i] - '0');
    }
    *number = negative ? -value : value;
    return true;
}

// The number behind the last `label` in `text`; false where `label` or a number behind it is missing.
static inline bool span_number_after(struct span text, struct span label, int32_t *number)
{
    struct span rest = text;
    bool found = false;
    for (size_t at; (at = span_find(rest, label)) != SIZE_MAX;) {
        rest = span_after(rest, at + label.size);
        found = span_number(rest, number) || found;
    }
    return found;
}

#endif
