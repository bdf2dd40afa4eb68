// One pass that counts, one that copies.
#include "line_range.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool parse_number(const char **text, uint64_t *number)
{
    char *end;
    if (**text < '0' || **text > '9') {
        return false;
    }
    *number = strtoull(*text, &end, 10);
    *text = end;
    return *number > 0;
}

bool line_range_parse(struct line_range *range, const char *text)
{
    *range = (struct line_range){1, UINT64_MAX, 0};
    if (!text) {
        return true;
    }
    if (*text == '-') {
        text++;
        return parse_number(&text, &range->from_end) && !*text;
    }
    if (!parse_number(&text, &range->first)) {
        return false;
    }
    range->last = range->first;
    if (*text == '-') {
        text++;
        return parse_number(&text, &range->last) && !*text && range->last >= range->first;
    }
    return !*text;
}

uint64_t line_count(const char *text, size_t size)
{
    uint64_t count = 0;
    const char *end = text + size;
    for (const char *at = text; size && (at = memchr(at, '\n', (size_t)(end - at))); at++) {
        count++;
    }
    return count + (size > 0 && end[-1] != '\n');
}

bool line_range_append(bantam_buffer *out, uint64_t *n_lines, const char *text, size_t size,
                       const struct line_range *range)
{
    uint64_t number = 0, first = range->first;
    *n_lines = line_count(text, size);
    if (range->from_end > 0) {
        first = *n_lines > range->from_end ? *n_lines - range->from_end + 1 : 1;
    }
    for (size_t at = 0; at < size && number < range->last;) {
        const char *line = text + at, *end = memchr(line, '\n', size - at);
        size_t length = end ? (size_t)(end - line) : size - at;
        if (++number >= first) {
            bantam_buffer_append_format(out, "%7" PRIu64 "  ", number);
            bantam_text_visible(out, line, length);
            bantam_buffer_append(out, "\n", 1);
        }
        at += length + 1;
    }
    return first <= *n_lines;
}
