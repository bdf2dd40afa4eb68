// One line a size; the first is the model as it was.
#include "shrink_table.h"

void shrink_table(bantam_buffer *out, const bantam_shrink_report *report)
{
    bantam_buffer_append_format(out, "%12s %6s %10s %10s %10s %9s\n", "bytes", "bits", "weights",
                                "n-grams", "accuracy", "change");
    double whole = report->steps[0].accuracy;
    for (size_t i = 0; i < report->n_steps; i++) {
        const bantam_shrink_step *step = &report->steps[i];
        bantam_buffer_append_format(out, "%12zu %6d %10zu %10zu %10.4f", step->size, step->bits,
                                    step->n_weights, step->n_features, step->accuracy);
        if (i > 0) {
            bantam_buffer_append_format(out, " %+9.4f", step->accuracy - whole);
        }
        bantam_buffer_append_string(out, step->chosen ? " <- taken\n" : "\n");
    }
    bantam_buffer_append_format(out, "accuracy on %zu rows, %s\n", report->n_rows,
                                report->refitted ? "by models that had not seen them"
                                                 : "which must not be training rows");
}
