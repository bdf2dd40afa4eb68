// Unbuffered output with every error seen.
#include "message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool write_all(int descriptor, const char *bytes, size_t size)
{
    while (size) {
        ssize_t written = write(descriptor, bytes, size);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return false;
        }
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

void message(const char *format, ...)
{
    char text[4096] = "bantam: ";
    size_t lead = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(text + lead, sizeof text - lead - 1, format, arguments);
    va_end(arguments);
    size_t size = strlen(text);
    for (size_t i = lead; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        bool c1 =
            byte == 0xc2 && (unsigned char)text[i + 1] >= 0x80 && (unsigned char)text[i + 1] < 0xa0;
        if (byte < ' ' || byte == 0x7f || c1) {
            text[i] = '?';
        }
    }
    text[size++] = '\n';
    if (wanted < 0 || !write_all(STDERR_FILENO, text, size)) {
        return; // there is no one left to tell
    }
}

static bool output_failed(void)
{
    if (errno != EPIPE) {
        message("standard output: %s; the answer is incomplete", strerror(errno));
    }
    return false;
}

bool write_output(const void *bytes, size_t size)
{
    return write_all(STDOUT_FILENO, bytes, size) || output_failed();
}

bool close_output(void)
{
    return close(STDOUT_FILENO) == 0 || errno == EBADF || output_failed();
}
