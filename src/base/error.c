// Errors are values: a code, a sentence and a place.
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

static bantam_status error_fill(bantam_error *error, bantam_status code, uint64_t position,
                                uint64_t line, const char *format, va_list arguments)
{
    if (error) {
        error->code = code;
        error->position = position;
        error->line = line;
        vsnprintf(error->message, sizeof error->message, format, arguments);
    }
    return code;
}

bantam_status error_set(bantam_error *error, bantam_status code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error_fill(error, code, 0, 0, format, arguments);
    va_end(arguments);
    return code;
}

bantam_status error_set_at(bantam_error *error, bantam_status code, uint64_t position,
                           uint64_t line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error_fill(error, code, position, line, format, arguments);
    va_end(arguments);
    return code;
}

bantam_status error_memory(bantam_error *error)
{
    return error_set(error, BANTAM_ERROR_MEMORY, "out of memory");
}
