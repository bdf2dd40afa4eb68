// Commas, indentation, escaping.
#include "report/json_writer.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "report/utf8.h"

void json_writer_init(struct json_writer *writer, bantam_buffer *out, bool pretty)
{
    *writer = (struct json_writer){.out = out, .pretty = pretty, .first = true};
}

static bool is_flat(const struct json_writer *writer)
{
    return !writer->pretty || (writer->flat_depth && writer->depth >= writer->flat_depth);
}

static void break_line(struct json_writer *writer)
{
    if (is_flat(writer)) {
        return;
    }
    bantam_buffer_append(writer->out, "\n", 1);
    for (int i = 0; i < writer->depth; i++) {
        bantam_buffer_append(writer->out, "  ", 2);
    }
}

// What stands before a member: a comma, a line break; nothing before the value of a key.
static void begin_value(struct json_writer *writer)
{
    if (writer->after_key) {
        writer->after_key = false;
        return;
    }
    if (!writer->first) {
        bool spaced = writer->pretty && is_flat(writer);
        bantam_buffer_append_string(writer->out, spaced ? ", " : ",");
    }
    if (writer->depth) {
        break_line(writer);
    }
    writer->first = false;
}

void json_write_open(struct json_writer *writer, char bracket, bool flat)
{
    begin_value(writer);
    bantam_buffer_append(writer->out, &bracket, 1);
    writer->depth++;
    if (flat && !writer->flat_depth) {
        writer->flat_depth = writer->depth;
    }
    writer->first = true;
}

void json_write_close(struct json_writer *writer, char bracket)
{
    bool empty = writer->first, flat = is_flat(writer);
    if (writer->flat_depth == writer->depth) {
        writer->flat_depth = 0;
    }
    writer->depth--;
    if (!empty && !flat) {
        break_line(writer);
    }
    bantam_buffer_append(writer->out, &bracket, 1);
    writer->first = false;
}

static void append_escaped(bantam_buffer *out, uint32_t character)
{
    static const char short_form[] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r', ['"'] = '"'};
    if (character == '\\') {
        bantam_buffer_append(out, "\\\\", 2);
    } else if (character < sizeof short_form && short_form[character]) {
        char escape[2] = {'\\', short_form[character]};
        bantam_buffer_append(out, escape, 2);
    } else {
        bantam_buffer_append_format(out, "\\u%04" PRIx32, character);
    }
}

static bool needs_escape(uint32_t character)
{
    return character == '"' || character == '\\' || utf8_is_control(character);
}

static void append_quoted(bantam_buffer *out, const char *string, size_t size)
{
    size_t plain = 0, at = 0;
    bantam_buffer_append(out, "\"", 1);
    while (at < size) {
        uint32_t character;
        size_t step = utf8_decode(string + at, size - at, &character);
        bool damaged = character == UTF8_DAMAGED;
        if (damaged || needs_escape(character)) {
            bantam_buffer_append(out, string + plain, at - plain);
            if (damaged) {
                bantam_buffer_append_string(out, UTF8_REPLACEMENT);
            } else {
                append_escaped(out, character);
            }
            plain = at + step;
        }
        at += step;
    }
    bantam_buffer_append(out, string + plain, size - plain);
    bantam_buffer_append(out, "\"", 1);
}

void json_write_key(struct json_writer *writer, const char *key)
{
    begin_value(writer);
    append_quoted(writer->out, key, strlen(key));
    bantam_buffer_append_string(writer->out, writer->pretty ? ": " : ":");
    writer->after_key = true;
}

void json_write_string(struct json_writer *writer, const char *string)
{
    begin_value(writer);
    if (string) {
        append_quoted(writer->out, string, strlen(string));
    } else {
        bantam_buffer_append_string(writer->out, "null");
    }
}

void json_write_text(struct json_writer *writer, const char *bytes, size_t size)
{
    begin_value(writer);
    append_quoted(writer->out, bytes, size);
}

void json_write_unsigned(struct json_writer *writer, uint64_t value)
{
    begin_value(writer);
    bantam_buffer_append_format(writer->out, "%" PRIu64, value);
}

void json_write_literal(struct json_writer *writer, const char *literal)
{
    begin_value(writer);
    bantam_buffer_append_string(writer->out, literal);
}

void json_write_position(struct json_writer *writer, int64_t value)
{
    if (value < 0) {
        json_write_string(writer, NULL);
    } else {
        json_write_unsigned(writer, (uint64_t)value);
    }
}

void json_write_number(struct json_writer *writer, double value)
{
    begin_value(writer);
    if (!isfinite(value)) {
        value = 0;
    }
    double magnitude = fmin(fabs(value), 1e14);
    uint64_t scaled = (uint64_t)llround(magnitude * 10000);
    unsigned fraction = (unsigned)(scaled % 10000);
    bantam_buffer_append_format(writer->out, "%s%" PRIu64, value < 0 && scaled ? "-" : "",
                                scaled / 10000);
    if (fraction) {
        int digits = 4;
        for (; fraction % 10 == 0; fraction /= 10) {
            digits--;
        }
        bantam_buffer_append_format(writer->out, ".%0*u", digits, fraction);
    }
}

// `scaled` · 10^-decimals without trailing zeros.
static void append_scaled(bantam_buffer *out, uint64_t scaled, int decimals)
{
    uint64_t unit = 1;
    for (; decimals > 0 && scaled % 10 == 0; scaled /= 10) {
        decimals--;
    }
    for (int i = 0; i < decimals; i++) {
        unit *= 10;
    }
    bantam_buffer_append_format(out, "%" PRIu64, scaled / unit);
    if (decimals > 0) {
        bantam_buffer_append_format(out, ".%0*" PRIu64, decimals, scaled % unit);
    }
}

void json_write_significant(struct json_writer *writer, double value)
{
    begin_value(writer);
    double magnitude = fabs(value);
    if (!(magnitude >= 1e-300 && magnitude <= 1e300)) {
        bantam_buffer_append_string(writer->out, "0");
        return;
    }
    if (value < 0) {
        bantam_buffer_append_string(writer->out, "-");
    }
    int exponent = (int)floor(log10(magnitude));
    if (exponent >= -5 && exponent <= 5) {
        int decimals = 5 - exponent;
        append_scaled(writer->out, (uint64_t)llround(magnitude * pow(10, decimals)), decimals);
        return;
    }
    uint64_t digits = (uint64_t)llround(magnitude / pow(10, exponent) * 1e5);
    if (digits >= 1000000) {
        digits /= 10;
        exponent++;
    }
    append_scaled(writer->out, digits, 5);
    bantam_buffer_append_format(writer->out, "e%d", exponent);
}

void json_write_probability(struct json_writer *writer, double probability)
{
    char digits[PROBABILITY_SIZE];
    begin_value(writer);
    format_probability(digits, probability);
    bantam_buffer_append(writer->out, digits, sizeof digits);
}

void format_probability(char digits[PROBABILITY_SIZE], double probability)
{
    double inside = probability > 1 ? 1 : probability > 0 ? probability : 0; // NaN becomes 0
    uint64_t scaled = (uint64_t)llround(inside * 1e6);
    for (int i = PROBABILITY_SIZE - 1; i >= 0; i--) {
        if (i == 1) {
            digits[i] = '.';
        } else {
            digits[i] = (char)('0' + scaled % 10);
            scaled /= 10;
        }
    }
}

void json_write_string_member(struct json_writer *writer, const char *key, const char *value)
{
    json_write_key(writer, key);
    json_write_string(writer, value);
}

void json_write_unsigned_member(struct json_writer *writer, const char *key, uint64_t value)
{
    json_write_key(writer, key);
    json_write_unsigned(writer, value);
}

void json_write_open_member(struct json_writer *writer, const char *key, char bracket, bool flat)
{
    json_write_key(writer, key);
    json_write_open(writer, bracket, flat);
}
