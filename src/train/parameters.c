// Values are doubles throughout; a learner casts its counts.
#include "train/parameters.h"

#include <jansson.h>
#include <string.h>

#include "base/error.h"

static double *value_of(void *structure, const struct parameter *parameter)
{
    return (double *)(void *)((char *)structure + parameter->offset);
}

static bantam_status set_value(void *structure, const struct parameter *table, size_t n_parameters,
                               const char *name, const json_t *json, bantam_error *error)
{
    for (size_t i = 0; i < n_parameters; i++) {
        if (strcmp(table[i].name, name) != 0) {
            continue;
        }
        double value = json_number_value(json);
        if (!json_is_number(json) || !(value >= table[i].least && value <= table[i].most)) {
            return error_set(error, BANTAM_ERROR_ARGUMENT,
                             "the parameter \"%s\" must be a number from %g to %g", name,
                             table[i].least, table[i].most);
        }
        *value_of(structure, &table[i]) = value;
        return BANTAM_OK;
    }
    return error_set(error, BANTAM_ERROR_ARGUMENT, "there is no parameter \"%s\"", name);
}

bantam_status parameters_read(void *structure, const struct parameter *table, size_t n_parameters,
                              const char *json, bantam_error *error)
{
    for (size_t i = 0; i < n_parameters; i++) {
        *value_of(structure, &table[i]) = table[i].value;
    }
    if (!json) {
        return BANTAM_OK;
    }
    json_error_t problem;
    json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &problem);
    if (!json_is_object(root)) {
        json_decref(root);
        return error_set(error, BANTAM_ERROR_ARGUMENT, "the parameters are no JSON object: %s",
                         problem.text);
    }
    bantam_status status = BANTAM_OK;
    const char *name;
    json_t *value;
    json_object_foreach(root, name, value)
    {
        if (!status) {
            status = set_value(structure, table, n_parameters, name, value, error);
        }
    }
    json_decref(root);
    return status;
}

void parameters_write(bantam_buffer *out, const void *structure, const struct parameter *table,
                      size_t n_parameters)
{
    for (size_t i = 0; i < n_parameters; i++) {
        const double *value =
            (const double *)(const void *)((const char *)structure + table[i].offset);
        bantam_buffer_append_format(out, "%s\"%s\":%.12g", i ? "," : "{", table[i].name, *value);
    }
    bantam_buffer_append_string(out, "}");
}
