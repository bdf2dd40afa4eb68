// Guesses whether a first row names the columns where none of its names is a usual one.
//
// Two signs: a column of numbers or dates that begins with a word; and a column of recurring values that begins with one of its own,
// when the first text is also the shortest or all other values recur. A first row that is a row like the others shows the second sign
// about once in as many files as rows were looked at.
#include <string.h>

#include "text/row_sample.h"

enum {
    COLUMNS_LOOKED_AT = 100,
    NUMBERS_LEAST = 2,  // rows with a number below the first
    ROWS_LEAST = 8,     // rows below the first for a sign of labels and lengths
    ROWS_ALL_RECUR = 20 // rows below the first for labels alone
};

static bantam_text field_of(const struct row_sample *sample, size_t row, size_t column)
{
    const struct delimited_row *fields = &sample->rows[row];
    return column < fields->n_fields ? fields->fields[column] : (bantam_text){"", 0};
}

static bool is_number(bantam_text field)
{
    size_t n_digits = 0;
    for (size_t i = 0; i < field.size; i++) {
        bool digit = field.bytes[i] >= '0' && field.bytes[i] <= '9';
        if (!digit && (field.bytes[i] == '\0' || !strchr(" +-.,:/", field.bytes[i]))) {
            return false;
        }
        n_digits += digit;
    }
    return n_digits > 0;
}

static bool begins_numbers(const struct row_sample *sample, size_t column)
{
    bantam_text first = field_of(sample, 0, column);
    size_t n_numbers = 0;
    if (first.size == 0 || is_number(first)) {
        return false;
    }
    for (size_t row = 1; row < sample->n_rows; row++) {
        bantam_text field = field_of(sample, row, column);
        if (field.size > 0 && !is_number(field)) {
            return false;
        }
        n_numbers += field.size > 0;
    }
    return n_numbers >= NUMBERS_LEAST;
}

// In how many rows the row's value stands.
static size_t count(const struct row_sample *sample, size_t row, size_t column)
{
    bantam_text wanted = field_of(sample, row, column);
    size_t n = 0;
    for (size_t i = 0; i < sample->n_rows; i++) {
        bantam_text field = field_of(sample, i, column);
        n += field.size == wanted.size && memcmp(field.bytes, wanted.bytes, field.size) == 0;
    }
    return n;
}

// Whether the first field is the only one of its kind in a column where half of the rows or more repeat another's.
static bool begins_labels(const struct row_sample *sample, size_t column, bool *all_recur)
{
    if (field_of(sample, 0, column).size == 0 || count(sample, 0, column) > 1) {
        return false;
    }
    size_t n_alone = 0;
    for (size_t row = 1; row < sample->n_rows; row++) {
        n_alone += count(sample, row, column) == 1;
    }
    *all_recur = n_alone == 0 && sample->n_rows > ROWS_ALL_RECUR;
    return 2 * n_alone <= sample->n_rows;
}

// Whether the first field of the longest column is shorter than any other of it.
static bool text_is_shortest(const struct row_sample *sample, size_t n_columns)
{
    size_t most = 0, text = 0;
    for (size_t column = 0; column < n_columns; column++) {
        size_t n_bytes = 0;
        for (size_t row = 1; row < sample->n_rows; row++) {
            n_bytes += field_of(sample, row, column).size;
        }
        text = n_bytes > most ? column : text;
        most = n_bytes > most ? n_bytes : most;
    }
    size_t first = field_of(sample, 0, text).size;
    for (size_t row = 1; row < sample->n_rows; row++) {
        if (field_of(sample, row, text).size <= first) {
            return false;
        }
    }
    return first > 0;
}

bool row_sample_has_header(const struct row_sample *sample)
{
    size_t n_columns = sample->n_rows ? sample->rows[0].n_fields : 0;
    n_columns = n_columns < COLUMNS_LOOKED_AT ? n_columns : COLUMNS_LOOKED_AT;
    bool labels = false, all_recur = false;
    for (size_t column = 0; column < n_columns; column++) {
        bool recur = false;
        if (begins_numbers(sample, column)) {
            return true;
        }
        labels |= n_columns > 1 && begins_labels(sample, column, &recur);
        all_recur |= recur;
    }
    return sample->n_rows > ROWS_LEAST && labels &&
           (all_recur || text_is_shortest(sample, n_columns));
}
