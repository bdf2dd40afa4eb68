// The ways of making a tensor that take no other expression: numbers to learn, numbers given, one number, sine and cosine of places.
#include "neural/expression_leaves.h"

#include <math.h>

#include "base/error.h"
#include "neural/elementary.h"

bantam_status expression_refuse(const struct wanted *wanted, const char *why, bantam_error *error)
{
    return error_set(error, BANTAM_ERROR_ARGUMENT, "tensor \"%s\": %s", wanted->name, why);
}

bantam_status expression_append_wanted(struct expression_parser *parser,
                                       const struct wanted *wanted, struct expression_node node,
                                       size_t *index, bantam_error *error)
{
    node.n_rows = wanted->n_rows;
    node.n_columns = wanted->n_columns;
    return expression_append(&parser->description->graph, &node, index, error);
}

bantam_status expression_learned(struct expression_parser *parser, const json_t *json,
                                 struct wanted wanted, size_t *node, bantam_error *error)
{
    struct expression_node learned = {
        .kind = EXPRESSION_LEARNED, .mean = wanted.mean, .deviation = wanted.deviation};
    const json_t *deviation = json_object_get(json, "learned"),
                 *mean = json_object_get(json, "mean");
    if ((deviation && !json_is_number(deviation)) || (mean && !json_is_number(mean))) {
        return expression_refuse(
            &wanted, "\"learned\" and \"mean\" take the deviation and the mean of its start",
            error);
    }
    if (deviation) {
        learned.deviation = json_number_value(deviation);
        learned.mean = mean ? json_number_value(mean) : 0;
    }
    return expression_append_wanted(parser, &wanted, learned, node, error);
}

void expression_count_given(struct expression_parser *parser, const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool counts = !parser->free && values[i] != 0 && fabs(values[i]) != 1;
        parser->description->n_given += counts;
    }
}

// A node of given values, `to` being where they go. Valid until the next node is appended.
static bantam_status append_values(struct expression_parser *parser, const struct wanted *wanted,
                                   size_t *node, double **to, bantam_error *error)
{
    bantam_status status = expression_append_wanted(
        parser, wanted, (struct expression_node){.kind = EXPRESSION_VALUES}, node, error);
    struct expression_graph *graph = &parser->description->graph;
    *to = status ? NULL : graph->values + graph->nodes[*node].at;
    return status;
}

bantam_status expression_values(struct expression_parser *parser, const json_t *rows,
                                struct wanted wanted, size_t *node, bantam_error *error)
{
    double *to;
    bantam_status status = append_values(parser, &wanted, node, &to, error);
    if (status) {
        return status;
    }
    bool right = json_array_size(rows) == wanted.n_rows;
    for (size_t row = 0; right && row < wanted.n_rows; row++) {
        const json_t *numbers = json_array_get(rows, row);
        right = json_array_size(numbers) == wanted.n_columns;
        for (size_t column = 0; right && column < wanted.n_columns; column++) {
            const json_t *number = json_array_get(numbers, column);
            right = json_is_number(number);
            to[row * wanted.n_columns + column] = json_number_value(number);
        }
    }
    if (!right) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "tensor \"%s\": takes %zu rows of %zu numbers", wanted.name, wanted.n_rows,
                         wanted.n_columns);
    }
    expression_count_given(parser, to, wanted.n_rows * wanted.n_columns);
    return BANTAM_OK;
}

bantam_status expression_constant(struct expression_parser *parser, double value,
                                  struct wanted wanted, size_t *node, bantam_error *error)
{
    double *to;
    bantam_status status = append_values(parser, &wanted, node, &to, error);
    for (size_t i = 0; !status && i < wanted.n_rows * wanted.n_columns; i++) {
        to[i] = value;
    }
    return status;
}

// position[t][2i], [2i + 1] = sin, cos of t / base^(2i / columns) (Vaswani et al. 2017).
bantam_status expression_sinusoidal(struct expression_parser *parser, const json_t *json,
                                    struct wanted wanted, size_t *node, bantam_error *error)
{
    double base = json_number_value(json);
    if (!(base > 0)) {
        return expression_refuse(&wanted, "\"sinusoidal\" takes its base, a number above 0", error);
    }
    double *to;
    bantam_status status = append_values(parser, &wanted, node, &to, error);
    if (status) {
        return status;
    }
    for (size_t i = 0; i < wanted.n_rows * wanted.n_columns; i++) {
        size_t row = i / wanted.n_columns, column = i % wanted.n_columns;
        double exponent = (double)(column / 2 * 2) / (double)wanted.n_columns, sine, cosine;
        double angle = (double)row * elementary_exp(-exponent * elementary_log(base));
        elementary_sine_cosine(angle, &sine, &cosine);
        to[i] = column % 2 ? cosine : sine;
    }
    return BANTAM_OK;
}
