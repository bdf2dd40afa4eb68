// Weights as tensors, and back. What comes in is hostile.
#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/text_weights.h"

enum {
    COUNT_RICE = 2, // parameter of how many entries a feature has
    PARAMETER_BITS = 5,
    NIBBLE_ZERO = 8, // what a half byte of 0 stands as
};

// --- Writing

static bool add_tensor(bantam_tensor *tensors, size_t *n_tensors, const char *name,
                       bantam_dtype dtype, const void *data, size_t n, size_t element_size)
{
    if (!data) {
        return false;
    }
    tensors[(*n_tensors)++] = (bantam_tensor){.name = name,
                                              .dtype = dtype,
                                              .n_dimensions = 1,
                                              .shape = {n},
                                              .data = data,
                                              .size = n * element_size};
    return true;
}

// Two to a byte.
static unsigned char *pack_nibbles(const int8_t *values, size_t n, struct arena *arena)
{
    unsigned char *packed = arena_allocate_array(arena, n / 2 + 1, 1);
    for (size_t i = 0; i < n && packed; i++) {
        packed[i / 2] |= (unsigned char)((values[i] + NIBBLE_ZERO) << (i % 2 ? 4 : 0));
    }
    return packed;
}

// Values (n) under `name`, in the format's dtype.
static bool add_values(const struct text_weights *weights, const char *name, const float *floats,
                       const int8_t *integers, size_t n, struct arena *arena,
                       bantam_tensor *tensors, size_t *n_tensors)
{
    switch (weights->format) {
    case WEIGHTS_F32:
        return add_tensor(tensors, n_tensors, name, BANTAM_F32, floats, n, sizeof *floats);
    case WEIGHTS_INT8:
        return add_tensor(tensors, n_tensors, name, BANTAM_I8, integers, n, 1);
    case WEIGHTS_INT4:
        return add_tensor(tensors, n_tensors, name, BANTAM_U8, pack_nibbles(integers, n, arena),
                          (n + 1) / 2, 1);
    }
    return false;
}

static bool write_places(const struct text_weights *weights, struct arena *arena,
                         bantam_tensor *tensors, size_t *n_tensors)
{
    bantam_buffer bytes;
    bantam_buffer_init(&bytes, SIZE_MAX / 2);
    size_t n_entries = weights->starts[weights->n_features];
    double outputs = (double)weights->n_outputs * (double)weights->n_features;
    unsigned k = rice_parameter(outputs / ((double)n_entries + 1) - 1);
    struct bit_writer writer = {.out = &bytes};
    bit_writer_append(&writer, k, PARAMETER_BITS);
    for (size_t f = 0; f < weights->n_features; f++) {
        uint32_t start = weights->starts[f], end = weights->starts[f + 1];
        bit_writer_append_rice(&writer, end - start, COUNT_RICE);
        for (uint32_t entry = start; entry < end; entry++) {
            uint32_t before = entry > start ? weights->outputs[entry - 1] + 1U : 0;
            bit_writer_append_rice(&writer, weights->outputs[entry] - before, k);
        }
    }
    bit_writer_finish(&writer);
    void *copy = bytes.failed ? NULL : arena_allocate(arena, bytes.size);
    if (copy) {
        memcpy(copy, bytes.data, bytes.size);
    }
    bool added = add_tensor(tensors, n_tensors, "weights.places", BANTAM_U8, copy, bytes.size, 1);
    bantam_buffer_release(&bytes);
    return added;
}

// Rows without what fills them up to the stride.
static int8_t *dense_rows(const struct text_weights *weights, struct arena *arena)
{
    size_t n = weights->n_outputs;
    int8_t *rows = arena_allocate_array(arena, weights->n_features, n);
    for (size_t f = 0; f < weights->n_features && rows; f++) {
        memcpy(rows + f * n, weights->integers + f * weights->stride, n);
    }
    return rows;
}

static bool write_dense(const struct text_weights *weights, struct arena *arena,
                        bantam_tensor *tensors, size_t *row_strides, size_t *n_tensors)
{
    size_t n = weights->n_features * weights->n_outputs;
    if (weights->format == WEIGHTS_INT4) { // pairs of weights stand across rows
        return add_values(weights, "weights", NULL, dense_rows(weights, arena), n, arena, tensors,
                          n_tensors);
    }
    bantam_tensor *tensor = &tensors[*n_tensors];
    row_strides[*n_tensors] = weights->stride * (weights->floats ? sizeof(float) : 1);
    bool added = add_values(weights, "weights", weights->floats, weights->integers, n, arena,
                            tensors, n_tensors);
    if (added) {
        tensor->n_dimensions = 2;
        tensor->shape[0] = weights->n_features;
        tensor->shape[1] = weights->n_outputs;
    }
    return added;
}

bool text_weights_write(const struct text_weights *weights, struct arena *arena,
                        bantam_tensor *tensors, size_t *row_strides, size_t *n_tensors)
{
    if (weights->format != WEIGHTS_F32 &&
        !add_tensor(tensors, n_tensors, "weights.scales", BANTAM_F32, weights->scales,
                    weights->n_outputs, sizeof *weights->scales)) {
        return false;
    }
    if (!weights->is_sparse) {
        return write_dense(weights, arena, tensors, row_strides, n_tensors);
    }
    return write_places(weights, arena, tensors, n_tensors) &&
           add_values(weights, "weights.values", weights->floats, weights->integers,
                      weights->starts[weights->n_features], arena, tensors, n_tensors);
}

// --- Reading

static bantam_status damaged(bantam_error *error, const char *what)
{
    return error_set(error, BANTAM_ERROR_MODEL,
                     "the model's weights are damaged (%s); get the file again", what);
}

static bool read_format(const bantam_model *file, enum weight_format *format)
{
    const char *name = bantam_model_metadata(file, "weights");
    for (int i = WEIGHTS_F32; i <= WEIGHTS_INT4 && name; i++) {
        *format = (enum weight_format)i;
        if (strcmp(name, weight_format_name(*format)) == 0) {
            return true;
        }
    }
    return false;
}

// The tensor that holds n values of the format, or NULL.
static const bantam_tensor *values_of(const bantam_model *file, const char *name,
                                      enum weight_format format, size_t n)
{
    static const bantam_dtype dtypes[] = {BANTAM_F32, BANTAM_I8, BANTAM_U8};
    size_t size = format == WEIGHTS_F32 ? 4 * n : format == WEIGHTS_INT8 ? n : (n + 1) / 2;
    const bantam_tensor *tensor = bantam_model_tensor(file, name);
    return tensor && tensor->dtype == dtypes[format] && tensor->size == size ? tensor : NULL;
}

// Writes value i of the tensor to element `at`; false where it is none that could have been written.
static bool take_value(struct text_weights *to, const bantam_tensor *tensor, size_t i, size_t at)
{
    if (to->format == WEIGHTS_F32) {
        memcpy(to->floats + at, (const char *)tensor->data + 4 * i, sizeof(float));
        return isfinite(to->floats[at]);
    }
    int value = ((const int8_t *)tensor->data)[to->format == WEIGHTS_INT4 ? i / 2 : i];
    if (to->format == WEIGHTS_INT4) {
        value = ((value & 0xFF) >> (i % 2 ? 4 : 0) & 0xF) - NIBBLE_ZERO;
    }
    to->integers[at] = (int8_t)value;
    return value != (to->format == WEIGHTS_INT4 ? -NIBBLE_ZERO : INT8_MIN);
}

static bantam_status load_dense(struct text_weights *to, const bantam_model *file,
                                bantam_error *error)
{
    size_t n = to->n_features * to->n_outputs;
    const bantam_tensor *values = values_of(file, "weights", to->format, n);
    if (!values) {
        return damaged(error, "shape");
    }
    if (!text_weights_allocate(to, to->n_features * to->stride)) {
        return error_memory(error);
    }
    for (size_t i = 0; i < n; i++) {
        if (!take_value(to, values, i, i / to->n_outputs * to->stride + i % to->n_outputs)) {
            return damaged(error, "a value");
        }
    }
    return BANTAM_OK;
}

// Reads where the entries are; to->outputs has room for `most`. False where the places are damaged.
static bool read_places(struct text_weights *to, const bantam_tensor *places, size_t most)
{
    const unsigned char *bytes = places->data;
    struct bit_reader reader = {.at = bytes, .end = bytes + places->size};
    uint64_t k, count, gap, n = 0;
    if (!bit_reader_read(&reader, PARAMETER_BITS, &k)) {
        return false;
    }
    for (size_t f = 0; f < to->n_features; f++) {
        if (!bit_reader_rice(&reader, COUNT_RICE, &count) || count > most - n) {
            return false;
        }
        uint64_t output = 0;
        for (; count > 0; count--) {
            if (!bit_reader_rice(&reader, (unsigned)k, &gap) || gap >= to->n_outputs - output) {
                return false;
            }
            output += gap;
            to->outputs[n++] = (uint16_t)output++;
        }
        to->starts[f + 1] = (uint32_t)n;
    }
    return n == most || (to->format == WEIGHTS_INT4 && n + 1 == most);
}

static bantam_status load_sparse(struct text_weights *to, const bantam_model *file,
                                 bantam_error *error)
{
    const bantam_tensor *places = bantam_model_tensor(file, "weights.places");
    const bantam_tensor *values = bantam_model_tensor(file, "weights.values");
    if (!places || places->dtype != BANTAM_U8 || !values) {
        return damaged(error, "shape");
    }
    size_t n_entries = to->format == WEIGHTS_F32    ? values->size / sizeof(float)
                       : to->format == WEIGHTS_INT8 ? values->size
                                                    : 2 * values->size; // or one less
    if (n_entries >= UINT32_MAX || !values_of(file, "weights.values", to->format, n_entries)) {
        return damaged(error, "number of entries");
    }
    to->is_sparse = true;
    to->starts = memory_allocate_array(to->n_features + 1, sizeof *to->starts);
    to->outputs = memory_allocate_array(n_entries, sizeof *to->outputs);
    if (!to->starts || !to->outputs || !text_weights_allocate(to, n_entries)) {
        return error_memory(error);
    }
    if (!read_places(to, places, n_entries)) {
        return damaged(error, "places");
    }
    for (size_t i = 0; i < to->starts[to->n_features]; i++) {
        if (!take_value(to, values, i, i)) {
            return damaged(error, "a value");
        }
    }
    return BANTAM_OK;
}

static bantam_status load_scales(struct text_weights *to, const bantam_model *file,
                                 bantam_error *error)
{
    to->scales = memory_allocate_array(to->stride, sizeof *to->scales);
    if (!to->scales) {
        return error_memory(error);
    }
    const bantam_tensor *scales = bantam_model_tensor(file, "weights.scales");
    if (to->format != WEIGHTS_F32 &&
        (!scales || scales->dtype != BANTAM_F32 || scales->size != to->n_outputs * sizeof(float))) {
        return damaged(error, "scales");
    }
    for (size_t o = 0; o < to->stride; o++) {
        to->scales[o] = 1;
        if (to->format != WEIGHTS_F32 && o < to->n_outputs) {
            memcpy(to->scales + o, (const char *)scales->data + o * sizeof(float), sizeof(float));
        }
        if (!isfinite(to->scales[o])) {
            return damaged(error, "a scale");
        }
    }
    return BANTAM_OK;
}

bantam_status text_weights_load(struct text_weights *to, const bantam_model *file,
                                size_t n_features, size_t n_outputs, bantam_error *error)
{
    *to = (struct text_weights){
        .n_features = n_features, .n_outputs = n_outputs, .stride = text_weights_stride(n_outputs)};
    if (!read_format(file, &to->format)) {
        return damaged(error, "format");
    }
    bantam_status status = load_scales(to, file, error);
    if (!status) {
        status = bantam_model_tensor(file, "weights.places") ? load_sparse(to, file, error)
                                                             : load_dense(to, file, error);
    }
    if (status) {
        text_weights_release(to);
    }
    return status;
}
