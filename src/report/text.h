// The parts of the report for a person, each in a file of its own: the numbers and the conclusion (text.c), the lines of the log
// (text_excerpt.c), and what is said below them (text_advice.c).
#ifndef BANTAM_REPORT_TEXT_H
#define BANTAM_REPORT_TEXT_H

#include "bantam/report.h"
#include "report/layout.h"

struct report {
    struct layout layout;
    const bantam_diagnosis *diagnosis;
    const bantam_report_options *options;
    const char *path;
    bool apart;                           // a blank line is due before the next label
    const char *dot, *dash, *arrow, *gap; // " · ", "–", "▶", "⋮"
};

struct number {
    char text[64];
};

// "87%"; "<1%" and ">99%" where rounding would say more than is known.
struct number text_percent(double probability);

// With a comma between thousands.
struct number text_grouped(uint64_t value);

void text_blank(struct report *report);

// The columns that a line's number takes.
int text_digits(uint64_t number);

void text_log_line(struct report *report, const bantam_log_line *line, int n_digits, bool anchor);

// The finding's lines; in at most `rows` rows those that tell most. `rows`: 0 for the whole.
void text_excerpt(struct report *report, const bantam_finding *finding, size_t rows);

// Begins a line of what is said below the lines: "  Reproduce   ".
void text_label(struct report *report, const char *label);

// What stands below the lines: what to do, where, why, what else it may be.
void text_advice(struct report *report, const bantam_finding *finding);

// What the reports of the job's tests say as a whole.
void text_reports(struct report *report);

// What was known of the failure before.
void text_past(struct report *report);

// That something is not shown as it stands in the log.
void text_hidden(struct report *report);

#endif
