// A diagnosis as text for a person or as JSON for a program, into a buffer.
#ifndef BANTAM_REPORT_H
#define BANTAM_REPORT_H

#include <stdbool.h>

#include "buffer.h"
#include "triage.h"

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
} bantam_report_options;

BANTAM_API bantam_report_options bantam_report_options_default(void);

// Appends the answer for a person. Ends with a newline. Loses nothing silently: a cut line or a left-out finding says so.
BANTAM_API void bantam_report_text(bantam_buffer *out, const bantam_diagnosis *diagnosis,
                                   const bantam_report_options *options);

// Appends the answer for a program: one object of schema "bantam-triage/1" (docs/user/triage.schema.json), ending in '\n'.
BANTAM_API void bantam_report_json(bantam_buffer *out, const bantam_diagnosis *diagnosis,
                                   const bantam_report_options *options);

#endif
