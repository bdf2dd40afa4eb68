// Two models on the same rows: an exact test of who is right more often, and intervals of what they differ by.
#include <math.h>

#include "base/error.h"
#include "base/memory.h"
#include "evaluate/bootstrap.h"

// Two-sided exact binomial test of `few` successes in `n` trials with probability 1/2: min(1, 2 · P(X ≤ few)). McNemar (1947) with
// the exact distribution; the tail is summed from its largest term in logarithms.
static double sign_test(double few, double n)
{
    double total = 0;
    for (double k = few; k >= 0; k--) {
        double term = exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2));
        total += term;
        if (term < total * 1e-17) {
            break;
        }
    }
    return fmin(1, 2 * total);
}

static void count_agreement(bantam_comparison *out, const struct scored_rows *first,
                            const struct scored_rows *second)
{
    for (size_t i = 0; i < first->n_rows; i++) {
        bool one = first->rows[i].right, other = second->rows[i].right;
        double *count = one && other ? &out->both_right
                        : one        ? &out->first_only_right
                        : other      ? &out->second_only_right
                                     : &out->both_wrong;
        ++*count;
    }
    out->p_value = sign_test(fmin(out->first_only_right, out->second_only_right),
                             out->first_only_right + out->second_only_right);
}

static bantam_status compare_scored(bantam_comparison *out, const struct scored_rows *first,
                                    const struct scored_rows *second,
                                    const bantam_evaluate_options *options, bantam_error *error)
{
    struct class_counts *counts = memory_allocate_array(first->n_classes, sizeof *counts);
    if (!counts) {
        return error_memory(error);
    }
    struct metrics metrics;
    bantam_interval one[BOOTSTRAP_METRICS], difference[BOOTSTRAP_METRICS];
    metrics_count(&metrics, counts, first, NULL);
    bootstrap_start(one, &metrics);
    metrics_count(&metrics, counts, second, NULL);
    bootstrap_start(difference, &metrics);
    memory_free(counts);
    for (size_t m = 0; m < BOOTSTRAP_METRICS; m++) {
        double value = difference[m].value - one[m].value;
        difference[m] = (bantam_interval){value, value, value};
    }
    bantam_status status = BANTAM_OK;
    if (options->n_resamples) {
        status = bootstrap_intervals(difference, first, second, options, error);
    }
    *out = (bantam_comparison){.n_rows = first->n_rows,
                               .confidence = options->confidence,
                               .accuracy = difference[BOOTSTRAP_ACCURACY],
                               .macro_f1 = difference[BOOTSTRAP_MACRO_F1],
                               .log_loss = difference[BOOTSTRAP_LOG_LOSS],
                               .calibration_error = difference[BOOTSTRAP_CALIBRATION]};
    count_agreement(out, first, second);
    return status;
}

bantam_status bantam_compare(bantam_comparison *out, const bantam_predictions *first,
                             const bantam_predictions *second,
                             const bantam_evaluate_options *options, bantam_error *error)
{
    *out = (bantam_comparison){0};
    bantam_evaluate_options standard = bantam_evaluate_options_default();
    options = options ? options : &standard;
    bantam_status status = evaluate_options_check(options, error);
    if (!status && (first->n_rows != second->n_rows || first->n_classes != second->n_classes)) {
        status = error_set(error, BANTAM_ERROR_ARGUMENT,
                           "both models must speak of the same rows and classes");
    }
    if (status) {
        return status;
    }
    bantam_predictions other = *first;
    other.probabilities = second->probabilities;
    struct scored_rows scored[2] = {0};
    status = scored_rows_init(&scored[0], first, options->threshold, error);
    if (!status) {
        status = scored_rows_init(&scored[1], &other, options->threshold, error);
    }
    if (!status) {
        status = compare_scored(out, &scored[0], &scored[1], options, error);
    }
    scored_rows_release(&scored[0]);
    scored_rows_release(&scored[1]);
    return status;
}
