// A log as lines: what a terminal would have shown, without the CI system's wrapping, and the sections it was in.
//
// Input: raw bytes, any damage. Output: one `struct line` for each '\n'-ended run of bytes, with its raw byte range kept,
// and the list of `struct section`s. Knows nothing of features or failures.
#ifndef BANTAM_TEXT_DOCUMENT_H
#define BANTAM_TEXT_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bantam/status.h"
#include "base/arena.h"
#include "text/span.h"

// Which CI system wrapped the log. The order is not part of any file format.
enum log_format {
    LOG_PLAIN,
    LOG_TRAVIS,
    LOG_GITHUB,
    LOG_GITLAB,
    LOG_JENKINS,
    LOG_AZURE,
    LOG_CIRCLECI,
    LOG_BUILDKITE,
    LOG_BUILDKIT,
    LOG_BAZEL,
    LOG_INTERLEAVED,
    LOG_FORMATS,
};

// "plain", "travis", "github", …
const char *log_format_name(enum log_format format);

enum line_flag {
    LINE_RED = 1 << 0,     // red (31, 91, or 38;5;{1,9,124,160,196}) is on for some visible byte
    LINE_YELLOW = 1 << 1,  // 33, 93
    LINE_GREEN = 1 << 2,   // 32, 92
    LINE_BOLD = 1 << 3,    // SGR 1
    LINE_COLORED = 1 << 4, // any SGR at all
    LINE_COMMAND =
        1 << 5, // the wrapper or the shell echoes a command: "$ make", "+ make", "##[command]make"
    LINE_MARKER =
        1
        << 6, // the wrapper's own line and nothing of a tool: fold, time, group, section, pipeline step
    LINE_ERROR = 1 << 7,   // the wrapper calls it an error: "##[error]", "::error", "[error]"
    LINE_WARNING = 1 << 8, // likewise a warning
    LINE_EXIT =
        1
        << 9, // the wrapper tells an exit status: 'The command "x" exited with 1.', "Process completed with exit code 1"
    LINE_EXIT_FAILED = 1 << 10, // and it is not zero
    LINE_REWOUND = 1 << 11,     // a lone '\r' rewound it: a progress bar
    LINE_TRUNCATED = 1 << 12,   // the text is cut at LINE_TEXT_MAXIMUM
    LINE_JOB_END =
        1
        << 13, // the wrapper's last word: "Done. Your build exited with 1.", "ERROR: Job failed", "Finished: FAILURE"
    LINE_PASSED = 1 << 14, // of a test that passed, by its runner's word (passed_tests.h)
    LINE_OF_WRAPPER =
        LINE_MARKER | LINE_EXIT | LINE_JOB_END, // any of what the CI system says itself
};

enum {
    LINE_TEXT_MAXIMUM = 4096
}; // bytes of a line's text that anything looks at

struct line {
    uint64_t offset; // of its first raw byte
    const char *
        text; // visible text without wrapper prefix (timestamp, ##[error], …), not terminated, may hold damaged UTF-8
    uint32_t raw_size; // raw bytes without '\n'; UINT32_MAX when longer
    int32_t section;   // innermost section, -1 for none
    uint16_t size;     // bytes of text, at most LINE_TEXT_MAXIMUM; trailing blanks are not counted
    uint16_t flags;    // enum line_flag
};

// The visible text.
static inline struct span line_span(const struct line *line)
{
    return span_of(line->text, line->size);
}

// Whether the line tells how a command ended, not how the job did.
static inline bool line_tells_exit(const struct line *line)
{
    return (line->flags & (LINE_EXIT | LINE_JOB_END)) == LINE_EXIT;
}

enum {
    EXIT_UNKNOWN = INT32_MIN
};

// A run of lines that belong together: a step, a group, a fold, one echoed command's output, a test binary.
struct section {
    uint32_t first_line, last_line; // 0-based, inclusive; the header line is the first
    int32_t parent;                 // index, -1 for none
    int32_t
        exit_code; // EXIT_UNKNOWN where the log does not tell; failed steps that tell no number: 1
    const char *name;    // "install.bundler", "Run npm test", …; may be empty
    const char *command; // what runs in it, "" where unknown
    uint32_t name_size, command_size;
};

struct document {
    struct arena arena; // holds lines, sections and every text that is not a piece of `raw`
    const char *raw;    // borrowed from the caller for the document's life
    size_t raw_size;
    struct line *lines; // (n_lines)
    size_t n_lines;
    uint64_t
        first_line_number; // 1-based number of lines[0]: above 1 where the head of a huge log was left out
    uint64_t n_lines_total;   // of the whole log
    struct section *sections; // (n_sections), by first line
    size_t n_sections;
    enum log_format format;
    bool tells_passed; // some line tells that a test passed: passed_tests_mark has something to do
    int32_t job_exit_code; // what the log says of the whole job, EXIT_UNKNOWN where it says nothing
};

// Reads a log. `raw` must outlive the document. Errors: BANTAM_ERROR_MEMORY; *document is then empty.
BANTAM_MUST_CHECK bantam_status document_init(struct document *document, const void *raw,
                                              size_t size, bantam_error *error);

void document_release(struct document *document);

// The step that a section belongs to, or the section itself; -1 for -1.
int32_t document_outermost(const struct document *document, int32_t section);

// The innermost section around it, or itself, of which it is told with which status it ended; -1 for none and for -1.
int32_t document_ended(const struct document *document, int32_t section);

// The status of the command that printed the line, or of what it ran in; EXIT_UNKNOWN where nothing tells it.
int32_t document_status(const struct document *document, size_t line);

// Whether anything was started or printed behind the line, but for what the CI system says.
bool document_went_on(const struct document *document, uint32_t line);

#endif
