// One page for a browser: the conclusion, the evidence, and the log folded around them. The page fetches nothing, and its policy lets no
// script run but its own.
//
// html.c writes what is known of a log, html_finding.c one finding, html_log.c the log itself. What stands around the answers (style, script, tools) lies in
// report/page/ and is put together by tools/embed.py.
#ifndef BANTAM_REPORT_HTML_H
#define BANTAM_REPORT_HTML_H

#include "bantam/report.h"
#include "text/document.h"

// The page before its title, between that and the first answer, and after the last.
extern const char page_head[], page_body[], page_tail[];

// Some lines of the document, 0-based, `last` included.
struct html_range {
    size_t first, last;
};

enum {
    HTML_RANGES = 256 // of a log; a page with more parts than that helps nobody
};

// Which lines of one log its page holds.
struct html_log {
    struct document document; // read only where `there`
    bool there;
    size_t number;                         // of the log in the page, from 1
    struct html_range ranges[HTML_RANGES]; // (n_ranges), in order, with lines between any two
    size_t n_ranges;
    size_t n_hidden; // secrets hidden in them
};

// Reads the log that `options` name, chooses what the page is to hold of it, at most about `room` bytes, the findings' surroundings
// first, and hides the secrets there. Without a log, or room, nothing is there. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status html_log_init(struct html_log *log, size_t number,
                                              const bantam_diagnosis *diagnosis,
                                              const bantam_report_options *options, size_t room);
void html_log_release(struct html_log *log);

// Whether the page holds that line, 1-based in the log.
bool html_log_holds(const struct html_log *log, uint64_t line);

// Appends the lines that are there in foldable parts, those of the findings unfolded, and tells what is not.
void html_log_write(bantam_buffer *out, const struct html_log *log,
                    const bantam_diagnosis *diagnosis);

// What is written of one log, and where to. All borrowed.
struct html_part {
    bantam_buffer *out;
    const bantam_diagnosis *diagnosis;
    const bantam_report_options *options;
    const struct html_log *log;
};

// Appends a finding; with the first one stands what the tests' reports and the history say.
void html_finding(const struct html_part *part, const bantam_finding *finding);

// Appends what the tests' reports say as a whole; nothing without reports.
void html_reports(const struct html_part *part);

// Text of any bytes as content or as an attribute's value.
void html_text(bantam_buffer *out, const char *text);

// "1,049" as a link to that line where the page holds it.
void html_line_number(bantam_buffer *out, const struct html_log *log, uint64_t line);

#endif
