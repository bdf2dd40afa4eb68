// The weights of a text model: rounded, packed for a file, unpacked, and summed up.
#ifndef BANTAM_MODEL_TEXT_WEIGHTS_H
#define BANTAM_MODEL_TEXT_WEIGHTS_H

#include <math.h>

#include "model/text_model.h"

// Dense: rows of `stride` floats or int8, the rest of a row zero. Sparse: of feature f the entries starts[f] … starts[f + 1] - 1.
// Quantised values are whole numbers to be multiplied by the output's scale; floats have scale 1.
struct text_weights {
    enum weight_format format;
    bool is_sparse;
    size_t n_features, n_outputs;
    size_t stride;     // 4, 8 or a multiple of 16, at least n_outputs
    float *floats;     // dense f32: (n_features, stride); sparse f32: (starts[n_features])
    int8_t *integers;  // dense int8 and int4: (n_features, stride); sparse: (starts[n_features])
    uint32_t *starts;  // sparse: (n_features + 1)
    uint16_t *outputs; // sparse: (starts[n_features]) rising within a feature
    float *scales;     // (stride)
    void *memory;      // what floats or integers point into
};

// A weight in steps of the scale, rounded and cut to at most `most`. By comparisons: fminf and fmaxf are calls.
static inline float weight_steps(float weight, float scale, float most)
{
    float steps = rintf(weight / scale);
    return steps < -most ? -most : steps > most ? most : steps;
}

// Rounds weights (n_features, n_outputs) to the format. Errors: BANTAM_ERROR_ARGUMENT, BANTAM_ERROR_MEMORY; *to is then empty.
BANTAM_MUST_CHECK bantam_status text_weights_init(struct text_weights *to, const float *weights,
                                                  size_t n_features, size_t n_outputs,
                                                  enum weight_format format, bantam_error *error);
size_t text_weights_stride(size_t n_outputs);

// As text_weights_init with WEIGHTS_F32, from what text_weights_room made and the caller filled: without a second copy unless most are
// zero. Takes the room, also on failure.
BANTAM_MUST_CHECK bantam_status text_weights_take(struct text_weights *to,
                                                  struct weights_room *room, size_t n_features,
                                                  size_t n_outputs, bantam_error *error);

// Makes room for n values of the format, zero, beginning at a cache line. False when memory is out.
bool text_weights_allocate(struct text_weights *weights, size_t n);
void text_weights_release(struct text_weights *weights);

// Writes a feature's weights (n_outputs).
void text_weights_row(const struct text_weights *weights, size_t feature, float *row);

// A feature and its value in a text.
struct weighted_feature {
    uint32_t feature;
    float value;
};

// sums (stride) = value · weights of each feature (n), before the scales, summed up in the given order.
void text_weights_combine(const struct text_weights *weights,
                          const struct weighted_feature *features, size_t n, float *sums);

// to (stride) = before (stride), which may be the same, + factor · scales · from (stride).
void text_weights_scale(const struct text_weights *weights, float factor, const float *from,
                        const float *before, float *to);

// to (stride) += each of the rows (n, stride), in their order.
void text_weights_sum(const struct text_weights *weights, const float *const *rows, size_t n,
                      float *to);

// Appends the weights' tensors, at most four, with data from the arena or borrowed, and the strides of their rows (model_rows.h).
// False when memory is out.
bool text_weights_write(const struct text_weights *weights, struct arena *arena,
                        bantam_tensor *tensors, size_t *row_strides, size_t *n_tensors);

// Errors: BANTAM_ERROR_MODEL, BANTAM_ERROR_MEMORY; *to is then empty.
BANTAM_MUST_CHECK bantam_status text_weights_load(struct text_weights *to, const bantam_model *file,
                                                  size_t n_features, size_t n_outputs,
                                                  bantam_error *error);

// "f32", "int8", "int4".
const char *weight_format_name(enum weight_format format);

#endif
