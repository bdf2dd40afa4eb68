// A line's text in a form that may go to a terminal, a file or JSON.
#ifndef BANTAM_TEXT_VISIBLE_H
#define BANTAM_TEXT_VISIBLE_H

#include <stddef.h>

#include "text/document.h"

// Writes `size` bytes as valid UTF-8 without any control character to out (capacity) and returns the bytes written, not
// terminated: a tab becomes one space; each other control byte (C1 ones too), each byte of damaged UTF-8 and the
// characters that turn the direction of writing (U+202A to U+202E, U+2066 to U+2069) or end a line (U+2028, U+2029)
// become U+FFFD. Stops before the first character that does not fit: 3 * size always suffices.
size_t text_visible_utf8(char *out, size_t capacity, const char *text, size_t size);

// The same for a line's text.
size_t line_visible_utf8(char *out, size_t capacity, const struct line *line);

#endif
