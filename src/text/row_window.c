// The window doubles while one row fills it and never shrinks; what was read is moved to its front when it runs dry.
#include "text/row_window.h"

#include <inttypes.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

enum {
    WINDOW_FIRST = 64 << 10
};

void row_window_release(struct row_window *window)
{
    memory_free(window->bytes);
    *window = (struct row_window){0};
}

static bantam_status too_long(const struct row_window *window, bantam_error *error)
{
    return error_set_at(error, BANTAM_ERROR_INPUT, 0, window->line,
                        "%s: the row that begins at line %" PRIu64
                        " is longer than 16 MB; is a quote without its end?",
                        window->source, window->line);
}

// Room for more bytes behind `end`.
static bantam_status make_room(struct row_window *window, bantam_error *error)
{
    if (window->begin > 0 && window->end == window->capacity) {
        memmove(window->bytes, window->bytes + window->begin, window->end - window->begin);
        window->end -= window->begin;
        window->begin = 0;
    }
    if (window->end < window->capacity) {
        return BANTAM_OK;
    }
    if (window->capacity > BANTAM_ROW_MAXIMUM) {
        return too_long(window, error);
    }
    size_t capacity = window->capacity ? window->capacity * 2 : WINDOW_FIRST;
    char *bytes = memory_resize_array(window->bytes, capacity, 1);
    if (!bytes) {
        return error_memory(error);
    }
    window->bytes = bytes;
    window->capacity = capacity;
    return BANTAM_OK;
}

static bantam_status read_more(struct row_window *window, bantam_error *error)
{
    bantam_status status = make_room(window, error);
    if (status) {
        return status;
    }
    size_t room = window->capacity - window->end;
    ptrdiff_t got = window->read(window->context, window->bytes + window->end, room);
    if (got < 0 || (size_t)got > room) {
        return error_set_at(error, BANTAM_ERROR_INPUT, 0, window->line,
                            "%s: not readable from line %" PRIu64 " on", window->source,
                            window->line);
    }
    window->end += (size_t)got;
    window->at_end = got == 0;
    return BANTAM_OK;
}

bantam_status row_window_fill(struct row_window *window, size_t size, bantam_error *error)
{
    bantam_status status = BANTAM_OK;
    while (!status && !window->at_end && window->end - window->begin < size) {
        status = read_more(window, error);
    }
    return status;
}

static uint64_t count_newlines(const char *bytes, const char *end)
{
    uint64_t n = 0;
    while ((bytes = memchr(bytes, '\n', (size_t)(end - bytes)))) {
        n++;
        bytes++;
    }
    return n;
}

static bool line_end(struct row_scan *scan, const char *bytes, size_t size)
{
    const char *end = scan->at < size ? memchr(bytes + scan->at, '\n', size - scan->at) : NULL;
    scan->at = end ? (size_t)(end - bytes) : size;
    return end != NULL;
}

bool row_scan_end(struct row_scan *scan, const char *bytes, size_t size, char separator)
{
    if (!separator) {
        return line_end(scan, bytes, size);
    }
    size_t at = scan->at;
    enum row_state state = scan->state;
    bool found = false;
    for (; at < size && !found; at++) {
        char byte = bytes[at];
        if (state == SCAN_QUOTED) {
            const char *quote = memchr(bytes + at, '"', size - at);
            size_t stop = quote ? (size_t)(quote - bytes) : size - 1;
            scan->n_newlines += count_newlines(bytes + at, quote ? quote : bytes + size);
            at = stop;
            state = quote ? SCAN_QUOTE : SCAN_QUOTED;
        } else if (byte == '\n') {
            found = true;
            break;
        } else if (byte == separator) {
            state = SCAN_FIELD_START;
        } else if (byte == '"' && state != SCAN_PLAIN) {
            state = SCAN_QUOTED; // a field's first quote, or the second of a doubled one
        } else {
            state = SCAN_PLAIN;
        }
    }
    scan->at = at;
    scan->state = state;
    return found;
}

// Takes `size` bytes as the row and `end_size` more as its line end.
static void take(struct row_window *window, size_t end_size, char **row, size_t *size)
{
    *row = window->bytes + window->begin;
    *size = window->scan.at;
    window->begin += window->scan.at + end_size;
    window->row_line = window->line;
    window->line += window->scan.n_newlines + end_size;
    window->scan = (struct row_scan){0};
    if (end_size && *size && (*row)[*size - 1] == '\r') {
        --*size;
    }
}

bantam_status row_window_next(struct row_window *window, char separator, char **row, size_t *size,
                              bantam_error *error)
{
    *row = NULL;
    for (;;) {
        size_t held = window->end - window->begin;
        bool found =
            held && row_scan_end(&window->scan, window->bytes + window->begin, held, separator);
        if (window->scan.at > BANTAM_ROW_MAXIMUM) {
            return too_long(window, error);
        }
        if (found) {
            take(window, 1, row, size);
            return BANTAM_OK;
        }
        if (window->at_end && window->scan.state == SCAN_QUOTED) {
            return error_set_at(error, BANTAM_ERROR_INPUT, 0, window->line,
                                "%s: a quote in the row that begins at line %" PRIu64
                                " has no end; double each quote within a quoted field",
                                window->source, window->line);
        }
        if (window->at_end) {
            if (held) {
                take(window, 0, row, size);
            }
            return BANTAM_OK;
        }
        bantam_status status = read_more(window, error);
        if (status) {
            return status;
        }
    }
}
