// Reads the expression of a tensor from a description's JSON into the graph.
#ifndef BANTAM_NEURAL_EXPRESSION_PARSE_H
#define BANTAM_NEURAL_EXPRESSION_PARSE_H

#include <jansson.h>

#include "neural/description.h"

// What expressions may refer to while a description is read.
struct expression_parser {
    struct neural_description *description;
    const json_t *given; // the object "tensors"
    unsigned depth;
    bool
        free; // inside an expression marked "free": its numbers are an encoding, which the board's rule does not count
    bool reading
        [NEURAL_TENSORS]; // a tensor whose expression is being read: a circle comes back to it
};

// The node of a tensor in the list, read where it was not yet. Errors: BANTAM_ERROR_ARGUMENT, BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status expression_parse_tensor(struct expression_parser *parser,
                                                        size_t tensor, bantam_error *error);

#endif
