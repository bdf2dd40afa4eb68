// Checks what came in, lays it out, has it solved, and gives back weights by feature.
#include "train/logistic_learner.h"

#include <math.h>

#include "base/error.h"
#include "base/memory.h"
#include "train/logistic_ascent.h"
#include "train/logistic_newton.h"

struct logistic_options logistic_options_default(void)
{
    return (struct logistic_options){
        .strength = 1, .tolerance = 1e-6, .n_iterations = 200, .n_threads = 1};
}

size_t logistic_n_outputs(const struct logistic_labels *labels)
{
    return labels->n_classes == 2 && !labels->starts ? 1 : labels->n_classes;
}

static bantam_status check_options(const struct logistic_options *options, bantam_error *error)
{
    if (!(options->strength > 0 && isfinite(options->strength))) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "C is %g; it must be above 0",
                         options->strength);
    }
    if (!(options->l1_ratio >= 0 && options->l1_ratio <= 1)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "the share of l1 is %g; it goes from 0 to 1",
                         options->l1_ratio);
    }
    if (options->fixed_intercepts && options->l1_ratio > 0) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "intercepts may be fixed under a ridge penalty alone");
    }
    if (options->support &&
        (options->l1_ratio > 0 || options->start_given || options->fixed_intercepts)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "a support goes with a ridge penalty and free intercepts from no start");
    }
    if (!(options->tolerance >= 0)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "the tolerance is %g; it is 0 or more",
                         options->tolerance);
    }
    return BANTAM_OK;
}

static bantam_status check_row(const struct sparse_matrix *rows,
                               const struct logistic_labels *labels, size_t row,
                               bantam_error *error)
{
    for (size_t k = rows->starts[row]; k < rows->starts[row + 1]; k++) {
        if (rows->columns[k] >= rows->n_columns || !isfinite(rows->values[k])) {
            return error_set(error, BANTAM_ERROR_ARGUMENT,
                             "row %zu has an entry beyond its columns or not finite", row);
        }
    }
    size_t start = labels->starts ? labels->starts[row] : row;
    size_t end = labels->starts ? labels->starts[row + 1] : row + 1;
    for (size_t k = start; k < end; k++) {
        if (labels->labels[k] >= labels->n_classes) {
            return error_set(error, BANTAM_ERROR_ARGUMENT, "row %zu has label %u of %zu", row,
                             labels->labels[k], labels->n_classes);
        }
    }
    return BANTAM_OK;
}

// Something to learn from: rows of two labels, where each has one, or of any where intercepts cannot run away.
static bantam_status check_rows(const struct sparse_matrix *rows,
                                const struct logistic_labels *labels, const float *row_weights,
                                bool intercepts_fixed, bantam_error *error)
{
    size_t n_rows = 0;
    uint32_t first = 0;
    bool several = labels->starts != NULL || intercepts_fixed;
    for (size_t i = 0; i < rows->n_rows; i++) {
        if (row_weights && !(row_weights[i] >= 0 && isfinite(row_weights[i]))) {
            return error_set(error, BANTAM_ERROR_ARGUMENT, "the weight of row %zu is %g", i,
                             (double)row_weights[i]);
        }
        if (row_weights && row_weights[i] == 0) {
            continue;
        }
        bantam_status status = check_row(rows, labels, i, error);
        if (status) {
            return status;
        }
        first = n_rows++ == 0 && !labels->starts ? labels->labels[i] : first;
        several = several || labels->labels[i] != first;
    }
    if (n_rows == 0 || labels->n_classes < 2 || !several) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "%s: there is nothing to tell apart",
                         n_rows == 0 ? "there are no rows" : "all rows have one label");
    }
    return BANTAM_OK;
}

static void start_from_prior(float *weights, float *intercepts,
                             const struct logistic_options *options, size_t n_features,
                             size_t n_outputs)
{
    for (size_t i = 0; i < n_features * n_outputs; i++) {
        weights[i] = options->prior ? options->prior[i] : 0;
    }
    for (size_t c = 0; c < n_outputs; c++) {
        intercepts[c] = options->fixed_intercepts ? options->fixed_intercepts[c] : 0;
    }
}

// Ridge: ascent from zero as far as it goes, then Newton's method.
static bantam_status solve(struct logistic_problem *problem, float *weights, float *intercepts,
                           const struct logistic_options *options, struct logistic_report *report,
                           bantam_error *error)
{
    void *memory;
    float *parameters = logistic_allocate(problem, 1, &memory);
    if (!parameters) {
        return error_memory(error);
    }
    bantam_status status = BANTAM_OK;
    if (options->start_given || options->fixed_intercepts) { // the ascent's intercepts are free
        if (!options->start_given) {
            start_from_prior(weights, intercepts, options, problem->n_features, problem->n_outputs);
        }
        logistic_pack(problem, weights, intercepts, options, parameters);
    } else if (problem->lasso == 0) {
        status = logistic_ascent(problem, parameters, options, report, error);
    }
    if (!status && !report->converged) {
        status = logistic_newton(problem, parameters, options, report, error);
    }
    if (!status || status == BANTAM_ERROR_CANCELLED) {
        logistic_unpack(problem, parameters, options, weights, intercepts);
    }
    report->n_passes = problem->n_passes;
    memory_free(memory);
    return status;
}

bantam_status logistic_fit(float *weights, float *intercepts, const struct sparse_matrix *rows,
                           const struct logistic_labels *labels, const float *row_weights,
                           const struct logistic_options *options, struct logistic_report *report,
                           bantam_error *error)
{
    struct logistic_report unused;
    report = report ? report : &unused;
    *report = (struct logistic_report){0};
    bantam_status status = check_options(options, error);
    if (!status) {
        status = check_rows(rows, labels, row_weights, options->fixed_intercepts != NULL, error);
    }
    if (status) {
        return status;
    }
    struct logistic_problem problem;
    status = logistic_problem_init(&problem, rows, labels, row_weights, options, error);
    if (status) {
        return status;
    }
    status = solve(&problem, weights, intercepts, options, report, error);
    logistic_problem_release(&problem);
    return status;
}
