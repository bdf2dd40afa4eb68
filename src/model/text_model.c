// A text model's life: made, cut down, written, loaded.
#include "model/text_model.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "model/text_model_parts.h"

static float *copy_intercepts(const float *intercepts, size_t n)
{
    float *copy = memory_allocate_array(n, sizeof *copy);
    if (copy) {
        memcpy(copy, intercepts, n * sizeof *copy);
    }
    return copy;
}

// A model of the vectorizer, which it takes, without weights.
static bantam_status model_new(struct text_model **out, struct vectorizer **vectorizer,
                               const float *intercepts, size_t n_outputs, bantam_error *error)
{
    struct text_model *model = memory_allocate_array(1, sizeof *model);
    *out = model;
    if (!model) {
        vectorizer_free(vectorizer);
        return error_memory(error);
    }
    model->vectorizer = *vectorizer;
    *vectorizer = NULL;
    model->intercepts = copy_intercepts(intercepts, n_outputs);
    bantam_status status = model->intercepts ? BANTAM_OK : error_memory(error);
    for (size_t o = 0; o < n_outputs && !status; o++) {
        if (!isfinite(intercepts[o])) {
            status = error_set(error, BANTAM_ERROR_ARGUMENT, "an intercept is no finite number");
        }
    }
    return status;
}

bantam_status text_model_new_take(struct text_model **out, struct vectorizer **vectorizer,
                                  const float *weights, const float *intercepts, size_t n_outputs,
                                  enum weight_format format, bantam_error *error)
{
    bantam_status status = model_new(out, vectorizer, intercepts, n_outputs, error);
    if (!status) {
        status =
            text_weights_init(&(*out)->weights, weights, vectorizer_n_features((*out)->vectorizer),
                              n_outputs, format, error);
    }
    if (status) {
        text_model_free(out);
    }
    return status;
}

bantam_status text_model_new_take_room(struct text_model **out, struct vectorizer **vectorizer,
                                       struct weights_room *room, const float *intercepts,
                                       size_t n_outputs, bantam_error *error)
{
    bantam_status status = model_new(out, vectorizer, intercepts, n_outputs, error);
    if (!status) {
        status = text_weights_take(&(*out)->weights, room,
                                   vectorizer_n_features((*out)->vectorizer), n_outputs, error);
    }
    weights_room_release(room);
    if (status) {
        text_model_free(out);
    }
    return status;
}

void text_model_free(struct text_model **model)
{
    if (*model) {
        vectorizer_free(&(*model)->vectorizer);
        text_weights_release(&(*model)->weights);
        coarse_weights_free((*model)->coarse);
        memory_free((*model)->intercepts);
        memory_free(*model);
        *model = NULL;
    }
}

// A row takes about as long to make as a text gains by it, twice or three times in the worst case.
void text_model_coarsen(struct text_model *model, size_t n_texts)
{
    size_t before = atomic_fetch_add(&model->n_sought, n_texts);
    if (model->coarse || before + n_texts < model->weights.n_features) {
        return;
    }
    struct coarse_weights *made = coarse_weights_new(&model->weights), *none = NULL;
    if (!atomic_compare_exchange_strong(&model->coarse, &none, made)) {
        coarse_weights_free(made); // another thread was faster
    }
}

bantam_status text_model_select(struct text_model **out, const struct text_model *model,
                                const bool *keep, bool with_names, const float *weights,
                                enum weight_format format, bantam_error *error)
{
    *out = NULL;
    size_t n_outputs = model->weights.n_outputs;
    size_t n_old = vectorizer_n_features(model->vectorizer);
    uint32_t *order = memory_allocate_array(n_old, sizeof *order);
    if (!order) {
        return error_memory(error);
    }
    struct vectorizer *vectorizer = NULL;
    float *kept = NULL;
    bantam_status status =
        vectorizer_select(&vectorizer, order, model->vectorizer, keep, with_names, error);
    if (!status) {
        size_t n = vectorizer_n_features(vectorizer);
        kept = memory_allocate_array(n, n_outputs * sizeof *kept);
        for (size_t f = 0; f < n && kept; f++) {
            if (weights) {
                memcpy(kept + f * n_outputs, weights + order[f] * n_outputs,
                       n_outputs * sizeof *kept);
            } else {
                text_weights_row(&model->weights, order[f], kept + f * n_outputs);
            }
        }
        status = kept ? text_model_new_take(out, &vectorizer, kept, model->intercepts, n_outputs,
                                            format, error)
                      : error_memory(error);
    }
    memory_free(kept);
    memory_free(order);
    vectorizer_free(&vectorizer);
    return status;
}

const struct vectorizer *text_model_vectorizer(const struct text_model *model)
{
    return model->vectorizer;
}

size_t text_model_n_outputs(const struct text_model *model)
{
    return model->weights.n_outputs;
}

enum weight_format text_model_format(const struct text_model *model)
{
    return model->weights.format;
}

const float *text_model_intercepts(const struct text_model *model)
{
    return model->intercepts;
}

void text_model_weights(const struct text_model *model, size_t feature, float *weights)
{
    text_weights_row(&model->weights, feature, weights);
}

bantam_status text_model_write(struct text_model_file *file, const struct text_model *model,
                               bantam_error *error)
{
    *file = (struct text_model_file){0};
    bantam_status status = vectorizer_write(&file->vectorizer, model->vectorizer, error);
    if (status) {
        return status;
    }
    memcpy(file->tensors, file->vectorizer.tensors, sizeof file->vectorizer.tensors);
    file->n_tensors = file->vectorizer.n_tensors;
    file->metadata[file->n_metadata++] = (bantam_metadata){"vectorizer", file->vectorizer.metadata};
    file->metadata[file->n_metadata++] =
        (bantam_metadata){"weights", weight_format_name(model->weights.format)};
    size_t n_outputs = model->weights.n_outputs;
    file->tensors[file->n_tensors++] = (bantam_tensor){.name = "intercepts",
                                                       .dtype = BANTAM_F32,
                                                       .n_dimensions = 1,
                                                       .shape = {n_outputs},
                                                       .data = model->intercepts,
                                                       .size = n_outputs * sizeof(float)};
    if (!text_weights_write(&model->weights, &file->arena, file->tensors, file->row_strides,
                            &file->n_tensors)) {
        text_model_file_release(file);
        return error_memory(error);
    }
    return BANTAM_OK;
}

void text_model_file_release(struct text_model_file *file)
{
    vectorizer_file_release(&file->vectorizer);
    arena_release(&file->arena);
    *file = (struct text_model_file){0};
}

static bantam_status load_intercepts(struct text_model *model, const bantam_tensor *tensor,
                                     bantam_error *error)
{
    model->intercepts = copy_intercepts(tensor->data, tensor->size / sizeof(float));
    if (!model->intercepts) {
        return error_memory(error);
    }
    for (size_t o = 0; o < tensor->size / sizeof(float); o++) {
        if (!isfinite(model->intercepts[o])) {
            return error_set(error, BANTAM_ERROR_MODEL,
                             "the model's intercepts are damaged; get the file again");
        }
    }
    return BANTAM_OK;
}

bantam_status text_model_load(struct text_model **out, const bantam_model *file,
                              bantam_error *error)
{
    *out = NULL;
    const bantam_tensor *intercepts = bantam_model_tensor(file, "intercepts");
    size_t n_outputs = intercepts ? intercepts->size / sizeof(float) : 0;
    if (n_outputs < 1 || n_outputs > TEXT_OUTPUTS_MAXIMUM || intercepts->dtype != BANTAM_F32) {
        return error_set(error, BANTAM_ERROR_MODEL,
                         "the model has no intercepts of a text model; is it of another kind?");
    }
    struct text_model *model = memory_allocate_array(1, sizeof *model);
    if (!model) {
        return error_memory(error);
    }
    *out = model;
    bantam_status status = vectorizer_load(&model->vectorizer, file, error);
    if (!status) {
        status = text_weights_load(&model->weights, file, vectorizer_n_features(model->vectorizer),
                                   n_outputs, error);
    }
    if (!status) {
        status = load_intercepts(model, intercepts, error);
    }
    if (status) {
        text_model_free(out);
    }
    return status;
}
