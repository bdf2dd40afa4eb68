// A diagnosis for a person; for now the conclusion and the lines.
#include "bantam/report.h"

bantam_report_options bantam_report_options_default(void)
{
    return (bantam_report_options){.path = NULL};
}

void bantam_report_text(bantam_buffer *out, const bantam_diagnosis *diagnosis,
                        const bantam_report_options *options)
{
    (void)options;
    if (diagnosis->n_findings == 0) {
        bantam_buffer_append_string(out, "no failure found\n");
    }
    for (size_t i = 0; i < diagnosis->n_findings; i++) {
        const bantam_finding *finding = &diagnosis->findings[i];
        bantam_buffer_append_format(out, "%s, line %llu\n", finding->cause,
                                    (unsigned long long)finding->anchor_line);
    }
}
