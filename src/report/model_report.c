// Values are shown as they stand in the file, control characters as blanks.
#include "bantam/model_report.h"

#include <string.h>

#include "base/error.h"
#include "model/dtype.h"
#include "report/json_writer.h"
#include "report/utf8.h"

enum {
    NAME_COLUMNS = 17, // of the longest key that models of ours have
};

// The name and blanks up to the column where what it names begins.
static void append_name(bantam_buffer *out, const char *name)
{
    size_t size = strlen(name);
    utf8_append_visible(out, name, size);
    for (size_t at = size < NAME_COLUMNS ? size : NAME_COLUMNS; at < NAME_COLUMNS + 2; at++) {
        bantam_buffer_append_string(out, " ");
    }
}

bantam_status bantam_model_text(bantam_buffer *out, const bantam_model *model, size_t file_size,
                                bantam_error *error)
{
    const bantam_metadata *pair;
    for (size_t i = 0; (pair = bantam_model_metadata_at(model, i)); i++) {
        append_name(out, pair->key);
        utf8_append_visible_string(out, pair->value);
        bantam_buffer_append_string(out, "\n");
    }
    append_name(out, "digest");
    bantam_buffer_append_format(out, "%s\n", bantam_model_digest(model));
    append_name(out, "bytes");
    bantam_buffer_append_format(out, "%zu\n\ntensors\n", file_size);
    const bantam_tensor *tensor;
    for (size_t i = 0; (tensor = bantam_model_tensor_at(model, i)); i++) {
        append_name(out, tensor->name);
        bantam_buffer_append_string(out, dtype_name(tensor->dtype));
        for (int k = 0; k < tensor->n_dimensions; k++) {
            bantam_buffer_append_format(out, "%s%llu", k ? " x " : " ",
                                        (unsigned long long)tensor->shape[k]);
        }
        bantam_buffer_append_format(out, ", %zu bytes\n", tensor->size);
    }
    return out->failed ? error_memory(error) : BANTAM_OK;
}

static void write_tensor(struct json_writer *writer, const bantam_tensor *tensor)
{
    json_write_open(writer, '{', false);
    json_write_key(writer, "name");
    json_write_string(writer, tensor->name);
    json_write_key(writer, "type");
    json_write_string(writer, dtype_name(tensor->dtype));
    json_write_key(writer, "shape");
    json_write_open(writer, '[', false);
    for (int k = 0; k < tensor->n_dimensions; k++) {
        json_write_unsigned(writer, tensor->shape[k]);
    }
    json_write_close(writer, ']');
    json_write_key(writer, "bytes");
    json_write_unsigned(writer, tensor->size);
    json_write_close(writer, '}');
}

bantam_status bantam_model_json(bantam_buffer *out, const bantam_model *model, size_t file_size,
                                bantam_error *error)
{
    struct json_writer writer;
    json_writer_init(&writer, out, false);
    json_write_open(&writer, '{', false);
    json_write_key(&writer, "metadata");
    json_write_open(&writer, '{', false);
    const bantam_metadata *pair;
    for (size_t i = 0; (pair = bantam_model_metadata_at(model, i)); i++) {
        json_write_key(&writer, pair->key);
        json_write_string(&writer, pair->value);
    }
    json_write_close(&writer, '}');
    json_write_key(&writer, "tensors");
    json_write_open(&writer, '[', false);
    const bantam_tensor *tensor;
    for (size_t i = 0; (tensor = bantam_model_tensor_at(model, i)); i++) {
        write_tensor(&writer, tensor);
    }
    json_write_close(&writer, ']');
    json_write_key(&writer, "digest");
    json_write_string(&writer, bantam_model_digest(model));
    json_write_key(&writer, "bytes");
    json_write_unsigned(&writer, file_size);
    json_write_close(&writer, '}');
    bantam_buffer_append_string(out, "\n");
    return out->failed ? error_memory(error) : BANTAM_OK;
}
