// A model file's bytes → tensors and metadata.
//
// In: hostile bytes. Out: an immutable bantam_model that owns aligned copies of all it needs. As in the reference reader,
// the tensors must fill the data exactly: no hole, no overlap, nothing left over. The machine is taken to be
// little-endian, as the format is. Never scores, never writes.
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/dtype.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "tensors are read as they stand");

enum {
    HEADER_AT = 8 // the header follows its size
};

// A tensor and where the header says that its data stand, relative to the data's start.
struct placed_tensor {
    bantam_tensor tensor;
    uint64_t begin, end;
};

struct bantam_model {
    struct arena arena;
    struct placed_tensor *tensors; // (n_tensors), by name
    size_t n_tensors;
    bantam_metadata *metadata; // (n_metadata), in the file's order
    size_t n_metadata;
    char digest[17];
};

// The file that is being read, for messages with a place in it.
struct reading {
    const char *bytes;
    uint64_t size, data_at; // the data are bytes[data_at..size)
    bantam_error *error;
};

static bantam_status fault_in_tensor(const struct reading *reading, const char *name,
                                     const char *fault)
{
    // The header gives no positions after parsing; the first place that names the tensor is good enough for a person.
    const char *at =
        memmem(reading->bytes + HEADER_AT, reading->data_at - HEADER_AT, name, strlen(name));
    return error_set_at(reading->error, BANTAM_ERROR_MODEL,
                        at ? (uint64_t)(at - reading->bytes) : HEADER_AT, 0,
                        "the model file is damaged: tensor \"%.80s\" %s", name, fault);
}

static bantam_status parse_header(json_t **out, struct reading *reading)
{
    *out = NULL;
    uint64_t header_size = 0;
    if (reading->size < HEADER_AT) {
        return error_set_at(reading->error, BANTAM_ERROR_MODEL, reading->size, 0,
                            "not a model file: %" PRIu64 " bytes are too few", reading->size);
    }
    memcpy(&header_size, reading->bytes, sizeof header_size);
    if (header_size > MODEL_HEADER_MAXIMUM) {
        return error_set_at(reading->error, BANTAM_ERROR_MODEL, 0, 0,
                            "not a model file: it claims a header of %" PRIu64
                            " bytes, more than the %d allowed",
                            header_size, MODEL_HEADER_MAXIMUM);
    }
    if (header_size > reading->size - HEADER_AT) {
        return error_set_at(reading->error, BANTAM_ERROR_MODEL, reading->size, 0,
                            "the model file is cut off: its header of %" PRIu64
                            " bytes does not fit into the file",
                            header_size);
    }
    reading->data_at = HEADER_AT + header_size;
    json_error_t fault;
    *out = json_loadb(reading->bytes + HEADER_AT, header_size, JSON_REJECT_DUPLICATES, &fault);
    if (!*out && json_error_code(&fault) == json_error_out_of_memory) {
        return error_memory(reading->error);
    }
    if (!json_is_object(*out)) {
        uint64_t position = *out || fault.position < 0 ? 0 : (uint64_t)fault.position;
        const char *reason = *out ? "it is not an object" : fault.text;
        bantam_status status =
            error_set_at(reading->error, BANTAM_ERROR_MODEL, HEADER_AT + position, 0,
                         "not a model file: its header is not readable as JSON: %s", reason);
        json_decref(*out);
        *out = NULL;
        return status;
    }
    return BANTAM_OK;
}

static bantam_status read_metadata(bantam_model *model, json_t *map, const struct reading *reading)
{
    if (map && !json_is_object(map)) {
        return error_set_at(reading->error, BANTAM_ERROR_MODEL, HEADER_AT, 0,
                            "the model file is damaged: " MODEL_METADATA_KEY " is not an object");
    }
    model->metadata =
        arena_allocate_array(&model->arena, json_object_size(map), sizeof *model->metadata);
    if (!model->metadata) {
        return error_memory(reading->error);
    }
    const char *key;
    json_t *value;
    json_object_foreach(map, key, value)
    {
        if (!json_is_string(value)) {
            return error_set_at(reading->error, BANTAM_ERROR_MODEL, HEADER_AT, 0,
                                "the model file is damaged: metadata \"%.80s\" is not a string",
                                key);
        }
        bantam_metadata *entry = &model->metadata[model->n_metadata++];
        entry->key = arena_copy_string(&model->arena, key);
        entry->value =
            arena_copy(&model->arena, json_string_value(value), json_string_length(value));
        if (!entry->key || !entry->value) {
            return error_memory(reading->error);
        }
    }
    const char *format = bantam_model_metadata(model, "format");
    if (!format || strcmp(format, BANTAM_MODEL_FORMAT) != 0) {
        return error_set_at(reading->error, BANTAM_ERROR_VERSION, HEADER_AT, 0,
                            "the model file's format is %.40s, this program reads format "
                            "%s; use a model that this version has made",
                            format ? format : "not given", BANTAM_MODEL_FORMAT);
    }
    return BANTAM_OK;
}

static bantam_status read_shape(bantam_tensor *tensor, json_t *shape, const struct reading *reading)
{
    if (!json_is_array(shape) || json_array_size(shape) > BANTAM_MAX_DIMENSIONS) {
        return fault_in_tensor(reading, tensor->name, "has no shape of at most 4 dimensions");
    }
    tensor->n_dimensions = (int)json_array_size(shape);
    for (int at = 0; at < tensor->n_dimensions; at++) {
        json_t *extent = json_array_get(shape, (size_t)at);
        if (!json_is_integer(extent) || json_integer_value(extent) < 0) {
            return fault_in_tensor(reading, tensor->name, "has a dimension that is not a count");
        }
        tensor->shape[at] = (uint64_t)json_integer_value(extent);
    }
    return BANTAM_OK;
}

static bantam_status read_place(struct placed_tensor *placed, json_t *offsets,
                                const struct reading *reading)
{
    const char *name = placed->tensor.name;
    json_t *begin = json_array_get(offsets, 0), *end = json_array_get(offsets, 1);
    if (json_array_size(offsets) != 2 || !json_is_integer(begin) || !json_is_integer(end) ||
        json_integer_value(begin) < 0 || json_integer_value(end) < json_integer_value(begin)) {
        return fault_in_tensor(reading, name, "has no data_offsets [begin, end]");
    }
    placed->begin = (uint64_t)json_integer_value(begin);
    placed->end = (uint64_t)json_integer_value(end);
    if (placed->end > reading->size - reading->data_at) {
        return fault_in_tensor(reading, name, "lies beyond the end of the file");
    }
    uint64_t size;
    if (!dtype_tensor_size(&size, placed->tensor.dtype, placed->tensor.shape,
                           placed->tensor.n_dimensions) ||
        size != placed->end - placed->begin) {
        return fault_in_tensor(reading, name, "has a shape that does not fit its data_offsets");
    }
    placed->tensor.size = (size_t)size;
    return BANTAM_OK;
}

static bantam_status read_tensor(struct placed_tensor *placed, const char *name, json_t *entry,
                                 struct arena *arena, const struct reading *reading)
{
    bantam_tensor *tensor = &placed->tensor;
    tensor->name = arena_copy_string(arena, name);
    if (!tensor->name) {
        return error_memory(reading->error);
    }
    const char *dtype = json_string_value(json_object_get(entry, "dtype"));
    if (!dtype || !dtype_parse(&tensor->dtype, dtype)) {
        return fault_in_tensor(reading, name, "has a dtype that this program does not know");
    }
    bantam_status status = read_shape(tensor, json_object_get(entry, "shape"), reading);
    if (status) {
        return status;
    }
    return read_place(placed, json_object_get(entry, "data_offsets"), reading);
}

static int compare_places(const void *left, const void *right)
{
    const struct placed_tensor *a = left, *b = right;
    if (a->begin != b->begin) {
        return a->begin < b->begin ? -1 : 1;
    }
    return a->end < b->end ? -1 : a->end > b->end;
}

static int compare_names(const void *left, const void *right)
{
    const struct placed_tensor *a = left, *b = right;
    return strcmp(a->tensor.name, b->tensor.name);
}

// The data must be covered exactly once. Looked at before anything is copied: overlapping tensors could make a small file
// ask for much memory.
static bantam_status check_places(struct placed_tensor *tensors, size_t n_tensors,
                                  const struct reading *reading)
{
    uint64_t covered = 0;
    qsort(tensors, n_tensors, sizeof *tensors, compare_places);
    for (size_t at = 0; at < n_tensors; at++) {
        if (tensors[at].begin != covered) {
            return fault_in_tensor(reading, tensors[at].tensor.name,
                                   tensors[at].begin < covered
                                       ? "overlaps another one"
                                       : "leaves a hole in the data before it");
        }
        covered = tensors[at].end;
    }
    if (covered != reading->size - reading->data_at) {
        return error_set_at(reading->error, BANTAM_ERROR_MODEL, reading->data_at + covered, 0,
                            "the model file is damaged: %" PRIu64
                            " bytes after the last tensor belong to none",
                            reading->size - reading->data_at - covered);
    }
    return BANTAM_OK;
}

static bantam_status copy_data(bantam_model *model, const struct reading *reading)
{
    for (size_t at = 0; at < model->n_tensors; at++) {
        struct placed_tensor *placed = &model->tensors[at];
        void *data = arena_allocate(&model->arena, placed->tensor.size);
        if (!data) {
            return error_memory(reading->error);
        }
        memcpy(data, reading->bytes + reading->data_at + placed->begin, placed->tensor.size);
        placed->tensor.data = data;
    }
    return BANTAM_OK;
}

static bantam_status read_tensors(bantam_model *model, json_t *header,
                                  const struct reading *reading)
{
    model->tensors =
        arena_allocate_array(&model->arena, json_object_size(header), sizeof *model->tensors);
    if (!model->tensors) {
        return error_memory(reading->error);
    }
    const char *name;
    json_t *entry;
    json_object_foreach(header, name, entry)
    {
        if (strcmp(name, MODEL_METADATA_KEY) == 0) {
            continue;
        }
        bantam_status status =
            read_tensor(&model->tensors[model->n_tensors++], name, entry, &model->arena, reading);
        if (status) {
            return status;
        }
    }
    bantam_status status = check_places(model->tensors, model->n_tensors, reading);
    if (!status) {
        status = copy_data(model, reading);
    }
    qsort(model->tensors, model->n_tensors, sizeof *model->tensors, compare_names);
    return status;
}

bantam_status bantam_model_load(bantam_model **out, const void *bytes, size_t size,
                                bantam_error *error)
{
    *out = NULL;
    struct reading reading = {.bytes = bytes, .size = size, .error = error};
    json_t *header;
    bantam_status status = parse_header(&header, &reading);
    if (status) {
        return status;
    }
    bantam_model *model = memory_allocate_array(1, sizeof *model);
    status = model ? read_metadata(model, json_object_get(header, MODEL_METADATA_KEY), &reading)
                   : error_memory(error);
    if (!status) {
        status = read_tensors(model, header, &reading);
    }
    json_decref(header);
    if (status) {
        bantam_model_free(&model);
        return status;
    }
    snprintf(model->digest, sizeof model->digest, "%016" PRIx64,
             (uint64_t)XXH3_64bits(bytes, size));
    *out = model;
    return BANTAM_OK;
}

void bantam_model_free(bantam_model **model)
{
    if (*model) {
        arena_release(&(*model)->arena);
        memory_free(*model);
        *model = NULL;
    }
}

const bantam_tensor *bantam_model_tensor(const bantam_model *model, const char *name)
{
    const struct placed_tensor key = {.tensor.name = name};
    const struct placed_tensor *found =
        bsearch(&key, model->tensors, model->n_tensors, sizeof *model->tensors, compare_names);
    return found ? &found->tensor : NULL;
}

const char *bantam_model_metadata(const bantam_model *model, const char *key)
{
    for (size_t at = 0; at < model->n_metadata; at++) {
        if (strcmp(model->metadata[at].key, key) == 0) {
            return model->metadata[at].value;
        }
    }
    return NULL;
}

const bantam_tensor *bantam_model_tensor_at(const bantam_model *model, size_t i)
{
    return i < model->n_tensors ? &model->tensors[i].tensor : NULL;
}

const bantam_metadata *bantam_model_metadata_at(const bantam_model *model, size_t i)
{
    return i < model->n_metadata ? &model->metadata[i] : NULL;
}

const char *bantam_model_digest(const bantam_model *model)
{
    return model->digest;
}
