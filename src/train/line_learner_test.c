// The learner's gradient against differences of its loss, a toy log that it must learn, and its determinism.
#include "train/line_learner.h"

#include <assert.h>
#include <math.h>

#include "base/memory.h"
#include "features/log_features_fixture.h"

enum {
    BITS = 8
};

static const char toy_log[] = "compiling a.c\n"
                              "compiling b.c\n"
                              "error: no such thing\n"
                              "note: it was here\n"
                              "compiling c.c\n"
                              "\n"
                              "3 warnings\n"
                              "done with the rest\n"
                              "error: another thing\n"
                              "leaving\n";

static struct line_example line_fixture_example(const struct line_fixture *fixture)
{
    static_assert(LINE_WRONG == 0 && LINE_GOLD == 1, "the fixture's labels are the learner's");
    return (struct line_example){.features = &fixture->features,
                                 .word_starts = fixture->word_starts,
                                 .words = fixture->words,
                                 .labels = fixture->labels,
                                 .weight = 1};
}

static struct line_learner_options all_lines(void)
{
    return (struct line_learner_options){.bits = BITS,
                                         .n_epochs = 1,
                                         .rate = 0.1F,
                                         .accumulator = 1,
                                         .n_gold = 100,
                                         .n_last = 100,
                                         .n_random = 100,
                                         .n_marked = 100,
                                         .seed = 5};
}

// The score as the model's head comment defines it, from the weights alone.
static double score(const struct line_weights *weights, const struct line_example *example,
                    size_t line)
{
    const struct log_features *features = example->features;
    uint8_t own[OWN_FEATURES], context[CONTEXT_FEATURES];
    log_features_own(&features->distinct[features->distinct_of_line[line]], own);
    log_features_context(features, line, context);
    double sum = 0;
    for (size_t f = 0; f < OWN_FEATURES; f++) {
        sum += (double)weights->own[f][own[f]];
    }
    for (size_t f = 0; f < CONTEXT_FEATURES; f++) {
        sum += (double)weights->context[f][context[f]];
    }
    for (int offset = -LINE_REACH; offset <= LINE_REACH; offset++) {
        long at = (long)line + offset;
        if (at < 0 || at >= (long)features->document->n_lines) {
            continue;
        }
        uint32_t distinct = features->distinct_of_line[at];
        for (uint32_t w = example->word_starts[distinct]; w < example->word_starts[distinct + 1];
             w++) {
            size_t bucket = example->words[w] >> (32 - BITS);
            sum += (double)weights->words[bucket * LINE_LANES + (size_t)(offset + LINE_REACH)];
        }
    }
    return sum;
}

// Cross-entropy between the uniform distribution over the gold lines and the softmax of the scores.
static double loss(const struct line_weights *weights, const struct line_example *example)
{
    size_t n_lines = example->features->document->n_lines, n_gold = 0;
    double all = 0, gold = 0;
    for (size_t i = 0; i < n_lines; i++) {
        double of_line = score(weights, example, i);
        all += exp(of_line);
        if (example->labels[i] == LINE_GOLD) {
            gold += of_line;
            n_gold++;
        }
    }
    return log(all) - gold / (double)n_gold;
}

// With a huge accumulator A and the rate √A one step of AdaGrad from nought is −gradient.
static void one_step_is_the_gradient_of_the_loss(void **state)
{
    (void)state;
    static struct line_fixture fixture;
    line_fixture_init(&fixture, toy_log);
    struct line_example example = line_fixture_example(&fixture);
    struct line_learner_options options = all_lines();
    options.accumulator = 1e10F;
    options.rate = 1e5F;
    struct line_weights step, weights;
    assert_int_equal(line_learner_fit(&step, &example, 1, &options, NULL), BANTAM_OK);
    assert_int_equal(line_weights_init(&weights, BITS, NULL), BANTAM_OK);
    struct {
        float *weights, *steps;
        size_t n, stride;
    } parts[] = {
        {weights.words, step.words, (size_t)LINE_LANES << BITS, 7},
        {&weights.own[0][0], &step.own[0][0], OWN_FEATURES * LINE_VALUES, 1},
        {&weights.context[0][0], &step.context[0][0], CONTEXT_FEATURES * LINE_VALUES, 1},
    };
    size_t n_moved = 0;
    const float epsilon = 0x1p-8F;
    for (size_t p = 0; p < 3; p++) {
        for (size_t i = 0; i < parts[p].n; i += parts[p].stride) {
            parts[p].weights[i] = epsilon;
            double above = loss(&weights, &example);
            parts[p].weights[i] = -epsilon;
            double below = loss(&weights, &example);
            parts[p].weights[i] = 0;
            double slope = (above - below) / (2 * (double)epsilon);
            assert_true(fabs(slope + (double)parts[p].steps[i]) < 1e-3);
            n_moved += fabs(slope) > 1e-2;
        }
    }
    assert_true(n_moved > 50); // it was not all nought
    line_weights_release(&weights);
    line_weights_release(&step);
    line_fixture_release(&fixture);
}

static void a_toy_log_is_learnt(void **state)
{
    (void)state;
    static struct line_fixture fixture;
    line_fixture_init(&fixture, toy_log);
    struct line_example example = line_fixture_example(&fixture);
    struct line_learner_options options = all_lines();
    options.n_epochs = 60;
    options.word_dropout = 0.3F;
    options.dense_dropout = 0.1F;
    struct line_weights weights;
    assert_int_equal(line_learner_fit(&weights, &example, 1, &options, NULL), BANTAM_OK);
    double least_gold = INFINITY, most_wrong = -INFINITY;
    for (size_t i = 0; i < fixture.document.n_lines; i++) {
        double of_line = score(&weights, &example, i);
        if (fixture.labels[i] == LINE_GOLD) {
            least_gold = fmin(least_gold, of_line);
        } else {
            most_wrong = fmax(most_wrong, of_line);
        }
    }
    assert_true(least_gold > most_wrong + 1);
    line_weights_release(&weights);
    line_fixture_release(&fixture);
}

static void neutral_lines_have_no_say(void **state)
{
    (void)state;
    static struct line_fixture fixture;
    line_fixture_init(&fixture, toy_log);
    struct line_example example = line_fixture_example(&fixture);
    struct line_learner_options options = all_lines();
    struct line_weights weights;
    for (size_t i = 0; i < fixture.document.n_lines; i++) {
        fixture.labels[i] = fixture.labels[i] == LINE_GOLD ? LINE_GOLD : LINE_NEUTRAL;
    }
    assert_int_equal(line_learner_fit(&weights, &example, 1, &options, NULL), BANTAM_OK);
    for (size_t i = 0; i < (size_t)LINE_LANES << BITS; i++) {
        assert_true(weights.words[i] == 0);
    }
    line_weights_release(&weights);
    line_fixture_release(&fixture);
}

static void a_seed_decides_all(void **state)
{
    (void)state;
    static struct line_fixture fixture;
    line_fixture_init(&fixture, toy_log);
    struct line_example examples[3];
    for (size_t i = 0; i < 3; i++) {
        examples[i] = line_fixture_example(&fixture);
        examples[i].weight = (float)(i + 1) / 2;
    }
    struct line_learner_options options = all_lines();
    options.n_random = 3;
    options.n_epochs = 4;
    options.word_dropout = 0.5F;
    struct line_weights first, again, other;
    assert_int_equal(line_learner_fit(&first, examples, 3, &options, NULL), BANTAM_OK);
    assert_int_equal(line_learner_fit(&again, examples, 3, &options, NULL), BANTAM_OK);
    options.seed++;
    assert_int_equal(line_learner_fit(&other, examples, 3, &options, NULL), BANTAM_OK);
    size_t size = sizeof(float) * LINE_LANES << BITS;
    assert_memory_equal(first.words, again.words, size);
    assert_memory_equal(first.own, again.own, sizeof first.own);
    assert_memory_equal(first.context, again.context, sizeof first.context);
    assert_true(memcmp(first.words, other.words, size) != 0);
    line_weights_release(&first);
    line_weights_release(&again);
    line_weights_release(&other);
    line_fixture_release(&fixture);
}

static void lack_of_memory_is_told(void **state)
{
    (void)state;
    static struct line_fixture fixture;
    line_fixture_init(&fixture, toy_log);
    struct line_example example = line_fixture_example(&fixture);
    struct line_learner_options options = all_lines();
    bantam_status status = memory_can_fail() ? BANTAM_ERROR_MEMORY : BANTAM_OK;
    for (uint64_t after = 0; status; after++) {
        struct line_weights weights;
        memory_fail_after(after);
        status = line_learner_fit(&weights, &example, 1, &options, NULL);
        assert_int_equal(status, memory_fail_pending() ? BANTAM_OK : BANTAM_ERROR_MEMORY);
        line_weights_release(&weights);
    }
    memory_fail_after(UINT64_MAX);
    line_fixture_release(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_step_is_the_gradient_of_the_loss),
        cmocka_unit_test(a_toy_log_is_learnt),
        cmocka_unit_test(neutral_lines_have_no_say),
        cmocka_unit_test(a_seed_decides_all),
        cmocka_unit_test(lack_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
