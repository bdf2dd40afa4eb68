// Fields into labels and weights.
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "text/row_reader.h"
#include "text/utf8.h"

bantam_status row_add_label(struct bantam_row_reader *reader, bantam_text label,
                            bantam_error *error)
{
    size_t n = reader->record.n_labels;
    if (label.size > LABEL_SIZE_MAXIMUM) {
        return row_error(reader, error,
                         "has a label of %zu bytes, more than %d; is it the right column?",
                         label.size, LABEL_SIZE_MAXIMUM);
    }
    if (memchr(label.bytes, '\0', label.size)) {
        return row_error(reader, error, "has a NUL byte in its label");
    }
    if (!reader->label_optional && !utf8_is_valid(label.bytes, label.size)) {
        return row_error(reader, error,
                         "has a label that is not UTF-8; convert the data, for example with iconv");
    }
    for (size_t i = 0; i < n; i++) {
        if (reader->labels[i].size == label.size &&
            memcmp(reader->labels[i].bytes, label.bytes, label.size) == 0) {
            return BANTAM_OK;
        }
    }
    if (n >= 1 && !reader->label_separator) {
        return row_error(reader, error, "has several labels; give a label separator to allow them");
    }
    if (n == LABELS_MAXIMUM) {
        return row_error(reader, error, "has more than %d labels", LABELS_MAXIMUM);
    }
    if (n == reader->labels_capacity) {
        size_t capacity = n ? n * 2 : 8;
        bantam_text *labels = memory_resize_array(reader->labels, capacity, sizeof *labels);
        if (!labels) {
            return error_memory(error);
        }
        reader->labels = labels;
        reader->labels_capacity = capacity;
    }
    reader->labels[reader->record.n_labels++] = label;
    return BANTAM_OK;
}

static bantam_text trim(bantam_text text)
{
    while (text.size && (text.bytes[0] == ' ' || text.bytes[0] == '\t')) {
        text.bytes++;
        text.size--;
    }
    while (text.size && (text.bytes[text.size - 1] == ' ' || text.bytes[text.size - 1] == '\t')) {
        text.size--;
    }
    return text;
}

bantam_status row_add_labels(struct bantam_row_reader *reader, bantam_text field,
                             bantam_error *error)
{
    size_t step = reader->label_separator ? strlen(reader->label_separator) : 0;
    if (!step) {
        return field.size ? row_add_label(reader, field, error) : BANTAM_OK;
    }
    bantam_status status = BANTAM_OK;
    for (bool last = false; !last && !status;) {
        const char *end = memmem(field.bytes, field.size, reader->label_separator, step);
        last = !end;
        bantam_text part = {field.bytes, end ? (size_t)(end - field.bytes) : field.size};
        if (!last) {
            field.bytes += part.size + step;
            field.size -= part.size + step;
        }
        part = trim(part);
        status = part.size ? row_add_label(reader, part, error) : BANTAM_OK;
    }
    return status;
}

// Digits with a fraction and an exponent, whatever the locale; false for anything else.
static bool parse_decimal(bantam_text text, double *value)
{
    size_t at = 0, digits = 0;
    int exponent = 0, written = 0;
    double mantissa = 0;
    for (bool fraction = false; at < text.size; at++) {
        char byte = text.bytes[at];
        if (byte == '.' && !fraction) {
            fraction = true;
        } else if (byte >= '0' && byte <= '9') {
            mantissa = mantissa * 10 + (byte - '0');
            exponent -= fraction;
            digits++;
        } else {
            break;
        }
    }
    if (digits == 0 || digits > 30) {
        return false;
    }
    if (at < text.size && (text.bytes[at] == 'e' || text.bytes[at] == 'E')) {
        bool negative = at + 1 < text.size && text.bytes[at + 1] == '-';
        at += negative || (at + 1 < text.size && text.bytes[at + 1] == '+') ? 2 : 1;
        size_t from = at;
        for (; at < text.size && at - from < 3 && text.bytes[at] >= '0' && text.bytes[at] <= '9';
             at++) {
            written = written * 10 + (text.bytes[at] - '0');
        }
        if (at == from) {
            return false;
        }
        exponent += negative ? -written : written;
    }
    for (; exponent > 0 && mantissa < 1e300; exponent--) {
        mantissa *= 10;
    }
    for (; exponent < 0 && mantissa > 0; exponent++) {
        mantissa /= 10;
    }
    *value = mantissa;
    return at == text.size;
}

bantam_status row_set_weight(struct bantam_row_reader *reader, bantam_text field,
                             bantam_error *error)
{
    double weight;
    if (!parse_decimal(trim(field), &weight) || weight > 1e9) {
        return row_error(reader, error, "has the weight \"%.*s\"; it takes a number from 0 to 1e9",
                         (int)(field.size < 40 ? field.size : 40), field.bytes);
    }
    reader->record.weight = (float)weight;
    return BANTAM_OK;
}
