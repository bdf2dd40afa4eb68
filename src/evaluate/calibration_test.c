// Probabilities against their definitions, fits against scikit-learn's (tests/parity/calibration.py made the numbers), coverage
// against what it promises.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "evaluate/calibration.h"

enum {
    ROWS = 400,
    CLASSES = 3
};

struct rows {
    float scores[ROWS * CLASSES];
    uint32_t labels[ROWS];
};

// Scores that are three times too sure of a label drawn from them.
static void make_rows(struct rows *rows, uint64_t seed)
{
    struct random random = {seed};
    for (size_t i = 0; i < ROWS; i++) {
        double raised[CLASSES], sum = 0;
        for (size_t c = 0; c < CLASSES; c++) {
            double score = 4 * random_unit(&random) - 2;
            rows->scores[i * CLASSES + c] = (float)(3 * score);
            sum += raised[c] = exp(score);
        }
        double left = random_unit(&random) * sum;
        rows->labels[i] = 0;
        while (rows->labels[i] + 1 < CLASSES && left > raised[rows->labels[i]]) {
            left -= raised[rows->labels[i]++];
        }
    }
}

static void fit(struct calibration *calibration, enum calibration_method method,
                enum calibration_link link, const float *scores, size_t n_rows, size_t n_outputs,
                const uint32_t *labels, const size_t *starts)
{
    bantam_error error;
    assert_int_equal(calibration_fit(calibration, method, link, scores, n_rows, n_outputs, labels,
                                     starts, NULL, &error),
                     BANTAM_OK);
}

static void links_are_as_defined(void **state)
{
    (void)state;
    float scores[20], probabilities[20];
    for (int i = 0; i < 20; i++) {
        scores[i] = (float)i / 4 - 2;
    }
    struct calibration softmax = calibration_none(CALIBRATION_SOFTMAX, 20);
    struct calibration logistic = calibration_none(CALIBRATION_LOGISTIC, 20);
    struct calibration multi = calibration_none(CALIBRATION_MULTI, 20);
    double sums[2] = {0, 0};
    for (int i = 0; i < 20; i++) {
        sums[0] += exp((double)scores[i]);
        sums[1] += 1 / (1 + exp(-(double)scores[i]));
    }
    calibration_apply(&softmax, scores, probabilities);
    for (int i = 0; i < 20; i++) {
        assert_true(fabs((double)probabilities[i] - exp((double)scores[i]) / sums[0]) < 1e-6);
    }
    calibration_apply(&logistic, scores, probabilities);
    for (int i = 0; i < 20; i++) {
        double p = 1 / (1 + exp(-(double)scores[i]));
        assert_true(fabs((double)probabilities[i] - p / sums[1]) < 1e-6);
    }
    calibration_apply(&multi, scores, probabilities);
    for (int i = 0; i < 20; i++) {
        assert_true(fabs((double)probabilities[i] - 1 / (1 + exp(-(double)scores[i]))) < 1e-6);
    }
    struct calibration pair = calibration_none(CALIBRATION_SOFTMAX, 1);
    assert_int_equal(calibration_n_classes(&pair), 2);
    pair.temperature = 2;
    calibration_apply(&pair, &(float){3}, probabilities);
    assert_true(fabs((double)probabilities[1] - 1 / (1 + exp(-1.5))) < 1e-6);
    assert_true(probabilities[0] == 1 - probabilities[1]);
}

static void temperature_undoes_what_is_too_sure(void **state)
{
    (void)state;
    static struct rows rows;
    struct calibration calibration;
    make_rows(&rows, 1);
    fit(&calibration, CALIBRATION_TEMPERATURE, CALIBRATION_SOFTMAX, rows.scores, ROWS, CLASSES,
        rows.labels, NULL);
    assert_true(calibration.temperature > 2.4F && calibration.temperature < 3.6F);
    // The derivative of the likelihood by 1 / T is 0 there: Σ (E[score] − own score).
    double slope = 0, spread = 0;
    for (size_t i = 0; i < ROWS; i++) {
        float p[CLASSES];
        calibration_apply(&calibration, rows.scores + i * CLASSES, p);
        for (size_t c = 0; c < CLASSES; c++) {
            double score = (double)rows.scores[i * CLASSES + c];
            slope += ((double)p[c] - (c == rows.labels[i])) * score;
            spread += fabs(score);
        }
    }
    assert_true(fabs(slope) < 1e-3 * spread);
    calibration_release(&calibration);
}

static void every_method_gives_probabilities(void **state)
{
    (void)state;
    static struct rows rows;
    make_rows(&rows, 2);
    for (int method = CALIBRATION_NONE; method <= CALIBRATION_ADAPTIVE; method++) {
        for (int link = CALIBRATION_SOFTMAX; link <= CALIBRATION_LOGISTIC; link++) {
            struct calibration calibration;
            fit(&calibration, (enum calibration_method)method, (enum calibration_link)link,
                rows.scores, ROWS, CLASSES, rows.labels, NULL);
            for (size_t i = 0; i < ROWS; i++) {
                float p[CLASSES], sum = 0;
                calibration_apply(&calibration, rows.scores + i * CLASSES, p);
                for (size_t c = 0; c < CLASSES; c++) {
                    assert_true(p[c] >= 0 && p[c] <= 1);
                    sum += p[c];
                }
                assert_true(fabsf(sum - 1) < 1e-5F);
            }
            calibration_release(&calibration);
        }
    }
}

// Twelve scores of two classes, one of them twice.
static const float FEW_SCORES[12] = {-3, -2.5F, -2, -1.5F, -1, -1, 0, 0.5F, 1, 1.5F, 2, 3};
static const uint32_t FEW_LABELS[12] = {0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 1, 1};

static void few_rows(enum calibration_method method, const float *expected)
{
    struct calibration calibration;
    fit(&calibration, method, CALIBRATION_SOFTMAX, FEW_SCORES, 12, 1, FEW_LABELS, NULL);
    static const float at[6] = {-4, -2.25F, -1, 0.25F, 1.25F, 5};
    for (int i = 0; i < 6; i++) {
        float p[2];
        calibration_apply(&calibration, &at[i], p);
        assert_true(fabsf(p[1] - expected[i]) < 1e-4F);
    }
    calibration_release(&calibration);
}

static void curves_equal_the_reference(void **state)
{
    (void)state;
    few_rows(CALIBRATION_SIGMOID,
             (const float[]){0.175048F, 0.304892F, 0.424230F, 0.553111F, 0.652079F, 0.898824F});
    few_rows(CALIBRATION_ISOTONIC,
             (const float[]){0.000000F, 0.333333F, 0.333333F, 0.416667F, 0.750000F, 1.000000F});
    few_rows(CALIBRATION_TEMPERATURE,
             (const float[]){0.089372F, 0.213200F, 0.358856F, 0.536207F, 0.673798F, 0.947928F});
}

static void several_labels_have_curves_of_their_own(void **state)
{
    (void)state;
    static struct rows rows;
    static size_t starts[ROWS + 1];
    static uint32_t sets[ROWS];
    make_rows(&rows, 3);
    for (size_t i = 0; i < ROWS; i++) { // rows of label 0 have none
        starts[i + 1] = starts[i] + (rows.labels[i] > 0);
        if (rows.labels[i] > 0) {
            sets[starts[i]] = rows.labels[i];
        }
    }
    struct calibration calibration;
    fit(&calibration, CALIBRATION_SIGMOID, CALIBRATION_MULTI, rows.scores, ROWS, CLASSES, sets,
        starts);
    double means[CLASSES] = {0}, shares[CLASSES] = {0};
    for (size_t i = 0; i < ROWS; i++) {
        float p[CLASSES];
        calibration_apply(&calibration, rows.scores + i * CLASSES, p);
        for (size_t c = 0; c < CLASSES; c++) {
            means[c] += (double)p[c] / ROWS;
        }
        shares[rows.labels[i]] += 1.0 / ROWS;
    }
    assert_true(means[0] < 0.01);
    assert_true(fabs(means[1] - shares[1]) < 0.01 && fabs(means[2] - shares[2]) < 0.01);
    calibration_release(&calibration);
}

static size_t first_largest(const float *probabilities, size_t n)
{
    size_t best = 0;
    for (size_t c = 1; c < n; c++) {
        best = probabilities[c] > probabilities[best] ? c : best;
    }
    return best;
}

// Also where the largest scores are so near to each other that their probabilities are the same.
static void the_likeliest_is_the_first_of_the_largest(void **state)
{
    (void)state;
    struct random random = {11};
    float scores[40], probabilities[40], room[40];
    for (int method = CALIBRATION_NONE; method <= CALIBRATION_TEMPERATURE; method++) {
        for (size_t round = 0; round < 2000; round++) {
            size_t n = 2 + random_below(&random, 39);
            struct calibration calibration = calibration_none(CALIBRATION_SOFTMAX, n);
            calibration.method = (enum calibration_method)method;
            calibration.temperature = method == CALIBRATION_NONE ? 1 : 0.3F;
            for (size_t c = 0; c < n; c++) {
                scores[c] = (float)(4 * random_unit(&random) - 2);
            }
            size_t at = random_below(&random, n);
            scores[random_below(&random, n)] = scores[at] = 3;
            scores[at] = round % 2 ? nextafterf(scores[at], 4) : scores[at];
            calibration_apply(&calibration, scores, probabilities);
            assert_int_equal(calibration_likeliest(&calibration, scores, room),
                             first_largest(probabilities, n));
        }
    }
    struct calibration pair = calibration_none(CALIBRATION_SOFTMAX, 1);
    assert_int_equal(calibration_likeliest(&pair, &(float){-1}, room), 0);
    assert_int_equal(calibration_likeliest(&pair, &(float){1}, room), 1);
    struct calibration several = calibration_none(CALIBRATION_MULTI, 3);
    assert_int_equal(calibration_likeliest(&several, (float[]){-3, -1, -2}, room), 1);
}

static void misuse_is_told(void **state)
{
    (void)state;
    struct calibration calibration;
    bantam_error error;
    float scores[CLASSES] = {0, NAN, 0};
    uint32_t label = CLASSES;
    assert_int_equal(calibration_fit(&calibration, CALIBRATION_TEMPERATURE, CALIBRATION_SOFTMAX,
                                     scores, 1, CLASSES, &label, NULL, NULL, &error),
                     BANTAM_ERROR_ARGUMENT);
    label = 0;
    assert_int_equal(calibration_fit(&calibration, CALIBRATION_TEMPERATURE, CALIBRATION_SOFTMAX,
                                     scores, 1, CLASSES, &label, NULL, NULL, &error),
                     BANTAM_ERROR_ARGUMENT);
    assert_int_equal(calibration_fit(&calibration, CALIBRATION_TEMPERATURE, CALIBRATION_SOFTMAX,
                                     scores, 0, CLASSES, &label, NULL, NULL, &error),
                     BANTAM_ERROR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_are_as_defined),
        cmocka_unit_test(temperature_undoes_what_is_too_sure),
        cmocka_unit_test(every_method_gives_probabilities),
        cmocka_unit_test(curves_equal_the_reference),
        cmocka_unit_test(several_labels_have_curves_of_their_own),
        cmocka_unit_test(the_likeliest_is_the_first_of_the_largest),
        cmocka_unit_test(misuse_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
