// Gradients of every kind of block against central differences in float64, and float32 against float64.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "neural/engine.h"
#include "neural/table_engine.h"

enum {
    NUMBERS = 2048
};

#define HEAD "{\"symbols\": \"0123\", \"length\": 7, \"prompt\": 4, \"width\": 3, "

static const char *const descriptions[] = {
    HEAD "\"head_width\": 4}",
    HEAD "\"head_width\": 4, \"norm\": false, \"feed_forward\": \"relu\", \"hidden\": 5}",
    HEAD "\"head_width\": 2, \"heads\": 2, \"feed_forward\": \"gelu\", \"hidden\": 4}",
    HEAD "\"head_width\": 2, \"norm\": false, \"feed_forward\": \"logistic\", \"hidden\": 2}",
    HEAD "\"head_width\": 4, \"feed_forward\": \"swiglu\", \"hidden\": 3, \"query_key_norm\": true,"
         " \"rotary_base\": 3}",
    HEAD "\"head_width\": 2, \"layers\": 3, \"positions\": true, \"feed_forward\": \"swiglu\","
         " \"hidden\": 2, \"rotary_angles\": [0.7], \"score_scale\": 1.3, \"norm_epsilon\": 0.1}",
    HEAD "\"head_width\": 3, \"tensors\": {\"head\": \"learned\", \"layer0.key\": \"layer0.query\","
         " \"layer0.output\": {\"transpose\": \"layer0.value\"}, \"embedding\": {\"columns\":"
         " [[2, {\"arc\": {\"radius\": \"learned\", \"start\": \"learned\", \"step\": {\"learned\":"
         " 0.3}}}], [1, 0]]}, \"final_norm\": {\"fill\": {\"learned\": 0.5, \"mean\": 1}}}}",
    HEAD
    "\"head_width\": 3, \"positions\": true, \"tensors\": {\"position\": {\"spiral\": {\"radius\":"
    " \"learned\", \"start\": {\"learned\": 1}, \"step\": {\"learned\": 1}, \"slope\": "
    "{\"learned\":"
    " 0.2}, \"offset\": {\"learned\": 1}}}, \"layer0.query\": {\"product\": [{\"rotation\":"
    " \"learned\", \"plane\": [0, 2]}, \"layer0.key\"], \"inner\": 3}, \"layer0.value\": "
    "{\"scale\":"
    " \"learned\", \"of\": \"layer0.key\"}}}",
    HEAD "\"head_width\": 3, \"feed_forward\": \"relu\", \"hidden\": 3, \"shared\": {\"turn\": "
         "{\"from\":"
         " {\"learned\": 1}}, \"low\": {\"rows\": 3, \"columns\": 1}}, \"tensors\": {\"layer0.up\":"
         " {\"rotation\": \"turn\"}, \"layer0.down\": {\"sum\": [{\"diagonal\": \"learned\"}, "
         "{\"product\":"
         " [\"low\", {\"transpose\": \"low\"}], \"inner\": 1}]}, \"layer0.key\": {\"rows\": [[1,"
         " \"learned\"], [2, {\"learned\": 0.7}]]}, \"layer0.attention_norm\": 1}}",
};

static struct bantam_neural *network_of(const char *description)
{
    struct bantam_neural *neural = NULL;
    bantam_error error;
    if (bantam_neural_new(&neural, description, strlen(description), &error)) {
        print_error("%s\n", error.message);
    }
    assert_non_null(neural);
    return neural;
}

static void draw_tokens(uint8_t *tokens, const bantam_neural_info *info, uint64_t seed)
{
    struct random random = {seed};
    for (size_t i = 0; i < info->length * VECTOR_LANES; i++) {
        tokens[i] = (uint8_t)random_below(&random, info->vocabulary);
    }
}

static double loss_of(struct engine *engine, struct bantam_neural *neural, const uint8_t *tokens)
{
    const struct engine_plan *plan = &engine->plan;
    engine_set_weights(engine, neural);
    engine_forward(engine, tokens, 0, plan->n_inputs, plan->shape.prompt - 1);
    return engine_loss(engine, tokens, NULL);
}

// ∂loss/∂θ (n_parameters), and the loss.
static double gradient_of(struct engine *engine, struct bantam_neural *neural,
                          const uint8_t *tokens, double *gradient)
{
    static double adjoints[NUMBERS];
    const struct expression_graph *graph = &neural->description.graph;
    assert_true(graph->n_values <= NUMBERS);
    double loss = loss_of(engine, neural, tokens);
    engine_clear(engine);
    engine_backward(engine, tokens, 1);
    memset(adjoints, 0, sizeof adjoints);
    memset(gradient, 0, network_parameters_size(neural));
    engine_collect(engine, neural, adjoints);
    expression_pull_back(graph, neural->values, adjoints, gradient);
    return loss;
}

static void gradients_are_those_of_differences(void **state)
{
    (void)state;
    for (size_t d = 0; d < sizeof descriptions / sizeof *descriptions; d++) {
        struct bantam_neural *neural = network_of(descriptions[d]);
        bantam_neural_draw(neural, d + 1);
        uint8_t tokens[16 * VECTOR_LANES];
        draw_tokens(tokens, &neural->info, d);
        struct engine engine;
        assert_int_equal(engine_init(&engine, neural, BANTAM_FLOAT64, true, NULL), BANTAM_OK);
        double gradient[NUMBERS], moved[NUMBERS];
        gradient_of(&engine, neural, tokens, gradient);
        memcpy(moved, neural->parameters, network_parameters_size(neural));
        for (size_t i = 0; i < neural->info.n_parameters; i++) {
            double at = moved[i], step = 1e-5;
            moved[i] = at + step;
            bantam_neural_set_parameters(neural, moved);
            double above = loss_of(&engine, neural, tokens);
            moved[i] = at - step;
            bantam_neural_set_parameters(neural, moved);
            double below = loss_of(&engine, neural, tokens);
            moved[i] = at;
            double difference = (above - below) / (2 * step);
            if (!(fabs(difference - gradient[i]) < 1e-6 * (1 + fabs(difference)))) {
                print_error("description %zu, parameter %zu: %.9g, by differences %.9g\n", d, i,
                            gradient[i], difference);
                fail();
            }
        }
        engine_release(&engine);
        bantam_neural_free(&neural);
    }
}

static void single_precision_follows_double(void **state)
{
    (void)state;
    for (size_t d = 0; d < sizeof descriptions / sizeof *descriptions; d++) {
        struct bantam_neural *neural = network_of(descriptions[d]);
        bantam_neural_draw(neural, d + 7);
        uint8_t tokens[16 * VECTOR_LANES];
        draw_tokens(tokens, &neural->info, d);
        struct engine engines[2];
        double gradients[2][NUMBERS], losses[2];
        for (int p = 0; p < 2; p++) {
            bantam_precision precision = p ? BANTAM_FLOAT64 : BANTAM_FLOAT32;
            assert_int_equal(engine_init(&engines[p], neural, precision, true, NULL), BANTAM_OK);
            losses[p] = gradient_of(&engines[p], neural, tokens, gradients[p]);
            engine_release(&engines[p]);
        }
        assert_true(fabs(losses[0] - losses[1]) < 1e-4 * losses[1]);
        for (size_t i = 0; i < neural->info.n_parameters; i++) {
            assert_true(fabs(gradients[0][i] - gradients[1][i]) <
                        1e-3 * (1 + fabs(gradients[1][i])));
        }
        bantam_neural_free(&neural);
    }
}

static const char plain_adder[] =
    "{\"symbols\": \"0123456789\", \"length\": 35, \"prompt\": 24, \"width\": 3, \"head_width\": 4,"
    " \"feed_forward\": \"swiglu\", \"hidden\": 3, \"query_key_norm\": true, \"rotary_base\": 3}";

static void the_plain_adder_has_122_parameters(void **state)
{
    (void)state;
    struct bantam_neural *neural = network_of(plain_adder);
    assert_int_equal(neural->info.n_parameters, 122);
    assert_int_equal(neural->info.n_board, 122);
    bantam_neural_free(&neural);
}

// Kernels with constant sizes give the gradient that the general ones do.
static void constant_sizes_change_nothing(void **state)
{
    (void)state;
    struct bantam_neural *neural = network_of(plain_adder);
    bantam_neural_draw(neural, 3);
    uint8_t tokens[35 * VECTOR_LANES];
    draw_tokens(tokens, &neural->info, 5);
    struct engine single, exact;
    assert_int_equal(engine_init(&single, neural, BANTAM_FLOAT32, true, NULL), BANTAM_OK);
    assert_int_equal(engine_init(&exact, neural, BANTAM_FLOAT64, true, NULL), BANTAM_OK);
    double gradients[2][NUMBERS];
    gradient_of(&single, neural, tokens, gradients[0]);
    gradient_of(&exact, neural, tokens, gradients[1]);
    for (size_t i = 0; i < 122; i++) {
        assert_true(fabs(gradients[0][i] - gradients[1][i]) < 1e-3 * (1 + fabs(gradients[1][i])));
    }
    engine_release(&single);
    engine_release(&exact);
    bantam_neural_free(&neural);
}

// A batch by rows and a batch by blocks of lanes: the same loss and gradient but for rounding.
static void tables_give_the_gradient_of_lanes(void **state)
{
    (void)state;
    static const char *const kinds[] = {
        plain_adder,
        "{\"symbols\": \"012345\", \"length\": 9, \"prompt\": 5, \"width\": 2, \"head_width\": 2,"
        " \"feed_forward\": \"gelu\", \"hidden\": 2, \"norm\": false}",
    };
    for (size_t k = 0; k < 2; k++) {
        struct bantam_neural *neural = network_of(kinds[k]);
        bantam_neural_draw(neural, 4);
        assert_true(table_engine_fits(&neural->description));
        size_t length = neural->info.length;
        enum {
            BLOCKS = 3
        };
        uint8_t sequences[BLOCKS * VECTOR_LANES * 35], tokens[35 * VECTOR_LANES];
        struct random random = {9};
        for (size_t i = 0; i < sizeof sequences; i++) {
            sequences[i] = (uint8_t)random_below(&random, neural->info.vocabulary);
        }
        struct table_engine *tables = NULL;
        struct engine engine;
        assert_int_equal(table_engine_new(&tables, neural, BLOCKS * VECTOR_LANES, NULL), BANTAM_OK);
        assert_int_equal(engine_init(&engine, neural, BANTAM_FLOAT64, true, NULL), BANTAM_OK);
        static double adjoints[2][NUMBERS];
        memset(adjoints, 0, sizeof adjoints);
        assert_true(table_engine_set_weights(tables, neural));
        double by_tables = table_engine_step(tables, sequences, 0.01), by_lanes = 0;
        table_engine_collect(tables, neural, adjoints[0]);
        engine_clear(&engine);
        for (size_t block = 0; block < BLOCKS; block++) {
            for (size_t i = 0; i < length * VECTOR_LANES; i++) {
                size_t sequence = block * VECTOR_LANES + i % VECTOR_LANES;
                tokens[i] = sequences[sequence * length + i / VECTOR_LANES];
            }
            engine_forward(&engine, tokens, 0, length - 1, neural->info.prompt - 1);
            by_lanes += engine_loss(&engine, tokens, NULL);
            engine_backward(&engine, tokens, 0.01);
        }
        engine_collect(&engine, neural, adjoints[1]);
        assert_true(fabs(by_tables - by_lanes) < 1e-4 * by_lanes);
        for (size_t i = 0; i < neural->description.graph.n_values; i++) {
            assert_true(fabs(adjoints[0][i] - adjoints[1][i]) < 1e-4 * (1 + fabs(adjoints[1][i])));
        }
        table_engine_free(&tables);
        engine_release(&engine);
        bantam_neural_free(&neural);
    }
}

// Reading token by token, or all at once, gives the same logits to the bit; attention sums to 1.
static void decoding_in_steps_is_decoding_at_once(void **state)
{
    (void)state;
    struct bantam_neural *neural = network_of(plain_adder);
    bantam_neural_draw(neural, 11);
    uint8_t tokens[3 * 30];
    struct random random = {1};
    for (size_t i = 0; i < sizeof tokens; i++) {
        tokens[i] = (uint8_t)random_below(&random, 10);
    }
    bantam_decoder *decoder = NULL;
    assert_int_equal(bantam_decoder_new(&decoder, neural, BANTAM_FLOAT32, 3, NULL), BANTAM_OK);
    double at_once[30], in_steps[30], weights[34];
    assert_int_equal(bantam_decoder_append(decoder, tokens, 30, at_once, NULL), BANTAM_OK);
    bantam_decoder_reset(decoder);
    for (size_t i = 0; i < 30; i++) {
        uint8_t next[3] = {tokens[i], tokens[30 + i], tokens[60 + i]};
        assert_int_equal(bantam_decoder_append(decoder, next, 1, in_steps, NULL), BANTAM_OK);
    }
    assert_memory_equal(at_once, in_steps, sizeof at_once);
    assert_int_equal(bantam_decoder_attention(decoder, 2, 0, 0, weights), 30);
    double sum = 0;
    for (size_t i = 0; i < 30; i++) {
        sum += weights[i];
    }
    assert_true(fabs(sum - 1) < 1e-5);
    assert_int_equal(bantam_decoder_append(decoder, tokens, 5, at_once, NULL),
                     BANTAM_ERROR_ARGUMENT);
    bantam_decoder_free(&decoder);
    bantam_neural_free(&neural);
}

static void a_model_file_brings_the_model_back(void **state)
{
    (void)state;
    struct bantam_neural *neural = network_of(plain_adder), *again = NULL;
    bantam_neural_draw(neural, 2);
    bantam_buffer bytes;
    bantam_buffer_init(&bytes, 1 << 20);
    assert_int_equal(bantam_neural_write(&bytes, neural, NULL, 0, NULL), BANTAM_OK);
    bantam_model *file = NULL;
    assert_int_equal(bantam_model_load(&file, bytes.data, bytes.size, NULL), BANTAM_OK);
    assert_int_equal(bantam_neural_load(&again, file, NULL), BANTAM_OK);
    assert_memory_equal(neural->parameters, again->parameters, 122 * sizeof(double));
    bantam_model_free(&file);
    bantam_buffer_release(&bytes);
    bantam_neural_free(&again);
    bantam_neural_free(&neural);
}

static void slips_in_descriptions_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *description, *said;
    } slips[] = {
        {"[]", "no JSON object"},
        {HEAD "\"head_width\": 4, \"depth\": 3}", "\"depth\""},
        {HEAD "\"head_width\": 65}", "\"head_width\""},
        {HEAD "\"head_width\": 3, \"rotary_base\": 3}", "rotary"},
        {HEAD "\"head_width\": 3, \"hidden\": 2}", "\"feed_forward\""},
        {HEAD "\"head_width\": 3, \"tensors\": {\"layer1.key\": 1}}", "\"layer1.key\""},
        {HEAD "\"head_width\": 3, \"tensors\": {\"head\": \"position\"}}", "\"position\""},
        {HEAD "\"head_width\": 3, \"tensors\": {\"embedding\": \"head\"}}", "made from itself"},
        {HEAD "\"head_width\": 2, \"tensors\": {\"layer0.output\": \"layer0.value\"}}", "(2, 3)"},
        {HEAD "\"head_width\": 3, \"tensors\": {\"layer0.key\": [[1, 2, 3]]}}", "3 rows of 3"},
        {HEAD "\"head_width\": 3, \"tensors\": {\"layer0.key\": {\"arc\": {}}}}", "2 columns"},
        {HEAD "\"head_width\": 3, \"tensors\": {\"layer0.key\": {\"magic\": 1}}}", "layer0.key"},
        {HEAD
         "\"head_width\": 3, \"tensors\": {\"layer0.key\": {\"rotation\": 1, \"plane\": [0, 3]}}}",
         "two of its axes"},
    };
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        struct bantam_neural *neural = NULL;
        bantam_error error;
        assert_int_equal(
            bantam_neural_new(&neural, slips[i].description, strlen(slips[i].description), &error),
            BANTAM_ERROR_ARGUMENT);
        assert_null(neural);
        if (!strstr(error.message, slips[i].said)) {
            print_error("%s: %s\n", slips[i].description, error.message);
            fail();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_are_those_of_differences),
        cmocka_unit_test(single_precision_follows_double),
        cmocka_unit_test(the_plain_adder_has_122_parameters),
        cmocka_unit_test(constant_sizes_change_nothing),
        cmocka_unit_test(tables_give_the_gradient_of_lanes),
        cmocka_unit_test(decoding_in_steps_is_decoding_at_once),
        cmocka_unit_test(a_model_file_brings_the_model_back),
        cmocka_unit_test(slips_in_descriptions_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
