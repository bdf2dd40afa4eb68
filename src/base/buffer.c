// The public growing buffer: doubles up to its declared maximum.
#include "bantam/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

void bantam_buffer_init(bantam_buffer *buffer, size_t maximum)
{
    *buffer = (bantam_buffer){.maximum = maximum};
}

void bantam_buffer_release(bantam_buffer *buffer)
{
    memory_free(buffer->data);
    bantam_buffer_init(buffer, buffer->maximum);
}

// Makes room for `size` more bytes and one spare (vsnprintf's terminator).
static bool buffer_reserve(bantam_buffer *buffer, size_t size)
{
    if (buffer->failed || size > buffer->maximum - buffer->size) {
        buffer->failed = true;
        return false;
    }
    size_t needed = buffer->size + size + 1;
    if (needed <= buffer->capacity) {
        return true;
    }
    size_t capacity = buffer->capacity ? buffer->capacity : 256;
    while (capacity < needed) {
        capacity *= 2;
    }
    char *data = memory_resize_array(buffer->data, capacity, 1);
    if (!data) {
        buffer->failed = true;
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void bantam_buffer_append(bantam_buffer *buffer, const void *bytes, size_t size)
{
    if (size && buffer_reserve(buffer, size)) {
        memcpy(buffer->data + buffer->size, bytes, size);
        buffer->size += size;
    }
}

void bantam_buffer_append_string(bantam_buffer *buffer, const char *string)
{
    bantam_buffer_append(buffer, string, strlen(string));
}

void bantam_buffer_append_format(bantam_buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (size < 0) {
        buffer->failed = true;
    } else if (size && buffer_reserve(buffer, (size_t)size)) {
        vsnprintf(buffer->data + buffer->size, (size_t)size + 1, format, again);
        buffer->size += (size_t)size;
    }
    va_end(again);
}
