// Calibration: the likeliest class is right as often as its probability says.
#include "train/softmax_learner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum {
    EXAMPLES = 200,
    FEW = 4, // classes
};

// Half of the examples are told with `high`, half with .55 for the likeliest class, of which `right_high` and `right_low` in ten are right.
// The former are of reliability 1, the latter of `reliability`.
static struct softmax_model calibrated(float high, size_t right_high, size_t right_low,
                                       float reliability)
{
    struct softmax_model model = {.n_classes = FEW};
    float probabilities[EXAMPLES * FEW], weights[EXAMPLES], reliabilities[EXAMPLES];
    size_t classes[EXAMPLES];
    for (size_t i = 0; i < EXAMPLES; i++) {
        float top = i % 2 ? high : 0.55F;
        size_t right = i % 2 ? right_high : right_low;
        for (size_t c = 0; c < FEW; c++) {
            probabilities[i * FEW + c] = c == i % FEW ? top : (1 - top) / (FEW - 1);
        }
        classes[i] = i / 2 % 10 < right ? i % FEW : (i + 1) % FEW;
        weights[i] = 1;
        reliabilities[i] = i % 2 ? 1 : reliability;
    }
    softmax_calibrate(&model, probabilities, reliabilities, classes, weights, EXAMPLES);
    return model;
}

static void honest_probabilities_stay(void **state)
{
    (void)state;
    struct softmax_model model = calibrated(0.9F, 9, 5, 1);
    assert_true(model.temperature > 0.85F && model.temperature < 1.2F);
    assert_true(model.doubt < 0.08F);
    assert_true(softmax_model_trust(&model, 1) > 0.92F);
}

static void sureness_that_is_wrong_at_times_is_doubted(void **state)
{
    (void)state;
    struct softmax_model model = calibrated(0.999F, 8, 5, 1);
    assert_true(model.doubt > 0.1F);
    float row[FEW] = {6.9F, 0, 0, 0}; // .997 without calibration
    softmax_normalise(row, FEW, model.temperature, softmax_model_trust(&model, 1));
    assert_true(row[0] > 0.74F && row[0] < 0.87F);
    float sum = row[0] + row[1] + row[2] + row[3];
    assert_true(sum > 0.999F && sum < 1.001F);
}

static void inputs_beside_the_point_are_trusted_less(void **state)
{
    (void)state;
    struct softmax_model model =
        calibrated(0.56F, 6, 3, 0.3F); // as sure of both, yet one is right half as often
    assert_true(model.reliance > 0.25F);
    assert_true(softmax_model_trust(&model, 0.3F) < 0.7F * softmax_model_trust(&model, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(honest_probabilities_stay),
        cmocka_unit_test(sureness_that_is_wrong_at_times_is_doubted),
        cmocka_unit_test(inputs_beside_the_point_are_trusted_less),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
