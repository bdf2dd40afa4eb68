// Walking skeleton: splits at '\n' only.
#include "text/document.h"

#include <string.h>

#include "base/error.h"

const char *log_format_name(enum log_format format)
{
    static const char *const names[LOG_FORMATS] = {
        "plain", "travis",   "github",    "gitlab",   "jenkins",
        "azure", "circleci", "buildkite", "buildkit", "bazel",
    };
    return names[format];
}

bantam_status document_init(struct document *document, const void *raw, size_t size,
                            bantam_error *error)
{
    *document = (struct document){
        .raw = raw, .raw_size = size, .first_line_number = 1, .job_exit_code = EXIT_UNKNOWN};
    const char *bytes = raw;
    size_t n_lines = 0;
    for (size_t at = 0; at < size; at++) {
        n_lines += bytes[at] == '\n' || at + 1 == size;
    }
    document->lines = arena_allocate_array(&document->arena, n_lines, sizeof *document->lines);
    if (!document->lines) {
        document_release(document);
        return error_memory(error);
    }
    for (size_t at = 0; at < size;) {
        const char *end = memchr(bytes + at, '\n', size - at);
        size_t length = end ? (size_t)(end - bytes) - at : size - at;
        document->lines[document->n_lines++] = (struct line){
            .offset = at,
            .text = bytes + at,
            .raw_size = length > UINT32_MAX ? UINT32_MAX : (uint32_t)length,
            .section = -1,
            .size = (uint16_t)(length > LINE_TEXT_MAXIMUM ? LINE_TEXT_MAXIMUM : length),
        };
        at += length + 1;
    }
    document->n_lines_total = document->n_lines;
    return BANTAM_OK;
}

void document_release(struct document *document)
{
    arena_release(&document->arena);
    *document = (struct document){0};
}
