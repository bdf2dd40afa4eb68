// One function a format: appends what one diagnosis is in it. document.c puts them together; text and JSON stand in report.h.
#ifndef BANTAM_REPORT_ANSWERS_H
#define BANTAM_REPORT_ANSWERS_H

#include "bantam/report.h"

// A workflow command a finding while fewer than ten are written, then plain lines; *n_elements counts them.
void answer_github(bantam_buffer *out, size_t *n_elements, const bantam_diagnosis *diagnosis,
                   const bantam_report_options *options);

void answer_markdown(bantam_buffer *out, const bantam_diagnosis *diagnosis,
                     const bantam_report_options *options);

// Elements of a JSON array, with a comma before each but the document's first.
void answer_gitlab(bantam_buffer *out, size_t *n_elements, const bantam_diagnosis *diagnosis,
                   const bantam_report_options *options);

// The document around the results, and results as elements of an array, with a comma before each but the first.
void sarif_head(bantam_buffer *out);
void answer_sarif(bantam_buffer *out, size_t *n_elements, const bantam_diagnosis *diagnosis,
                  const bantam_report_options *options);
void sarif_tail(bantam_buffer *out);

// The page up to its first answer, the answers, numbered from 1, and what ends the page. `n_bytes` of it are written already: a page
// that is full holds no more logs, only their answers.
void html_head(bantam_buffer *out, const char *title);
void answer_html(bantam_buffer *out, size_t number, size_t n_bytes,
                 const bantam_diagnosis *diagnosis, const bantam_report_options *options);
void html_tail(bantam_buffer *out);

// A <testsuite>.
void answer_junit(bantam_buffer *out, const bantam_diagnosis *diagnosis,
                  const bantam_report_options *options);

#endif
