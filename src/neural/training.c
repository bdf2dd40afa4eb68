// The step: draw, forward, loss and backward a block at a time; collect; pull back to θ; AdamW; derive the tensors anew.
#include "neural/training.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "neural/elementary.h"

void training_release(struct training *training)
{
    engine_release(&training->engine);
    table_engine_free(&training->tables);
    bantam_neural_free(&training->neural);
    memory_free(training->tokens);
    memory_free(training->sequences);
    memory_free(training->adjoints);
    memory_free(training->gradient);
    memory_free(training->moments);
    *training = (struct training){0};
}

static bool allocate(struct training *training)
{
    size_t n = training->neural->info.n_parameters, length = training->neural->info.length;
    training->tokens = memory_allocate_array(length, VECTOR_LANES);
    training->sequences = memory_allocate_array(training->n_sequences, length);
    training->adjoints =
        memory_allocate_array(training->neural->description.graph.n_values, sizeof(double));
    training->gradient = memory_allocate_array(n, sizeof(double));
    training->moments = memory_allocate_array(n, 3 * sizeof(double));
    return training->tokens && training->sequences && training->adjoints && training->gradient &&
           training->moments;
}

static void take_weights(struct training *training)
{
    training->tables_ready =
        training->tables && table_engine_set_weights(training->tables, training->neural);
    if (!training->tables_ready) {
        engine_set_weights(&training->engine, training->neural);
    }
}

static struct optimiser optimiser_of(const struct training *training)
{
    const struct training_options *options = &training->options;
    size_t n = training->neural->info.n_parameters;
    return (struct optimiser){.options = {.beta1 = options->beta1,
                                          .beta2 = options->beta2,
                                          .epsilon = 1e-8,
                                          .weight_decay = options->weight_decay,
                                          .clip = options->clip,
                                          .grokfast_decay = options->grokfast_decay,
                                          .grokfast_weight = options->grokfast_weight},
                              .n = n,
                              .mean = training->moments,
                              .square = training->moments + n,
                              .slow = training->moments + 2 * n,
                              .power1 = 1,
                              .power2 = 1};
}

bantam_status training_init(struct training *training, const char *description, size_t size,
                            const struct neural_task *task, const struct training_options *options,
                            uint64_t seed, bantam_error *error)
{
    *training = (struct training){.options = *options, .task = task};
    bantam_status status = bantam_neural_new(&training->neural, description, size, error);
    if (status) {
        return status;
    }
    const char *refusal = task->refuse(&training->neural->description.shape);
    if (refusal) {
        training_release(training);
        return error_set(error, BANTAM_ERROR_ARGUMENT, "%s", refusal);
    }
    training->n_sequences =
        ((size_t)options->batch + VECTOR_LANES - 1) / VECTOR_LANES * VECTOR_LANES;
    training->random.state = seed * 2 + 1;
    bantam_neural_draw(training->neural, seed * 2);
    status = allocate(training) ? BANTAM_OK : error_memory(error);
    if (!status) {
        status = engine_init(&training->engine, training->neural, BANTAM_FLOAT32, true, error);
    }
    if (!status && table_engine_fits(&training->neural->description)) {
        status =
            table_engine_new(&training->tables, training->neural, training->n_sequences, error);
    }
    if (status) {
        training_release(training);
        return status;
    }
    take_weights(training);
    training->optimiser = optimiser_of(training);
    return BANTAM_OK;
}

static void draw(struct training *training, struct random *random, struct task_mix mix,
                 size_t n_sequences)
{
    const struct neural_shape *shape = &training->neural->description.shape;
    for (size_t i = 0; i < n_sequences; i++) {
        training->task->draw(random, shape, mix, training->sequences + i * shape->length);
    }
}

// Lays sixteen sequences side by side.
static void lay_block(struct training *training, const uint8_t *from)
{
    size_t length = training->neural->info.length;
    for (size_t lane = 0; lane < VECTOR_LANES; lane++) {
        for (size_t i = 0; i < length; i++) {
            training->tokens[i * VECTOR_LANES + lane] = from[lane * length + i];
        }
    }
}

static struct task_mix mix_now(const struct training *training)
{
    const struct training_options *options = &training->options;
    double step = (double)training->step;
    double gone = step < options->hard_steps ? step / options->hard_steps : 1;
    size_t most = training->task->most_digits(&training->neural->description.shape);
    size_t digits = most;
    if (step < options->curriculum_steps) {
        digits = 1 + (size_t)(step / options->curriculum_steps * (double)most);
    }
    double mixed = fmax(options->mixed_steps - options->easy_steps, 1);
    double easy =
        step < options->easy_steps ? 1 : fmax(0, 1 - (step - options->easy_steps + 1) / mixed);
    return (struct task_mix){options->hard_start + gone * (options->hard_end - options->hard_start),
                             digits < most ? digits : most, easy};
}

// Up in a line over the warm-up, then down half a cosine (Loshchilov, Hutter 2017).
static double learning_rate_now(const struct training *training)
{
    const struct training_options *options = &training->options;
    double step = (double)training->step;
    if (step < options->warm_up) {
        return options->learning_rate * (step + 1) / options->warm_up;
    }
    double gone = (step - options->warm_up) / fmax(options->steps - options->warm_up, 1);
    double sine, cosine, drop = options->learning_rate - options->final_learning_rate;
    elementary_sine_cosine(3.14159265358979323846 * gone, &sine, &cosine);
    return options->final_learning_rate + drop * (1 + cosine) / 2;
}

// Summed loss of one batch, and ∂(scale·loss)/∂(tensor) added to the adjoints, by the way that suits the description and its
// numbers.
static double differentiate(struct training *training, const uint8_t *sequences, double scale)
{
    struct engine *engine = &training->engine;
    size_t n_inputs = engine->plan.n_inputs, first = shape_first_output(&engine->plan.shape);
    if (training->tables_ready) {
        double loss = table_engine_step(training->tables, sequences, scale);
        table_engine_collect(training->tables, training->neural, training->adjoints);
        return loss;
    }
    double loss = 0;
    engine_clear(engine);
    for (size_t at = 0; at < training->n_sequences; at += VECTOR_LANES) {
        lay_block(training, sequences + at * training->neural->info.length);
        engine_forward(engine, training->tokens, 0, n_inputs, first);
        loss += engine_loss(engine, training->tokens, NULL);
        engine_backward(engine, training->tokens, scale);
    }
    engine_collect(engine, training->neural, training->adjoints);
    return loss;
}

double training_loss(struct training *training, const uint8_t *sequences, size_t n,
                     double *gradient)
{
    struct bantam_neural *neural = training->neural;
    const struct expression_graph *graph = &neural->description.graph;
    size_t length = neural->info.length;
    double n_answers = (double)(n * (length - neural->info.prompt)), loss = 0;
    memset(training->adjoints, 0, graph->n_values * sizeof(double));
    for (size_t at = 0; at + training->n_sequences <= n; at += training->n_sequences) {
        loss += differentiate(training, sequences + at * length, 1 / n_answers);
    }
    if (gradient) {
        memset(gradient, 0, network_parameters_size(neural));
        expression_pull_back(graph, neural->values, training->adjoints, gradient);
    }
    return loss / n_answers;
}

void training_set_parameters(struct training *training, const double *parameters)
{
    bantam_neural_set_parameters(training->neural, parameters);
    take_weights(training);
}

static void take_step(struct training *training)
{
    struct bantam_neural *neural = training->neural;
    draw(training, &training->random, mix_now(training), training->n_sequences);
    training->loss =
        training_loss(training, training->sequences, training->n_sequences, training->gradient);
    double share = training->step < 100 ? 1.0 / (double)(training->step + 1) : 0.01;
    training->smooth_loss += share * (training->loss - training->smooth_loss);
    optimiser_step(&training->optimiser, neural->parameters, training->gradient,
                   learning_rate_now(training));
    expression_evaluate(&neural->description.graph, neural->parameters, neural->values);
    take_weights(training);
    training->step++;
}

void training_advance(struct training *training, size_t n_steps)
{
    for (size_t i = 0; i < n_steps && (double)training->step < training->options.steps; i++) {
        take_step(training);
    }
}

size_t training_count_exact(struct training *training, const uint8_t *sequences, size_t n,
                            bool *right)
{
    struct engine *engine = &training->engine;
    size_t exact = 0;
    engine_set_weights(engine, training->neural);
    for (size_t at = 0; at < n; at += VECTOR_LANES) {
        uint32_t wrong[VECTOR_LANES] = {0};
        lay_block(training, sequences + at * training->neural->info.length);
        engine_forward(engine, training->tokens, 0, engine->plan.n_inputs,
                       shape_first_output(&engine->plan.shape));
        engine_loss(engine, training->tokens, wrong);
        for (size_t lane = 0; lane < VECTOR_LANES; lane++) {
            exact += wrong[lane] == 0;
            if (right) {
                right[at + lane] = wrong[lane] == 0;
            }
        }
    }
    return exact;
}

size_t training_exact(struct training *training, uint64_t seed, size_t n, struct task_mix mix)
{
    struct random random = {seed};
    size_t exact = 0;
    for (size_t done = 0; done < n; done += VECTOR_LANES) {
        draw(training, &random, mix, VECTOR_LANES);
        exact += training_count_exact(training, training->sequences, VECTOR_LANES, NULL);
    }
    return exact;
}
