// Valid UTF-8 without control characters; see visible.h.
#include "text/visible.h"

#include <stdbool.h>
#include <string.h>

#include "bantam/text.h"
#include "base/memory.h"
#include "text/utf8.h"

// Whether the well-formed sequence at `at` is a character that must not reach a terminal.
static bool is_unsafe(const uint8_t *at, size_t length)
{
    if (length == 1) {
        return at[0] < 0x20 || at[0] == 0x7F;
    }
    if (length == 2) {
        return at[0] == 0xC2 && at[1] < 0xA0;
    }
    if (length != 3 || at[0] != 0xE2) {
        return false;
    }
    return (at[1] == 0x80 && at[2] >= 0xA8 && at[2] <= 0xAE) ||
           (at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9);
}

size_t text_visible_utf8(char *out, size_t capacity, const char *text, size_t size)
{
    size_t written = 0;
    for (size_t at = 0; at < size;) {
        size_t length = utf8_length(text + at, size - at);
        const char *piece = text + at;
        size_t piece_size = length;
        if (text[at] == '\t') {
            piece = " ";
        } else if (length == 0 || is_unsafe((const uint8_t *)text + at, length)) {
            piece = "\xEF\xBF\xBD";
            piece_size = 3;
        }
        if (piece_size > capacity - written) {
            break;
        }
        memcpy(out + written, piece, piece_size);
        written += piece_size;
        at += length ? length : 1;
    }
    return written;
}

size_t line_visible_utf8(char *out, size_t capacity, const struct line *line)
{
    return text_visible_utf8(out, capacity, line->text, line->size);
}

void bantam_text_visible(bantam_buffer *out, const char *text, size_t size)
{
    char *line = memory_allocate(3 * size + 1);
    out->failed |= !line;
    for (size_t at = 0; line && at < size;) {
        const char *from = text + at, *end = memchr(from, '\n', size - at);
        size_t length = end ? (size_t)(end - from) : size - at;
        bantam_buffer_append(out, line, text_visible_utf8(line, 3 * length, from, length));
        bantam_buffer_append(out, "\n", end != NULL);
        at += length + 1;
    }
    memory_free(line);
}
