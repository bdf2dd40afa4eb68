// Every step looks for the end of one piece of markup and refuses the document where there is none.
#include "text/xml_reader.h"

#include <string.h>

#include "text/unicode.h"

#define CUT_SHORT "is cut short; fetch or write it again"

void xml_reader_init(struct xml_reader *reader, const char *bytes, size_t size)
{
    *reader = (struct xml_reader){.bytes = bytes, .size = size};
    if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        reader->at = 3;
    }
}

static enum xml_event damaged(struct xml_reader *reader, const char *problem)
{
    reader->problem = problem;
    reader->at = reader->size;
    return XML_DAMAGED;
}

static struct span rest(const struct xml_reader *reader)
{
    return span_of(reader->bytes + reader->at, reader->size - reader->at);
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

// Steps behind the next `end`; false where there is none.
static bool pass(struct xml_reader *reader, struct span end)
{
    size_t found = span_find(rest(reader), end);
    if (found == SIZE_MAX) {
        return false;
    }
    reader->at += found + end.size;
    return true;
}

// "<!DOCTYPE … [ … ]>": quotes and brackets are kept count of, and nothing of it is used.
static bool pass_document_type(struct xml_reader *reader)
{
    char quote = 0;
    bool within = false;
    for (; reader->at < reader->size; reader->at++) {
        char byte = reader->bytes[reader->at];
        if (quote) {
            quote = byte == quote ? 0 : quote;
        } else if (byte == '"' || byte == '\'') {
            quote = byte;
        } else if (byte == '[' || byte == ']') {
            within = byte == '[';
        } else if (byte == '>' && !within) {
            reader->at++;
            return true;
        }
    }
    return false;
}

static struct span local_name(struct span name)
{
    const char *colon = name.size > 0 ? memrchr(name.data, ':', name.size) : NULL;
    return colon ? span_after(name, (size_t)(colon - name.data) + 1) : name;
}

static struct span read_name(struct xml_reader *reader)
{
    size_t from = reader->at;
    while (reader->at < reader->size && !is_space(reader->bytes[reader->at]) &&
           !strchr("=/><\"'", reader->bytes[reader->at])) {
        reader->at++;
    }
    return local_name(span_of(reader->bytes + from, reader->at - from));
}

static void pass_space(struct xml_reader *reader)
{
    while (reader->at < reader->size && is_space(reader->bytes[reader->at])) {
        reader->at++;
    }
}

// `name = "value"`; false where it is not one.
static bool read_attribute(struct xml_reader *reader)
{
    struct xml_attribute attribute = {.name = read_name(reader)};
    pass_space(reader);
    if (attribute.name.size == 0 || reader->at >= reader->size ||
        reader->bytes[reader->at] != '=') {
        return false;
    }
    reader->at++;
    pass_space(reader);
    char quote = reader->at < reader->size ? reader->bytes[reader->at] : 0;
    if (quote != '"' && quote != '\'') {
        return false;
    }
    size_t from = ++reader->at;
    if (!pass(reader, span_of(&quote, 1))) {
        reader->at = reader->size;
        return false;
    }
    attribute.value = span_of(reader->bytes + from, reader->at - 1 - from);
    if (reader->n_attributes < XML_ATTRIBUTES) {
        reader->attributes[reader->n_attributes++] = attribute;
    }
    return true;
}

// Stands behind the '<'.
static enum xml_event read_element(struct xml_reader *reader)
{
    reader->name = read_name(reader);
    reader->n_attributes = 0;
    if (reader->name.size == 0) {
        return damaged(reader, "is no XML: a < stands where none may");
    }
    for (;;) {
        pass_space(reader);
        struct span left = rest(reader);
        if (span_skip(&left, SPAN("/>"))) {
            reader->closing = true;
            reader->at += 2;
            break;
        }
        if (span_skip(&left, SPAN(">"))) {
            reader->at++;
            break;
        }
        if (!read_attribute(reader)) {
            return damaged(reader, reader->at >= reader->size
                                       ? CUT_SHORT
                                       : "is no XML: an attribute has no name or no value");
        }
    }
    reader->begun = true;
    if (++reader->depth > XML_DEPTH) {
        return damaged(reader, "has elements within elements, too deep for a report of tests");
    }
    return XML_OPENED;
}

static enum xml_event close_element(struct xml_reader *reader)
{
    if (reader->depth == 0) {
        return damaged(reader, "is no XML: an element ends that did not begin");
    }
    reader->depth--;
    return XML_CLOSED;
}

static enum xml_event read_text(struct xml_reader *reader)
{
    struct span left = rest(reader);
    const char *end = memchr(left.data, '<', left.size);
    reader->text = span_of(left.data, end ? (size_t)(end - left.data) : left.size);
    reader->literal = false;
    reader->at += reader->text.size;
    for (size_t i = 0; reader->depth == 0 && i < reader->text.size; i++) {
        if (!is_space(reader->text.data[i])) {
            return damaged(reader, "is no XML: there is text outside of its elements");
        }
    }
    return XML_TEXT;
}

static enum xml_event read_literal(struct xml_reader *reader)
{
    size_t from = reader->at;
    if (!pass(reader, SPAN("]]>"))) {
        return damaged(reader, CUT_SHORT);
    }
    reader->text = span_of(reader->bytes + from, reader->at - 3 - from);
    reader->literal = true;
    return XML_TEXT;
}

enum xml_event xml_reader_next(struct xml_reader *reader)
{
    if (reader->closing) {
        reader->closing = false;
        return close_element(reader);
    }
    while (reader->at < reader->size) {
        if (reader->bytes[reader->at] != '<') {
            return read_text(reader);
        }
        reader->at++;
        struct span left = rest(reader);
        bool passed = true;
        if (span_starts(left, SPAN("!--"))) {
            reader->at += 3;
            passed = pass(reader, SPAN("-->"));
        } else if (span_starts(left, SPAN("![CDATA["))) {
            reader->at += 8;
            return read_literal(reader);
        } else if (span_starts(left, SPAN("!"))) {
            passed = pass_document_type(reader);
        } else if (span_starts(left, SPAN("?"))) {
            passed = pass(reader, SPAN("?>"));
        } else if (span_starts(left, SPAN("/"))) {
            return pass(reader, SPAN(">")) ? close_element(reader) : damaged(reader, CUT_SHORT);
        } else {
            return read_element(reader);
        }
        if (!passed) {
            return damaged(reader, CUT_SHORT);
        }
    }
    if (reader->problem) {
        return XML_DAMAGED;
    }
    return reader->depth > 0 || !reader->begun ? damaged(reader, CUT_SHORT) : XML_ENDED;
}

struct span xml_attribute(const struct xml_reader *reader, const char *name)
{
    struct span wanted = span_of(name, strlen(name));
    for (size_t i = 0; i < reader->n_attributes; i++) {
        if (span_equal(reader->attributes[i].name, wanted)) {
            return reader->attributes[i].value;
        }
    }
    return span_of("", 0);
}

// The character of "&#233;", "&#xE9;" or "&amp;" at the start of `raw`, and its bytes in *size; 0 where there is none.
static uint32_t reference(struct span raw, size_t *size)
{
    static const struct {
        struct span text;
        uint32_t character;
    } named[] = {{{"&lt;", 4}, '<'},
                 {{"&gt;", 4}, '>'},
                 {{"&amp;", 5}, '&'},
                 {{"&quot;", 6}, '"'},
                 {{"&apos;", 6}, '\''}};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (span_starts(raw, named[i].text)) {
            *size = named[i].text.size;
            return named[i].character;
        }
    }
    if (!span_starts(raw, SPAN("&#"))) {
        return 0;
    }
    bool hexadecimal = raw.size > 2 && (raw.data[2] == 'x' || raw.data[2] == 'X');
    uint32_t character = 0;
    for (size_t at = hexadecimal ? 3 : 2; at < raw.size && at < 12; at++) {
        static const char digits[] = "0123456789abcdefABCDEF";
        const char *digit = raw.data[at] ? strchr(digits, raw.data[at]) : NULL;
        uint32_t value = digit ? (uint32_t)(digit - digits) : 99;
        value -= value >= 16 && value < 22 ? 6 : 0;
        if (raw.data[at] == ';') {
            *size = at + 1;
            return character;
        }
        if (value >= (hexadecimal ? 16U : 10U)) {
            return 0;
        }
        character = character * (hexadecimal ? 16 : 10) + value;
        if (character > 0x10FFFF) {
            return 0;
        }
    }
    return 0;
}

size_t xml_decode(char *out, size_t capacity, struct span raw, bool literal)
{
    size_t n = 0;
    for (size_t at = 0; at < raw.size && n < capacity;) {
        size_t size = 0;
        uint32_t character =
            !literal && raw.data[at] == '&' ? reference(span_after(raw, at), &size) : 0;
        if (character == 0) {
            out[n++] = raw.data[at++];
            continue;
        }
        char bytes[UTF8_MOST];
        size_t n_bytes = utf8_encode(character, bytes);
        if (n + n_bytes > capacity) {
            break;
        }
        memcpy(out + n, bytes, n_bytes);
        n += n_bytes;
        at += size;
    }
    return n;
}
