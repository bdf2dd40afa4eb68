// Where the lines of a log end and how its bytes become UTF-8: byte encodings as they are, UTF-16 converted.
//
// Windows shells write UTF-16 when output is redirected. Line ends are looked for in code units, so that raw offsets stay
// true. Damage becomes U+FFFD in UTF-16 and stays as it is in bytes.
#ifndef BANTAM_TEXT_ENCODING_H
#define BANTAM_TEXT_ENCODING_H

#include <stddef.h>
#include <stdint.h>

enum encoding {
    ENCODING_BYTES, // UTF-8, damaged or not, and whatever else keeps ASCII
    ENCODING_UTF16_LITTLE,
    ENCODING_UTF16_BIG,
};

// From the byte order mark, else from where NULs stand in the first 4 KiB. *mark_size: bytes of the mark, 0 to 3.
enum encoding encoding_detect(const char *raw, size_t size, size_t *mark_size);

// Offset of the first byte of the next line end in raw[at, size), `size` where there is none; *end_size is its width.
size_t encoding_line_end(enum encoding encoding, const char *raw, size_t at, size_t size,
                         size_t *end_size);

// Lines in raw (size); a last one without a line end counts.
uint64_t encoding_count_lines(enum encoding encoding, const char *raw, size_t size);

// Bytes that encoding_convert may write for `size` bytes of UTF-16.
size_t encoding_capacity(size_t size);

// Writes UTF-16 as UTF-8 and returns the bytes written; out (encoding_capacity(size)).
size_t encoding_convert(enum encoding encoding, char *out, const char *raw, size_t size);

// The part of an overlong UTF-16 line worth converting: at most `maximum` bytes, from behind its last '\r' that has
// something other than blanks and NULs behind it. *size is changed to the part's; returns its first byte.
const char *encoding_visible_part(enum encoding encoding, const char *line, size_t *size,
                                  size_t maximum);

#endif
