// Where the numbers of a tensor come from: small matrices built from learned and given ones, with exact derivatives.
//
// A description says of each tensor how it is made ({"learned": 0.1}, {"same": "layer0.query"}, {"arc": …}); the makers form
// a graph whose leaves read the learned numbers θ. Evaluating walks the nodes in order; pulling back walks them in reverse and
// turns ∂L/∂tensor into ∂L/∂θ. So every tie costs a few microseconds a step here and nothing in the engine.
//
//   learned      rows·columns numbers of θ             transpose  Aᵀ
//   values       given by a person                     scale      s·A, s being (1, 1)
//   fill         one number everywhere                 product    A·B
//   arc          row d: a·(cos φ_d, sin φ_d),           sum        A + B + …
//                φ_d = start + d·step                  columns    parts side by side
//   spiral       row t: see expression_parse.c         rows       parts on top of each other
//   rotation     turns one plane by an angle            diagonal   a row vector as a diagonal matrix
#ifndef BANTAM_NEURAL_EXPRESSION_H
#define BANTAM_NEURAL_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "bantam/status.h"

enum expression_kind {
    EXPRESSION_LEARNED,
    EXPRESSION_VALUES,
    EXPRESSION_FILL,
    EXPRESSION_ARC,
    EXPRESSION_SPIRAL,
    EXPRESSION_ROTATION,
    EXPRESSION_TRANSPOSE,
    EXPRESSION_SCALE,
    EXPRESSION_PRODUCT,
    EXPRESSION_SUM,
    EXPRESSION_COLUMNS,
    EXPRESSION_ROWS,
    EXPRESSION_DIAGONAL,
};

enum {
    EXPRESSION_OPERANDS = 8,
    EXPRESSION_NODES = 512,       // most of one model
    EXPRESSION_NUMBERS = 1 << 20, // most of one model, over all nodes
};

struct expression_node {
    enum expression_kind kind;
    size_t n_rows, n_columns;
    size_t operands[EXPRESSION_OPERANDS]; // nodes before this one
    size_t n_operands;
    size_t at;              // of its numbers in `values` and `adjoints`
    size_t parameter;       // LEARNED: of its first number in θ
    double mean, deviation; // LEARNED: how training draws its start
    size_t plane[2];        // ROTATION: the two axes
};

// All nodes of one model, operands before what uses them.
struct expression_graph {
    struct expression_node *nodes; // (n_nodes)
    size_t n_nodes, nodes_capacity;
    double *values; // (n_values) the nodes' numbers; those of VALUES stand there for good
    size_t n_values, values_capacity;
    size_t n_parameters;
};

void expression_graph_release(struct expression_graph *graph);

// Appends a node with room for its numbers; `*index` is its place. Errors: BANTAM_ERROR_ARGUMENT (caps), BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status expression_append(struct expression_graph *graph,
                                                  const struct expression_node *node, size_t *index,
                                                  bantam_error *error);

// Computes all nodes from θ (n_parameters) into `values` (n_values), which starts as a copy of graph->values.
void expression_evaluate(const struct expression_graph *graph, const double *parameters,
                         double *values);

// Adds ∂L/∂θ to `gradient` (n_parameters). `adjoints` (n_values) holds ∂L/∂(number) of the nodes that the engine reads and 0
// elsewhere; it is overwritten. `values` are those of expression_evaluate.
void expression_pull_back(const struct expression_graph *graph, double *values, double *adjoints,
                          double *gradient);

#endif
