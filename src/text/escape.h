// From the bytes a program sent to a terminal to the characters a person saw: escape codes out, colours kept.
//
// In: a run of bytes without '\n' and without a '\r' that matters. Out: its text, and which colours were on for it.
// Codes follow ECMA-48 and the xterm control sequences. Never reads past the run, never allocates.
#ifndef BANTAM_TEXT_ESCAPE_H
#define BANTAM_TEXT_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What SGR codes have switched on. All zero: the terminal's default.
struct style {
    uint8_t color; // LINE_RED, LINE_YELLOW, LINE_GREEN or LINE_COLORED for any other; 0 for none
    bool bold;
    bool hidden; // SGR 8: Jenkins keeps its console notes in such text
};

// The flags of `enum line_flag` that a character written in this style has.
uint16_t style_flags(const struct style *style);

// Whether `bytes` is its own visible text: no control byte but tab, no C1 code. One quick pass.
bool text_is_plain(const char *bytes, size_t size);

// Whether anything but escape codes, control bytes and blanks is in `bytes`. Looks at the first 64 KiB.
bool text_has_visible(const char *bytes, size_t size);

// Bytes of the escape sequence at bytes[0], which is ESC; at least 1.
size_t escape_length(const char *bytes, size_t size);

// Applies the SGR codes in `bytes` to *style and nothing else. True if there was one.
bool style_follow(struct style *style, const char *bytes, size_t size);

struct cleaned {
    size_t size;    // bytes written
    uint16_t flags; // the colours of enum line_flag; LINE_TRUNCATED when `capacity` cut the text
};

// Writes the visible text of `bytes` to out (capacity), following colours in *style. Backspace steps back over a
// character, and what is written next replaces everything from there on: a spinner leaves its last state, overstrike its
// letters, and backspaces at the end erase nothing. Damaged UTF-8 stays. At most 1 MiB of `bytes` is looked at.
struct cleaned text_clean(char *out, size_t capacity, const char *bytes, size_t size,
                          struct style *style);

#endif
