// Model files of the line finder that lie, and the score against the formula of its header.
#include "model/line_model.h"

#include <math.h>

#include "base/random.h"
#include "features/log_features_fixture.h"

enum {
    BITS = 6,
    BUCKETS = 1 << BITS,
};

struct parts {
    int8_t words[BUCKETS][LINE_OFFSETS];
    float scale[1][1], own[OWN_FEATURES][LINE_VALUES], context[CONTEXT_FEATURES][LINE_VALUES];
    bantam_tensor tensors[4];
    bantam_metadata metadata[1];
};

static void make_parts(struct parts *parts)
{
    memset(parts, 0, sizeof *parts);
    struct random random = {3};
    for (size_t i = 0; i < BUCKETS; i++) {
        for (size_t o = 0; o < LINE_OFFSETS; o++) {
            parts->words[i][o] = (int8_t)((int)random_below(&random, 255) - 127);
        }
    }
    parts->scale[0][0] = 0.125F;
    for (size_t v = 0; v < LINE_VALUES; v++) {
        for (size_t f = 0; f < OWN_FEATURES; f++) {
            parts->own[f][v] = (float)random_unit(&random);
        }
        for (size_t f = 0; f < CONTEXT_FEATURES; f++) {
            parts->context[f][v] = (float)random_unit(&random);
        }
    }
    const bantam_tensor tensors[] = {
        {"words", BANTAM_I8, 2, {BUCKETS, LINE_OFFSETS}, parts->words, sizeof parts->words},
        {"word_scale", BANTAM_F32, 2, {1, 1}, parts->scale, sizeof parts->scale},
        {"own", BANTAM_F32, 2, {OWN_FEATURES, LINE_VALUES}, parts->own, sizeof parts->own},
        {"context",
         BANTAM_F32,
         2,
         {CONTEXT_FEATURES, LINE_VALUES},
         parts->context,
         sizeof parts->context},
    };
    memcpy(parts->tensors, tensors, sizeof tensors);
    parts->metadata[0] = (bantam_metadata){"features", LINE_MODEL_FEATURES};
}

static bantam_status load(struct line_model *model, const struct parts *parts, size_t n_tensors,
                          size_t n_metadata)
{
    bantam_buffer bytes;
    bantam_model *file;
    bantam_error error;
    bantam_buffer_init(&bytes, 1 << 20);
    assert_int_equal(
        bantam_model_write(&bytes, parts->tensors, n_tensors, parts->metadata, n_metadata, NULL),
        BANTAM_OK);
    assert_int_equal(bantam_model_load(&file, bytes.data, bytes.size, NULL), BANTAM_OK);
    bantam_status status = line_model_load(model, file, &error);
    assert_true(status == BANTAM_OK || (strlen(error.message) > 0 && !model->words));
    bantam_model_free(&file);
    bantam_buffer_release(&bytes);
    return status;
}

static void another_version_is_told_apart_from_damage(void **state)
{
    (void)state;
    static struct parts parts;
    struct line_model model;
    make_parts(&parts);
    assert_int_equal(load(&model, &parts, 4, 1), BANTAM_OK);
    assert_int_equal(model.bits, BITS);
    line_model_release(&model);
    assert_int_equal(load(&model, &parts, 4, 0), BANTAM_ERROR_VERSION);
    parts.metadata[0].value = "0";
    assert_int_equal(load(&model, &parts, 4, 1), BANTAM_ERROR_VERSION);
}

static void tensors_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    static struct parts parts;
    struct line_model model;
    for (size_t n = 0; n < 4; n++) {
        make_parts(&parts);
        assert_int_equal(load(&model, &parts, n, 1), BANTAM_ERROR_MODEL);
    }
    for (size_t t = 0; t < 4; t++) {
        make_parts(&parts);
        parts.tensors[t].name = "elsewhere";
        assert_int_equal(load(&model, &parts, 4, 1), BANTAM_ERROR_MODEL);
        make_parts(&parts);
        parts.tensors[t].n_dimensions = 1;
        parts.tensors[t].shape[0] *= parts.tensors[t].shape[1];
        assert_int_equal(load(&model, &parts, 4, 1), BANTAM_ERROR_MODEL);
        make_parts(&parts);
        parts.tensors[t].dtype = parts.tensors[t].dtype == BANTAM_I8 ? BANTAM_U8 : BANTAM_I32;
        assert_int_equal(load(&model, &parts, 4, 1), BANTAM_ERROR_MODEL);
    }
    make_parts(&parts); // buckets that are no power of two
    parts.tensors[0].shape[0] = BUCKETS - 1;
    parts.tensors[0].size -= LINE_OFFSETS;
    assert_int_equal(load(&model, &parts, 4, 1), BANTAM_ERROR_MODEL);
    parts.tensors[0].shape[0] = 0;
    parts.tensors[0].size = 0;
    assert_int_equal(load(&model, &parts, 4, 1), BANTAM_ERROR_MODEL);
}

static double expected_score(const struct parts *parts, const struct line_fixture *fixture,
                             size_t line)
{
    const struct log_features *features = &fixture->features;
    uint8_t own[OWN_FEATURES], context[CONTEXT_FEATURES];
    log_features_own(&features->distinct[features->distinct_of_line[line]], own);
    log_features_context(features, line, context);
    double sum = 0;
    for (size_t f = 0; f < OWN_FEATURES; f++) {
        sum += (double)parts->own[f][own[f]];
    }
    for (size_t f = 0; f < CONTEXT_FEATURES; f++) {
        sum += (double)parts->context[f][context[f]];
    }
    for (int o = 0; o < LINE_OFFSETS; o++) {
        long at = (long)line + o - LINE_REACH;
        if (at < 0 || at >= (long)features->document->n_lines) {
            continue;
        }
        uint32_t distinct = features->distinct_of_line[at];
        for (uint32_t w = fixture->word_starts[distinct]; w < fixture->word_starts[distinct + 1];
             w++) {
            sum += 0.125 * parts->words[fixture->words[w] >> (32 - BITS)][o];
        }
    }
    return sum;
}

static void the_score_is_the_formula_of_the_header(void **state)
{
    (void)state;
    static struct parts parts;
    static struct line_fixture fixture;
    make_parts(&parts);
    line_fixture_init(&fixture,
                      "one\nerror: two three\n\none\nsrc/a.c:12: warning: x\nlast words\n");
    struct line_model model;
    assert_int_equal(load(&model, &parts, 4, 1), BANTAM_OK);
    struct line_sums sums[FIXTURE_LINES];
    for (size_t d = 0; d < fixture.features.n_distinct; d++) {
        uint32_t start = fixture.word_starts[d];
        line_model_sum(&model, fixture.words + start, fixture.word_starts[d + 1] - start, &sums[d]);
        sums[d].own = line_model_own(&model, &fixture.features.distinct[d]);
    }
    float scores[FIXTURE_LINES];
    line_model_score(&model, &fixture.features, sums, scores);
    for (size_t i = 0; i < fixture.document.n_lines; i++) {
        assert_true(fabs((double)scores[i] - expected_score(&parts, &fixture, i)) < 1e-2);
    }
    line_model_release(&model);
    line_fixture_release(&fixture);
}

static void many_heavy_words_do_not_overflow(void **state)
{
    (void)state;
    static struct parts parts;
    make_parts(&parts);
    memset(parts.words, 127, sizeof parts.words);
    struct line_model model;
    assert_int_equal(load(&model, &parts, 4, 1), BANTAM_OK);
    static uint32_t hashes[2000];
    struct line_sums sums;
    line_model_sum(&model, hashes, 2000, &sums);
    for (size_t o = 0; o < LINE_OFFSETS; o++) {
        assert_true(sums.of_offset[o] == 0.125F * 127 * 2000);
    }
    line_model_sum(&model, hashes, 0, &sums);
    assert_true(sums.of_offset[0] == 0);
    line_model_release(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_version_is_told_apart_from_damage),
        cmocka_unit_test(tensors_that_do_not_fit_are_refused),
        cmocka_unit_test(the_score_is_the_formula_of_the_header),
        cmocka_unit_test(many_heavy_words_do_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
