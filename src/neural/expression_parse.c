// One function for each way that a tensor is made; docs/user/neural.md shows them all with an example.
//
// Every expression knows the shape that is wanted of it before it is read, so that a slip is told with the tensor's name.
#include "neural/expression_parse.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "neural/expression_leaves.h"

enum {
    DEPTH_MAXIMUM = 16
};

static bantam_status parse(struct expression_parser *parser, const json_t *json,
                           struct wanted wanted, size_t *node, bantam_error *error);

static struct wanted of_shape(struct wanted wanted, size_t n_rows, size_t n_columns)
{
    wanted.n_rows = n_rows;
    wanted.n_columns = n_columns;
    return wanted;
}

static bantam_status parse_same(struct expression_parser *parser, const char *name,
                                struct wanted wanted, size_t *node, bantam_error *error)
{
    struct neural_description *description = parser->description;
    for (size_t i = 0; i < description->n_tensors; i++) {
        struct neural_tensor *tensor = &description->tensors[i];
        if (strcmp(tensor->name, name) != 0) {
            continue;
        }
        if (tensor->n_rows != wanted.n_rows || tensor->n_columns != wanted.n_columns) {
            return error_set(error, BANTAM_ERROR_ARGUMENT,
                             "tensor \"%s\": \"%s\" is (%zu, %zu) where (%zu, %zu) is needed",
                             wanted.name, name, tensor->n_rows, tensor->n_columns, wanted.n_rows,
                             wanted.n_columns);
        }
        bantam_status status = expression_parse_tensor(parser, i, error);
        *node = tensor->node;
        return status;
    }
    return error_set(error, BANTAM_ERROR_ARGUMENT, "tensor \"%s\": there is no tensor \"%s\"",
                     wanted.name, name);
}

// An object's members by name, each (1, 1); a member that is left out takes its default.
static bantam_status parse_scalars(struct expression_parser *parser, const json_t *json,
                                   const char *const *names, const double *defaults, size_t n,
                                   struct wanted wanted, struct expression_node *node,
                                   bantam_error *error)
{
    const char *key;
    const json_t *value;
    json_object_foreach((json_t *)(uintptr_t)json, key, value)
    {
        bool known = false;
        for (size_t i = 0; i < n; i++) {
            known = known || strcmp(key, names[i]) == 0;
        }
        if (!known) {
            return error_set(error, BANTAM_ERROR_ARGUMENT, "tensor \"%s\": unknown key \"%s\"",
                             wanted.name, key);
        }
    }
    node->n_operands = n;
    for (size_t i = 0; i < n; i++) {
        const json_t *member = json_object_get(json, names[i]);
        struct wanted scalar = of_shape(wanted, 1, 1);
        scalar.mean = defaults[i];
        scalar.deviation = 0;
        bantam_status status =
            member ? parse(parser, member, scalar, &node->operands[i], error)
                   : expression_constant(parser, defaults[i], scalar, &node->operands[i], error);
        if (status) {
            return status;
        }
    }
    return BANTAM_OK;
}

static bantam_status parse_curve(struct expression_parser *parser, const json_t *json,
                                 enum expression_kind kind, struct wanted wanted, size_t *node,
                                 bantam_error *error)
{
    static const char *const names[] = {"radius", "start", "step", "slope", "offset"};
    const double defaults[] = {1, 0, 0.62831853071795864769, 0, 0}; // ten steps a turn
    size_t n_columns = kind == EXPRESSION_ARC ? 2 : 3;
    if (wanted.n_columns != n_columns || !json_is_object(json)) {
        return expression_refuse(&wanted,
                                 "\"arc\" makes 2 columns and \"spiral\" 3, from an object", error);
    }
    struct expression_node curve = {.kind = kind};
    bantam_status status = parse_scalars(parser, json, names, defaults,
                                         kind == EXPRESSION_ARC ? 3 : 5, wanted, &curve, error);
    return status ? status : expression_append_wanted(parser, &wanted, curve, node, error);
}

static bantam_status parse_rotation(struct expression_parser *parser, const json_t *json,
                                    struct wanted wanted, size_t *node, bantam_error *error)
{
    struct expression_node rotation = {
        .kind = EXPRESSION_ROTATION, .plane = {0, 1}, .n_operands = 1};
    const json_t *plane = json_object_get(json, "plane");
    if (plane) {
        rotation.plane[0] = (size_t)json_integer_value(json_array_get(plane, 0));
        rotation.plane[1] = (size_t)json_integer_value(json_array_get(plane, 1));
    }
    if (wanted.n_rows != wanted.n_columns || rotation.plane[0] >= wanted.n_rows ||
        rotation.plane[1] >= wanted.n_rows || rotation.plane[0] == rotation.plane[1]) {
        return expression_refuse(
            &wanted, "\"rotation\" makes a square matrix and turns two of its axes", error);
    }
    struct wanted angle = of_shape(wanted, 1, 1);
    angle.mean = 0;
    angle.deviation = 1;
    bantam_status status =
        parse(parser, json_object_get(json, "rotation"), angle, &rotation.operands[0], error);
    return status ? status : expression_append_wanted(parser, &wanted, rotation, node, error);
}

static bantam_status parse_product(struct expression_parser *parser, const json_t *json,
                                   struct wanted wanted, size_t *node, bantam_error *error)
{
    const json_t *factors = json_object_get(json, "product");
    json_int_t inner = json_integer_value(json_object_get(json, "inner"));
    if (json_array_size(factors) != 2 || inner < 1 || inner > NEURAL_WIDTH) {
        return expression_refuse(
            &wanted, "\"product\" takes two factors, and \"inner\" what they share", error);
    }
    struct expression_node product = {.kind = EXPRESSION_PRODUCT, .n_operands = 2};
    bantam_status status =
        parse(parser, json_array_get(factors, 0), of_shape(wanted, wanted.n_rows, (size_t)inner),
              &product.operands[0], error);
    if (!status) {
        status =
            parse(parser, json_array_get(factors, 1),
                  of_shape(wanted, (size_t)inner, wanted.n_columns), &product.operands[1], error);
    }
    return status ? status : expression_append_wanted(parser, &wanted, product, node, error);
}

// [[size, part], …]: parts side by side (sizes are columns) or on top of each other (rows).
static bantam_status parse_parts(struct expression_parser *parser, const json_t *parts,
                                 enum expression_kind kind, struct wanted wanted, size_t *node,
                                 bantam_error *error)
{
    struct expression_node whole = {.kind = kind, .n_operands = json_array_size(parts)};
    size_t total = kind == EXPRESSION_COLUMNS ? wanted.n_columns : wanted.n_rows, sum = 0;
    bool right = whole.n_operands >= 1 && whole.n_operands <= EXPRESSION_OPERANDS;
    for (size_t i = 0; right && i < whole.n_operands; i++) {
        const json_t *part = json_array_get(parts, i);
        json_int_t size = json_integer_value(json_array_get(part, 0));
        right = size >= 1 && (size_t)size <= total - sum;
        if (!right) {
            break;
        }
        sum += (size_t)size;
        struct wanted of_part = kind == EXPRESSION_COLUMNS
                                    ? of_shape(wanted, wanted.n_rows, (size_t)size)
                                    : of_shape(wanted, (size_t)size, wanted.n_columns);
        bantam_status status =
            parse(parser, json_array_get(part, 1), of_part, &whole.operands[i], error);
        if (status) {
            return status;
        }
    }
    if (!right || sum != total) {
        return expression_refuse(
            &wanted, "\"columns\" and \"rows\" take up to 8 parts [size, part] that fill it",
            error);
    }
    return expression_append_wanted(parser, &wanted, whole, node, error);
}

static bantam_status parse_sum(struct expression_parser *parser, const json_t *terms,
                               struct wanted wanted, size_t *node, bantam_error *error)
{
    struct expression_node sum = {.kind = EXPRESSION_SUM, .n_operands = json_array_size(terms)};
    if (sum.n_operands < 1 || sum.n_operands > EXPRESSION_OPERANDS) {
        return expression_refuse(&wanted, "\"sum\" takes up to 8 terms", error);
    }
    for (size_t i = 0; i < sum.n_operands; i++) {
        bantam_status status =
            parse(parser, json_array_get(terms, i), wanted, &sum.operands[i], error);
        if (status) {
            return status;
        }
    }
    return expression_append_wanted(parser, &wanted, sum, node, error);
}

// The kinds with one operand of a known shape, and "scale" with two.
static bantam_status parse_of_one(struct expression_parser *parser, const json_t *json,
                                  enum expression_kind kind, struct wanted wanted, size_t *node,
                                  bantam_error *error)
{
    struct expression_node made = {.kind = kind, .n_operands = 1};
    struct wanted operand = of_shape(wanted, 1, 1);
    const char *key = "fill";
    if (kind == EXPRESSION_TRANSPOSE) {
        key = "transpose";
        operand = of_shape(wanted, wanted.n_columns, wanted.n_rows);
    } else if (kind == EXPRESSION_SCALE) {
        key = "scale";
        operand.mean = 1;
        operand.deviation = 0;
    } else if (kind == EXPRESSION_DIAGONAL) {
        key = "diagonal";
        operand = of_shape(wanted, 1, wanted.n_columns);
        if (wanted.n_rows != wanted.n_columns) {
            return expression_refuse(&wanted, "\"diagonal\" makes a square matrix", error);
        }
    }
    bantam_status status =
        parse(parser, json_object_get(json, key), operand, &made.operands[0], error);
    if (!status && kind == EXPRESSION_SCALE) {
        made.n_operands = 2;
        status = parse(parser, json_object_get(json, "of"), wanted, &made.operands[1], error);
    }
    return status ? status : expression_append_wanted(parser, &wanted, made, node, error);
}

static bantam_status parse_object(struct expression_parser *parser, const json_t *json,
                                  struct wanted wanted, size_t *node, bantam_error *error)
{
    static const struct {
        const char *key;
        enum expression_kind kind;
    } of_one[] = {
        {"fill", EXPRESSION_FILL},
        {"transpose", EXPRESSION_TRANSPOSE},
        {"scale", EXPRESSION_SCALE},
        {"diagonal", EXPRESSION_DIAGONAL},
    };
    for (size_t i = 0; i < sizeof of_one / sizeof *of_one; i++) {
        if (json_object_get(json, of_one[i].key)) {
            return parse_of_one(parser, json, of_one[i].kind, wanted, node, error);
        }
    }
    const json_t *member;
    if (json_object_get(json, "learned")) {
        return expression_learned(parser, json, wanted, node, error);
    }
    if ((member = json_object_get(json, "values"))) {
        return expression_values(parser, member, wanted, node, error);
    }
    if ((member = json_object_get(json, "same"))) {
        const char *name = json_string_value(member);
        return parse_same(parser, name ? name : "", wanted, node, error);
    }
    if ((member = json_object_get(json, "arc"))) {
        return parse_curve(parser, member, EXPRESSION_ARC, wanted, node, error);
    }
    if ((member = json_object_get(json, "spiral"))) {
        return parse_curve(parser, member, EXPRESSION_SPIRAL, wanted, node, error);
    }
    if ((member = json_object_get(json, "sinusoidal"))) {
        return expression_sinusoidal(parser, member, wanted, node, error);
    }
    if (json_object_get(json, "rotation")) {
        return parse_rotation(parser, json, wanted, node, error);
    }
    if (json_object_get(json, "product")) {
        return parse_product(parser, json, wanted, node, error);
    }
    if ((member = json_object_get(json, "sum"))) {
        return parse_sum(parser, member, wanted, node, error);
    }
    if ((member = json_object_get(json, "columns"))) {
        return parse_parts(parser, member, EXPRESSION_COLUMNS, wanted, node, error);
    }
    if ((member = json_object_get(json, "rows"))) {
        return parse_parts(parser, member, EXPRESSION_ROWS, wanted, node, error);
    }
    return expression_refuse(&wanted, "no known way to make it; see docs/user/neural.md", error);
}

static bantam_status parse(struct expression_parser *parser, const json_t *json,
                           struct wanted wanted, size_t *node, bantam_error *error)
{
    if (parser->depth == DEPTH_MAXIMUM) {
        return expression_refuse(&wanted, "more than 16 expressions in each other", error);
    }
    parser->depth++;
    bantam_status status;
    const char *name = json_string_value(json);
    if (!json || (name && strcmp(name, "learned") == 0)) {
        status = expression_learned(parser, NULL, wanted, node, error);
    } else if (name) {
        status = parse_same(parser, name, wanted, node, error);
    } else if (json_is_number(json)) {
        double value = json_number_value(json);
        expression_count_given(parser, &value, 1);
        status = expression_constant(parser, value, wanted, node, error);
    } else if (json_is_array(json)) {
        status = expression_values(parser, json, wanted, node, error);
    } else {
        bool free = parser->free;
        parser->free = free || json_is_true(json_object_get(json, "free"));
        status = parse_object(parser, json, wanted, node, error);
        parser->free = free;
    }
    parser->depth--;
    return status;
}

// How training draws a tensor that the description leaves to it: gains at 1, tables at deviation 1, matrices at 1/√columns.
static struct wanted defaults_of(const struct neural_tensor *tensor)
{
    struct wanted wanted = {tensor->name, tensor->n_rows, tensor->n_columns, 0, 1};
    size_t length = strlen(tensor->name);
    if (length >= 4 && strcmp(tensor->name + length - 4, "norm") == 0) {
        wanted.mean = 1;
        wanted.deviation = 0;
    } else if (strncmp(tensor->name, "layer", 5) == 0) {
        wanted.deviation = 1 / sqrt((double)tensor->n_columns);
    }
    return wanted;
}

bantam_status expression_parse_tensor(struct expression_parser *parser, size_t index,
                                      bantam_error *error)
{
    struct neural_tensor *tensor = &parser->description->tensors[index];
    struct wanted wanted = defaults_of(tensor);
    if (tensor->node != NO_TENSOR) {
        return BANTAM_OK;
    }
    if (parser->reading[index]) {
        return expression_refuse(&wanted, "is made from itself", error);
    }
    parser->reading[index] = true;
    const json_t *json = json_object_get(parser->given, tensor->name);
    bantam_status status;
    if (!json && strcmp(tensor->name, "head") == 0) {
        status = parse_same(parser, "embedding", wanted, &tensor->node, error);
    } else {
        status = parse(parser, json, wanted, &tensor->node, error);
    }
    parser->reading[index] = false;
    return status;
}
