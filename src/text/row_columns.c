// Settles which columns hold what, and whether there is a header.
//
// All of it hangs on the source's first bytes alone, never on how they arrive. What the options tell is taken; usual names in a
// header or among an object's keys come next; where both say nothing, the first 64 KB of rows are looked at, and the note tells what
// was made of them.
#include <string.h>
#include <strings.h>

#include "bantam/buffer.h"
#include "base/error.h"
#include "base/json_scan.h"
#include "text/row_sample.h"

enum {
    NAMES_SHOWN = 12, // of a header, in a message
};

static bool parse_number(const char *name, size_t *number)
{
    *number = 0;
    for (const char *at = name; *at; at++) {
        if (*at < '0' || *at > '9' || *number > DELIMITED_COLUMNS) {
            return false;
        }
        *number = *number * 10 + (size_t)(*at - '0');
    }
    return *name != '\0';
}

// "a", "b", "c" of the first row's fields, for messages.
static const char *list_names(struct bantam_row_reader *reader, const struct delimited_row *header)
{
    bantam_buffer list;
    bantam_buffer_init(&list, 4096);
    for (size_t i = 0; i < header->n_fields && i < NAMES_SHOWN; i++) {
        bantam_text field = header->fields[i];
        bantam_buffer_append_format(&list, "%s\"%.*s%s\"", i ? ", " : "",
                                    (int)(field.size < 40 ? field.size : 40), field.bytes,
                                    field.size < 40 ? "" : "…");
    }
    if (header->n_fields > NAMES_SHOWN) {
        bantam_buffer_append_string(&list, ", …");
    }
    const char *names = arena_copy(&reader->arena, list.data ? list.data : "", list.size);
    bantam_buffer_release(&list);
    return names ? names : "";
}

static bantam_status find_told(struct bantam_row_reader *reader, enum row_column column,
                               const struct delimited_row *first, bantam_error *error)
{
    const char *name = reader->names[column];
    for (size_t i = 0; reader->has_header && i < first->n_fields; i++) {
        if (strlen(name) == first->fields[i].size &&
            memcmp(name, first->fields[i].bytes, first->fields[i].size) == 0) {
            reader->columns[column] = i;
            return BANTAM_OK;
        }
    }
    size_t number;
    if (parse_number(name, &number) && number >= 1 && number <= first->n_fields) {
        reader->columns[column] = number - 1;
        return BANTAM_OK;
    }
    return error_set_at(error, BANTAM_ERROR_INPUT, 0, reader->window.line,
                        "%s: has no column \"%s\"; %s %s", reader->window.source, name,
                        reader->has_header ? "its header has"
                                           : "it has no header, its first row is",
                        list_names(reader, first));
}

static bool is_taken(const struct bantam_row_reader *reader, size_t field)
{
    for (size_t i = 0; i < ROW_COLUMNS; i++) {
        if (reader->columns[i] == field) {
            return true;
        }
    }
    return false;
}

static void find_usual(struct bantam_row_reader *reader, enum row_column column,
                       const struct delimited_row *first)
{
    for (const char *const *name = row_usual_names(column);
         reader->has_header && *name && reader->columns[column] == COLUMN_NONE; name++) {
        for (size_t i = 0; i < first->n_fields; i++) {
            if (row_name_equals(first->fields[i], *name) && !is_taken(reader, i)) {
                reader->columns[column] = i;
                break;
            }
        }
    }
}

// Of a column in the sample: its bytes, and in how many rows it differs from the row before.
static void measure(const struct bantam_row_reader *reader, const struct row_sample *sample,
                    size_t field, size_t *n_bytes, size_t *n_new)
{
    *n_bytes = *n_new = 0;
    for (size_t i = reader->has_header; i < sample->n_rows; i++) {
        if (sample->rows[i].n_fields <= field) {
            continue;
        }
        bantam_text text = sample->rows[i].fields[field];
        bool known = false;
        for (size_t j = reader->has_header; j < i && !known; j++) {
            known = sample->rows[j].n_fields > field &&
                    sample->rows[j].fields[field].size == text.size &&
                    memcmp(sample->rows[j].fields[field].bytes, text.bytes, text.size) == 0;
        }
        *n_bytes += text.size;
        *n_new += !known;
    }
}

// The text is the column with the most bytes; the label that with the fewest distinct values, then the fewest bytes.
static void guess_column(struct bantam_row_reader *reader, enum row_column column,
                         const struct row_sample *sample)
{
    size_t best_bytes = 0, best_new = 0;
    for (size_t field = 0; field < reader->n_columns && field < 100; field++) {
        size_t n_bytes, n_new;
        if (is_taken(reader, field) && field != reader->columns[column]) {
            continue;
        }
        measure(reader, sample, field, &n_bytes, &n_new);
        bool better = column == COLUMN_TEXT
                          ? n_bytes > best_bytes
                          : n_new < best_new || (n_new == best_new && n_bytes < best_bytes);
        if (reader->columns[column] == COLUMN_NONE || better) {
            reader->columns[column] = field;
            best_bytes = n_bytes;
            best_new = n_new;
        }
    }
}

static const char *name_of(const struct bantam_row_reader *reader,
                           const struct delimited_row *first, enum row_column column,
                           bantam_text *name)
{
    *name = (bantam_text){"", 0};
    if (reader->has_header && reader->columns[column] != COLUMN_NONE) {
        *name = first->fields[reader->columns[column]];
        name->size = name->size < 40 ? name->size : 40;
    }
    return reader->has_header ? "\"" : "";
}

static bantam_status write_note(struct bantam_row_reader *reader, const struct delimited_row *first,
                                bantam_error *error)
{
    bantam_text text, label;
    const char *quote = name_of(reader, first, COLUMN_TEXT, &text);
    name_of(reader, first, COLUMN_LABEL, &label);
    const char *gap = reader->has_header ? " " : "";
    bantam_buffer note;
    bantam_buffer_init(&note, 1000);
    bantam_buffer_append_format(
        &note, "%s %s a header; the text is column %zu%s%s%.*s%s",
        reader->format == BANTAM_ROWS_TSV ? "TSV" : "CSV", reader->has_header ? "with" : "without",
        reader->columns[COLUMN_TEXT] + 1, gap, quote, (int)text.size, text.bytes, quote);
    if (reader->columns[COLUMN_LABEL] != COLUMN_NONE) {
        bantam_buffer_append_format(&note, ", the label column %zu%s%s%.*s%s",
                                    reader->columns[COLUMN_LABEL] + 1, gap, quote, (int)label.size,
                                    label.bytes, quote);
    }
    reader->note = note.failed ? NULL : arena_copy(&reader->arena, note.data, note.size);
    bantam_buffer_release(&note);
    if (!reader->note) {
        reader->note = "";
        return error_memory(error);
    }
    return BANTAM_OK;
}

static bantam_status guess_missing(struct bantam_row_reader *reader,
                                   const struct delimited_row *first, bool header_guessed,
                                   bantam_error *error)
{
    bool label_wanted = reader->columns[COLUMN_LABEL] == COLUMN_NONE && !reader->label_optional;
    bool text_wanted = reader->columns[COLUMN_TEXT] == COLUMN_NONE;
    if (!label_wanted && !text_wanted) {
        return header_guessed ? write_note(reader, first, error) : BANTAM_OK;
    }
    struct row_sample sample;
    bantam_status status = row_window_fill(&reader->window, ROW_SAMPLE_SIZE + 1, error);
    if (!status) {
        status =
            row_sample_take(&sample, &reader->window, reader->separator, ROW_SAMPLE_ROWS, error);
    }
    if (status) {
        return status;
    }
    if (text_wanted) {
        guess_column(reader, COLUMN_TEXT, &sample);
    }
    if (label_wanted) {
        guess_column(reader, COLUMN_LABEL, &sample);
    }
    row_sample_release(&sample);
    if (reader->columns[COLUMN_TEXT] == COLUMN_NONE ||
        (label_wanted && reader->columns[COLUMN_LABEL] == COLUMN_NONE)) {
        return error_set_at(error, BANTAM_ERROR_INPUT, 0, reader->window.line,
                            "%s: has no column for the %s; its first row is %s",
                            reader->window.source,
                            reader->columns[COLUMN_TEXT] == COLUMN_NONE ? "text" : "label",
                            list_names(reader, first));
    }
    return write_note(reader, first, error);
}

// By the names in the first row, or else by how it differs from the others; `*guessed` where it was the latter.
static bantam_status settle_header(struct bantam_row_reader *reader, bantam_row_header told,
                                   const struct delimited_row *first, bool *guessed,
                                   bantam_error *error)
{
    *guessed = false;
    reader->has_header = told == BANTAM_HEADER_YES ||
                         (told == BANTAM_HEADER_AUTO && row_looks_like_header(reader, first));
    if (told != BANTAM_HEADER_AUTO || reader->has_header) {
        return BANTAM_OK;
    }
    struct row_sample sample;
    bantam_status status = row_window_fill(&reader->window, ROW_SAMPLE_SIZE + 1, error);
    if (!status) {
        status =
            row_sample_take(&sample, &reader->window, reader->separator, ROW_SAMPLE_ROWS, error);
    }
    if (!status) {
        reader->has_header = *guessed = row_sample_has_header(&sample);
        row_sample_release(&sample);
    }
    return status;
}

static bantam_status check_columns(const struct bantam_row_reader *reader, bantam_error *error)
{
    size_t text = reader->columns[COLUMN_TEXT];
    if (text == COLUMN_NONE || text != reader->columns[COLUMN_LABEL]) {
        return BANTAM_OK;
    }
    return error_set_at(error, BANTAM_ERROR_INPUT, 0, reader->window.line,
                        "%s: column %zu is named for the text and for the label, too",
                        reader->window.source, text + 1);
}

static bantam_status settle_columns(struct bantam_row_reader *reader,
                                    const bantam_dataset_options *options, bantam_error *error)
{
    bantam_status status = row_sample_fill(&reader->window, reader->separator, error);
    struct row_sample sample = {0};
    bool guessed = false;
    if (!status) {
        status = row_sample_take(&sample, &reader->window, reader->separator, 1, error);
    }
    if (status) {
        return status;
    }
    struct delimited_row empty = {0}, *first = sample.n_rows ? &sample.rows[0] : &empty;
    reader->n_columns = first->n_fields;
    reader->has_header = false;
    if (sample.n_rows) {
        status = settle_header(reader, options->header, first, &guessed, error);
    }
    for (enum row_column column = COLUMN_TEXT; column < ROW_COLUMNS; column++) {
        reader->columns[column] = COLUMN_NONE;
    }
    for (enum row_column column = COLUMN_TEXT; column < ROW_COLUMNS && !status; column++) {
        status = sample.n_rows && reader->names[column] ? find_told(reader, column, first, error)
                                                        : BANTAM_OK;
    }
    if (!status) {
        status = check_columns(reader, error);
    }
    find_usual(reader, COLUMN_TEXT, first);
    find_usual(reader, COLUMN_LABEL, first);
    if (!status && sample.n_rows) {
        status = guess_missing(reader, first, guessed, error);
    }
    row_sample_release(&sample);
    if (!status && reader->has_header) {
        char *row;
        size_t size;
        status = row_window_next(&reader->window, reader->separator, &row, &size, error);
    }
    return status;
}

// The keys asked for, or the first usual one among those of the first object.
static bantam_status settle_keys(struct bantam_row_reader *reader, bantam_error *error)
{
    for (enum row_column column = COLUMN_TEXT; column <= COLUMN_LABEL; column++) {
        if (reader->names[column]) {
            continue;
        }
        bantam_status status = row_sample_fill(&reader->window, '\0', error);
        if (status) {
            return status;
        }
        const char *bytes = reader->window.bytes + reader->window.begin;
        size_t size = reader->window.end - reader->window.begin;
        const char *line_end = size ? memchr(bytes, '\n', size) : NULL;
        struct json_scan scan = {.text = bytes,
                                 .size = line_end ? (size_t)(line_end - bytes) : size,
                                 .arena = &reader->row_arena};
        const char *const *names = row_usual_names(column);
        size_t best = SIZE_MAX;
        bool first = true;
        json_scan_expect(&scan, '{');
        while (!scan.problem && json_scan_next(&scan, '}', &first)) {
            const char *key = json_scan_key(&scan);
            for (size_t i = 0; key && names[i] && i < best; i++) {
                if (strcasecmp(key, names[i]) == 0) {
                    best = i;
                    reader->names[column] = arena_copy_string(&reader->arena, key);
                }
            }
            json_scan_skip(&scan);
        }
        if (scan.out_of_memory || (best != SIZE_MAX && !reader->names[column])) {
            return error_memory(error);
        }
        if (!reader->names[column]) {
            reader->names[column] = names[0];
        }
    }
    return BANTAM_OK;
}

bantam_status row_reader_settle(struct bantam_row_reader *reader,
                                const bantam_dataset_options *options, bantam_error *error)
{
    bantam_status status = row_settle_format(reader, options, error);
    if (!status && reader->format == BANTAM_ROWS_NDJSON) {
        return settle_keys(reader, error);
    }
    if (!status && reader->separator) {
        return settle_columns(reader, options, error);
    }
    return status;
}
