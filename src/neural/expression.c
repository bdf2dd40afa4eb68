// Each kind of node has its forward rule and, beside it, the transposed one; matrices are row-major and tiny.
#include "neural/expression.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "neural/elementary.h"

void expression_graph_release(struct expression_graph *graph)
{
    memory_free(graph->nodes);
    memory_free(graph->values);
    *graph = (struct expression_graph){0};
}

static bool reserve(void **memory, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity) {
        return true;
    }
    size_t grown = needed + needed / 2 + 16;
    void *resized = memory_resize_array(*memory, grown, size);
    if (!resized) {
        return false;
    }
    *memory = resized;
    *capacity = grown;
    return true;
}

bantam_status expression_append(struct expression_graph *graph, const struct expression_node *node,
                                size_t *index, bantam_error *error)
{
    size_t n_numbers = node->n_rows * node->n_columns;
    if (graph->n_nodes == EXPRESSION_NODES || graph->n_values + n_numbers > EXPRESSION_NUMBERS) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "the description's tensors need more than %d parts or %d numbers",
                         EXPRESSION_NODES, EXPRESSION_NUMBERS);
    }
    void *nodes = graph->nodes, *values = graph->values;
    bool reserved =
        reserve(&nodes, &graph->nodes_capacity, graph->n_nodes + 1, sizeof *graph->nodes);
    graph->nodes = nodes;
    reserved = reserved && reserve(&values, &graph->values_capacity, graph->n_values + n_numbers,
                                   sizeof *graph->values);
    graph->values = values;
    if (!reserved) {
        return error_memory(error);
    }
    *index = graph->n_nodes++;
    struct expression_node *added = &graph->nodes[*index];
    *added = *node;
    added->at = graph->n_values;
    memset(graph->values + graph->n_values, 0, n_numbers * sizeof *graph->values);
    graph->n_values += n_numbers;
    if (node->kind == EXPRESSION_LEARNED) {
        added->parameter = graph->n_parameters;
        graph->n_parameters += n_numbers;
    }
    return BANTAM_OK;
}

// An operand's node and its numbers.
struct operand {
    const struct expression_node *node;
    double *numbers;
};

static struct operand operand_of(const struct expression_graph *graph,
                                 const struct expression_node *node, size_t i, double *numbers)
{
    const struct expression_node *operand = &graph->nodes[node->operands[i]];
    return (struct operand){operand, numbers + operand->at};
}

// Operands a, start, step, each (1, 1): row d is a·(cos(start + d·step), sin(start + d·step)).
static void arc(const struct expression_graph *graph, const struct expression_node *node,
                double *values)
{
    double radius = *operand_of(graph, node, 0, values).numbers;
    double start = *operand_of(graph, node, 1, values).numbers;
    double step = *operand_of(graph, node, 2, values).numbers;
    for (size_t row = 0; row < node->n_rows; row++) {
        double sine, cosine;
        elementary_sine_cosine(start + (double)row * step, &sine, &cosine);
        values[node->at + 2 * row] = radius * cosine;
        values[node->at + 2 * row + 1] = radius * sine;
    }
}

static void arc_back(const struct expression_graph *graph, const struct expression_node *node,
                     double *values, double *adjoints)
{
    double radius = *operand_of(graph, node, 0, values).numbers;
    double start = *operand_of(graph, node, 1, values).numbers;
    double step = *operand_of(graph, node, 2, values).numbers;
    double to_radius = 0, to_start = 0, to_step = 0;
    for (size_t row = 0; row < node->n_rows; row++) {
        double sine, cosine;
        elementary_sine_cosine(start + (double)row * step, &sine, &cosine);
        const double *adjoint = adjoints + node->at + 2 * row;
        double to_angle = radius * (adjoint[1] * cosine - adjoint[0] * sine);
        to_radius += adjoint[0] * cosine + adjoint[1] * sine;
        to_start += to_angle;
        to_step += to_angle * (double)row;
    }
    *operand_of(graph, node, 0, adjoints).numbers += to_radius;
    *operand_of(graph, node, 1, adjoints).numbers += to_start;
    *operand_of(graph, node, 2, adjoints).numbers += to_step;
}

// Operands a, start, step, slope, offset, each (1, 1): row t is (a cos φ, a sin φ, slope·t + offset) with φ = start + t·step.
static void spiral(const struct expression_graph *graph, const struct expression_node *node,
                   double *values)
{
    double operands[5];
    for (size_t i = 0; i < 5; i++) {
        operands[i] = *operand_of(graph, node, i, values).numbers;
    }
    for (size_t row = 0; row < node->n_rows; row++) {
        double sine, cosine, *to = values + node->at + 3 * row;
        elementary_sine_cosine(operands[1] + (double)row * operands[2], &sine, &cosine);
        to[0] = operands[0] * cosine;
        to[1] = operands[0] * sine;
        to[2] = operands[3] * (double)row + operands[4];
    }
}

static void spiral_back(const struct expression_graph *graph, const struct expression_node *node,
                        double *values, double *adjoints)
{
    double radius = *operand_of(graph, node, 0, values).numbers;
    double start = *operand_of(graph, node, 1, values).numbers;
    double step = *operand_of(graph, node, 2, values).numbers;
    double sums[5] = {0};
    for (size_t row = 0; row < node->n_rows; row++) {
        double sine, cosine;
        elementary_sine_cosine(start + (double)row * step, &sine, &cosine);
        const double *adjoint = adjoints + node->at + 3 * row;
        double to_angle = radius * (adjoint[1] * cosine - adjoint[0] * sine);
        sums[0] += adjoint[0] * cosine + adjoint[1] * sine;
        sums[1] += to_angle;
        sums[2] += to_angle * (double)row;
        sums[3] += adjoint[2] * (double)row;
        sums[4] += adjoint[2];
    }
    for (size_t i = 0; i < 5; i++) {
        *operand_of(graph, node, i, adjoints).numbers += sums[i];
    }
}

// The identity but for the two axes of the plane, which turn by the operand's angle.
static void rotation(const struct expression_graph *graph, const struct expression_node *node,
                     double *values)
{
    double sine, cosine, *out = values + node->at;
    size_t n = node->n_rows, i = node->plane[0], j = node->plane[1];
    elementary_sine_cosine(*operand_of(graph, node, 0, values).numbers, &sine, &cosine);
    memset(out, 0, n * n * sizeof *out);
    for (size_t k = 0; k < n; k++) {
        out[k * n + k] = k == i || k == j ? cosine : 1;
    }
    out[i * n + j] = -sine;
    out[j * n + i] = sine;
}

static void rotation_back(const struct expression_graph *graph, const struct expression_node *node,
                          double *values, double *adjoints)
{
    const double *own = values + node->at, *from = adjoints + node->at;
    size_t n = node->n_rows, i = node->plane[0], j = node->plane[1];
    double sine = own[j * n + i], cosine = own[i * n + i];
    *operand_of(graph, node, 0, adjoints).numbers +=
        (from[j * n + i] - from[i * n + j]) * cosine - (from[i * n + i] + from[j * n + j]) * sine;
}

// c (rows, columns) += a (rows, inner) · b (inner, columns), each read by its strides: so the transposed rules are the same loop.
static void multiply(double *c, const double *a, size_t a_row, size_t a_inner, const double *b,
                     size_t b_inner, size_t b_column, size_t rows, size_t inner, size_t columns)
{
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            double sum = 0;
            for (size_t k = 0; k < inner; k++) {
                sum += a[i * a_row + k * a_inner] * b[k * b_inner + j * b_column];
            }
            c[i * columns + j] += sum;
        }
    }
}

// Parts beside or below each other: adds each part to its place in `whole`, or its place in `whole` to the part.
static void assemble(const struct expression_graph *graph, const struct expression_node *node,
                     double *numbers, bool back)
{
    size_t row_at = 0, column_at = 0;
    for (size_t i = 0; i < node->n_operands; i++) {
        struct operand part = operand_of(graph, node, i, numbers);
        for (size_t row = 0; row < part.node->n_rows; row++) {
            double *whole = numbers + node->at + (row_at + row) * node->n_columns + column_at;
            double *of_part = part.numbers + row * part.node->n_columns;
            for (size_t column = 0; column < part.node->n_columns; column++) {
                double *to = back ? &of_part[column] : &whole[column];
                *to += back ? whole[column] : of_part[column];
            }
        }
        row_at += node->kind == EXPRESSION_ROWS ? part.node->n_rows : 0;
        column_at += node->kind == EXPRESSION_COLUMNS ? part.node->n_columns : 0;
    }
}

static void evaluate_of_matrices(const struct expression_graph *graph,
                                 const struct expression_node *node, double *values)
{
    double *out = values + node->at;
    size_t rows = node->n_rows, columns = node->n_columns;
    struct operand a = operand_of(graph, node, 0, values);
    switch (node->kind) {
    case EXPRESSION_TRANSPOSE:
        for (size_t i = 0; i < rows * columns; i++) {
            out[i] = a.numbers[i % columns * rows + i / columns];
        }
        break;
    case EXPRESSION_SCALE:
        for (size_t i = 0; i < rows * columns; i++) {
            out[i] = *a.numbers * operand_of(graph, node, 1, values).numbers[i];
        }
        break;
    case EXPRESSION_PRODUCT: {
        struct operand b = operand_of(graph, node, 1, values);
        size_t inner = a.node->n_columns;
        memset(out, 0, rows * columns * sizeof *out);
        multiply(out, a.numbers, inner, 1, b.numbers, columns, 1, rows, inner, columns);
        break;
    }
    case EXPRESSION_SUM:
        memcpy(out, a.numbers, rows * columns * sizeof *out);
        for (size_t operand = 1; operand < node->n_operands; operand++) {
            for (size_t i = 0; i < rows * columns; i++) {
                out[i] += operand_of(graph, node, operand, values).numbers[i];
            }
        }
        break;
    case EXPRESSION_DIAGONAL:
        memset(out, 0, rows * columns * sizeof *out);
        for (size_t i = 0; i < rows; i++) {
            out[i * columns + i] = a.numbers[i];
        }
        break;
    default:
        memset(out, 0, rows * columns * sizeof *out);
        assemble(graph, node, values, false);
    }
}

void expression_evaluate(const struct expression_graph *graph, const double *parameters,
                         double *values)
{
    for (size_t i = 0; i < graph->n_nodes; i++) {
        const struct expression_node *node = &graph->nodes[i];
        double *out = values + node->at;
        size_t n = node->n_rows * node->n_columns;
        switch (node->kind) {
        case EXPRESSION_LEARNED:
            memcpy(out, parameters + node->parameter, n * sizeof *out);
            break;
        case EXPRESSION_VALUES:
            break;
        case EXPRESSION_FILL:
            for (size_t k = 0; k < n; k++) {
                out[k] = *operand_of(graph, node, 0, values).numbers;
            }
            break;
        case EXPRESSION_ARC:
            arc(graph, node, values);
            break;
        case EXPRESSION_SPIRAL:
            spiral(graph, node, values);
            break;
        case EXPRESSION_ROTATION:
            rotation(graph, node, values);
            break;
        default:
            evaluate_of_matrices(graph, node, values);
        }
    }
}

static void pull_back_of_matrices(const struct expression_graph *graph,
                                  const struct expression_node *node, double *values,
                                  double *adjoints)
{
    const double *from = adjoints + node->at;
    size_t rows = node->n_rows, columns = node->n_columns;
    struct operand a = operand_of(graph, node, 0, adjoints);
    switch (node->kind) {
    case EXPRESSION_TRANSPOSE:
        for (size_t i = 0; i < rows * columns; i++) {
            a.numbers[i % columns * rows + i / columns] += from[i];
        }
        break;
    case EXPRESSION_SCALE: {
        struct operand of = operand_of(graph, node, 1, adjoints);
        const double *of_values = operand_of(graph, node, 1, values).numbers;
        double scale = *operand_of(graph, node, 0, values).numbers, to_scale = 0;
        for (size_t i = 0; i < rows * columns; i++) {
            to_scale += from[i] * of_values[i];
            of.numbers[i] += scale * from[i];
        }
        *a.numbers += to_scale;
        break;
    }
    case EXPRESSION_PRODUCT: { // ∂A = ∂C·Bᵀ, ∂B = Aᵀ·∂C
        struct operand b = operand_of(graph, node, 1, adjoints);
        const double *a_values = operand_of(graph, node, 0, values).numbers;
        const double *b_values = operand_of(graph, node, 1, values).numbers;
        size_t inner = a.node->n_columns;
        multiply(a.numbers, from, columns, 1, b_values, 1, columns, rows, columns, inner);
        multiply(b.numbers, a_values, 1, inner, from, columns, 1, inner, rows, columns);
        break;
    }
    case EXPRESSION_SUM:
        for (size_t operand = 0; operand < node->n_operands; operand++) {
            for (size_t i = 0; i < rows * columns; i++) {
                operand_of(graph, node, operand, adjoints).numbers[i] += from[i];
            }
        }
        break;
    case EXPRESSION_DIAGONAL:
        for (size_t i = 0; i < rows; i++) {
            a.numbers[i] += from[i * columns + i];
        }
        break;
    default:
        assemble(graph, node, adjoints, true);
    }
}

static void pull_back(const struct expression_graph *graph, const struct expression_node *node,
                      double *values, double *adjoints, double *gradient)
{
    const double *from = adjoints + node->at;
    size_t n = node->n_rows * node->n_columns;
    switch (node->kind) {
    case EXPRESSION_LEARNED:
        for (size_t k = 0; k < n; k++) {
            gradient[node->parameter + k] += from[k];
        }
        break;
    case EXPRESSION_VALUES:
        break;
    case EXPRESSION_FILL:
        for (size_t k = 0; k < n; k++) {
            *operand_of(graph, node, 0, adjoints).numbers += from[k];
        }
        break;
    case EXPRESSION_ARC:
        arc_back(graph, node, values, adjoints);
        break;
    case EXPRESSION_SPIRAL:
        spiral_back(graph, node, values, adjoints);
        break;
    case EXPRESSION_ROTATION:
        rotation_back(graph, node, values, adjoints);
        break;
    default:
        pull_back_of_matrices(graph, node, values, adjoints);
    }
}

void expression_pull_back(const struct expression_graph *graph, double *values, double *adjoints,
                          double *gradient)
{
    for (size_t i = graph->n_nodes; i-- > 0;) {
        pull_back(graph, &graph->nodes[i], values, adjoints, gradient);
    }
}
