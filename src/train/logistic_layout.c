// Rows as a caller has them → rows as the kernels of logistic_problem.c read them.
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/vector.h"
#include "train/logistic_layout.h"

enum {
    WORK_OF_A_THREAD = 1 << 17, // multiplications of a pass, some ten microseconds
};

static size_t first_label(const struct logistic_labels *labels, size_t row)
{
    if (!labels->starts) {
        return labels->labels[row];
    }
    return labels->starts[row] < labels->starts[row + 1] ? labels->labels[labels->starts[row]] : 0;
}

static float weight_of(const struct logistic_layout *layout, size_t row)
{
    return layout->row_weights ? layout->row_weights[row] : 1;
}

// Rows that take part, sorted by their first label; counts the labels' weights.
static bantam_status order_rows(struct logistic_problem *problem, struct logistic_layout *layout,
                                bantam_error *error)
{
    const struct logistic_labels *labels = layout->labels;
    size_t n_rows = layout->rows->n_rows, n_classes = labels->n_classes;
    size_t *ends = memory_allocate_array(n_classes + 1, sizeof *ends);
    layout->order = memory_allocate_array(n_rows, sizeof *layout->order);
    layout->counts = memory_allocate_array(n_classes, sizeof *layout->counts);
    if (!ends || !layout->order || !layout->counts) {
        memory_free(ends);
        return error_memory(error);
    }
    for (size_t i = 0; i < n_rows; i++) {
        ends[first_label(labels, i) + 1] += weight_of(layout, i) > 0 ? 1 : 0;
    }
    for (size_t c = 0; c < n_classes; c++) {
        ends[c + 1] += ends[c];
    }
    problem->n_rows = ends[n_classes];
    for (size_t i = 0; i < n_rows; i++) {
        double weight = (double)weight_of(layout, i);
        if (weight > 0) {
            layout->order[ends[first_label(labels, i)]++] = (uint32_t)i;
            layout->total += weight;
            size_t start = labels->starts ? labels->starts[i] : i;
            size_t end = labels->starts ? labels->starts[i + 1] : i + 1;
            for (size_t k = start; k < end; k++) {
                layout->counts[labels->labels[k]] += weight;
            }
        }
    }
    memory_free(ends);
    return BANTAM_OK;
}

// What balancing makes of a label's count: a set of `n_sets` equally heavy ones.
static double balance(const struct logistic_layout *layout, double count, size_t n_sets)
{
    return layout->options->balanced && count > 0 ? layout->total / ((double)n_sets * count) : 1;
}

// Each output on its own (several labels a row, or one-vs-rest) balances its two sides, otherwise a row has its label's weight.
static void weigh_rows(struct logistic_problem *problem, const struct logistic_layout *layout)
{
    const struct logistic_labels *labels = layout->labels;
    const float *class_weights = layout->options->class_weights;
    bool by_output = problem->form == LOGISTIC_ONE_VS_REST && problem->n_outputs > 1;
    for (size_t c = 0; c < problem->n_outputs; c++) {
        double count = by_output ? layout->counts[c] : 0;
        problem->positive[c] = (float)balance(layout, count, 2);
        problem->negative[c] = (float)balance(layout, by_output ? layout->total - count : 0, 2);
        if (labels->starts && class_weights) {
            problem->positive[c] *= class_weights[c];
        }
    }
    for (size_t i = 0; i < problem->n_rows; i++) {
        size_t row = layout->order[i];
        double weight = layout->options->strength * (double)weight_of(layout, row);
        if (!labels->starts) {
            size_t label = labels->labels[row];
            weight *= class_weights ? (double)class_weights[label] : 1;
            weight *= by_output ? 1 : balance(layout, layout->counts[label], labels->n_classes);
        }
        problem->row_weights[i] = (float)weight;
    }
}

static bantam_status copy_targets(struct logistic_problem *problem,
                                  const struct logistic_layout *layout, bantam_error *error)
{
    const struct logistic_labels *labels = layout->labels;
    size_t n_rows = problem->n_rows, n_targets = 0;
    problem->target_starts = memory_allocate_array(n_rows + 1, sizeof *problem->target_starts);
    for (size_t i = 0; i < n_rows; i++) {
        size_t row = layout->order[i];
        n_targets += labels->starts ? labels->starts[row + 1] - labels->starts[row] : 1;
    }
    problem->targets = memory_allocate_array(n_targets, sizeof *problem->targets);
    problem->target_scores = memory_allocate_array(n_targets, sizeof *problem->target_scores);
    if (!problem->target_starts || !problem->targets || !problem->target_scores) {
        return error_memory(error);
    }
    size_t at = 0;
    bool single = problem->n_outputs == 1; // then class 1 is the one output
    for (size_t i = 0; i < n_rows; i++) {
        size_t row = layout->order[i];
        size_t start = labels->starts ? labels->starts[row] : row;
        size_t end = labels->starts ? labels->starts[row + 1] : row + 1;
        for (size_t k = start; k < end; k++) {
            if (!single || labels->labels[k] == 1) {
                problem->targets[at++] = single ? 0 : labels->labels[k];
            }
        }
        problem->target_starts[i + 1] = at;
    }
    return BANTAM_OK;
}

// The scores that the prior gives, for each row.
static void score_prior(struct logistic_problem *problem, const struct logistic_layout *layout)
{
    const struct sparse_matrix *rows = layout->rows;
    const float *prior = layout->options->prior, *intercepts = layout->options->fixed_intercepts;
    size_t n_outputs = problem->n_outputs;
    for (size_t i = 0; i < problem->n_rows; i++) {
        size_t row = layout->order[i];
        float *to = problem->offsets + i * problem->width;
        for (size_t c = 0; intercepts && c < n_outputs; c++) {
            to[c] = intercepts[c];
        }
        for (size_t k = rows->starts[row]; prior && k < rows->starts[row + 1]; k++) {
            const float *from = prior + (size_t)rows->columns[k] * n_outputs;
            for (size_t c = 0; c < n_outputs; c++) {
                to[c] += rows->values[k] * from[c];
            }
        }
    }
}

// The arrays of (n_rows, width), on boundaries of whole lanes.
static bantam_status allocate_dense(struct logistic_problem *problem, bool with_offsets,
                                    bantam_error *error)
{
    size_t n_rows = problem->n_rows, width = problem->width;
    size_t n_pieces = (n_rows + LOGISTIC_ROWS_A_PIECE - 1) / LOGISTIC_ROWS_A_PIECE;
    size_t size = (n_rows * width + VECTOR_LANES - 1) / VECTOR_LANES * VECTOR_LANES;
    problem->memory = memory_allocate_array((with_offsets ? 3 : 2) * size + VECTOR_LANES,
                                            sizeof *problem->curvature);
    problem->piece_sums = memory_allocate_array(n_pieces * width, sizeof *problem->piece_sums);
    size_t n_chunks = problem->n_column_chunks;
    problem->partial =
        memory_allocate_array(n_pieces > n_chunks ? n_pieces : n_chunks, sizeof *problem->partial);
    problem->column_sums =
        memory_allocate_array((n_chunks > 0 ? n_chunks : 1) * width, sizeof *problem->column_sums);
    problem->row_weights = memory_allocate_array(n_rows, sizeof *problem->row_weights);
    problem->positive = memory_allocate_array(width, sizeof *problem->positive);
    problem->negative = memory_allocate_array(width, sizeof *problem->negative);
    if (!problem->memory || !problem->piece_sums || !problem->column_sums || !problem->partial ||
        !problem->row_weights || !problem->positive || !problem->negative) {
        return error_memory(error);
    }
    problem->curvature = logistic_align(problem->memory);
    problem->residuals = problem->curvature + size;
    problem->offsets = with_offsets ? problem->residuals + size : NULL;
    return BANTAM_OK;
}

static bantam_status copy_support(struct logistic_problem *problem,
                                  const struct logistic_layout *layout, bantam_error *error)
{
    const uint8_t *support = layout->options->support;
    size_t n_outputs = problem->n_outputs, width = problem->width;
    problem->support = logistic_allocate(problem, 1, &problem->support_memory);
    if (!problem->support) {
        return error_memory(error);
    }
    for (size_t j = 0; j < problem->n_columns; j++) {
        for (size_t c = 0; c < n_outputs; c++) {
            problem->support[j * width + c] = support[layout->leaders[j] * n_outputs + c] ? 1 : 0;
        }
    }
    return BANTAM_OK;
}

static bantam_status lay_out(struct logistic_problem *problem, struct logistic_layout *layout,
                             bantam_error *error)
{
    size_t n_features = problem->n_features;
    problem->merged = memory_allocate_array(n_features, sizeof *problem->merged);
    problem->shares = memory_allocate_array(n_features, sizeof *problem->shares);
    layout->norms = memory_allocate_array(n_features, sizeof *layout->norms);
    if (!problem->merged || !problem->shares || !layout->norms) {
        return error_memory(error);
    }
    bantam_status status = order_rows(problem, layout, error);
    if (!status) {
        status = logistic_layout_columns(problem, layout, error);
    }
    if (!status) {
        status = copy_targets(problem, layout, error);
    }
    if (!status) {
        status = allocate_dense(problem,
                                layout->options->prior || layout->options->fixed_intercepts, error);
    }
    if (!status && layout->options->support) {
        status = copy_support(problem, layout, error);
    }
    if (!status) {
        weigh_rows(problem, layout);
        if (problem->offsets) {
            score_prior(problem, layout);
        }
    }
    return status;
}

// A pass over few rows takes less than waking threads up for it.
static int threads_worthwhile(const struct logistic_problem *problem,
                              const struct sparse_matrix *rows, int n_threads)
{
    size_t work = rows->starts[rows->n_rows] * problem->width / WORK_OF_A_THREAD;
    return work < (size_t)(n_threads < 1 ? 1 : n_threads) ? (int)work + 1 : n_threads;
}

bantam_status logistic_problem_init(struct logistic_problem *problem,
                                    const struct sparse_matrix *rows,
                                    const struct logistic_labels *labels, const float *row_weights,
                                    const struct logistic_options *options, bantam_error *error)
{
    size_t n_outputs = logistic_n_outputs(labels);
    bool each = labels->starts || n_outputs == 1;
    *problem = (struct logistic_problem){
        .form = each ? LOGISTIC_ONE_VS_REST : options->form,
        .n_outputs = n_outputs,
        .width = n_outputs == 1 ? 1 : (n_outputs + VECTOR_LANES - 1) / VECTOR_LANES * VECTOR_LANES,
        .ridge = 1 - options->l1_ratio,
        .intercepts_fixed = options->fixed_intercepts != NULL,
        .lasso = options->l1_ratio,
        .n_features = rows->n_columns,
    };
    problem->n_threads = threads_worthwhile(problem, rows, options->n_threads);
    struct logistic_layout layout = {
        .rows = rows, .labels = labels, .options = options, .row_weights = row_weights};
    bantam_status status = lay_out(problem, &layout, error);
    memory_free(layout.order);
    sparse_matrix_release(&layout.by_feature);
    memory_free(layout.norms);
    memory_free(layout.leaders);
    memory_free(layout.counts);
    if (status) {
        logistic_problem_release(problem);
    }
    return status;
}

void logistic_problem_release(struct logistic_problem *problem)
{
    sparse_matrix_release(&problem->by_row);
    sparse_matrix_release(&problem->by_column);
    memory_free(problem->row_weights);
    memory_free(problem->target_starts);
    memory_free(problem->targets);
    memory_free(problem->target_scores);
    memory_free(problem->positive);
    memory_free(problem->negative);
    memory_free(problem->piece_sums);
    memory_free(problem->column_sums);
    memory_free(problem->column_chunks);
    memory_free(problem->partial);
    memory_free(problem->merged);
    memory_free(problem->shares);
    memory_free(problem->memory);
    memory_free(problem->support_memory);
    *problem = (struct logistic_problem){0};
}
