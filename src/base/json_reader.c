// Recursive descent without recursion: the caller walks the lists.
#include "base/json_reader.h"

#include <stdlib.h>
#include <string.h>

struct json_reader json_reader_start(const char *json, size_t size)
{
    return (struct json_reader){json, json + size, 1, NULL, false};
}

void json_reader_fail(struct json_reader *reader, const char *fault)
{
    if (!reader->fault) {
        reader->fault = fault;
    }
}

static void skip_blanks(struct json_reader *reader)
{
    while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\n' ||
                                        *reader->at == '\t' || *reader->at == '\r')) {
        reader->line += *reader->at == '\n';
        reader->at++;
    }
}

static bool take(struct json_reader *reader, char byte)
{
    skip_blanks(reader);
    if (reader->fault || reader->at == reader->end || *reader->at != byte) {
        return false;
    }
    reader->at++;
    return true;
}

bool json_reader_enter(struct json_reader *reader, char bracket)
{
    if (!take(reader, bracket)) {
        json_reader_fail(reader, bracket == '{' ? "an object is expected" : "a list is expected");
        return false;
    }
    reader->first = true;
    return true;
}

bool json_reader_next(struct json_reader *reader, char bracket)
{
    if (reader->fault) {
        return false;
    }
    if (take(reader, bracket)) {
        reader->first = false;
        return false;
    }
    if (!reader->first && !take(reader, ',')) {
        json_reader_fail(reader, "a ',' or the end of the list is expected");
        return false;
    }
    reader->first = false;
    return true;
}

static int hexadecimal(char byte)
{
    return byte >= '0' && byte <= '9'   ? byte - '0'
           : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
           : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
                                        : -1;
}

// Decodes \uXXXX below U+10000 that is no half of a pair, as UTF-8; returns its bytes, 0 on failure.
static size_t decode_unicode(const char *digits, const char *end, char out[3])
{
    unsigned code = 0;
    for (int i = 0; i < 4; i++) {
        int digit = digits + i < end ? hexadecimal(digits[i]) : -1;
        if (digit < 0) {
            return 0;
        }
        code = code * 16 + (unsigned)digit;
    }
    if (code == 0 || (code >= 0xD800 && code < 0xE000)) {
        return 0;
    }
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    out[0] = (char)(0xE0 | code >> 12);
    out[1] = (char)(0x80 | (code >> 6 & 0x3F));
    out[2] = (char)(0x80 | (code & 0x3F));
    return 3;
}

// Copies [from, to) with its escapes decoded; returns the bytes written, SIZE_MAX on failure.
static size_t decode(char *out, const char *from, const char *to)
{
    static const char marks[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    size_t n = 0;
    while (from < to) {
        if (*from != '\\') {
            out[n++] = *from++;
            continue;
        }
        const char *mark = from + 1 < to && from[1] ? strchr(marks, from[1]) : NULL;
        if (mark) {
            out[n++] = bytes[mark - marks];
            from += 2;
            continue;
        }
        size_t size = from + 1 < to && from[1] == 'u' ? decode_unicode(from + 2, to, out + n) : 0;
        if (size == 0) {
            return SIZE_MAX;
        }
        n += size;
        from += 6;
    }
    return n;
}

// Whether the bytes stand for themselves in a string: no escapes and no control characters.
static bool is_verbatim(const char *from, const char *to)
{
    unsigned char special = 0;
    for (; from < to; from++) { // no branch, so that compilers make vector code of it
        special |= (unsigned char)(((unsigned char)*from < ' ') | (*from == '\\'));
    }
    return !special;
}

const char *json_reader_string(struct json_reader *reader, struct arena *arena)
{
    if (!take(reader, '"')) {
        json_reader_fail(reader, "a string is expected");
        return NULL;
    }
    const char *from = reader->at, *to = from;
    const char *quote = memchr(from, '"', (size_t)(reader->end - from));
    bool escaped = false;
    if (quote && is_verbatim(from, quote)) {
        to = quote;
    }
    while (to < reader->end && *to != '"' && (unsigned char)*to >= ' ') {
        escaped |= *to == '\\';
        to += *to == '\\' && to + 1 < reader->end ? 2 : 1;
    }
    if (to >= reader->end || *to != '"') {
        json_reader_fail(reader, "a string does not end");
        return NULL;
    }
    reader->at = to + 1;
    char *text = arena_allocate(arena, (size_t)(to - from) + 1);
    if (!text) {
        json_reader_fail(reader, "out of memory");
        return NULL;
    }
    size_t size = (size_t)(to - from);
    if (escaped) {
        size = decode(text, from, to);
        if (size == SIZE_MAX) {
            json_reader_fail(reader, "a string has a wrong escape");
            return NULL;
        }
    } else {
        memcpy(text, from, size);
    }
    text[size] = '\0';
    return text;
}

const char *json_reader_key(struct json_reader *reader, struct arena *arena)
{
    const char *key = json_reader_string(reader, arena);
    if (key && !take(reader, ':')) {
        json_reader_fail(reader, "a ':' is expected");
        return NULL;
    }
    return key;
}

bool json_reader_number(struct json_reader *reader, double *number)
{
    skip_blanks(reader);
    char text[32];
    size_t n = 0;
    while (!reader->fault && reader->at < reader->end && n < sizeof text - 1 && *reader->at &&
           strchr("+-.0123456789eE", *reader->at)) {
        text[n++] = *reader->at++;
    }
    text[n] = '\0';
    char *rest = text;
    *number = n > 0 ? strtod(text, &rest) : 0;
    if (n == 0 || *rest) {
        json_reader_fail(reader, "a number is expected");
        return false;
    }
    return true;
}

bool json_reader_end(struct json_reader *reader)
{
    skip_blanks(reader);
    if (reader->at < reader->end) {
        json_reader_fail(reader, "something follows the end");
    }
    return !reader->fault;
}
