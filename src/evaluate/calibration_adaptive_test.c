// A temperature of each row's own: applied as by hand, slopes against finite differences, made data's parameters found again.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/random.h"
#include "evaluate/calibration_adaptive.h"

enum {
    ROWS = 4000,
    CLASSES = 19 // more than the lanes of a vector
};

static float scores[ROWS * CLASSES];
static uint32_t labels[ROWS];

static struct adaptive_rows rows_of(size_t n)
{
    return (struct adaptive_rows){scores, n, CLASSES, labels, NULL};
}

static struct calibration adaptive(enum calibration_link link, float temperature, float exponent)
{
    struct calibration calibration = calibration_none(link, CLASSES);
    calibration.method = CALIBRATION_ADAPTIVE;
    calibration.temperature = temperature;
    calibration.exponent = exponent;
    calibration.spreads[SPREAD_LEAST] = 0.25F;
    calibration.spreads[SPREAD_TYPICAL] = 1;
    calibration.spreads[SPREAD_MOST] = 4;
    return calibration;
}

// Rows of spreads from 1/3 to 3, with labels drawn from what the calibration says of them.
static void make_rows(const struct calibration *calibration, uint64_t seed)
{
    struct random random = {seed};
    for (size_t i = 0; i < ROWS; i++) {
        double size = exp(2 * random_unit(&random) - 1) * 3.464; // of even scores with that spread
        for (size_t c = 0; c < CLASSES; c++) {
            scores[i * CLASSES + c] = (float)(size * (random_unit(&random) - 0.5));
        }
        float p[CLASSES];
        calibration_apply(calibration, scores + i * CLASSES, p);
        double left = random_unit(&random);
        labels[i] = 0;
        while (labels[i] + 1 < CLASSES && left > (double)p[labels[i]]) {
            left -= (double)p[labels[i]++];
        }
    }
}

static void it_is_applied_as_by_hand(void **state)
{
    (void)state;
    struct calibration calibration = adaptive(CALIBRATION_SOFTMAX, 0.5F, 0.75F);
    calibration.n_outputs = 4;
    const float some[4] = {1, 3, 1, 3}, close[4] = {0, 0.25F, 0.25F, 0}, far[4] = {0, 0, 100, 100};
    const float same[4] = {2, 2, 2, 2};
    const float *const rows[] = {some, close, far, same};
    const double spreads[] = {1, 0.25, 4, 0.25}; // 1, 0.125, 50 and 0, held within 0.25 and 4
    assert_true(calibration_spread(some, 4) == 1 && calibration_spread(close, 4) == 0.125F);
    for (size_t i = 0; i < 4; i++) {
        double temperature = 0.5 * pow(spreads[i], 0.75), sum = 0;
        assert_float_equal(calibration_temperature(&calibration, rows[i]), (float)temperature,
                           1e-6F);
        float p[4];
        calibration_apply(&calibration, rows[i], p);
        for (size_t c = 0; c < 4; c++) {
            sum += exp(((double)rows[i][c] - (double)rows[i][3]) / temperature);
        }
        for (size_t c = 0; c < 4; c++) {
            double expected = exp(((double)rows[i][c] - (double)rows[i][3]) / temperature) / sum;
            assert_float_equal(p[c], (float)expected, 1e-6F);
        }
    }
    calibration.exponent = 3e38F; // as a model file may say
    assert_true(calibration_temperature(&calibration, far) == 1e6F);
    assert_true(calibration_temperature(&calibration, close) == 1e-6F);
}

static void slopes_equal_finite_differences(void **state)
{
    (void)state;
    for (int link = CALIBRATION_SOFTMAX; link <= CALIBRATION_LOGISTIC; link++) {
        struct calibration made = adaptive((enum calibration_link)link, 0.4F, 0.6F);
        make_rows(&made, 3);
        struct adaptive_rows rows = rows_of(500);
        float room[CLASSES];
        struct calibration at = adaptive((enum calibration_link)link, 0.8F, 0.2F);
        struct adaptive_slope here = calibration_adaptive_slope(&at, &rows, room);
        const float h = 0.01F;
        for (int k = 0; k < 2; k++) {
            double loss[2];
            for (int side = 0; side < 2; side++) {
                struct calibration beside = at;
                float step = side ? h : -h;
                beside.temperature *= k == 0 ? expf(step) : 1;
                beside.exponent += k == 1 ? step : 0;
                loss[side] = calibration_adaptive_slope(&beside, &rows, room).loss;
            }
            double difference = (loss[1] - loss[0]) / (2 * (double)h);
            assert_true(fabs(difference) > 1);
            assert_true(fabs(here.slope[k] - difference) < 1e-3 * fabs(difference) + 0.05);
        }
    }
}

// Of the labels that the calibration itself gives, the curvature is that of the loss, up to chance.
static void curvature_is_what_to_expect(void **state)
{
    (void)state;
    for (int link = CALIBRATION_SOFTMAX; link <= CALIBRATION_LOGISTIC; link++) {
        struct calibration made = adaptive((enum calibration_link)link, 0.4F, 0.6F);
        make_rows(&made, 4);
        struct adaptive_rows rows = rows_of(ROWS);
        float room[CLASSES];
        double slope[2][2];
        for (int side = 0; side < 2; side++) {
            struct calibration beside = made;
            beside.temperature *= expf(side ? 0.02F : -0.02F);
            struct adaptive_slope there = calibration_adaptive_slope(&beside, &rows, room);
            memcpy(slope[side], there.slope, sizeof there.slope);
        }
        struct adaptive_slope here = calibration_adaptive_slope(&made, &rows, room);
        assert_true(fabs((slope[1][0] - slope[0][0]) / 0.04 / here.curvature[0] - 1) < 0.1);
        assert_true(fabs((slope[1][1] - slope[0][1]) / 0.04 - here.curvature[1]) <
                    0.1 * here.curvature[0]);
    }
}

static void made_parameters_are_found_again(void **state)
{
    (void)state;
    static const float parameters[][2] = {{0.4F, 0.6F}, {1.5F, -0.5F}, {0.6F, 0}};
    for (int link = CALIBRATION_SOFTMAX; link <= CALIBRATION_LOGISTIC; link++) {
        for (size_t k = 0; k < 3; k++) {
            struct calibration made =
                adaptive((enum calibration_link)link, parameters[k][0], parameters[k][1]);
            make_rows(&made, 5 + k);
            struct calibration found, one;
            assert_int_equal(calibration_fit(&found, CALIBRATION_ADAPTIVE, made.link, scores, ROWS,
                                             CLASSES, labels, NULL, NULL, NULL),
                             BANTAM_OK);
            assert_int_equal(calibration_fit(&one, CALIBRATION_TEMPERATURE, made.link, scores, ROWS,
                                             CLASSES, labels, NULL, NULL, NULL),
                             BANTAM_OK);
            assert_int_equal(found.method, CALIBRATION_ADAPTIVE);
            double typical = (double)calibration_temperature_at(&made, found.spreads[1]);
            assert_true(fabs((double)found.temperature / typical - 1) < 0.1);
            assert_float_equal(found.exponent, made.exponent, 0.1F);
            struct adaptive_rows rows = rows_of(ROWS);
            float room[CLASSES];
            struct adaptive_slope at = calibration_adaptive_slope(&found, &rows, room);
            assert_true(at.slope[0] * at.slope[0] < 1e-6 * at.loss * at.curvature[0]);
            assert_true(at.slope[1] * at.slope[1] < 1e-6 * at.loss * at.curvature[2]);
            assert_true(at.loss <= calibration_adaptive_slope(&one, &rows, room).loss);
        }
    }
}

// Rows of weight 0 do not count, not even for the spreads.
static void rows_without_weight_say_nothing(void **state)
{
    (void)state;
    static float weights[ROWS];
    struct calibration made = adaptive(CALIBRATION_SOFTMAX, 0.4F, 0.6F), half, whole;
    make_rows(&made, 6);
    for (size_t i = 0; i < ROWS; i++) {
        weights[i] = i < ROWS / 2;
    }
    for (size_t i = ROWS / 2 * CLASSES; i < ROWS * CLASSES; i++) {
        scores[i] *= 10;
    }
    assert_int_equal(calibration_fit(&half, CALIBRATION_ADAPTIVE, made.link, scores, ROWS / 2,
                                     CLASSES, labels, NULL, NULL, NULL),
                     BANTAM_OK);
    assert_int_equal(calibration_fit(&whole, CALIBRATION_ADAPTIVE, made.link, scores, ROWS, CLASSES,
                                     labels, NULL, weights, NULL),
                     BANTAM_OK);
    assert_true(half.temperature == whole.temperature && half.exponent == whole.exponent);
    assert_memory_equal(half.spreads, whole.spreads, sizeof half.spreads);
}

static void two_classes_and_several_labels_have_one_temperature(void **state)
{
    (void)state;
    static size_t starts[ROWS + 1];
    struct calibration made = adaptive(CALIBRATION_SOFTMAX, 0.4F, 0.6F), fitted[2];
    make_rows(&made, 7);
    for (size_t i = 0; i < ROWS; i++) {
        labels[i] %= 2;
        starts[i + 1] = i + 1;
    }
    for (int several = 0; several < 2; several++) {
        for (int k = 0; k < 2; k++) {
            assert_int_equal(
                calibration_fit(&fitted[k], k ? CALIBRATION_ADAPTIVE : CALIBRATION_TEMPERATURE,
                                several ? CALIBRATION_MULTI : CALIBRATION_SOFTMAX, scores, ROWS,
                                several ? 2 : 1, labels, several ? starts : NULL, NULL, NULL),
                BANTAM_OK);
        }
        assert_memory_equal(&fitted[0], &fitted[1], sizeof fitted[0]);
    }
}

// Where all rows are alike the exponent cannot be told.
static void rows_that_are_all_alike_do_no_harm(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        labels[i] = i % 4 ? 0 : 1 + (uint32_t)(i % 3);
        for (size_t c = 0; c < CLASSES; c++) {
            scores[i * CLASSES + c] = c == 0 ? 2 : 0;
        }
    }
    for (int round = 0; round < 2; round++) { // then with scores that are all the same
        struct calibration found;
        assert_int_equal(calibration_fit(&found, CALIBRATION_ADAPTIVE, CALIBRATION_SOFTMAX, scores,
                                         ROWS, CLASSES, labels, NULL, NULL, NULL),
                         BANTAM_OK);
        float p[CLASSES];
        calibration_apply(&found, scores, p);
        assert_float_equal(p[0], round == 0 ? 0.75F : 1.0F / CLASSES, 1e-3F);
        memset(scores, 0, sizeof scores);
    }
}

// Also where the largest scores are so near to each other that their probabilities are the same, in rows of any spread.
static void labels_alone_are_those_of_the_probabilities(void **state)
{
    (void)state;
    struct random random = {12};
    float row[CLASSES], p[CLASSES], room[CLASSES];
    for (size_t round = 0; round < 20000; round++) {
        struct calibration calibration =
            adaptive(CALIBRATION_SOFTMAX, 0.5F, round % 3 ? 2.0F : -2.0F);
        double size = exp(6 * random_unit(&random) - 3);
        for (size_t c = 0; c < CLASSES; c++) {
            row[c] = (float)(size * (random_unit(&random) - 1));
        }
        size_t a = random_below(&random, CLASSES), b = random_below(&random, CLASSES);
        row[a] = (float)(size / 100);
        row[b] = round % 2 ? nextafterf(row[a], 1000) : row[a] * 1.00001F;
        calibration_apply(&calibration, row, p);
        size_t best = 0;
        for (size_t c = 1; c < CLASSES; c++) {
            best = p[c] > p[best] ? c : best;
        }
        assert_int_equal(calibration_likeliest(&calibration, row, room), best);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_applied_as_by_hand),
        cmocka_unit_test(slopes_equal_finite_differences),
        cmocka_unit_test(curvature_is_what_to_expect),
        cmocka_unit_test(made_parameters_are_found_again),
        cmocka_unit_test(rows_without_weight_say_nothing),
        cmocka_unit_test(two_classes_and_several_labels_have_one_temperature),
        cmocka_unit_test(rows_that_are_all_alike_do_no_harm),
        cmocka_unit_test(labels_alone_are_those_of_the_probabilities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
