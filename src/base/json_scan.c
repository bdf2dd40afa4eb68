// One pass over the text with a position and a depth; the first fault stops it for good.
#include "base/json_scan.h"

#include <stdint.h>
#include <string.h>

enum {
    DEPTH_MAXIMUM = 32,
};

static bool fault(struct json_scan *scan, const char *problem)
{
    if (!scan->problem) {
        scan->problem = problem;
    }
    return false;
}

char json_scan_peek(struct json_scan *scan)
{
    while (scan->at < scan->size) {
        char byte = scan->text[scan->at];
        if (byte != ' ' && byte != '\n' && byte != '\t' && byte != '\r') {
            return scan->problem ? '\0' : byte;
        }
        scan->at++;
    }
    return '\0';
}

bool json_scan_expect(struct json_scan *scan, char sign)
{
    if (json_scan_peek(scan) != sign) {
        return fault(scan, sign == '{'   ? "an object should begin here"
                           : sign == '[' ? "a list should begin here"
                           : sign == '"' ? "a text should begin here"
                                         : "a sign such as ':' is missing here");
    }
    scan->at++;
    return true;
}

bool json_scan_next(struct json_scan *scan, char close, bool *first)
{
    char byte = json_scan_peek(scan);
    if (byte == close) {
        scan->at++;
        return false;
    }
    if (!*first) {
        if (byte != ',') {
            return fault(scan, "a comma or the end of the list is missing here");
        }
        scan->at++;
        if (json_scan_peek(scan) == close) {
            return fault(scan, "nothing follows the last comma");
        }
    }
    *first = false;
    return scan->problem == NULL;
}

static int hex_value(char byte)
{
    return byte >= '0' && byte <= '9'   ? byte - '0'
           : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
           : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
                                        : -1;
}

static bool read_unit(struct json_scan *scan, uint32_t *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = scan->at < scan->size ? hex_value(scan->text[scan->at]) : -1;
        if (digit < 0) {
            return fault(scan, "\\u needs four hexadecimal digits");
        }
        *unit = *unit << 4 | (uint32_t)digit;
        scan->at++;
    }
    return true;
}

// Writes what stands behind \u as UTF-8 and returns the bytes; 0 after a fault.
static size_t read_character(struct json_scan *scan, char *out)
{
    uint32_t code, low;
    if (!read_unit(scan, &code)) {
        return 0;
    }
    if (code >= 0xD800 && code < 0xDC00 && scan->size - scan->at >= 2 &&
        memcmp(scan->text + scan->at, "\\u", 2) == 0) {
        scan->at += 2;
        if (!read_unit(scan, &low)) {
            return 0;
        }
        code =
            low >= 0xDC00 && low < 0xE000 ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) : 0;
    }
    if (code == 0 || (code >= 0xD800 && code < 0xE000)) {
        fault(scan, "\\u stands for no character");
        return 0;
    }
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = n; --i > 0; code >>= 6) {
        out[i] = (char)(0x80 | (code & 0x3F));
    }
    out[0] = (char)((n == 2 ? 0xC0U : n == 3 ? 0xE0U : 0xF0U) | code);
    return n;
}

// An escape takes at least as many bytes as what it stands for.
static bool read_escape(struct json_scan *scan, char *out, size_t *size)
{
    static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    char name = scan->at < scan->size ? scan->text[scan->at++] : '\0';
    const char *known = name ? strchr(names, name) : NULL;
    if (known) {
        out[(*size)++] = bytes[known - names];
        return true;
    }
    size_t n = name == 'u' ? read_character(scan, out + *size) : 0;
    *size += n;
    return n > 0 || fault(scan, "an unknown escape in a text");
}

// Whether the bytes stand for themselves in a text: no escapes and no control characters.
static bool is_verbatim(const char *bytes, size_t size)
{
    unsigned char special = 0;
    for (size_t i = 0; i < size; i++) { // no branch, so that compilers make vector code of it
        special |= (unsigned char)(((unsigned char)bytes[i] < 0x20) | (bytes[i] == '\\'));
    }
    return !special;
}

const char *json_scan_string(struct json_scan *scan)
{
    if (!json_scan_expect(scan, '"')) {
        return NULL;
    }
    const char *from = scan->text + scan->at, *quote = memchr(from, '"', scan->size - scan->at);
    if (quote && is_verbatim(from, (size_t)(quote - from))) {
        char *copy = arena_copy(scan->arena, from, (size_t)(quote - from));
        scan->at += (size_t)(quote - from) + 1;
        scan->out_of_memory |= !copy;
        (void)(copy || fault(scan, "memory is out"));
        return copy;
    }
    size_t end = scan->at;
    while (end < scan->size && scan->text[end] != '"') {
        end += scan->text[end] == '\\' ? 2 : 1;
    }
    if (end >= scan->size) {
        fault(scan, "a text has no end");
        return NULL;
    }
    char *out = arena_allocate(scan->arena, end - scan->at + 1);
    if (!out) {
        scan->out_of_memory = true;
        fault(scan, "memory is out");
        return NULL;
    }
    size_t size = 0;
    while (scan->text[scan->at] != '"') {
        char byte = scan->text[scan->at++];
        if ((unsigned char)byte < 0x20) {
            fault(scan, "a control character in a text");
            return NULL;
        }
        if (byte != '\\') {
            out[size++] = byte;
        } else if (!read_escape(scan, out, &size)) {
            return NULL;
        }
    }
    scan->at++;
    out[size] = '\0';
    return out;
}

const char *json_scan_key(struct json_scan *scan)
{
    const char *key = json_scan_string(scan);
    return key && json_scan_expect(scan, ':') ? key : NULL;
}

bool json_scan_number(struct json_scan *scan, double *number)
{
    bool negative = json_scan_peek(scan) == '-';
    scan->at += negative;
    double value = 0, place = 1;
    size_t digits = 0;
    bool fraction = false;
    for (; scan->at < scan->size && !scan->problem; scan->at++) {
        char byte = scan->text[scan->at];
        if (byte == '.' && !fraction && digits > 0) {
            fraction = true;
        } else if (byte >= '0' && byte <= '9') {
            value = value * 10 + (byte - '0');
            place *= fraction ? 10 : 1;
            digits++;
        } else {
            break;
        }
    }
    *number = (negative ? -value : value) / place;
    return (digits > 0 && digits < 18) || fault(scan, "a number should stand here, as in 2 or 0.5");
}

bool json_scan_skip(struct json_scan *scan)
{
    int depth = 0;
    do {
        char byte = json_scan_peek(scan);
        if (byte == '"') {
            if (!json_scan_string(scan)) {
                return false;
            }
        } else if (byte == '\0') {
            return fault(scan, "the text ends too early");
        } else {
            depth += (byte == '{' || byte == '[') - (byte == '}' || byte == ']');
            if (depth < 0 || depth > DEPTH_MAXIMUM) {
                return fault(scan, "brackets do not fit together");
            }
            scan->at++;
            while (scan->at < scan->size && !strchr("{}[],:\" \n\r\t", scan->text[scan->at])) {
                scan->at++; // the rest of a number or a word
            }
        }
    } while (depth > 0);
    return true;
}

size_t json_scan_line(const struct json_scan *scan)
{
    size_t line = 1;
    for (size_t i = 0; i < scan->at && i < scan->size; i++) {
        line += scan->text[i] == '\n';
    }
    return line;
}
