// Labelled texts: read from CSV, TSV, NDJSON or fastText's lines, row by row or as a whole.
//
// Bytes come in through a callback, so that a file, a pipe and a decompressor look alike. A bantam_row_reader holds one row at a
// time, for data larger than memory; a bantam_dataset keeps all rows, with labels and groups as numbers. Both read with one parser.
#ifndef BANTAM_DATASET_H
#define BANTAM_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "status.h"

typedef enum bantam_row_format {
    BANTAM_ROWS_AUTO =
        0, // from the first bytes: '{' is NDJSON, "__label__" fastText; else CSV or TSV by the first line
    BANTAM_ROWS_CSV = 1,    // RFC 4180; commas, or what `separator` says
    BANTAM_ROWS_TSV = 2,    // the same with tabs
    BANTAM_ROWS_NDJSON = 3, // one JSON object a line
    BANTAM_ROWS_FASTTEXT =
        4, // words that start with "__label__" are labels, the rest of the line is the text
    BANTAM_ROWS_LINES = 5, // each line is a text; no labels
} bantam_row_format;

typedef enum bantam_row_header {
    BANTAM_HEADER_AUTO =
        0, // a header where the first row holds a column's name that was asked for or is usual
    BANTAM_HEADER_YES = 1,
    BANTAM_HEADER_NO = 2,
} bantam_row_header;

// A column is told by its name in the header (or its key in NDJSON) or by its number from 1. Strings are borrowed for the time of the
// call that takes the options.
typedef struct bantam_dataset_options {
    bantam_row_format format;  // default BANTAM_ROWS_AUTO
    bantam_row_header header;  // default BANTAM_HEADER_AUTO; CSV and TSV only
    char separator;            // of CSV's fields; default '\0': the likeliest of ',' ';' '\t' '|'
    const char *text_column;   // default NULL: one with a usual name, else guessed
    const char *label_column;  // default NULL: likewise
    const char *weight_column; // default NULL: every row weighs 1
    const char *group_column;  // default NULL: no groups
    const char
        *label_separator; // splits one field into several labels; default NULL: one label a row
    bool
        label_optional; // a row without label is no error, nor are data without a label column; default false
} bantam_dataset_options;

BANTAM_API bantam_dataset_options bantam_dataset_options_default(void);

// Writes up to `capacity` bytes to `buffer` and returns how many, 0 at the end, or a negative number on failure (the caller knows
// why; the reading function then returns BANTAM_ERROR_INPUT).
typedef ptrdiff_t (*bantam_read)(void *context, char *buffer, size_t capacity);

typedef struct bantam_text {
    const char *bytes; // not terminated; NULs and damaged UTF-8 are passed on as they are
    size_t size;
} bantam_text;

// One row as it stands in the data.
typedef struct bantam_record {
    bantam_text text;          // may be empty
    const bantam_text *labels; // (n_labels) distinct, in the order of the data
    size_t n_labels;
    float weight;      // ≥ 0; 1 where there is no weight column
    bantam_text group; // empty where there is no group column
    uint64_t row;      // from 1, without the header
    uint64_t line;     // 1-based line of the source where the row begins
} bantam_record;

typedef struct bantam_row_reader bantam_row_reader;

#define BANTAM_ROW_MAXIMUM ((size_t)16 << 20) // bytes of the longest row

// Begins to read rows. `source` names the data in messages. Memory: a window of 64 KB, which grows to the longest row, at most
// BANTAM_ROW_MAXIMUM, and one copy of it. Reads as far as it takes to know the format and the columns.
//
// Errors: BANTAM_ERROR_INPUT (no such column, not readable; names the source), BANTAM_ERROR_ARGUMENT, BANTAM_ERROR_MEMORY. `*out`
// is NULL on failure. One thread at a time.
BANTAM_API BANTAM_MUST_CHECK bantam_status
bantam_row_reader_new(bantam_row_reader **out, const bantam_dataset_options *options,
                      const char *source, bantam_read read, void *context, bantam_error *error);

// The next row, or `*record` NULL behind the last. Borrowed until the next call. Errors: BANTAM_ERROR_INPUT with source, row and line
// (a row with too many or too few fields, a quote without end, JSON that does not parse, no label, …), BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_row_reader_next(bantam_row_reader *reader,
                                                                  const bantam_record **record,
                                                                  bantam_error *error);

// What was guessed, as a sentence for a person ("CSV with a header; text is column 2 \"text\", label is column 1 \"label\""); ""
// where all was told. Borrowed.
BANTAM_API const char *bantam_row_reader_note(const bantam_row_reader *reader);

BANTAM_API void bantam_row_reader_free(bantam_row_reader **reader);

typedef struct bantam_row {
    const char *text;       // not terminated
    size_t text_size;       // bytes
    const uint32_t *labels; // (n_labels) rising, below bantam_dataset_n_labels once finished
    size_t n_labels;
    float weight;
    uint32_t group; // below bantam_dataset_n_groups; 0 where there are no groups
    uint64_t line;  // of its source; 0 for a row from memory
} bantam_row;

typedef struct bantam_dataset bantam_dataset;

// An empty dataset; keeps a copy of `options` (NULL: the defaults). Errors: BANTAM_ERROR_MEMORY, BANTAM_ERROR_ARGUMENT. `*out` is NULL
// on failure. One thread at a time until it is finished; then it is immutable and serves any number.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_dataset_new(bantam_dataset **out,
                                                              const bantam_dataset_options *options,
                                                              bantam_error *error);

// Appends all rows of a source. Errors: those of bantam_row_reader_next; rows before the faulty one stay.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_dataset_read(bantam_dataset *dataset,
                                                               const char *source, bantam_read read,
                                                               void *context, bantam_error *error);

// Appends one row; copies what it needs. `record->row` is not looked at. Errors: BANTAM_ERROR_MEMORY, BANTAM_ERROR_ARGUMENT (a finished
// dataset, a weight below 0, more than 2^32 − 1 rows).
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_dataset_add(bantam_dataset *dataset,
                                                              const bantam_record *record,
                                                              bantam_error *error);

// Sorts the names of labels and of groups by their bytes and numbers them so; no rows can be added from then on. Errors:
// BANTAM_ERROR_MEMORY, and the dataset is as before.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_dataset_finish(bantam_dataset *dataset,
                                                                 bantam_error *error);

BANTAM_API void bantam_dataset_free(bantam_dataset **dataset);

BANTAM_API size_t bantam_dataset_n_rows(const bantam_dataset *dataset);

// Row i below n_rows. Borrowed; valid until a row is added or the dataset freed.
BANTAM_API const bantam_row *bantam_dataset_row(const bantam_dataset *dataset, size_t i);

BANTAM_API size_t bantam_dataset_n_labels(const bantam_dataset *dataset);

// The name of label i, terminated (a name with a NUL is refused when it is read). Borrowed.
BANTAM_API const char *bantam_dataset_label(const bantam_dataset *dataset, size_t i);

BANTAM_API size_t bantam_dataset_n_groups(const bantam_dataset *dataset);
BANTAM_API const char *bantam_dataset_group(const bantam_dataset *dataset, size_t i);

// Whether a label separator was given: rows may have none or several labels.
BANTAM_API bool bantam_dataset_is_multi_label(const bantam_dataset *dataset);

// What was guessed in the first source that was read; see bantam_row_reader_note. Borrowed.
BANTAM_API const char *bantam_dataset_note(const bantam_dataset *dataset);

#endif
