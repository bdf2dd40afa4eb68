// A description's sizes and its list of tensors, each with the expression that its numbers come from.
//
// Layer l has, by the names "layerL.NAME": attention_norm, query, key, value, output, query_norm, key_norm, feed_norm, gate, up,
// down; beside them stand embedding, position, final_norm and head. With x the residual stream, and norm(x; g) = g·x / √(mean x² + ε):
//
//   x_t = embedding[token_t] + position[t]
//   h = norm(x; attention_norm);  q, k, v = query·h, key·h, value·h, a head at a time
//   q, k = norm(q; query_norm), norm(k; key_norm), then turned by rotary angles·t in the planes (0, 1), (2, 3), …
//   x += output·Σ_j softmax_j(scale·q_t·k_j)·v_j over j ≤ t
//   h = norm(x; feed_norm);  x += down·f(h), f = relu(up·h), gelu(up·h), silu(gate·h)·(up·h) or σ(up·h)
//   logits = head·norm(x; final_norm)
#ifndef BANTAM_NEURAL_DESCRIPTION_H
#define BANTAM_NEURAL_DESCRIPTION_H

#include "neural/expression.h"

enum feed_forward_kind {
    FEED_FORWARD_NONE,
    FEED_FORWARD_RELU,
    FEED_FORWARD_GELU,
    FEED_FORWARD_SWIGLU,
    FEED_FORWARD_LOGISTIC,
};

enum {
    NEURAL_LAYERS = 8,
    NEURAL_WIDTH = 64,       // most of each width
    NEURAL_LENGTH = 512,     // most tokens of a sequence
    NEURAL_VOCABULARY = 128, // most tokens to choose from
    NEURAL_TENSORS = 4 + 11 * NEURAL_LAYERS + 32,
    NEURAL_NAME = 32, // bytes of a tensor's name with its end
};

struct neural_shape {
    size_t vocabulary, length, prompt;
    size_t width, n_layers, n_heads, head_width, hidden;
    enum feed_forward_kind feed_forward;
    bool norm, final_norm, query_key_norm, positions, rotary;
    double norm_epsilon, score_scale;
    double rotary_angles[NEURAL_WIDTH / 2]; // (head_width / 2) radians a position
};

// What a sequence of `length` tokens gives to compute: the last token is only ever answered.
static inline size_t shape_inputs(const struct neural_shape *shape)
{
    return shape->length - 1;
}

// The first position whose logits count: that of the prompt's last token.
static inline size_t shape_first_output(const struct neural_shape *shape)
{
    return shape->prompt - 1;
}

struct neural_tensor {
    char name[NEURAL_NAME];
    size_t n_rows, n_columns;
    size_t node; // in the graph
};

// Of one layer's tensors, their places in the list; NO_TENSOR where the layer has none of that name.
struct layer_tensors {
    size_t attention_norm, query, key, value, output, query_norm, key_norm;
    size_t feed_norm, gate, up, down;
};

#define NO_TENSOR ((size_t)-1)

struct neural_description {
    struct neural_shape shape;
    struct expression_graph graph;
    struct neural_tensor tensors[NEURAL_TENSORS]; // (n_tensors)
    size_t n_tensors;
    struct layer_tensors layers[NEURAL_LAYERS];
    size_t embedding, position, final_norm, head; // places in the list, or NO_TENSOR
    char symbols[NEURAL_VOCABULARY + 1];
    size_t n_given; // see bantam_neural_info
};

// Reads a description (JSON). Errors: BANTAM_ERROR_ARGUMENT, BANTAM_ERROR_MEMORY; nothing is then held.
BANTAM_MUST_CHECK bantam_status description_read(struct neural_description *description,
                                                 const char *json, size_t size,
                                                 bantam_error *error);
void description_release(struct neural_description *description);

#endif
