// The figures of an evaluation's page, as inline SVG.
#ifndef BANTAM_REPORT_EVALUATION_PLOTS_H
#define BANTAM_REPORT_EVALUATION_PLOTS_H

#include "bantam/evaluation_report.h"

void plot_reliability(bantam_buffer *out, const bantam_evaluation_report *report);
void plot_precision_recall(bantam_buffer *out, const bantam_evaluation_report *report);
void plot_coverage(bantam_buffer *out, const bantam_evaluation_report *report);
void plot_confusion(bantam_buffer *out, const bantam_evaluation_report *report);
void plot_sizes(bantam_buffer *out, const bantam_evaluation_report *report);

// Whether the sizes of at least two models are known.
bool plot_has_sizes(const bantam_evaluation_report *report);

#endif
