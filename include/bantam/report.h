// Diagnoses as text for a person, as JSON for a program, and in the forms of the places where people look, into a buffer.
#ifndef BANTAM_REPORT_H
#define BANTAM_REPORT_H

#include <stdbool.h>

#include "buffer.h"
#include "history.h"
#include "triage.h"

// A log taken apart for a page, which takes longest of all that a page needs.
typedef struct bantam_report_log bantam_report_log;

// Does ahead, on any thread, what bantam_report_add does with a page's log. Borrows the log until that call. `*out` is NULL on failure.
// Errors: BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_report_log_new(bantam_report_log **out,
                                                                 const void *log, size_t size,
                                                                 bantam_error *error);
BANTAM_API void bantam_report_log_free(bantam_report_log **log);

typedef struct bantam_report_options {
    const char *path; // how the log is called in the report; NULL: "-"
    bool color;       // SGR colours; default false
    bool ascii;       // no characters outside ASCII in what the report adds; default false
    bool all;         // every finding in full instead of a line each after the first; default false
    bool brief;       // text: the conclusion in one line and nothing else; default false
    bool pretty;      // JSON over several lines; default false: one line
    size_t n_lines;   // text: how many of the lines to read first are listed too; default 0
    size_t width;     // columns of the terminal; 0 (default): lines are not cut
    // Text: the first finding shows as much of its excerpt as fits an answer of so many lines, its best lines first; `all` and
    // `n_lines` are not counted. 0 (default): the whole excerpt.
    size_t rows;
    const char *step; // of the job, that the first finding stands in; NULL (default): not known
    const bantam_past *past; // what was known of the failure before, or NULL (default); borrowed
    // HTML: the log itself, borrowed during the call, so that the page can show what stands around the findings; NULL (default): only
    // the lines that they quote. What is hidden in it is what `redaction` says, the same as the triage was told.
    const void *log;
    size_t log_size;
    bantam_report_log *
        log_ahead; // of that log, used up by the call; NULL (default): it is taken apart during the call
    bantam_redaction redaction; // default BANTAM_REDACT_SECRETS
} bantam_report_options;

BANTAM_API bantam_report_options bantam_report_options_default(void);

// Append only, as other enums.
typedef enum bantam_report_format {
    BANTAM_REPORT_TEXT = 0, // for a person in a terminal
    BANTAM_REPORT_JSON =
        1, // one indented object, or an array of them (docs/user/triage.schema.json)
    BANTAM_REPORT_NDJSON = 2, // the same, an object a line
    BANTAM_REPORT_GITHUB = 3, // workflow commands: annotations of a GitHub Actions run, ten at most
    BANTAM_REPORT_MARKDOWN = 4, // for a job summary or a comment, a megabyte at most
    BANTAM_REPORT_GITLAB = 5,   // GitLab's code quality report
    BANTAM_REPORT_SARIF = 6,    // SARIF 2.1.0
    BANTAM_REPORT_JUNIT = 7,    // JUnit XML: a suite a log, a failed case a finding
    BANTAM_REPORT_HTML = 8,     // one page for a browser, with the log around the findings
} bantam_report_format;

// Finds a format by its name ("text", "json", "ndjson", "github", …); false where there is none.
BANTAM_API bool bantam_report_format_parse(bantam_report_format *format, const char *name);

// One document over any number of diagnoses. Plain data: begin sets it, and nothing is to be released.
typedef struct bantam_report_document {
    bantam_report_format format;
    bool several;     // JSON: an array, also of one; may be set before the first diagnosis is added
    size_t n_answers; // added so far
    size_t n_elements; // GITHUB: annotations, GITLAB and SARIF: results written so far
    size_t n_bytes;    // MARKDOWN and HTML: written so far
    size_t n_left_out; // MARKDOWN: answers that had no room
} bantam_report_document;

BANTAM_API void bantam_report_begin(bantam_report_document *document, bantam_report_format format);

// Appends to `out` what one more diagnosis adds to the document, its head included where it is the first. `options` may be NULL; those
// about colour, width and rows are the text's alone. Loses nothing silently: what is cut or left out is told.
BANTAM_API void bantam_report_add(bantam_report_document *document, bantam_buffer *out,
                                  const bantam_diagnosis *diagnosis,
                                  const bantam_report_options *options);

// Appends what ends the document, and its head where no diagnosis was added.
BANTAM_API void bantam_report_end(bantam_report_document *document, bantam_buffer *out);

// Appends the answer for a person. Ends with a newline. Loses nothing silently: a cut line or a left-out finding says so.
BANTAM_API void bantam_report_text(bantam_buffer *out, const bantam_diagnosis *diagnosis,
                                   const bantam_report_options *options);

// Appends the answer for a program: one object of schema "bantam-triage/1" (docs/user/triage.schema.json), ending in '\n'.
BANTAM_API void bantam_report_json(bantam_buffer *out, const bantam_diagnosis *diagnosis,
                                   const bantam_report_options *options);

#endif
