// Expressions without operands, and what every expression's reader is told. Private to the parser of expressions.
#ifndef BANTAM_NEURAL_EXPRESSION_LEAVES_H
#define BANTAM_NEURAL_EXPRESSION_LEAVES_H

#include "neural/expression_parse.h"

// What is asked of an expression before it is read.
struct wanted {
    const char *name; // of the tensor, for messages
    size_t n_rows, n_columns;
    double mean, deviation; // of "learned" without numbers
};

// Errors of all that follow: BANTAM_ERROR_ARGUMENT with the tensor's name, BANTAM_ERROR_MEMORY.

// Says why the tensor cannot be made so.
BANTAM_MUST_CHECK bantam_status expression_refuse(const struct wanted *wanted, const char *why,
                                                  bantam_error *error);

// Appends the node in the shape that is wanted.
BANTAM_MUST_CHECK bantam_status expression_append_wanted(struct expression_parser *parser,
                                                         const struct wanted *wanted,
                                                         struct expression_node node, size_t *index,
                                                         bantam_error *error);

// {"learned": deviation, "mean": mean}; NULL: as `wanted` says.
BANTAM_MUST_CHECK bantam_status expression_learned(struct expression_parser *parser,
                                                   const json_t *json, struct wanted wanted,
                                                   size_t *node, bantam_error *error);

// [[…], …], and one number for all.
BANTAM_MUST_CHECK bantam_status expression_values(struct expression_parser *parser,
                                                  const json_t *rows, struct wanted wanted,
                                                  size_t *node, bantam_error *error);
BANTAM_MUST_CHECK bantam_status expression_constant(struct expression_parser *parser, double value,
                                                    struct wanted wanted, size_t *node,
                                                    bantam_error *error);

// {"sinusoidal": base}
BANTAM_MUST_CHECK bantam_status expression_sinusoidal(struct expression_parser *parser,
                                                      const json_t *json, struct wanted wanted,
                                                      size_t *node, bantam_error *error);

// Numbers other than 0 and ±1, which only say which part goes where, count as given.
void expression_count_given(struct expression_parser *parser, const double *values, size_t n);

#endif
