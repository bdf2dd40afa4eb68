// Each way of writing a row is tried in turn; all are anchored at its start.
#include "triage/location_rows.h"

enum {
    DIGITS_MAXIMUM = 7,
    CODE_MAXIMUM = 8, // bytes of a rule's code before the numbers
};

static bool skip_number(struct span *text, int64_t *value)
{
    int32_t number;
    size_t digits = span_digits(*text);
    if (digits == 0 || digits > DIGITS_MAXIMUM || !span_number(*text, &number)) {
        return false;
    }
    *value = number;
    *text = span_after(*text, digits);
    return true;
}

// "H005 " before the numbers: a rule's code of capitals and digits.
static void skip_code(struct span *text)
{
    size_t size = 0;
    while (size < text->size && size < CODE_MAXIMUM && byte_is_upper(text->data[size])) {
        size++;
    }
    size_t digits = span_digits(span_after(*text, size));
    struct span rest = span_after(*text, size + digits);
    if (size > 0 && digits > 0 && rest.size > 0 && byte_is_blank(*rest.data)) {
        *text = span_trim_start(rest);
    }
}

static bool is_pair(struct span row, int64_t *line, int64_t *column)
{
    skip_code(&row);
    return skip_number(&row, line) && span_skip(&row, SPAN(":")) && skip_number(&row, column) &&
           (row.size == 0 || byte_is_blank(*row.data));
}

// "L:   1 | P:   9 |", "L3 |", "12 | ERROR |".
static bool is_column(struct span row, int64_t *line, int64_t *column)
{
    bool named = span_skip(&row, SPAN("L:")) || span_skip(&row, SPAN("L"));
    row = span_trim_start(row);
    if (!skip_number(&row, line)) {
        return false;
    }
    row = span_trim_start(row);
    if (!span_skip(&row, SPAN("|"))) {
        return false;
    }
    row = span_trim_start(row);
    if (named && span_skip(&row, SPAN("P:"))) {
        row = span_trim_start(row);
        return skip_number(&row, column);
    }
    return named || span_starts(row, SPAN("ERROR")) || span_starts(row, SPAN("WARNING"));
}

bool location_row(struct span row, int64_t *line, int64_t *column)
{
    *column = -1;
    if (is_pair(row, line, column)) {
        return true;
    }
    *column = -1;
    return is_column(row, line, column);
}

struct span location_heading(struct span row)
{
    struct span inside = row;
    if (span_skip(&inside, SPAN("== [")) && span_ends(inside, SPAN("] FAIL"))) {
        return span_of(inside.data, inside.size - 6);
    }
    if (span_skip(&row, SPAN("FILE: "))) {
        return row;
    }
    return row.size > 0 && row.data[row.size - 1] == ':' ? span_of(row.data, row.size - 1) : row;
}
