// Training one layer without positions many times faster: what attention adds to a sum depends on three small numbers alone.
//
// Where the residual stream before attention is a function of the token, a query token, a key token and their distance give
// the score, and with it e^score and e^score times the value that is passed on. There are only vocabulary² · length such rows;
// they are computed once a step. A sequence then adds rows up, and the backward pass adds the adjoint of the sums to the rows
// that took part. The numbers are those of engine.h but for rounding; sums run in an order of their own, the same everywhere.
#ifndef BANTAM_NEURAL_TABLE_ENGINE_H
#define BANTAM_NEURAL_TABLE_ENGINE_H

#include "neural/engine.h"

struct table_engine;

// Whether the description is of that kind: one layer and head, no positions, width at most 3, at most 16 tokens.
bool table_engine_fits(const struct neural_description *description);

// For batches of `n_sequences`. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status table_engine_new(struct table_engine **out,
                                                 const struct bantam_neural *neural,
                                                 size_t n_sequences, bantam_error *error);
void table_engine_free(struct table_engine **engine);

// Takes the network's tensors over. False: scores lie so far apart that float32 cannot sum their powers without care; use
// engine.h until they do no more.
bool table_engine_set_weights(struct table_engine *engine, const struct bantam_neural *neural);

// Forward and backward of the whole batch, (n_sequences, length) tokens; returns the summed loss and keeps `scale` times its
// gradient for table_engine_collect.
double table_engine_step(struct table_engine *engine, const uint8_t *sequences, double scale);

// As engine_collect.
void table_engine_collect(struct table_engine *engine, const struct bantam_neural *neural,
                          double *adjoints);

#endif
