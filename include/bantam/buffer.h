// A growing run of bytes with a declared maximum: how the library hands out text and files it has made.
//
// Appending never fails half-way: once an allocation fails or the maximum is reached, the buffer stops growing and
// `failed` stays set, so that a renderer appends without checks and its caller looks once at the end.
#ifndef BANTAM_BUFFER_H
#define BANTAM_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "status.h"

typedef struct bantam_buffer {
    char *data;      // not terminated; NULL while empty
    size_t size;     // bytes in use
    size_t capacity; // bytes allocated
    size_t maximum;  // never grows beyond; bytes
    bool failed;     // an append was lost
} bantam_buffer;

// Makes an empty buffer that never holds more than `maximum` bytes.
BANTAM_API void bantam_buffer_init(bantam_buffer *buffer, size_t maximum);

// Frees what the buffer holds and makes it empty again.
BANTAM_API void bantam_buffer_release(bantam_buffer *buffer);

// Appends `size` bytes; on failure sets `failed` and leaves the content as it was.
BANTAM_API void bantam_buffer_append(bantam_buffer *buffer, const void *bytes, size_t size);

// Appends a terminated string.
BANTAM_API void bantam_buffer_append_string(bantam_buffer *buffer, const char *string);

// Appends formatted text, as printf does.
BANTAM_API void bantam_buffer_append_format(bantam_buffer *buffer, const char *format, ...)
    BANTAM_PRINTF(2, 3);

#endif
