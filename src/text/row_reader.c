// The public reader: one row at a time out of the window, through the parser of its format.
#include "text/row_reader.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

bantam_dataset_options bantam_dataset_options_default(void)
{
    return (bantam_dataset_options){0};
}

bantam_status row_error(const struct bantam_row_reader *reader, bantam_error *error,
                        const char *format, ...)
{
    char words[300];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    return error_set_at(error, BANTAM_ERROR_INPUT, 0, reader->window.row_line,
                        "%s: row %" PRIu64 " (line %" PRIu64 ") %s", reader->window.source,
                        reader->record.row, reader->window.row_line, words);
}

static bool is_separator(char byte)
{
    return byte != '"' && byte != '\n' && byte != '\r';
}

static bantam_status copy_options(struct bantam_row_reader *reader,
                                  const bantam_dataset_options *options, const char *source,
                                  bantam_error *error)
{
    const char *wanted[ROW_COLUMNS] = {options->text_column, options->label_column,
                                       options->weight_column, options->group_column};
    for (size_t i = 0; i < ROW_COLUMNS; i++) {
        reader->names[i] = wanted[i] ? arena_copy_string(&reader->arena, wanted[i]) : NULL;
        if (wanted[i] && !reader->names[i]) {
            return error_memory(error);
        }
    }
    const char *label_separator = options->label_separator;
    reader->label_separator =
        label_separator ? arena_copy_string(&reader->arena, label_separator) : NULL;
    reader->window.source = arena_copy_string(&reader->arena, source);
    if (!reader->window.source || (label_separator && !reader->label_separator)) {
        return error_memory(error);
    }
    reader->label_optional = options->label_optional;
    reader->note = "";
    return BANTAM_OK;
}

bantam_status bantam_row_reader_new(bantam_row_reader **out, const bantam_dataset_options *options,
                                    const char *source, bantam_read read, void *context,
                                    bantam_error *error)
{
    *out = NULL;
    bantam_dataset_options standard = bantam_dataset_options_default();
    options = options ? options : &standard;
    if (options->format > BANTAM_ROWS_LINES || options->header > BANTAM_HEADER_NO ||
        !is_separator(options->separator)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "there is no such format, header or separator of rows");
    }
    bantam_row_reader *reader = memory_allocate_array(1, sizeof *reader);
    if (!reader) {
        return error_memory(error);
    }
    reader->window = (struct row_window){.read = read, .context = context, .line = 1};
    bantam_status status = copy_options(reader, options, source ? source : "-", error);
    if (!status) {
        status = row_reader_settle(reader, options, error);
    }
    if (status) {
        bantam_row_reader_free(&reader);
        return status;
    }
    *out = reader;
    return BANTAM_OK;
}

void bantam_row_reader_free(bantam_row_reader **reader)
{
    if (*reader) {
        row_window_release(&(*reader)->window);
        delimited_row_release(&(*reader)->fields);
        arena_release(&(*reader)->row_arena);
        arena_release(&(*reader)->arena);
        memory_free((*reader)->labels);
        memory_free(*reader);
        *reader = NULL;
    }
}

const char *bantam_row_reader_note(const bantam_row_reader *reader)
{
    return reader->note;
}

static bantam_status parse(struct bantam_row_reader *reader, char *row, size_t size,
                           bantam_error *error)
{
    switch (reader->format) {
    case BANTAM_ROWS_NDJSON:
        return row_parse_json(reader, row, size, error);
    case BANTAM_ROWS_FASTTEXT:
        return row_parse_fasttext(reader, row, size, error);
    case BANTAM_ROWS_CSV:
    case BANTAM_ROWS_TSV:
        return row_parse_delimited(reader, row, size, error);
    case BANTAM_ROWS_AUTO:
    case BANTAM_ROWS_LINES:
        break;
    }
    reader->record.text = (bantam_text){row, size};
    return BANTAM_OK;
}

static bool is_blank(const char *row, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (row[i] != ' ' && row[i] != '\t' && row[i] != '\r') {
            return false;
        }
    }
    return true;
}

// An empty line is a row only where a row may be nothing but an empty text.
static bool is_skipped(const struct bantam_row_reader *reader, const char *row, size_t size)
{
    switch (reader->format) {
    case BANTAM_ROWS_NDJSON:
    case BANTAM_ROWS_FASTTEXT:
        return is_blank(row, size);
    case BANTAM_ROWS_CSV:
    case BANTAM_ROWS_TSV:
        return size == 0 && reader->n_columns > 1;
    case BANTAM_ROWS_AUTO:
    case BANTAM_ROWS_LINES:
        break;
    }
    return false;
}

bantam_status bantam_row_reader_next(bantam_row_reader *reader, const bantam_record **record,
                                     bantam_error *error)
{
    *record = NULL;
    char *row;
    size_t size;
    do {
        bantam_status status =
            row_window_next(&reader->window, reader->separator, &row, &size, error);
        if (status || !row) {
            return status;
        }
    } while (is_skipped(reader, row, size));
    reader->record = (bantam_record){.text = {"", 0},
                                     .weight = 1,
                                     .group = {"", 0},
                                     .row = reader->record.row + 1,
                                     .line = reader->window.row_line};
    bantam_status status = parse(reader, row, size, error);
    if (status) {
        return status;
    }
    reader->record.labels = reader->labels;
    if (reader->record.n_labels == 0 && !reader->label_optional && !reader->label_separator) {
        return row_error(reader, error, "has no label");
    }
    *record = &reader->record;
    return BANTAM_OK;
}
