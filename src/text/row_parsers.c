// The parsers: one row of CSV, TSV, NDJSON or fastText's lines into the reader's record.
#include <string.h>

#include "base/error.h"
#include "base/json_scan.h"
#include "text/row_reader.h"

static const char fasttext_prefix[] = "__label__";

bantam_status row_parse_delimited(struct bantam_row_reader *reader, char *row, size_t size,
                                  bantam_error *error)
{
    bool memory_is_out;
    const char *problem =
        delimited_split(&reader->fields, row, size, reader->separator, &memory_is_out);
    if (memory_is_out) {
        return error_memory(error);
    }
    if (problem) {
        return row_error(reader, error, "%s", problem);
    }
    if (reader->fields.n_fields != reader->n_columns) {
        return row_error(reader, error,
                         "has %zu %s where the first row has %zu; does a field that holds the "
                         "separator lack quotes?",
                         reader->fields.n_fields, reader->fields.n_fields == 1 ? "field" : "fields",
                         reader->n_columns);
    }
    const bantam_text *fields = reader->fields.fields;
    const size_t *columns = reader->columns;
    reader->record.text = fields[columns[COLUMN_TEXT]];
    if (columns[COLUMN_GROUP] != COLUMN_NONE) {
        reader->record.group = fields[columns[COLUMN_GROUP]];
    }
    bantam_status status = BANTAM_OK;
    if (columns[COLUMN_LABEL] != COLUMN_NONE) {
        status = row_add_labels(reader, fields[columns[COLUMN_LABEL]], error);
    }
    if (!status && columns[COLUMN_WEIGHT] != COLUMN_NONE) {
        status = row_set_weight(reader, fields[columns[COLUMN_WEIGHT]], error);
    }
    return status;
}

// The value that comes next as text: a string decoded, a number or a word as it stands; bytes NULL for null, lists and objects
// (passed over) and after a fault.
static bantam_text scan_value(struct json_scan *scan)
{
    char first = json_scan_peek(scan);
    if (first == '"') {
        const char *string = json_scan_string(scan);
        return (bantam_text){string, string ? strlen(string) : 0};
    }
    size_t from = scan->at;
    if (!json_scan_skip(scan) || first == '{' || first == '[' || first == 'n') {
        return (bantam_text){0};
    }
    return (bantam_text){scan->text + from, scan->at - from};
}

static bantam_status parse_label_value(struct bantam_row_reader *reader, struct json_scan *scan,
                                       bantam_error *error)
{
    if (json_scan_peek(scan) != '[') {
        bantam_text label = scan_value(scan);
        return label.bytes ? row_add_labels(reader, label, error) : BANTAM_OK;
    }
    bantam_status status = BANTAM_OK;
    bool first = true;
    json_scan_expect(scan, '[');
    while (!status && json_scan_next(scan, ']', &first)) {
        bantam_text label = scan_value(scan);
        status = label.bytes && label.size ? row_add_label(reader, label, error) : BANTAM_OK;
    }
    return status;
}

static bantam_status parse_member(struct bantam_row_reader *reader, struct json_scan *scan,
                                  bool *has_text, bantam_error *error)
{
    const char *key = json_scan_key(scan);
    enum row_column column = COLUMN_TEXT;
    while (key && column < ROW_COLUMNS &&
           (!reader->names[column] || strcmp(key, reader->names[column]) != 0)) {
        column++;
    }
    if (!key || column == ROW_COLUMNS) {
        json_scan_skip(scan);
        return BANTAM_OK;
    }
    if (column == COLUMN_LABEL) {
        return parse_label_value(reader, scan, error);
    }
    bantam_text value = scan_value(scan);
    if (!value.bytes) {
        return BANTAM_OK;
    }
    if (column == COLUMN_WEIGHT) {
        return row_set_weight(reader, value, error);
    }
    *(column == COLUMN_TEXT ? &reader->record.text : &reader->record.group) = value;
    *has_text |= column == COLUMN_TEXT;
    return BANTAM_OK;
}

bantam_status row_parse_json(struct bantam_row_reader *reader, char *row, size_t size,
                             bantam_error *error)
{
    arena_release(&reader->row_arena);
    struct json_scan scan = {.text = row, .size = size, .arena = &reader->row_arena};
    bantam_status status = BANTAM_OK;
    bool first = true, has_text = false;
    json_scan_expect(&scan, '{');
    while (!status && !scan.problem && json_scan_next(&scan, '}', &first)) {
        status = parse_member(reader, &scan, &has_text, error);
    }
    if (scan.out_of_memory) {
        return error_memory(error);
    }
    if (!status && !scan.problem && json_scan_peek(&scan) != '\0') {
        scan.problem = "something follows the object's end";
    }
    if (scan.problem) {
        return row_error(reader, error, "is no JSON object: %s (byte %zu)", scan.problem,
                         scan.at + 1);
    }
    if (!status && !has_text) {
        return row_error(reader, error, "has no text: its key \"%s\" is missing or no string",
                         reader->names[COLUMN_TEXT]);
    }
    return status;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\v' || byte == '\f';
}

// Labels may stand anywhere in the line, as fastText reads it; the text is what is left, its blanks as they were.
bantam_status row_parse_fasttext(struct bantam_row_reader *reader, char *row, size_t size,
                                 bantam_error *error)
{
    const size_t prefix_size = sizeof fasttext_prefix - 1;
    size_t at = 0, text = 0, text_end = 0;
    bantam_status status = BANTAM_OK;
    bool in_text = false;
    arena_release(&reader->row_arena);
    while (at < size && !status) {
        size_t blank = at;
        while (at < size && is_blank(row[at])) {
            at++;
        }
        size_t word = at;
        while (at < size && !is_blank(row[at])) {
            at++;
        }
        if (at - word >= prefix_size && memcmp(row + word, fasttext_prefix, prefix_size) == 0) {
            bantam_text label = {row + word + prefix_size, at - word - prefix_size};
            // The text behind it will be moved over it.
            label.bytes =
                in_text ? arena_copy(&reader->row_arena, label.bytes, label.size) : label.bytes;
            if (!label.bytes) {
                return error_memory(error);
            }
            status = label.size ? row_add_label(reader, label, error) : BANTAM_OK;
        } else if (at > word) {
            text = in_text ? text : word;
            blank = in_text ? blank : word;
            text_end = in_text ? text_end : word;
            memmove(row + text_end, row + blank, at - blank);
            text_end += at - blank;
            in_text = true;
        }
    }
    reader->record.text = (bantam_text){row + text, text_end - text};
    return status;
}
