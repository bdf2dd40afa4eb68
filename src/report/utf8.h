// Reading UTF-8 that may be damaged, and how wide a terminal shows it.
//
// In: any bytes. Out: one character at a time with its columns. Must not look at the locale.
#ifndef BANTAM_REPORT_UTF8_H
#define BANTAM_REPORT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bantam/buffer.h"

#define UTF8_REPLACEMENT "\xef\xbf\xbd" // U+FFFD
#define UTF8_DAMAGED UINT32_MAX

// Reads the character at the start of `size` ≥ 1 bytes into `*character` and returns its bytes, 1 to 4. Overlong forms,
// surrogates and cut or stray bytes give UTF8_DAMAGED and a step over the damaged bytes only (Unicode 15, 3.9, U+FFFD
// substitution of maximal subparts).
size_t utf8_decode(const char *bytes, size_t size, uint32_t *character);

// C0, DEL, C1, the line separators and the marks that turn the direction of writing: what must never reach a terminal from a log.
bool utf8_is_control(uint32_t character);

// Columns that a terminal gives the character: 0 for combining marks, 2 for East Asian wide ones and emoji, else 1.
int utf8_columns(uint32_t character);

// Appends any bytes as valid UTF-8, control characters as blanks.
void utf8_append_visible(bantam_buffer *out, const char *bytes, size_t size);
void utf8_append_visible_string(bantam_buffer *out, const char *string);

#endif
