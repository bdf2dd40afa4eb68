// Text of unknown origin within Markdown, where nothing of it is markup.
#ifndef BANTAM_REPORT_MARKDOWN_H
#define BANTAM_REPORT_MARKDOWN_H

#include "bantam/buffer.h"

// Inline code, between as many backquotes as the text needs.
void markdown_code(bantam_buffer *out, const char *text);

// A sentence that may quote a log: what would be markup, a mention or a reference is escaped.
void markdown_prose(bantam_buffer *out, const char *text);

#endif
