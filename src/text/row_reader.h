// What the parsers of rows share: the reader's state, and the record that they fill.
//
// The path of a row: row_window.h finds its end, one of the parsers below splits it, row_labels.c makes labels of a field. Formats
// and columns are settled once, in row_format.c and row_columns.c, from the first bytes.
#ifndef BANTAM_TEXT_ROW_READER_H
#define BANTAM_TEXT_ROW_READER_H

#include "base/arena.h"
#include "text/delimited.h"
#include "text/row_window.h"

enum row_column {
    COLUMN_TEXT,
    COLUMN_LABEL,
    COLUMN_WEIGHT,
    COLUMN_GROUP,
    ROW_COLUMNS,
};

#define COLUMN_NONE SIZE_MAX

enum {
    LABELS_MAXIMUM = 1000,     // of one row
    LABEL_SIZE_MAXIMUM = 1000, // bytes
};

struct bantam_row_reader {
    struct row_window window;
    bantam_row_format format; // never AUTO once settled
    char separator;           // '\0' where rows are lines
    bool has_header;
    bool label_optional;
    const char *label_separator;    // NULL: one label a row
    const char *names[ROW_COLUMNS]; // the columns asked for, or NULL; NDJSON: the keys
    size_t columns[ROW_COLUMNS];    // CSV: which field, or COLUMN_NONE
    size_t n_columns;               // CSV: fields of every row
    struct delimited_row fields;    // of the row at hand
    struct arena row_arena;         // what NDJSON decodes of the row at hand
    struct arena arena;             // names, source, note; lives as long as the reader
    bantam_text *labels;            // (labels_capacity)
    size_t labels_capacity;
    bantam_record record; // of the row at hand
    const char *note;
};

// BANTAM_ERROR_INPUT about the row at hand: "source: row 7 (line 9) " and then the formatted words.
bantam_status row_error(const struct bantam_row_reader *reader, bantam_error *error,
                        const char *format, ...) BANTAM_PRINTF(3, 4);

// Settles format, separator, header and columns. Errors: as bantam_row_reader_new.
BANTAM_MUST_CHECK bantam_status row_reader_settle(struct bantam_row_reader *reader,
                                                  const bantam_dataset_options *options,
                                                  bantam_error *error);

// Fill reader->record but for row and line.
BANTAM_MUST_CHECK bantam_status row_parse_delimited(struct bantam_row_reader *reader, char *row,
                                                    size_t size, bantam_error *error);
BANTAM_MUST_CHECK bantam_status row_parse_json(struct bantam_row_reader *reader, char *row,
                                               size_t size, bantam_error *error);
BANTAM_MUST_CHECK bantam_status row_parse_fasttext(struct bantam_row_reader *reader, char *row,
                                                   size_t size, bantam_error *error);

// Adds one label to the record, unless it is there already. Errors: BANTAM_ERROR_INPUT (too long, too many, holds a NUL),
// BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status row_add_label(struct bantam_row_reader *reader, bantam_text label,
                                              bantam_error *error);

// Adds the labels of a field: the field itself, or its parts between separators without blanks around them.
BANTAM_MUST_CHECK bantam_status row_add_labels(struct bantam_row_reader *reader, bantam_text field,
                                               bantam_error *error);

// Sets the record's weight from its digits.
BANTAM_MUST_CHECK bantam_status row_set_weight(struct bantam_row_reader *reader, bantam_text field,
                                               bantam_error *error);

// Settles format and separator alone.
BANTAM_MUST_CHECK bantam_status row_settle_format(struct bantam_row_reader *reader,
                                                  const bantam_dataset_options *options,
                                                  bantam_error *error);

// Whether a first row holds a name that was asked for, or a usual one.
bool row_looks_like_header(const struct bantam_row_reader *reader, const struct delimited_row *row);

// The usual names of a column, best first, ending in NULL; compared without regard to case.
const char *const *row_usual_names(enum row_column column);
bool row_name_equals(bantam_text field, const char *name);

#endif
