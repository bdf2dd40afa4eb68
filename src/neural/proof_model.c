// The forward pass of description.h over intervals: up to the attention sum, and after it.
#include "neural/proof_model.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "neural/elementary.h"

static const double *tensor(const struct proof_model *model, size_t place)
{
    return network_tensor(model->adder->neural, place);
}

// h = norm(x; gain), or x where there is no norm.
static void read_stream(const struct proof_model *model, struct interval *h, size_t gain,
                        const struct interval *x, size_t n)
{
    const double *gains = tensor(model, gain);
    for (size_t i = 0; i < n; i++) {
        h[i] = gains ? interval_normalised(x, n, i, gains[i], model->shape->norm_epsilon) : x[i];
    }
}

static void multiply(struct interval *y, const double *matrix, const struct interval *x,
                     size_t n_rows, size_t n_columns)
{
    for (size_t row = 0; row < n_rows; row++) {
        y[row] = interval_dot(matrix + row * n_columns, x, n_columns);
    }
}

// Turns the planes (0, 1), (2, 3) … of one head by angle·position.
static void turn(const struct neural_shape *shape, struct interval *head, size_t position)
{
    for (size_t plane = 0; shape->rotary && plane < shape->head_width / 2; plane++) {
        double sine, cosine;
        elementary_sine_cosine(shape->rotary_angles[plane] * (double)position, &sine, &cosine);
        // The angle's own rounding moves both by up to 2^−53 of it, whatever they are.
        double slack = INTERVAL_SLACK * (1 + fabs(shape->rotary_angles[plane]) * (double)position);
        struct interval s = {sine - slack, sine + slack}, c = {cosine - slack, cosine + slack};
        struct interval x = head[2 * plane], y = head[2 * plane + 1];
        struct interval minus_y = {-y.high, -y.low};
        head[2 * plane] = interval_add(interval_multiply(c, x), interval_multiply(s, minus_y));
        head[2 * plane + 1] = interval_add(interval_multiply(s, x), interval_multiply(c, y));
    }
}

static void project_heads(const struct proof_model *model, struct interval *heads, size_t matrix,
                          size_t gain, const struct interval *h, size_t position)
{
    const struct neural_shape *shape = model->shape;
    size_t n = shape->head_width;
    struct interval raw[NEURAL_WIDTH];
    multiply(raw, tensor(model, matrix), h, shape->n_heads * n, shape->width);
    for (size_t head = 0; head < shape->n_heads; head++) {
        read_stream(model, heads + head * n, gain, raw + head * n, n);
        turn(shape, heads + head * n, position);
    }
}

// What the token at the position adds to the stream through each head, for a weight of 1.
static void set_values(struct proof_model *model, const struct interval *h, size_t position,
                       size_t token)
{
    const struct neural_shape *shape = model->shape;
    size_t n = shape->head_width, all = shape->n_heads * n;
    struct interval value[NEURAL_WIDTH];
    multiply(value, tensor(model, model->tensors->value), h, all, shape->width);
    const double *output = tensor(model, model->tensors->output); // (width, n_heads·head_width)
    for (size_t head = 0; head < shape->n_heads; head++) {
        struct interval *to =
            model->values + (proof_value(model, head, position, token) - model->values);
        for (size_t row = 0; row < shape->width; row++) {
            to[row] = interval_dot(output + row * all + head * n, value + head * n, n);
        }
    }
}

// False where a number is too large to reckon with.
static bool set_token(struct proof_model *model, size_t position, size_t token)
{
    const struct neural_shape *shape = model->shape;
    size_t place = position * PROOF_TOKENS + token, all = shape->n_heads * shape->head_width;
    struct interval *x = model->stream + place * shape->width, h[NEURAL_WIDTH];
    const struct neural_description *description = &model->adder->neural->description;
    const double *embedding = tensor(model, description->embedding) + token * shape->width;
    const double *positions = tensor(model, description->position);
    for (size_t i = 0; i < shape->width; i++) {
        x[i] = interval_exactly(embedding[i]);
        if (positions) {
            x[i] = interval_add(x[i], interval_exactly(positions[position * shape->width + i]));
        }
    }
    read_stream(model, h, model->tensors->attention_norm, x, shape->width);
    project_heads(model, model->keys + place * all, model->tensors->key, model->tensors->key_norm,
                  h, position);
    set_values(model, h, position, token);
    bool bounded = interval_bounded(x, shape->width) && interval_bounded(h, shape->width) &&
                   interval_bounded(model->keys + place * all, all);
    for (size_t head = 0; bounded && head < shape->n_heads; head++) {
        bounded = interval_bounded(proof_value(model, head, position, token), shape->width);
    }
    return bounded;
}

void proof_model_release(struct proof_model *model)
{
    memory_free(model->stream);
    memory_free(model->keys);
    memory_free(model->values);
    *model = (struct proof_model){0};
}

bantam_status proof_model_init(struct proof_model *model, const bantam_adder *adder,
                               bantam_error *error)
{
    const struct neural_description *description = &adder->neural->description;
    const struct neural_shape *shape = &description->shape;
    *model =
        (struct proof_model){.adder = adder, .shape = shape, .tensors = &description->layers[0]};
    if (shape->n_layers != 1) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "only models of one layer can be proved right; this one has %zu",
                         shape->n_layers);
    }
    size_t places = shape_inputs(shape) * PROOF_TOKENS;
    model->stream = memory_allocate_array(places * shape->width, sizeof *model->stream);
    model->keys =
        memory_allocate_array(places * shape->n_heads * shape->head_width, sizeof *model->keys);
    model->values =
        memory_allocate_array(places * shape->n_heads * shape->width, sizeof *model->values);
    if (!model->stream || !model->keys || !model->values) {
        proof_model_release(model);
        return error_memory(error);
    }
    for (size_t position = 0; position < shape_inputs(shape); position++) {
        for (size_t token = 0; token < PROOF_TOKENS; token++) {
            if (!set_token(model, position, token)) {
                proof_model_release(model);
                return error_set(error, BANTAM_ERROR_ARGUMENT,
                                 "the model's numbers are too large to reckon with");
            }
        }
    }
    return BANTAM_OK;
}

static struct interval score(const struct proof_model *model, const struct interval *query,
                             const struct interval *key)
{
    struct interval sum = {0, 0};
    double magnitude = 0;
    for (size_t i = 0; i < model->shape->head_width; i++) {
        struct interval product = interval_multiply(query[i], key[i]);
        sum.low += product.low;
        sum.high += product.high;
        magnitude += interval_magnitude(product);
    }
    double slack = magnitude * INTERVAL_SLACK;
    return interval_scale(model->shape->score_scale,
                          (struct interval){sum.low - slack, sum.high + slack});
}

void proof_weights(struct interval *weights, const struct proof_model *model, size_t position,
                   size_t token)
{
    const struct neural_shape *shape = model->shape;
    size_t n = shape->head_width, n_inputs = shape_inputs(shape);
    struct interval h[NEURAL_WIDTH], query[NEURAL_WIDTH];
    read_stream(model, h, model->tensors->attention_norm, proof_stream(model, position, token),
                shape->width);
    project_heads(model, query, model->tensors->query, model->tensors->query_norm, h, position);
    for (size_t head = 0; head < shape->n_heads; head++) {
        struct interval *to = weights + head * n_inputs * PROOF_TOKENS;
        size_t n_keys = (position + 1) * PROOF_TOKENS;
        double most = -INFINITY;
        for (size_t key = 0; key < n_keys; key++) {
            to[key] =
                score(model, query + head * n, model->keys + (key * shape->n_heads + head) * n);
            most = fmax(most, to[key].high);
        }
        for (size_t key = 0; key < n_keys; key++) {
            // Subtracting the greatest score rounds by 2^−53 of either.
            double slack = INTERVAL_SLACK * (interval_magnitude(to[key]) + fabs(most));
            to[key] = interval_exp(
                (struct interval){to[key].low - most - slack, to[key].high - most + slack});
            to[key].low = fmax(to[key].low, 0);
        }
    }
}

static double silu(double x)
{
    return x / (1 + exp(-x));
}

static double gelu(double x)
{
    return x / (1 + exp(-1.5957691216057307 * x * (1 + 0.044715 * x * x)));
}

static struct interval activate(enum feed_forward_kind kind, struct interval gate,
                                struct interval up)
{
    switch (kind) {
    case FEED_FORWARD_SWIGLU:
        return interval_multiply(interval_valley(gate, silu, -1.2784645427610738), up);
    case FEED_FORWARD_GELU:
        return interval_valley(up, gelu, -0.7524614220710762);
    case FEED_FORWARD_LOGISTIC:
        return interval_logistic(up);
    case FEED_FORWARD_RELU:
    case FEED_FORWARD_NONE:
        break;
    }
    return interval_relu(up);
}

static bool feed_forward(const struct proof_model *model, struct interval *x)
{
    const struct neural_shape *shape = model->shape;
    const double *gate = tensor(model, model->tensors->gate);
    const double *up = tensor(model, model->tensors->up);
    struct interval h[NEURAL_WIDTH], activated[NEURAL_WIDTH];
    read_stream(model, h, model->tensors->feed_norm, x, shape->width);
    for (size_t i = 0; i < shape->hidden; i++) {
        struct interval gated = {0, 0};
        if (gate) {
            gated = interval_dot(gate + i * shape->width, h, shape->width);
        }
        activated[i] = activate(shape->feed_forward, gated,
                                interval_dot(up + i * shape->width, h, shape->width));
    }
    const double *down = tensor(model, model->tensors->down);
    for (size_t row = 0; row < shape->width; row++) {
        x[row] = interval_add(x[row],
                              interval_dot(down + row * shape->hidden, activated, shape->hidden));
    }
    return interval_bounded(h, shape->width) && interval_bounded(activated, shape->hidden) &&
           interval_bounded(x, shape->width);
}

double proof_margin(const struct proof_model *model, const struct interval *stream, size_t right)
{
    const struct neural_shape *shape = model->shape;
    const struct neural_description *description = &model->adder->neural->description;
    struct interval x[NEURAL_WIDTH], h[NEURAL_WIDTH];
    memcpy(x, stream, shape->width * sizeof *x);
    if (!interval_bounded(x, shape->width) ||
        (shape->feed_forward != FEED_FORWARD_NONE && !feed_forward(model, x))) {
        return -INFINITY;
    }
    read_stream(model, h, description->final_norm, x, shape->width);
    if (!interval_bounded(h, shape->width)) {
        return -INFINITY;
    }
    const double *head = tensor(model, description->head); // (vocabulary, width)
    double margin = INFINITY;
    for (size_t token = 0; token < shape->vocabulary; token++) {
        double difference[NEURAL_WIDTH], magnitude = 0;
        for (size_t i = 0; i < shape->width; i++) {
            double of_right = head[right * shape->width + i],
                   of_other = head[token * shape->width + i];
            difference[i] = of_right - of_other;
            magnitude += (fabs(of_right) + fabs(of_other)) * interval_magnitude(h[i]);
        }
        if (token != right) { // the engine computes two logits and compares
            double low = interval_dot(difference, h, shape->width).low;
            margin = fmin(margin, low - magnitude * INTERVAL_SLACK);
        }
    }
    return margin;
}
