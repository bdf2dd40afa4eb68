// Forward and backward passes over sixteen sequences side by side, one in each lane, in float32 or float64.
//
// An engine holds the dense tensors of a network and every activation of one block of sequences; nothing is allocated after
// engine_init. Training calls forward, loss, backward for each block of the batch, then engine_collect; decoding calls forward
// alone, position after position, with the keys and values of earlier positions still there.
#ifndef BANTAM_NEURAL_ENGINE_H
#define BANTAM_NEURAL_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vector.h"
#include "neural/network.h"

// Places of tensors in the dense array; NO_TENSOR where there is none.
struct engine_layer_places {
    size_t attention_norm, query, key, value, output, query_norm, key_norm;
    size_t feed_norm, gate, up, down;
};

struct engine_plan {
    struct neural_shape shape;
    size_t n_inputs;  // positions read: length − 1
    size_t n_numbers; // of all dense tensors
    size_t embedding, position, final_norm, head;
    struct engine_layer_places layers[NEURAL_LAYERS];
    bool gradients;
};

struct engine {
    struct engine_plan plan;
    const struct engine_kernels *kernels; // of its precision
    void *state;                          // of the kernels
    double *dense;                        // (n_numbers) for engine_set_weights and engine_collect
};

// What one precision provides (engine_kernels_template.h).
struct engine_kernels {
    bantam_status (*new_state)(void **state, const struct engine_plan *plan);
    void (*free_state)(void *state);
    void (*set_weights)(void *state, const double *dense);
    void (*forward)(void *state, const uint8_t *tokens, size_t from, size_t to, size_t output_from);
    double (*loss)(void *state, const uint8_t *tokens, uint32_t *wrong);
    void (*backward)(void *state, const uint8_t *tokens, double scale);
    void (*clear)(void *state);
    void (*collect)(void *state, double *dense);
    double (*logit)(const void *state, size_t position, size_t token, size_t lane);
    double (*attention)(const void *state, size_t layer, size_t head, size_t query, size_t key,
                        size_t lane);
};

extern const struct engine_kernels engine_kernels_float, engine_kernels_double;

// The places of a description's tensors; `gradients` and what follows from the sizes.
struct engine_plan engine_plan_of(const struct bantam_neural *neural, bool gradients);

// The network's tensors one after another, (n_numbers).
void engine_plan_read(const struct engine_plan *plan, const struct bantam_neural *neural,
                      double *dense);

// Adds ∂L/∂(tensor), (n_numbers), to the adjoints of the description's graph (n_values).
void engine_plan_add(const struct engine_plan *plan, const struct bantam_neural *neural,
                     const double *dense, double *adjoints);

// With `gradients` false only forward passes are possible and less memory is taken. Errors: BANTAM_ERROR_MEMORY,
// BANTAM_ERROR_ARGUMENT (too large); nothing is then held.
BANTAM_MUST_CHECK bantam_status engine_init(struct engine *engine,
                                            const struct bantam_neural *neural,
                                            bantam_precision precision, bool gradients,
                                            bantam_error *error);
void engine_release(struct engine *engine);

// Takes the network's tensors over; to be called after each change of its parameters.
void engine_set_weights(struct engine *engine, const struct bantam_neural *neural);

// Reads positions [from, to) of `tokens` (length, VECTOR_LANES); those before `from` must have been read. Computes logits for
// the positions of these that are not below `output_from`.
void engine_forward(struct engine *engine, const uint8_t *tokens, size_t from, size_t to,
                    size_t output_from);

// After a forward pass over all positions with output_from at the prompt's last token: the cross-entropy summed over the
// answers of all lanes, in nats. Bit i of wrong[lane] says that the answer's token i was not the likeliest (32 tokens at most
// are told; NULL: not wanted).
double engine_loss(struct engine *engine, const uint8_t *tokens, uint32_t *wrong);

// After engine_loss: adds `scale` times the gradient of the loss to what has been gathered since engine_clear.
void engine_backward(struct engine *engine, const uint8_t *tokens, double scale);
void engine_clear(struct engine *engine);

// Adds ∂L/∂(tensor) to the adjoints of the description's graph (n_values).
void engine_collect(struct engine *engine, const struct bantam_neural *neural, double *adjoints);

double engine_logit(const struct engine *engine, size_t position, size_t token, size_t lane);

// The attention weight of the query at a position for the key at another.
double engine_attention(const struct engine *engine, size_t layer, size_t head, size_t query,
                        size_t key, size_t lane);

#endif
