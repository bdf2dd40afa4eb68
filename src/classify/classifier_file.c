// The model file of a text classifier: a safetensors file that Python reads with the safetensors package.
//
// Tensors: those of the text model (model/text_model.h); "calibration.*" and "conformal.*"; "means" F32 (n_features);
// "texts.*" where the training texts were kept. Metadata: kind, version, labels (JSON list), options and measured (JSON
// objects), calibration, multi_label, data_digest. Everything read is checked: a file may be hostile.
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "classify/classifier.h"
#include "classify/options.h"
#include "model/model_rows.h"

#define CLASSIFIER_VERSION "1"

enum {
    TENSORS_MAXIMUM = TEXT_MODEL_TENSORS + 16,
    METADATA_MAXIMUM = 12,
    RECORD_MAXIMUM = 1 << 20, // bytes of a JSON record
    CALIBRATION_METHODS = 5,
    LABELS_SIZE_MAXIMUM = 8 << 20, // bytes of the labels as JSON
};

// ---- writing ----------------------------------------------------------------------------------

struct file_content {
    bantam_tensor tensors[TENSORS_MAXIMUM];
    size_t row_strides[TENSORS_MAXIMUM];
    size_t n_tensors;
    bantam_metadata metadata[METADATA_MAXIMUM];
    size_t n_metadata;
};

static void add_tensor(struct file_content *content, const char *name, bantam_dtype dtype,
                       size_t element_size, size_t n, const void *data)
{
    content->tensors[content->n_tensors++] = (bantam_tensor){.name = name,
                                                             .dtype = dtype,
                                                             .n_dimensions = 1,
                                                             .shape = {n},
                                                             .data = data,
                                                             .size = n * element_size};
}

static void add_floats(struct file_content *content, const char *name, const float *data, size_t n)
{
    add_tensor(content, name, BANTAM_F32, sizeof *data, n, data);
}

static void add_whole(struct file_content *content, const char *name, const uint32_t *data,
                      size_t n)
{
    add_tensor(content, name, BANTAM_U32, sizeof *data, n, data);
}

static void add_metadata(struct file_content *content, const char *key, const char *value)
{
    content->metadata[content->n_metadata++] = (bantam_metadata){key, value};
}

// The tensors of the calibration; `starts` is (n_outputs + 1), filled here, for the isotonic knots.
static void add_calibration(struct file_content *content, const struct calibration *calibration,
                            uint32_t *starts)
{
    size_t n = calibration->n_outputs;
    switch (calibration->method) {
    case CALIBRATION_NONE:
        break;
    case CALIBRATION_TEMPERATURE:
        add_floats(content, "calibration.temperature", &calibration->temperature, 1);
        break;
    case CALIBRATION_ADAPTIVE:
        add_floats(content, "calibration.temperature", &calibration->temperature, 1);
        add_floats(content, "calibration.exponent", &calibration->exponent, 1);
        add_floats(content, "calibration.spreads", calibration->spreads, 3);
        break;
    case CALIBRATION_SIGMOID:
        add_floats(content, "calibration.slopes", calibration->slopes, n);
        add_floats(content, "calibration.offsets", calibration->offsets, n);
        break;
    case CALIBRATION_ISOTONIC:
        for (size_t i = 0; i <= n; i++) {
            starts[i] = (uint32_t)calibration->knot_starts[i];
        }
        add_whole(content, "calibration.knot_starts", starts, n + 1);
        add_floats(content, "calibration.knot_scores", calibration->knot_scores, starts[n]);
        add_floats(content, "calibration.knot_values", calibration->knot_values, starts[n]);
        break;
    }
    add_metadata(content, "calibration", calibration_name(calibration->method));
}

static void add_conformal(struct file_content *content, const struct conformal_table *conformal)
{
    if (conformal->n_rows > 0) {
        add_whole(content, "conformal.n_rows", &conformal->n_rows, 1);
        add_whole(content, "conformal.ranks", conformal->ranks, conformal->n);
        add_floats(content, "conformal.probabilities", conformal->probabilities, conformal->n);
    }
}

static void add_kept(struct file_content *content, const struct kept_texts *kept)
{
    if (kept->n > 0) {
        add_tensor(content, "texts.bytes", BANTAM_U8, 1, kept->starts[kept->n], kept->bytes);
        add_whole(content, "texts.starts", kept->starts, kept->n + 1);
        add_whole(content, "texts.labels", kept->labels, kept->label_starts[kept->n]);
        add_whole(content, "texts.label_starts", kept->label_starts, kept->n + 1);
    }
}

static int append_json(const char *bytes, size_t size, void *context)
{
    bantam_buffer_append(context, bytes, size);
    return 0;
}

// Appends the labels as a JSON list and a NUL; false when memory is out.
static bool append_labels(bantam_buffer *out, const bantam_classifier *classifier)
{
    json_t *list = json_array();
    bool complete = list != NULL;
    for (size_t i = 0; complete && i < classifier->n_labels; i++) {
        complete = json_array_append_new(list, json_string(classifier->labels[i])) == 0;
    }
    complete = complete && json_dump_callback(list, append_json, out, JSON_COMPACT) == 0;
    json_decref(list);
    bantam_buffer_append(out, "", 1);
    return complete && !out->failed;
}

static bantam_status write_file(const bantam_classifier *classifier,
                                const struct text_model_file *text, const char *labels,
                                uint32_t *knot_starts, bantam_buffer *out, bantam_error *error)
{
    struct file_content content = {.n_tensors = 0};
    for (size_t i = 0; i < text->n_tensors; i++) {
        content.row_strides[content.n_tensors] = text->row_strides[i];
        content.tensors[content.n_tensors++] = text->tensors[i];
    }
    for (size_t i = 0; i < text->n_metadata; i++) {
        content.metadata[content.n_metadata++] = text->metadata[i];
    }
    add_calibration(&content, &classifier->calibration, knot_starts);
    add_conformal(&content, &classifier->conformal);
    if (classifier->means) {
        add_floats(&content, "means", classifier->means, bantam_classifier_n_features(classifier));
    }
    add_kept(&content, &classifier->kept);
    add_metadata(&content, "kind", BANTAM_CLASSIFIER_KIND);
    add_metadata(&content, "version", CLASSIFIER_VERSION);
    add_metadata(&content, "labels", labels);
    add_metadata(&content, "multi_label", classifier->multi_label ? "yes" : "no");
    add_metadata(&content, "options", classifier->record_options);
    add_metadata(&content, "data_digest", classifier->data_digest);
    add_metadata(&content, "measured", classifier->measured);
    return model_write_rows(out, content.tensors, content.row_strides, content.n_tensors,
                            content.metadata, content.n_metadata, error);
}

bantam_status bantam_classifier_save(const bantam_classifier *classifier, bantam_buffer *out,
                                     bantam_error *error)
{
    bantam_buffer labels;
    bantam_buffer_init(&labels, LABELS_SIZE_MAXIMUM);
    uint32_t *knot_starts =
        memory_allocate_array(classifier->calibration.n_outputs + 1, sizeof *knot_starts);
    struct text_model_file text;
    bantam_status status = knot_starts && append_labels(&labels, classifier)
                               ? text_model_write(&text, classifier->text, error)
                               : error_memory(error);
    if (!status) {
        status = write_file(classifier, &text, labels.data, knot_starts, out, error);
        text_model_file_release(&text);
    }
    memory_free(knot_starts);
    bantam_buffer_release(&labels);
    return status;
}

// ---- reading ----------------------------------------------------------------------------------

static bantam_status damaged(bantam_error *error, const char *what)
{
    return error_set(error, BANTAM_ERROR_MODEL,
                     "the model file is damaged: %s; copy it again or train it again", what);
}

// A tensor of one dimension and that type. NULL where it is missing or another.
static const bantam_tensor *vector_of(const bantam_model *file, const char *name,
                                      bantam_dtype dtype)
{
    const bantam_tensor *tensor = bantam_model_tensor(file, name);
    return tensor && tensor->dtype == dtype && tensor->n_dimensions == 1 ? tensor : NULL;
}

// Copies `n` finite floats. Errors: BANTAM_ERROR_MODEL, BANTAM_ERROR_MEMORY.
static bantam_status read_floats(float **out, const bantam_model *file, const char *name, size_t n,
                                 bantam_error *error)
{
    const bantam_tensor *tensor = vector_of(file, name, BANTAM_F32);
    if (!tensor || tensor->shape[0] != n) {
        return damaged(error, name);
    }
    float *values = memory_allocate_array(n, sizeof *values);
    if (!values) {
        return error_memory(error);
    }
    memcpy(values, tensor->data, n * sizeof *values);
    *out = values;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) {
            return damaged(error, name);
        }
    }
    return BANTAM_OK;
}

// Copies the starts of `n` stretches that fill `total` items: from 0, never falling, the last one `total`.
static bantam_status read_starts(uint32_t **out, const bantam_model *file, const char *name,
                                 size_t n, uint64_t total, bantam_error *error)
{
    const bantam_tensor *tensor = vector_of(file, name, BANTAM_U32);
    if (!tensor || tensor->shape[0] != n + 1) {
        return damaged(error, name);
    }
    uint32_t *starts = memory_allocate_array(n + 1, sizeof *starts);
    if (!starts) {
        return error_memory(error);
    }
    memcpy(starts, tensor->data, (n + 1) * sizeof *starts);
    *out = starts;
    for (size_t i = 0; i < n; i++) {
        if (starts[i] > starts[i + 1]) {
            return damaged(error, name);
        }
    }
    return starts[0] == 0 && starts[n] == total ? BANTAM_OK : damaged(error, name);
}

static bantam_status read_knots(struct calibration *calibration, const bantam_model *file,
                                bantam_error *error)
{
    const bantam_tensor *scores = vector_of(file, "calibration.knot_scores", BANTAM_F32);
    if (!scores) {
        return damaged(error, "calibration.knot_scores");
    }
    size_t n = calibration->n_outputs, n_knots = (size_t)scores->shape[0];
    uint32_t *starts = NULL;
    bantam_status status = read_starts(&starts, file, "calibration.knot_starts", n, n_knots, error);
    if (!status) {
        status =
            read_floats(&calibration->knot_scores, file, "calibration.knot_scores", n_knots, error);
    }
    if (!status) {
        status =
            read_floats(&calibration->knot_values, file, "calibration.knot_values", n_knots, error);
    }
    calibration->knot_starts = memory_allocate_array(n + 1, sizeof *calibration->knot_starts);
    if (!status && !calibration->knot_starts) {
        status = error_memory(error);
    }
    for (size_t i = 0; !status && i <= n; i++) {
        calibration->knot_starts[i] = starts[i];
    }
    for (size_t i = 0; !status && i < n; i++) {
        for (size_t k = starts[i] + 1; k < starts[i + 1]; k++) {
            if (calibration->knot_scores[k] < calibration->knot_scores[k - 1]) {
                status = damaged(error, "calibration.knot_scores");
            }
        }
    }
    memory_free(starts);
    return status;
}

// Copies `n` finite floats to where there is room for them.
static bantam_status read_few(float *out, const bantam_model *file, const char *name, size_t n,
                              bantam_error *error)
{
    float *values = NULL;
    bantam_status status = read_floats(&values, file, name, n, error);
    if (!status) {
        memcpy(out, values, n * sizeof *values);
    }
    memory_free(values);
    return status;
}

// The temperature, and what it hangs on where each text has its own.
static bantam_status read_temperature(struct calibration *calibration, const bantam_model *file,
                                      bantam_error *error)
{
    bantam_status status =
        read_few(&calibration->temperature, file, "calibration.temperature", 1, error);
    if (!status && !(calibration->temperature > 0)) {
        status = damaged(error, "calibration.temperature");
    }
    if (status || calibration->method == CALIBRATION_TEMPERATURE) {
        return status;
    }
    status = read_few(&calibration->exponent, file, "calibration.exponent", 1, error);
    if (!status) {
        status = read_few(calibration->spreads, file, "calibration.spreads", 3, error);
    }
    const float *spreads = calibration->spreads;
    bool rising = spreads[0] > 0 && spreads[0] <= spreads[1] && spreads[1] <= spreads[2];
    if (!status && (!rising || !calibration_adapts(calibration->link, calibration->n_outputs))) {
        status = damaged(error, "calibration.spreads");
    }
    return status;
}

static bantam_status read_calibration(bantam_classifier *classifier, const bantam_model *file,
                                      bantam_error *error)
{
    struct calibration *calibration = &classifier->calibration;
    size_t n = text_model_n_outputs(classifier->text);
    *calibration = calibration_none(classifier_link(classifier), n);
    const char *name = bantam_model_metadata(file, "calibration");
    size_t method = 0;
    while (method < CALIBRATION_METHODS &&
           (!name || strcmp(name, calibration_name((enum calibration_method)method)) != 0)) {
        method++;
    }
    if (!name) {
        return damaged(error, "calibration");
    }
    if (method == CALIBRATION_METHODS) {
        return error_set(error, BANTAM_ERROR_VERSION,
                         "the text classifier is calibrated by \"%.40s\", which this program does "
                         "not know; take a newer program, or train it again with this one",
                         name);
    }
    calibration->method = (enum calibration_method)method;
    bantam_status status = BANTAM_OK;
    if (calibration->method == CALIBRATION_TEMPERATURE ||
        calibration->method == CALIBRATION_ADAPTIVE) {
        status = read_temperature(calibration, file, error);
    } else if (calibration->method == CALIBRATION_SIGMOID) {
        status = read_floats(&calibration->slopes, file, "calibration.slopes", n, error);
        if (!status) {
            status = read_floats(&calibration->offsets, file, "calibration.offsets", n, error);
        }
    } else if (calibration->method == CALIBRATION_ISOTONIC) {
        status = read_knots(calibration, file, error);
    }
    return status;
}

static bantam_status read_conformal(struct conformal_table *table, const bantam_model *file,
                                    bantam_error *error)
{
    const bantam_tensor *n_rows = vector_of(file, "conformal.n_rows", BANTAM_U32);
    const bantam_tensor *ranks = vector_of(file, "conformal.ranks", BANTAM_U32);
    const bantam_tensor *values = vector_of(file, "conformal.probabilities", BANTAM_F32);
    if (!n_rows && !ranks && !values) {
        return BANTAM_OK;
    }
    if (!n_rows || !ranks || !values || n_rows->shape[0] != 1 || ranks->shape[0] < 1 ||
        ranks->shape[0] > CONFORMAL_RANKS || values->shape[0] != ranks->shape[0]) {
        return damaged(error, "conformal");
    }
    memcpy(&table->n_rows, n_rows->data, sizeof table->n_rows);
    memcpy(table->ranks, ranks->data, ranks->size);
    memcpy(table->probabilities, values->data, values->size);
    table->n = (uint32_t)ranks->shape[0];
    for (size_t i = 0; i < table->n; i++) {
        bool rising = i == 0 || (table->ranks[i] > table->ranks[i - 1] &&
                                 table->probabilities[i] >= table->probabilities[i - 1]);
        if (!rising || table->ranks[i] < 1 || table->ranks[i] > table->n_rows ||
            !(table->probabilities[i] >= 0 && table->probabilities[i] <= 1)) {
            return damaged(error, "conformal");
        }
    }
    return BANTAM_OK;
}

static bantam_status read_kept(bantam_classifier *classifier, const bantam_model *file,
                               bantam_error *error)
{
    struct kept_texts *kept = &classifier->kept;
    const bantam_tensor *bytes = bantam_model_tensor(file, "texts.bytes");
    if (!bytes) {
        return BANTAM_OK;
    }
    const bantam_tensor *starts = vector_of(file, "texts.starts", BANTAM_U32);
    const bantam_tensor *labels = vector_of(file, "texts.labels", BANTAM_U32);
    if (bytes->dtype != BANTAM_U8 || bytes->n_dimensions != 1 || !starts || starts->shape[0] < 2 ||
        !labels) {
        return damaged(error, "texts");
    }
    size_t n = (size_t)starts->shape[0] - 1;
    bantam_status status =
        read_starts(&kept->starts, file, "texts.starts", n, bytes->shape[0], error);
    if (!status) {
        status = read_starts(&kept->label_starts, file, "texts.label_starts", n, labels->shape[0],
                             error);
    }
    kept->bytes = memory_allocate(bytes->size);
    kept->labels = memory_allocate(labels->size);
    if (!status && (!kept->bytes || !kept->labels)) {
        status = error_memory(error);
    }
    if (status) {
        return status;
    }
    memcpy(kept->bytes, bytes->data, bytes->size);
    memcpy(kept->labels, labels->data, labels->size);
    kept->n = n;
    for (size_t i = 0; i < labels->shape[0]; i++) {
        if (kept->labels[i] >= classifier->n_labels) {
            return damaged(error, "texts.labels");
        }
    }
    return BANTAM_OK;
}

static bantam_status read_labels(bantam_classifier *classifier, const bantam_model *file,
                                 bantam_error *error)
{
    const char *text = bantam_model_metadata(file, "labels");
    json_t *list = text && strlen(text) <= LABELS_SIZE_MAXIMUM ? json_loads(text, 0, NULL) : NULL;
    size_t n = json_array_size(list);
    if (n < 2 || n > CLASSIFIER_LABELS_MAXIMUM) {
        json_decref(list);
        return damaged(error, "labels");
    }
    const char **names = memory_allocate_array(n, sizeof *names);
    bantam_status status = names ? BANTAM_OK : error_memory(error);
    for (size_t i = 0; !status && i < n; i++) {
        names[i] = json_string_value(json_array_get(list, i));
        if (!names[i]) {
            status = damaged(error, "labels");
        }
    }
    if (!status) {
        status = classifier_set_labels(classifier, names, n, error);
    }
    memory_free(names);
    json_decref(list);
    return status;
}

// A record of the metadata, copied; an absent one is `otherwise`.
static bantam_status read_record(bantam_classifier *classifier, const char **out,
                                 const bantam_model *file, const char *key, const char *otherwise,
                                 bantam_error *error)
{
    const char *value = bantam_model_metadata(file, key);
    if (value && strlen(value) > RECORD_MAXIMUM) {
        return damaged(error, key);
    }
    *out = arena_copy_string(&classifier->arena, value ? value : otherwise);
    return *out ? BANTAM_OK : error_memory(error);
}

static bantam_status read_records(bantam_classifier *classifier, const bantam_model *file,
                                  bantam_error *error)
{
    const char *multi_label = bantam_model_metadata(file, "multi_label");
    classifier->multi_label = multi_label && strcmp(multi_label, "yes") == 0;
    bantam_status status = read_labels(classifier, file, error);
    if (!status) {
        status = read_record(classifier, &classifier->record_options, file, "options", "{}", error);
    }
    if (!status) {
        status = classifier_options_read(&classifier->options, classifier->record_options, error);
    }
    if (!status) {
        status = read_record(classifier, &classifier->data_digest, file, "data_digest", "", error);
    }
    if (!status) {
        status = read_record(classifier, &classifier->measured, file, "measured", "{}", error);
    }
    return status;
}

static bantam_status check_kind(const bantam_model *file, bantam_error *error)
{
    const char *kind = bantam_model_metadata(file, "kind");
    const char *version = bantam_model_metadata(file, "version");
    if (!kind || strcmp(kind, BANTAM_CLASSIFIER_KIND) != 0) {
        return error_set(error, BANTAM_ERROR_MODEL,
                         "this is no text classifier but a model of kind \"%.60s\"",
                         kind ? kind : "unknown");
    }
    if (!version || strcmp(version, CLASSIFIER_VERSION) != 0) {
        return error_set(
            error, BANTAM_ERROR_VERSION,
            "the text classifier is of version \"%.20s\" and this program reads " CLASSIFIER_VERSION
            "; train it again with this program",
            version ? version : "unknown");
    }
    return BANTAM_OK;
}

static bantam_status read_file(bantam_classifier *classifier, const bantam_model *file,
                               bantam_error *error)
{
    bantam_status status = check_kind(file, error);
    if (!status) {
        status = read_records(classifier, file, error);
    }
    if (!status) {
        status = text_model_load(&classifier->text, file, error);
    }
    if (status) {
        return status;
    }
    size_t n_outputs = text_model_n_outputs(classifier->text);
    bool binary = n_outputs == 1 && classifier->n_labels == 2 && !classifier->multi_label;
    if (n_outputs != classifier->n_labels && !binary) {
        return damaged(error, "labels and weights differ in number");
    }
    status = read_calibration(classifier, file, error);
    if (!status) {
        status = read_conformal(&classifier->conformal, file, error);
    }
    if (!status && bantam_model_tensor(file, "means")) {
        status = read_floats(&classifier->means, file, "means",
                             bantam_classifier_n_features(classifier), error);
    }
    return status ? status : read_kept(classifier, file, error);
}

bantam_status bantam_classifier_load(bantam_classifier **out, const void *bytes, size_t size,
                                     bantam_error *error)
{
    *out = NULL;
    bantam_model *file = NULL;
    bantam_status status = bantam_model_load(&file, bytes, size, error);
    if (status) {
        return status;
    }
    bantam_classifier *classifier = memory_allocate_array(1, sizeof *classifier);
    status = classifier ? read_file(classifier, file, error) : error_memory(error);
    bantam_model_free(&file);
    if (status) {
        bantam_classifier_free(&classifier);
        return status;
    }
    *out = classifier;
    return BANTAM_OK;
}
