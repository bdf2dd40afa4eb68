// By hand, a byte at a time: the grammar is small, and every refusal names its line.
#include "text/toml.h"

#include <string.h>

#include "base/error.h"

enum {
    SIZE_MAXIMUM = 1 << 24, // bytes of a file
    NAME_MAXIMUM = 128,
};

struct reader {
    const char *at, *end;
    uint64_t line;
    struct arena *arena;
    bantam_error *error;
};

static bantam_status refuse(const struct reader *reader, const char *what)
{
    return error_set_at(reader->error, BANTAM_ERROR_INPUT, 0, reader->line, "line %llu: %s",
                        (unsigned long long)reader->line, what);
}

static bool looking_at(const struct reader *reader, const char *text)
{
    size_t size = strlen(text);
    return (size_t)(reader->end - reader->at) >= size && memcmp(reader->at, text, size) == 0;
}

static void skip_blanks(struct reader *reader)
{
    while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\t')) {
        reader->at++;
    }
}

static bool at_line_end(const struct reader *reader)
{
    return reader->at == reader->end || *reader->at == '\n' || looking_at(reader, "\r\n");
}

// Blanks, a comment and the end of the line; anything else is refused.
static bantam_status end_line(struct reader *reader)
{
    skip_blanks(reader);
    if (reader->at < reader->end && *reader->at == '#') {
        const char *end = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
        reader->at = end ? end : reader->end;
    }
    if (!at_line_end(reader)) {
        return refuse(reader, "something stands behind the value; a line holds one key");
    }
    if (reader->at < reader->end) {
        reader->at += *reader->at == '\r' ? 2 : 1;
        reader->line++;
    }
    return BANTAM_OK;
}

static bool is_bare(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '-';
}

// A growing copy of a string: at most as long as what is left of the file.
struct text {
    char *bytes;
    size_t size;
};

static void put_character(struct text *text, uint32_t point)
{
    if (point < 0x80) {
        text->bytes[text->size++] = (char)point;
    } else if (point < 0x800) {
        text->bytes[text->size++] = (char)(0xC0 | point >> 6);
        text->bytes[text->size++] = (char)(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        text->bytes[text->size++] = (char)(0xE0 | point >> 12);
        text->bytes[text->size++] = (char)(0x80 | (point >> 6 & 0x3F));
        text->bytes[text->size++] = (char)(0x80 | (point & 0x3F));
    } else {
        text->bytes[text->size++] = (char)(0xF0 | point >> 18);
        text->bytes[text->size++] = (char)(0x80 | (point >> 12 & 0x3F));
        text->bytes[text->size++] = (char)(0x80 | (point >> 6 & 0x3F));
        text->bytes[text->size++] = (char)(0x80 | (point & 0x3F));
    }
}

// The number of 4 or 8 hexadecimal digits at the reader, behind \u or \U.
static bantam_status read_point(struct reader *reader, size_t n_digits, struct text *text)
{
    uint32_t point = 0;
    for (size_t i = 0; i < n_digits; i++, reader->at++) {
        static const char digits[] = "0123456789abcdef";
        char byte = reader->at < reader->end ? (char)(*reader->at | 0x20) : ' ';
        const char *digit = byte > ' ' ? strchr(digits, byte) : NULL;
        if (!digit) {
            return refuse(reader, "\\u takes four hexadecimal digits, \\U eight");
        }
        point = point << 4 | (uint32_t)(digit - digits);
    }
    if (point == 0 || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) {
        return refuse(reader, "\\u names no character");
    }
    put_character(text, point);
    return BANTAM_OK;
}

static bantam_status read_escape(struct reader *reader, bool several, struct text *text)
{
    static const char names[] = "btnfre\"\\", values[] = "\b\t\n\f\r\x1b\"\\";
    char name = ++reader->at < reader->end ? *reader->at : '\0';
    const char *found = name ? strchr(names, name) : NULL;
    if (found) {
        text->bytes[text->size++] = values[found - names];
        reader->at++;
        return BANTAM_OK;
    }
    if (name == 'u' || name == 'U') {
        reader->at++;
        return read_point(reader, name == 'u' ? 4 : 8, text);
    }
    if (several && (name == '\n' || name == '\r' || name == ' ' || name == '\t')) {
        while (reader->at < reader->end && *reader->at && strchr(" \t\r\n", *reader->at)) {
            reader->line += *reader->at++ == '\n';
        }
        return BANTAM_OK;
    }
    return refuse(reader, "a backslash in \"...\" begins an escape; write \\\\ or use '...', which "
                          "has none");
}

// A string of any kind; `quote` is ' or ". The text is as long as what is left at most, escapes being longer than what they stand for.
static bantam_status read_string(struct reader *reader, const char **string)
{
    char quote = *reader->at;
    const char *triple = quote == '"' ? "\"\"\"" : "'''";
    bool several = looking_at(reader, triple);
    reader->at += several ? 3 : 1;
    if (several && at_line_end(reader) && reader->at < reader->end) {
        end_line(reader);
    }
    struct text text = {arena_allocate(reader->arena, (size_t)(reader->end - reader->at) + 1), 0};
    if (!text.bytes) {
        return error_memory(reader->error);
    }
    bantam_status status = BANTAM_OK;
    for (;;) {
        bool ended =
            several ? looking_at(reader, triple) : reader->at < reader->end && *reader->at == quote;
        if (ended) {
            break;
        }
        if (reader->at == reader->end || (!several && *reader->at == '\n')) {
            return refuse(reader, "a string is not closed");
        }
        if (*reader->at == '\0') {
            return refuse(reader, "a string holds a NUL");
        }
        if (*reader->at == '\\' && quote == '"') {
            status = read_escape(reader, several, &text);
            if (status) {
                return status;
            }
        } else {
            reader->line += *reader->at == '\n';
            text.bytes[text.size++] = *reader->at++;
        }
    }
    reader->at += several ? 3 : 1;
    text.bytes[text.size] = '\0';
    *string = text.bytes;
    return BANTAM_OK;
}

static bantam_status read_value(struct reader *reader, struct toml_value *value)
{
    *value = (struct toml_value){.kind = TOML_BOOLEAN};
    if (at_line_end(reader)) {
        return refuse(reader, "a key has no value");
    }
    switch (*reader->at) {
    case '"':
    case '\'':
        value->kind = TOML_STRING;
        return read_string(reader, &value->text);
    case '[':
    case '{':
        return refuse(reader, "lists and inline tables are of no use here");
    default:
        break;
    }
    for (int truth = 0; truth < 2; truth++) {
        const char *word = truth ? "true" : "false";
        if (looking_at(reader, word)) {
            value->truth = truth;
            reader->at += strlen(word);
            return BANTAM_OK;
        }
    }
    return refuse(reader, "a value is a text in quotes, true or false");
}

// A key or the name of a table.
static bantam_status read_name(struct reader *reader, const char **name)
{
    skip_blanks(reader);
    if (reader->at < reader->end && (*reader->at == '"' || *reader->at == '\'')) {
        return read_string(reader, name);
    }
    size_t size = 0;
    while (reader->at + size < reader->end && is_bare(reader->at[size])) {
        size++;
    }
    if (size == 0 || size > NAME_MAXIMUM) {
        return refuse(reader, "here a key or a table should begin, as in pattern = 'text'");
    }
    *name = arena_copy(reader->arena, reader->at, size);
    reader->at += size;
    return *name ? BANTAM_OK : error_memory(reader->error);
}

static bantam_status read_table(struct reader *reader, const struct toml_visitor *visitor)
{
    bool is_element = looking_at(reader, "[[");
    const char *name, *closing = is_element ? "]]" : "]";
    uint64_t line = reader->line;
    reader->at += is_element ? 2 : 1;
    bantam_status status = read_name(reader, &name);
    if (status) {
        return status;
    }
    skip_blanks(reader);
    if (!looking_at(reader, closing)) {
        return refuse(reader, "a table is opened by [name], or [[name]] for one of several");
    }
    reader->at += is_element ? 2 : 1;
    status = end_line(reader);
    return status ? status
                  : visitor->table(visitor->context, name, is_element, line, reader->error);
}

static bantam_status read_key(struct reader *reader, const struct toml_visitor *visitor)
{
    const char *name;
    struct toml_value value;
    uint64_t line = reader->line;
    bantam_status status = read_name(reader, &name);
    if (status) {
        return status;
    }
    skip_blanks(reader);
    if (reader->at == reader->end || *reader->at != '=') {
        return refuse(reader,
                      "a key is followed by = and its value; dotted keys are of no use here");
    }
    reader->at++;
    skip_blanks(reader);
    status = read_value(reader, &value);
    status = status ? status : end_line(reader);
    return status ? status : visitor->key(visitor->context, name, &value, line, reader->error);
}

bantam_status toml_read(const char *bytes, size_t size, struct arena *arena,
                        const struct toml_visitor *visitor, bantam_error *error)
{
    struct reader reader = {
        .at = bytes, .end = bytes + size, .line = 1, .arena = arena, .error = error};
    if (size > SIZE_MAXIMUM) {
        return refuse(&reader, "the file is longer than any list of rules should be");
    }
    if (looking_at(&reader, "\xEF\xBB\xBF")) {
        reader.at += 3;
    }
    bantam_status status = BANTAM_OK;
    while (!status && reader.at < reader.end) {
        skip_blanks(&reader);
        if (at_line_end(&reader) || *reader.at == '#') {
            status = end_line(&reader);
        } else if (*reader.at == '[') {
            status = read_table(&reader, visitor);
        } else {
            status = read_key(&reader, visitor);
        }
    }
    return status;
}
