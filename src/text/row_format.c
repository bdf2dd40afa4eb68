// Settles a source's format and separator, by its first bytes alone.
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "text/row_sample.h"

static const char *const text_names[] = {
    "text",       "texts",     "sentence", "message",     "msg",      "content",
    "body",       "utterance", "comment",  "description", "document", "query",
    "query_text", "question",  "review",   "title",       NULL};
static const char *const label_names[] = {"label",      "labels", "class",     "category",
                                          "categories", "target", "intent",    "tag",
                                          "tags",       "topic",  "sentiment", NULL};
static const char *const no_names[] = {NULL};

const char *const *row_usual_names(enum row_column column)
{
    return column == COLUMN_TEXT ? text_names : column == COLUMN_LABEL ? label_names : no_names;
}

bool row_name_equals(bantam_text field, const char *name)
{
    return strlen(name) == field.size && strncasecmp(field.bytes, name, field.size) == 0;
}

// Passes over a UTF-8 mark and refuses UTF-16, which spreadsheets write as "Unicode text".
static bantam_status skip_mark(struct row_window *window, bantam_error *error)
{
    bantam_status status = row_window_fill(window, 3, error);
    if (status) {
        return status;
    }
    const char *bytes = window->bytes + window->begin;
    size_t size = window->end - window->begin;
    if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        window->begin += 3;
    } else if (size >= 2 &&
               (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) {
        return error_set_at(error, BANTAM_ERROR_INPUT, 0, 1, "%s: is UTF-16; save it as UTF-8",
                            window->source);
    }
    return BANTAM_OK;
}

// A number asked for is a column's place: the same digits in a first row are most often a label.
static bool is_asked_for(const struct bantam_row_reader *reader, bantam_text field)
{
    for (size_t i = 0; i < ROW_COLUMNS; i++) {
        const char *name = reader->names[i];
        bool is_name = name && name[strspn(name, "0123456789")] != '\0';
        if (is_name && strlen(name) == field.size && memcmp(name, field.bytes, field.size) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_usual(enum row_column column, bantam_text field)
{
    for (const char *const *name = row_usual_names(column); *name; name++) {
        if (row_name_equals(field, *name)) {
            return true;
        }
    }
    return false;
}

bool row_looks_like_header(const struct bantam_row_reader *reader, const struct delimited_row *row)
{
    for (size_t i = 0; i < row->n_fields; i++) {
        bantam_text field = row->fields[i];
        if (is_asked_for(reader, field) || is_usual(COLUMN_TEXT, field) ||
            is_usual(COLUMN_LABEL, field)) {
            return true;
        }
    }
    return false;
}

// How well a separator fits: 3 a header that is known, 2 the same number of fields in every row, 1 any in the first, 0 none.
static bantam_status rate_separator(struct bantam_row_reader *reader, char separator, int *rating,
                                    bantam_error *error)
{
    struct row_sample sample;
    bantam_status status =
        row_sample_take(&sample, &reader->window, separator, ROW_SAMPLE_ROWS, error);
    if (status) {
        return status;
    }
    size_t n_fields = sample.n_rows ? sample.rows[0].n_fields : 0;
    *rating = n_fields > 1;
    if (sample.n_rows && row_looks_like_header(reader, &sample.rows[0])) {
        *rating = n_fields > 1 ? 4 : 3;
    } else if (n_fields > 1) {
        *rating = 2;
        for (size_t i = 1; i < sample.n_rows; i++) {
            *rating = sample.rows[i].n_fields == n_fields ? *rating : 1;
        }
    }
    row_sample_release(&sample);
    return BANTAM_OK;
}

static bantam_status choose_separator(struct bantam_row_reader *reader, int *best,
                                      bantam_error *error)
{
    static const char candidates[] = {',', '\t', ';', '|'};
    reader->separator = ',';
    *best = 0;
    for (size_t i = 0; i < sizeof candidates; i++) {
        int rating;
        bantam_status status = rate_separator(reader, candidates[i], &rating, error);
        if (status) {
            return status;
        }
        if (rating > *best) {
            *best = rating;
            reader->separator = candidates[i];
        }
    }
    return BANTAM_OK;
}

// Whether `word` stands behind the blanks at the front of the source, within what a guess may rest on.
static bantam_status starts_with(struct row_window *window, const char *word, bool *starts,
                                 bantam_error *error)
{
    size_t size = strlen(word), blanks = 0;
    for (bool passed = false; !passed; blanks += !passed) {
        bantam_status status = row_window_fill(window, blanks + size, error);
        if (status) {
            return status;
        }
        const char *bytes = window->bytes + window->begin;
        passed = blanks + size > window->end - window->begin || blanks > ROW_SAMPLE_SIZE ||
                 !strchr(" \t\r\n", bytes[blanks]) || bytes[blanks] == '\0';
        *starts = passed && blanks <= ROW_SAMPLE_SIZE &&
                  blanks + size <= window->end - window->begin &&
                  memcmp(bytes + blanks, word, size) == 0;
    }
    return BANTAM_OK;
}

bantam_status row_settle_format(struct bantam_row_reader *reader,
                                const bantam_dataset_options *options, bantam_error *error)
{
    bantam_status status = skip_mark(&reader->window, error);
    if (status) {
        return status;
    }
    reader->format = options->format;
    reader->separator = options->separator;
    bool automatic = options->format == BANTAM_ROWS_AUTO;
    if (automatic && !options->separator) {
        bool json = false, fasttext = false;
        status = starts_with(&reader->window, "{", &json, error);
        if (!status) {
            status = starts_with(&reader->window, "__label__", &fasttext, error);
        }
        if (status) {
            return status;
        }
        reader->format = json       ? BANTAM_ROWS_NDJSON
                         : fasttext ? BANTAM_ROWS_FASTTEXT
                                    : BANTAM_ROWS_AUTO;
    }
    if (reader->format >= BANTAM_ROWS_NDJSON) {
        reader->separator = '\0';
        return BANTAM_OK;
    }
    if (reader->format == BANTAM_ROWS_TSV && !reader->separator) {
        reader->separator = '\t';
    }
    if (!reader->separator) {
        int rating;
        status = row_window_fill(&reader->window, ROW_SAMPLE_SIZE + 1, error);
        if (!status) {
            status = choose_separator(reader, &rating, error);
        }
        if (status) {
            return status;
        }
        bool told = reader->names[COLUMN_TEXT] || options->header == BANTAM_HEADER_YES;
        if (automatic && options->label_optional && rating < 3 && !told) {
            reader->format = BANTAM_ROWS_LINES; // plain texts to be labelled, commas and all
            reader->separator = '\0';
            return BANTAM_OK;
        }
    }
    reader->format = reader->separator == '\t' ? BANTAM_ROWS_TSV : BANTAM_ROWS_CSV;
    return BANTAM_OK;
}
