// Sizes first, then the list of tensors that they call for, then the expressions, which may refer to any of the list.
#include "neural/description.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "neural/elementary.h"
#include "neural/expression_parse.h"

static const char *const known_keys[] = {
    "symbols",     "length",         "prompt",       "width",       "layers",
    "heads",       "head_width",     "feed_forward", "hidden",      "norm",
    "final_norm",  "query_key_norm", "norm_epsilon", "score_scale", "positions",
    "rotary_base", "rotary_angles",  "tensors",      "shared",      "comment",
};

static const char *const feed_forward_names[] = {"none", "relu", "gelu", "swiglu", "logistic"};

void description_release(struct neural_description *description)
{
    expression_graph_release(&description->graph);
    *description = (struct neural_description){0};
}

static bantam_status check_keys(const json_t *root, bantam_error *error)
{
    const char *key;
    const json_t *value;
    json_object_foreach((json_t *)(uintptr_t)root, key, value)
    {
        bool known = false;
        for (size_t i = 0; i < sizeof known_keys / sizeof *known_keys; i++) {
            known = known || strcmp(key, known_keys[i]) == 0;
        }
        if (!known) {
            return error_set(error, BANTAM_ERROR_ARGUMENT, "a model description has no key \"%s\"",
                             key);
        }
    }
    return BANTAM_OK;
}

// A whole number in its range; `fallback` where the key is left out, which is an error when below `least`.
static bantam_status read_size(const json_t *root, const char *key, size_t least, size_t most,
                               size_t fallback, size_t *size, bantam_error *error)
{
    *size = 0;
    const json_t *json = json_object_get(root, key);
    json_int_t value = json ? json_integer_value(json) : (json_int_t)fallback;
    if ((json && !json_is_integer(json)) || value < (json_int_t)least || value > (json_int_t)most) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "the description's \"%s\" must be a whole number from %zu to %zu", key,
                         least, most);
    }
    *size = (size_t)value;
    return BANTAM_OK;
}

static bantam_status read_number(const json_t *root, const char *key, double fallback,
                                 double *number, bantam_error *error)
{
    const json_t *json = json_object_get(root, key);
    *number = json ? json_number_value(json) : fallback;
    if ((json && !json_is_number(json)) || !(*number > 0 && *number < 1e12)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "the description's \"%s\" must be a number above 0", key);
    }
    return BANTAM_OK;
}

static bantam_status read_flag(const json_t *root, const char *key, bool fallback, bool *flag,
                               bantam_error *error)
{
    const json_t *json = json_object_get(root, key);
    *flag = json ? json_is_true(json) : fallback;
    if (json && !json_is_boolean(json)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "the description's \"%s\" must be true or false", key);
    }
    return BANTAM_OK;
}

static bantam_status read_sizes(struct neural_shape *shape, const json_t *root, bantam_error *error)
{
    const struct {
        const char *key;
        size_t least, most, fallback, *size;
    } sizes[] = {
        {"length", 2, NEURAL_LENGTH, 0, &shape->length},
        {"prompt", 1, NEURAL_LENGTH - 1, 0, &shape->prompt},
        {"width", 1, NEURAL_WIDTH, 0, &shape->width},
        {"layers", 1, NEURAL_LAYERS, 1, &shape->n_layers},
        {"heads", 1, 16, 1, &shape->n_heads},
        {"head_width", 1, NEURAL_WIDTH, 0, &shape->head_width},
        {"hidden", 0, NEURAL_WIDTH, 0, &shape->hidden},
    };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        bantam_status status = read_size(root, sizes[i].key, sizes[i].least, sizes[i].most,
                                         sizes[i].fallback, sizes[i].size, error);
        if (status) {
            return status;
        }
    }
    if (shape->prompt >= shape->length || shape->n_heads * shape->head_width > NEURAL_WIDTH) {
        return error_set(
            error, BANTAM_ERROR_ARGUMENT,
            "the description's \"prompt\" must be below \"length\", and \"heads\" times "
            "\"head_width\" at most %d",
            NEURAL_WIDTH);
    }
    return BANTAM_OK;
}

static bantam_status read_symbols(struct neural_description *description, const json_t *root,
                                  bantam_error *error)
{
    const char *symbols = json_string_value(json_object_get(root, "symbols"));
    size_t n = symbols ? strlen(symbols) : 0;
    bool right = n >= 2 && n <= NEURAL_VOCABULARY;
    for (size_t i = 0; right && i < n; i++) {
        right = symbols[i] >= ' ' && symbols[i] <= '~' && !memchr(symbols, symbols[i], i);
    }
    if (!right) {
        return error_set(
            error, BANTAM_ERROR_ARGUMENT,
            "the description's \"symbols\" must be 2 to %d different ASCII characters, "
            "one a token",
            NEURAL_VOCABULARY);
    }
    memcpy(description->symbols, symbols, n + 1);
    description->shape.vocabulary = n;
    return BANTAM_OK;
}

// angle_i = base^(−2i / head_width) (Su et al. 2021), or as given.
static bantam_status read_rotary(struct neural_shape *shape, const json_t *root,
                                 bantam_error *error)
{
    const json_t *angles = json_object_get(root, "rotary_angles");
    const json_t *base = json_object_get(root, "rotary_base");
    size_t n = shape->head_width / 2;
    shape->rotary = angles || base;
    bool right = !shape->rotary || (!(angles && base) && shape->head_width % 2 == 0);
    right = right && (!angles || json_array_size(angles) == n);
    right = right && (!base || json_number_value(base) > 0);
    for (size_t i = 0; right && shape->rotary && i < n; i++) {
        const json_t *angle = json_array_get(angles, i);
        double exponent = -2.0 * (double)i / (double)shape->head_width;
        right = !angles || json_is_number(angle);
        shape->rotary_angles[i] =
            angles ? json_number_value(angle)
                   : elementary_exp(exponent * elementary_log(json_number_value(base)));
        right = right && fabs(shape->rotary_angles[i]) < 1000;
    }
    if (!right) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "the description has either \"rotary_base\" (above 0) or "
                         "\"rotary_angles\" (one for two of an even \"head_width\")");
    }
    return BANTAM_OK;
}

static bantam_status read_feed_forward(struct neural_shape *shape, const json_t *root,
                                       bantam_error *error)
{
    const json_t *json = json_object_get(root, "feed_forward");
    const char *name = json ? json_string_value(json) : "none";
    for (size_t i = 0; name && i < sizeof feed_forward_names / sizeof *feed_forward_names; i++) {
        if (strcmp(name, feed_forward_names[i]) == 0 && (i == 0) == (shape->hidden == 0)) {
            shape->feed_forward = (enum feed_forward_kind)i;
            return BANTAM_OK;
        }
    }
    return error_set(error, BANTAM_ERROR_ARGUMENT,
                     "the description's \"feed_forward\" must be \"relu\", \"gelu\", \"swiglu\" or "
                     "\"logistic\" with a \"hidden\" width above 0, or \"none\"");
}

static bantam_status read_shape(struct neural_description *description, const json_t *root,
                                bantam_error *error)
{
    struct neural_shape *shape = &description->shape;
    bantam_status status = read_symbols(description, root, error);
    status = status ? status : read_sizes(shape, root, error);
    status = status ? status : read_feed_forward(shape, root, error);
    status = status ? status : read_flag(root, "norm", true, &shape->norm, error);
    status =
        status ? status : read_flag(root, "final_norm", shape->norm, &shape->final_norm, error);
    status =
        status ? status : read_flag(root, "query_key_norm", false, &shape->query_key_norm, error);
    status = status ? status : read_flag(root, "positions", false, &shape->positions, error);
    status = status ? status : read_number(root, "norm_epsilon", 1e-6, &shape->norm_epsilon, error);
    status = status ? status
                    : read_number(root, "score_scale", 1 / sqrt((double)shape->head_width),
                                  &shape->score_scale, error);
    return status ? status : read_rotary(shape, root, error);
}

static size_t add_tensor(struct neural_description *description, const char *name, size_t layer,
                         size_t n_rows, size_t n_columns)
{
    struct neural_tensor *tensor = &description->tensors[description->n_tensors];
    *tensor = (struct neural_tensor){.n_rows = n_rows, .n_columns = n_columns, .node = NO_TENSOR};
    if (layer == NO_TENSOR) {
        snprintf(tensor->name, sizeof tensor->name, "%s", name);
    } else {
        snprintf(tensor->name, sizeof tensor->name, "layer%zu.%s", layer, name);
    }
    return description->n_tensors++;
}

static void list_layer(struct neural_description *description, size_t layer)
{
    const struct neural_shape *shape = &description->shape;
    size_t width = shape->width, all_heads = shape->n_heads * shape->head_width;
    struct layer_tensors *to = &description->layers[layer];
    const struct {
        const char *name;
        bool present;
        size_t n_rows, n_columns, *place;
    } tensors[] = {
        {"attention_norm", shape->norm, 1, width, &to->attention_norm},
        {"query", true, all_heads, width, &to->query},
        {"key", true, all_heads, width, &to->key},
        {"value", true, all_heads, width, &to->value},
        {"output", true, width, all_heads, &to->output},
        {"query_norm", shape->query_key_norm, 1, shape->head_width, &to->query_norm},
        {"key_norm", shape->query_key_norm, 1, shape->head_width, &to->key_norm},
        {"feed_norm", shape->norm && shape->hidden, 1, width, &to->feed_norm},
        {"gate", shape->feed_forward == FEED_FORWARD_SWIGLU, shape->hidden, width, &to->gate},
        {"up", shape->hidden > 0, shape->hidden, width, &to->up},
        {"down", shape->hidden > 0, width, shape->hidden, &to->down},
    };
    for (size_t i = 0; i < sizeof tensors / sizeof *tensors; i++) {
        *tensors[i].place = tensors[i].present ? add_tensor(description, tensors[i].name, layer,
                                                            tensors[i].n_rows, tensors[i].n_columns)
                                               : NO_TENSOR;
    }
}

// What "shared" names has no place in the engine: other tensors refer to it.
static bantam_status list_shared(struct neural_description *description, const json_t *root,
                                 json_t *given, bantam_error *error)
{
    const char *name;
    json_t *json;
    json_object_foreach(json_object_get(root, "shared"), name, json)
    {
        size_t n_rows = 0, n_columns = 0;
        bantam_status status = read_size(json, "rows", 1, NEURAL_LENGTH, 1, &n_rows, error);
        status =
            status ? status : read_size(json, "columns", 1, NEURAL_WIDTH, 1, &n_columns, error);
        if (status) {
            return status;
        }
        for (size_t i = 0; i < description->n_tensors; i++) {
            n_rows = strcmp(description->tensors[i].name, name) == 0 ? 0 : n_rows;
        }
        if (n_rows == 0 || strlen(name) >= NEURAL_NAME || !*name ||
            description->n_tensors == NEURAL_TENSORS) {
            return error_set(error, BANTAM_ERROR_ARGUMENT,
                             "shared tensor \"%.40s\": the name is empty, too long or taken, or "
                             "there are too many",
                             name);
        }
        add_tensor(description, name, NO_TENSOR, n_rows, n_columns);
        json_t *from = json_object_get(json, "from");
        if (from) {
            json_object_set(given, name, from);
        }
    }
    return BANTAM_OK;
}

static bantam_status read_tensors(struct neural_description *description, const json_t *root,
                                  json_t *given, bantam_error *error)
{
    const struct neural_shape *shape = &description->shape;
    description->embedding =
        add_tensor(description, "embedding", NO_TENSOR, shape->vocabulary, shape->width);
    description->position = shape->positions ? add_tensor(description, "position", NO_TENSOR,
                                                          shape_inputs(shape), shape->width)
                                             : NO_TENSOR;
    for (size_t layer = 0; layer < shape->n_layers; layer++) {
        list_layer(description, layer);
    }
    description->final_norm =
        shape->final_norm ? add_tensor(description, "final_norm", NO_TENSOR, 1, shape->width)
                          : NO_TENSOR;
    description->head = add_tensor(description, "head", NO_TENSOR, shape->vocabulary, shape->width);
    bantam_status status = list_shared(description, root, given, error);
    struct expression_parser parser = {.description = description, .given = given};
    for (size_t i = 0; !status && i < description->n_tensors; i++) {
        status = expression_parse_tensor(&parser, i, error);
    }
    const char *name;
    json_t *value;
    json_object_foreach(given, name, value)
    {
        bool known = false;
        for (size_t i = 0; i < description->n_tensors; i++) {
            known = known || strcmp(description->tensors[i].name, name) == 0;
        }
        if (!status && !known) {
            status = error_set(error, BANTAM_ERROR_ARGUMENT,
                               "the description's model has no tensor \"%.40s\"", name);
        }
    }
    return status;
}

bantam_status description_read(struct neural_description *description, const char *json,
                               size_t size, bantam_error *error)
{
    *description = (struct neural_description){0};
    json_error_t problem;
    json_t *root = json_loadb(json, size, JSON_REJECT_DUPLICATES, &problem);
    if (!json_is_object(root)) {
        json_decref(root);
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "the model description is no JSON object: %s", problem.text);
    }
    json_t *tensors = json_object_get(root, "tensors");
    json_t *given = json_is_object(tensors) ? json_copy(tensors) : json_object();
    bantam_status status = given ? check_keys(root, error) : error_memory(error);
    status = status ? status : read_shape(description, root, error);
    status = status ? status : read_tensors(description, root, given, error);
    json_decref(given);
    json_decref(root);
    if (status) {
        description_release(description);
    }
    return status;
}
