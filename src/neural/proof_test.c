// The proof holds what it bounds, proves the hand-made adder, and finds what fails in spoilt ones.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "neural/proof.h"

static bantam_adder *open_adder(const char *name)
{
    bantam_adder *adder;
    assert_int_equal(bantam_adder_open(&adder, name, BANTAM_FLOAT64, NULL), BANTAM_OK);
    return adder;
}

// The hand-made adder with one passage of its description replaced.
static bantam_adder *spoil(const char *passage, const char *replacement)
{
    bantam_adder *adder = open_adder("hand-made"), *spoilt;
    const char *json = bantam_neural_inform(bantam_adder_neural(adder))->description;
    const char *at = strstr(json, passage);
    assert_non_null(at);
    static char text[8192];
    int size = snprintf(text, sizeof text, "%.*s%s%s", (int)(at - json), json, replacement,
                        at + strlen(passage));
    bantam_neural *neural;
    bantam_error error;
    assert_int_equal(bantam_neural_new(&neural, text, (size_t)size, &error), BANTAM_OK);
    assert_int_equal(adder_new(&spoilt, &neural, BANTAM_FLOAT64, &error), BANTAM_OK);
    bantam_adder_free(&adder);
    return spoilt;
}

static void the_hand_made_adder_is_proved(void **state)
{
    (void)state;
    bantam_adder *adder = open_adder("hand-made");
    bantam_proof proof;
    assert_int_equal(bantam_adder_prove(&proof, adder, NULL, NULL), BANTAM_OK);
    assert_int_equal(proof.verdict, BANTAM_PROVED);
    assert_true(proof.least_margin > 0 && proof.least_margin < 1);
    assert_true(proof.n_cells > 10 * 10 * 10 * 10);
    bantam_adder_free(&adder);
}

static void the_trained_adders_are_proved(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t n_parameters;
    } trained[] = {{"five", 5}, {"six", 6}, {"eight", 8}};
    for (size_t i = 0; i < sizeof trained / sizeof *trained; i++) {
        bantam_adder *adder = open_adder(trained[i].name);
        const bantam_neural_info *info = bantam_neural_inform(bantam_adder_neural(adder));
        bantam_proof proof;
        assert_int_equal(info->n_parameters, trained[i].n_parameters);
        assert_int_equal(info->n_given, 0);
        assert_int_equal(bantam_adder_prove(&proof, adder, NULL, NULL), BANTAM_OK);
        assert_int_equal(proof.verdict, BANTAM_PROVED);
        bantam_adder_free(&adder);
    }
}

static void a_spoilt_adder_is_refuted_by_a_pair_that_fails(void **state)
{
    (void)state;
    static const char *const spoilings[][2] = {
        {"-12160", "-12150"},    // the wrap comes too early
        {"0.390625", "0.37"},    // and is too small
        {"-15556.34", "-14000"}, // digits weigh too little
        {"52.91", "32.91"},      // attention too blunt: columns beside leak in
    };
    for (size_t i = 0; i < sizeof spoilings / sizeof *spoilings; i++) {
        bantam_adder *adder = spoil(spoilings[i][0], spoilings[i][1]);
        bantam_proof proof;
        assert_int_equal(bantam_adder_prove(&proof, adder, NULL, NULL), BANTAM_OK);
        assert_int_equal(proof.verdict, BANTAM_REFUTED);
        uint64_t sum;
        assert_int_equal(bantam_adder_add(adder, &proof.a, &proof.b, &sum, 1, NULL), BANTAM_OK);
        assert_int_equal(sum, proof.answer);
        assert_int_not_equal(sum, proof.a + proof.b);
        bantam_adder_free(&adder);
    }
}

static void too_few_cells_leave_it_undecided(void **state)
{
    (void)state;
    bantam_adder *adder = open_adder("hand-made");
    bantam_proof_options options = bantam_proof_options_default();
    options.cells_maximum = 500;
    bantam_proof proof;
    assert_int_equal(bantam_adder_prove(&proof, adder, &options, NULL), BANTAM_OK);
    assert_int_equal(proof.verdict, BANTAM_UNDECIDED);
    assert_int_equal(proof.n_cells, 500);
    bantam_adder_free(&adder);
}

// Every pair of a cell must lie between the bounds, and the bounds must be reached up to little.
static void bounds_hold_every_pair(void **state)
{
    (void)state;
    enum {
        STEP = 4,
        TOKEN = 7
    };
    bantam_adder *adder = open_adder("hand-made");
    struct proof_model model;
    struct proof_query query;
    assert_int_equal(proof_model_init(&model, adder, NULL), BANTAM_OK);
    assert_int_equal(proof_query_init(&query, &model, STEP, TOKEN, NULL), BANTAM_OK);
    struct proof_cell cell = {.carry = 1};
    for (size_t i = 0; i < 10; i++) {
        cell.columns[i] = (struct proof_column){0x3FF, 0x2F5};
    }
    struct interval added;
    struct proof_pair lowest, highest;
    assert_true(proof_bound(&added, &query, &cell, 0, 1, &lowest, &highest));
    double base = proof_stream(&model, query.position, TOKEN)[1].low;
    struct interval x[NEURAL_WIDTH];
    proof_attend(x, &query, &highest);
    assert_float_equal((float)x[1].high, (float)(base + added.high), 1e-4);
    proof_attend(x, &query, &lowest);
    assert_float_equal((float)x[1].low, (float)(base + added.low), 1e-4);
    struct random random = {1};
    size_t n_inside = 0;
    while (n_inside < 2000) {
        struct proof_pair pair = {{0}, {0}};
        unsigned carry = 0, token = 0;
        bool inside = true;
        for (size_t i = 0; i < 10; i++) {
            pair.a[i] = (uint8_t)random_below(&random, 10);
            pair.b[i] = (uint8_t)random_below(&random, 10);
            inside = inside && 0x2F5 >> pair.b[i] & 1;
            unsigned sum = (unsigned)pair.a[i] + pair.b[i] + carry;
            token = i < STEP ? sum % 10 : token;
            carry = i < STEP ? sum / 10 : carry;
        }
        if (inside && carry == 1 && token == TOKEN) {
            proof_attend(x, &query, &pair);
            assert_true(x[1].high >= base + added.low && x[1].low <= base + added.high);
            n_inside++;
        }
    }
    proof_query_release(&query);
    proof_model_release(&model);
    bantam_adder_free(&adder);
}

// The margin over a box of streams around `middle` must not exceed that at any point in it.
static void hold_every_point(const char *name, const double middle[2], const double reach[2])
{
    bantam_adder *adder = open_adder(name);
    struct proof_model model;
    assert_int_equal(proof_model_init(&model, adder, NULL), BANTAM_OK);
    struct random random = {2};
    for (size_t i = 0; i < 2000; i++) {
        size_t right = random_below(&random, 10);
        struct interval box[2], point[2];
        double width = 0.01 * random_unit(&random);
        for (size_t k = 0; k < 2; k++) {
            double at = middle[k] + reach[k] * (2 * random_unit(&random) - 1);
            box[k] = (struct interval){at - width * reach[k], at + width * reach[k]};
            double inside = 2 * random_unit(&random) - 1;
            point[k] = interval_exactly(at + width * reach[k] * inside);
        }
        assert_true(proof_margin(&model, box, right) <= proof_margin(&model, point, right));
    }
    proof_model_release(&model);
    bantam_adder_free(&adder);
}

static void margins_hold_every_point(void **state)
{
    (void)state;
    hold_every_point("hand-made", (const double[]){1000, 100}, (const double[]){10, 110});
    hold_every_point("eight", (const double[]){-90, 1}, (const double[]){110, 0.01});
}

static void only_float64_is_proved(void **state)
{
    (void)state;
    bantam_adder *adder;
    bantam_proof proof;
    assert_int_equal(bantam_adder_open(&adder, "hand-made", BANTAM_FLOAT32, NULL), BANTAM_OK);
    assert_int_equal(bantam_adder_prove(&proof, adder, NULL, NULL), BANTAM_ERROR_ARGUMENT);
    bantam_adder_free(&adder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hand_made_adder_is_proved),
        cmocka_unit_test(the_trained_adders_are_proved),
        cmocka_unit_test(a_spoilt_adder_is_refuted_by_a_pair_that_fails),
        cmocka_unit_test(too_few_cells_leave_it_undecided),
        cmocka_unit_test(bounds_hold_every_pair),
        cmocka_unit_test(margins_hold_every_point),
        cmocka_unit_test(only_float64_is_proved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
