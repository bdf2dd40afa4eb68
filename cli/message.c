// Unbuffered output with every error seen.
#include "message.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// Control bytes become '?': C0, DEL, and the C1 range both as UTF-8 and as stray bytes.
static void make_harmless(char *text)
{
    size_t n_expected = 0; // continuation bytes of a UTF-8 character
    for (unsigned char *byte = (unsigned char *)text; *byte; byte++) {
        bool continues = n_expected && *byte >= 0x80 && *byte < 0xc0;
        bool c1 = *byte >= 0x80 && *byte < 0xa0 && (!continues || byte[-1] == 0xc2);
        if (c1 && continues) {
            byte[-1] = '?';
        }
        if (*byte < ' ' || *byte == 0x7f || c1) {
            *byte = '?';
        }
        n_expected = continues       ? n_expected - 1
                     : *byte >= 0xf0 ? 3
                     : *byte >= 0xe0 ? 2
                     : *byte >= 0xc2 ? 1
                                     : 0;
    }
}

bool write_all(int descriptor, const void *bytes, size_t size)
{
    for (const char *at = bytes; size > 0;) {
        ssize_t written = write(descriptor, at, size);
        if (written < 0 && (errno == EINTR || errno == EAGAIN)) {
            struct pollfd wait = {.fd = descriptor, .events = POLLOUT};
            poll(&wait, 1, -1);
            continue;
        }
        if (written < 0) {
            return false;
        }
        at += written;
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
    make_harmless(text + lead);
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
