// Tensors and metadata → a model file's bytes, the same bytes for the same content.
//
// In: tensors whose data are borrowed, metadata strings. Out: appended to a buffer, all or nothing. The format allows no
// holes between tensors, so the data stand in the order of their element's size, largest first: with the data's start
// at a multiple of 8 that aligns every tensor without padding.
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "model/dtype.h"
#include "model/model_rows.h"

static bantam_status check_tensor(const bantam_tensor *tensor, bantam_error *error)
{
    if (!tensor->name || strcmp(tensor->name, MODEL_METADATA_KEY) == 0) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "a tensor has no name of its own");
    }
    uint64_t size;
    if (!dtype_name(tensor->dtype) || tensor->n_dimensions < 0 ||
        tensor->n_dimensions > BANTAM_MAX_DIMENSIONS ||
        !dtype_tensor_size(&size, tensor->dtype, tensor->shape, tensor->n_dimensions) ||
        size != tensor->size || (size && !tensor->data)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "tensor \"%.80s\" has a size that does not fit its dtype and shape",
                         tensor->name);
    }
    return BANTAM_OK;
}

static void append_data(bantam_buffer *out, const bantam_tensor *tensor, size_t row_stride)
{
    if (row_stride == 0 || tensor->size == 0) {
        bantam_buffer_append(out, tensor->data, tensor->size);
        return;
    }
    size_t row = tensor->size / (size_t)tensor->shape[0];
    for (size_t at = 0; at < tensor->shape[0]; at++) {
        bantam_buffer_append(out, (const char *)tensor->data + at * row_stride, row);
    }
}

// jansson keeps the order in which keys were set. False when a key is there already, is not valid UTF-8, or memory is out.
static bool set_new(json_t *object, const char *key, json_t *value)
{
    if (!key || json_object_get(object, key)) {
        json_decref(value);
        return false;
    }
    return json_object_set_new(object, key, value) == 0;
}

static bantam_status describe_tensor(json_t *header, const bantam_tensor *tensor, uint64_t begin,
                                     bantam_error *error)
{
    json_t *shape = json_array();
    for (int at = 0; at < tensor->n_dimensions; at++) {
        json_array_append_new(shape, json_integer((json_int_t)tensor->shape[at]));
    }
    json_t *entry =
        json_pack("{s:s, s:o, s:[I, I]}", "dtype", dtype_name(tensor->dtype), "shape", shape,
                  "data_offsets", (json_int_t)begin, (json_int_t)(begin + tensor->size));
    if (!set_new(header, tensor->name, entry)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "tensor \"%.80s\" is there twice, or its name is not valid UTF-8",
                         tensor->name);
    }
    return BANTAM_OK;
}

static int compare_keys(const void *left, const void *right)
{
    const bantam_metadata *a = left, *b = right;
    return strcmp(a->key, b->key);
}

static bantam_status describe_metadata(json_t *header, const bantam_metadata *metadata,
                                       size_t n_metadata, bantam_error *error)
{
    bantam_metadata *sorted = memory_allocate_array(n_metadata + 1, sizeof *sorted);
    if (!sorted) {
        return error_memory(error);
    }
    json_t *map = json_object();
    bantam_status status = BANTAM_OK;
    sorted[0] = (bantam_metadata){"format", BANTAM_MODEL_FORMAT};
    for (size_t at = 0; at < n_metadata && !status; at++) {
        sorted[at + 1] = metadata[at];
        if (!metadata[at].key || !metadata[at].value) {
            status = error_set(error, BANTAM_ERROR_ARGUMENT, "metadata without key or value");
        }
    }
    if (!status) {
        qsort(sorted, n_metadata + 1, sizeof *sorted, compare_keys);
    }
    for (size_t at = 0; at < n_metadata + 1 && !status; at++) {
        if (!set_new(map, sorted[at].key, json_string(sorted[at].value))) {
            status = error_set(error, BANTAM_ERROR_ARGUMENT,
                               "metadata \"%.80s\" is there twice, or is not valid UTF-8",
                               sorted[at].key);
        }
    }
    memory_free(sorted);
    if (!set_new(header, MODEL_METADATA_KEY, map) && !status) {
        status = error_memory(error);
    }
    return status;
}

static int append_text(const char *text, size_t size, void *out)
{
    bantam_buffer_append(out, text, size);
    return 0;
}

// Appends the header's size and the header, filled up with blanks (as the format allows) to a multiple of 8 bytes.
static bantam_status append_header(bantam_buffer *out, const json_t *header, bantam_error *error)
{
    const size_t size_at = out->size;
    uint64_t header_size = 0;
    bantam_buffer_append(out, &header_size, sizeof header_size);
    const size_t header_at = out->size;
    if (json_dump_callback(header, append_text, out, JSON_COMPACT)) {
        return error_memory(error);
    }
    bantam_buffer_append(out, "       ", (header_at - out->size) % MODEL_ALIGNMENT);
    header_size = out->size - header_at;
    if (out->failed) {
        return error_memory(error);
    }
    if (header_size > MODEL_HEADER_MAXIMUM) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "names and metadata of a model must fit into %d bytes",
                         MODEL_HEADER_MAXIMUM);
    }
    memcpy(out->data + size_at, &header_size, sizeof header_size);
    return BANTAM_OK;
}

bantam_status model_write_rows(bantam_buffer *out, const bantam_tensor *tensors,
                               const size_t *row_strides, size_t n_tensors,
                               const bantam_metadata *metadata, size_t n_metadata,
                               bantam_error *error)
{
    static const size_t element_sizes[] = {8, 4, 2, 1};
    enum {
        ELEMENT_SIZES = sizeof element_sizes / sizeof *element_sizes
    };
    size_t before = out->size;
    uint64_t end = 0;
    bantam_status status = BANTAM_OK;
    for (size_t at = 0; at < n_tensors && !status; at++) {
        status = check_tensor(&tensors[at], error);
    }
    if (status) {
        return status;
    }
    json_t *header = json_object();
    status = describe_metadata(header, metadata, n_metadata, error);
    for (size_t size = 0; size < ELEMENT_SIZES; size++) {
        for (size_t at = 0; at < n_tensors && !status; at++) {
            if (dtype_size(tensors[at].dtype) == element_sizes[size]) {
                status = describe_tensor(header, &tensors[at], end, error);
                end += tensors[at].size;
            }
        }
    }
    if (!status) {
        status = append_header(out, header, error);
    }
    json_decref(header);
    for (size_t size = 0; size < ELEMENT_SIZES && !status; size++) {
        for (size_t at = 0; at < n_tensors; at++) {
            if (dtype_size(tensors[at].dtype) == element_sizes[size]) {
                append_data(out, &tensors[at], row_strides ? row_strides[at] : 0);
            }
        }
    }
    if (!status && out->failed) {
        status = error_memory(error);
    }
    if (status) {
        out->size = before;
    }
    return status;
}

bantam_status bantam_model_write(bantam_buffer *out, const bantam_tensor *tensors, size_t n_tensors,
                                 const bantam_metadata *metadata, size_t n_metadata,
                                 bantam_error *error)
{
    return model_write_rows(out, tensors, NULL, n_tensors, metadata, n_metadata, error);
}
