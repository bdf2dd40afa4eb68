// One step: sample lines of a log, score them, softmax against the target, gradient only where it is not nought.
#include "train/line_learner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

enum {
    SAMPLE_MAXIMUM = 4096
};

// All weights in one row of floats, so that gradients and accumulators run alongside.
struct learner {
    const struct line_learner_options *options;
    size_t n_words, n_own, n_context, n_weights; // floats
    float *weights, *gradients, *accumulators;   // (n_weights)
    uint32_t *touched; // (n_blocks) blocks of LINE_LANES floats with a gradient in this step
    uint8_t *is_touched;
    size_t n_touched;
    uint32_t *sample; // (SAMPLE_MAXIMUM) lines
    float *scores, *targets;
    size_t n_sample;
    uint64_t key; // of this step's dropout
    struct random random;
};

static bool learner_init(struct learner *learner, const struct line_learner_options *options)
{
    *learner = (struct learner){.options = options, .random = {options->seed}};
    learner->n_words = (size_t)LINE_LANES << options->bits;
    learner->n_own = (size_t)OWN_FEATURES * LINE_VALUES;
    learner->n_context = (size_t)CONTEXT_FEATURES * LINE_VALUES;
    learner->n_weights = learner->n_words + learner->n_own + learner->n_context;
    size_t n_blocks = learner->n_weights / LINE_LANES;
    learner->weights = memory_allocate_array(learner->n_weights, sizeof(float));
    learner->gradients = memory_allocate_array(learner->n_weights, sizeof(float));
    learner->accumulators = memory_allocate_array(learner->n_weights, sizeof(float));
    learner->touched = memory_allocate_array(n_blocks, sizeof(uint32_t));
    learner->is_touched = memory_allocate_array(n_blocks, 1);
    learner->sample = memory_allocate_array(SAMPLE_MAXIMUM, sizeof(uint32_t));
    learner->scores = memory_allocate_array(SAMPLE_MAXIMUM, sizeof(float));
    learner->targets = memory_allocate_array(SAMPLE_MAXIMUM, sizeof(float));
    if (!learner->weights || !learner->gradients || !learner->accumulators || !learner->touched ||
        !learner->is_touched || !learner->sample || !learner->scores || !learner->targets) {
        return false;
    }
    for (size_t i = 0; i < learner->n_weights; i++) {
        learner->accumulators[i] = options->accumulator;
    }
    return true;
}

static void learner_release(struct learner *learner)
{
    memory_free(learner->weights);
    memory_free(learner->gradients);
    memory_free(learner->accumulators);
    memory_free(learner->touched);
    memory_free(learner->is_touched);
    memory_free(learner->sample);
    memory_free(learner->scores);
    memory_free(learner->targets);
}

// Walks the lines from a random one on and takes those that `wanted` says, at most `most`.
typedef bool (*line_wanted)(const struct line_example *example, size_t line);

static bool is_gold(const struct line_example *example, size_t line)
{
    return example->labels[line] == LINE_GOLD;
}

static bool is_marked(const struct line_example *example, size_t line)
{
    const struct line_counts *counts = example->features->counts;
    return example->labels[line] == LINE_WRONG && (counts[line + 1].errors != counts[line].errors ||
                                                   counts[line + 1].red != counts[line].red);
}

static bool is_wrong(const struct line_example *example, size_t line)
{
    return example->labels[line] == LINE_WRONG;
}

// Reservoir sampling (Vitter's algorithm R) of the wanted lines in [from, n_lines).
static void sample_lines(struct learner *learner, const struct line_example *example,
                         line_wanted wanted, size_t from, unsigned most)
{
    size_t begin = learner->n_sample, seen = 0;
    size_t n_lines = example->features->document->n_lines;
    for (size_t line = from; line < n_lines; line++) {
        if (!wanted(example, line)) {
            continue;
        }
        if (seen < most && learner->n_sample < SAMPLE_MAXIMUM) {
            learner->sample[learner->n_sample++] = (uint32_t)line;
        } else if (learner->n_sample > begin) {
            size_t slot = random_below(&learner->random, seen + 1);
            if (slot < learner->n_sample - begin) {
                learner->sample[begin + slot] = (uint32_t)line;
            }
        }
        seen++;
    }
}

static int compare_lines(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static void draw_sample(struct learner *learner, const struct line_example *example)
{
    const struct line_learner_options *options = learner->options;
    size_t n_lines = example->features->document->n_lines;
    learner->n_sample = 0;
    sample_lines(learner, example, is_gold, 0, options->n_gold);
    sample_lines(learner, example, is_wrong, 0, options->n_random);
    sample_lines(learner, example, is_marked, 0, options->n_marked);
    size_t tail = n_lines > options->n_last ? n_lines - options->n_last : 0;
    sample_lines(learner, example, is_wrong, tail, options->n_last);
    qsort(learner->sample, learner->n_sample, sizeof *learner->sample, compare_lines);
    size_t kept = 0;
    for (size_t i = 0; i < learner->n_sample; i++) {
        if (i == 0 || learner->sample[i] != learner->sample[i - 1]) {
            learner->sample[kept++] = learner->sample[i];
        }
    }
    learner->n_sample = kept;
}

// Whether a feature is left out of a line in this step: a hash of the three against the rate.
static bool dropped(uint64_t key, uint32_t feature, float rate)
{
    uint64_t mixed = (key ^ feature) * 0x9E3779B97F4A7C15U;
    return (float)(mixed >> 40) < rate * 16777216.0F;
}

// A line's weights in a step, one run of them after the other: the words of each neighbour, then the dense features.
struct weight_run {
    const uint32_t *features; // (n) what is dropped by, and for words where their weights are
    size_t n;
    uint64_t key;
    float rate;
    size_t offset; // of the neighbour
};

// Σ scale · w over the weights that this step keeps. Adds nothing for the others instead of branching: half of them are dropped
// at random, and no processor guesses that.
static inline float score_words(const struct learner *learner, const struct weight_run *run,
                                float sum)
{
    float scale = 1 / (1 - run->rate);
    const float *weights = learner->weights + run->offset;
    unsigned shift = 32 - learner->options->bits;
    for (size_t i = 0; i < run->n; i++) {
        float kept = dropped(run->key, run->features[i], run->rate) ? 0 : scale;
        sum += kept * weights[(size_t)(run->features[i] >> shift) * LINE_LANES];
    }
    return sum;
}

static inline float score_dense(const struct learner *learner, const uint8_t *values,
                                size_t n_features, size_t first_weight, uint64_t key, float sum)
{
    float rate = learner->options->dense_dropout, scale = 1 / (1 - rate);
    for (size_t feature = 0; feature < n_features; feature++) {
        float kept = dropped(key, (uint32_t)(feature + first_weight), rate) ? 0 : scale;
        sum += kept * learner->weights[first_weight + feature * LINE_VALUES + values[feature]];
    }
    return sum;
}

static void add_gradient(struct learner *learner, size_t weight, float gradient)
{
    size_t block = weight / LINE_LANES;
    if (!learner->is_touched[block]) {
        learner->is_touched[block] = 1;
        learner->touched[learner->n_touched++] = (uint32_t)block;
    }
    learner->gradients[weight] += gradient;
}

static void add_words(struct learner *learner, const struct weight_run *run, float gradient)
{
    float scale = 1 / (1 - run->rate);
    for (size_t i = 0; i < run->n; i++) {
        if (!dropped(run->key, run->features[i], run->rate)) {
            size_t bucket = run->features[i] >> (32 - learner->options->bits);
            add_gradient(learner, bucket * LINE_LANES + run->offset, scale * gradient);
        }
    }
}

static void add_dense(struct learner *learner, const uint8_t *values, size_t n_features,
                      size_t first_weight, uint64_t key, float gradient)
{
    float rate = learner->options->dense_dropout, scale = 1 / (1 - rate);
    for (size_t feature = 0; feature < n_features; feature++) {
        if (!dropped(key, (uint32_t)(feature + first_weight), rate)) {
            add_gradient(learner, first_weight + feature * LINE_VALUES + values[feature],
                         scale * gradient);
        }
    }
}

// The words of a line's neighbours; returns how many runs.
static inline size_t word_runs(const struct learner *learner, const struct line_example *example,
                               size_t line, uint64_t key, struct weight_run runs[LINE_OFFSETS])
{
    const struct log_features *features = example->features;
    size_t n = 0, n_lines = features->document->n_lines;
    for (size_t offset = 0; offset < LINE_OFFSETS; offset++) {
        size_t neighbour = line + offset - LINE_REACH;
        if (neighbour >= n_lines) {
            continue;
        }
        uint32_t distinct = features->distinct_of_line[neighbour];
        size_t from = example->word_starts[distinct], to = example->word_starts[distinct + 1];
        runs[n++] = (struct weight_run){.features = example->words + from,
                                        .n = to - from,
                                        .key = key + offset * 0xA0761D6478BD642FU,
                                        .rate = learner->options->word_dropout,
                                        .offset = offset};
    }
    return n;
}

static uint64_t line_key(const struct learner *learner, size_t line)
{
    return (learner->key + line) * 0xD6E8FEB86659FD93U;
}

static float score_line(const struct learner *learner, const struct line_example *example,
                        size_t line)
{
    const struct log_features *features = example->features;
    struct weight_run runs[LINE_OFFSETS];
    uint64_t key = line_key(learner, line);
    size_t n = word_runs(learner, example, line, key, runs);
    float sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum = score_words(learner, &runs[i], sum);
    }
    uint8_t own[OWN_FEATURES], context[CONTEXT_FEATURES];
    log_features_own(&features->distinct[features->distinct_of_line[line]], own);
    log_features_context(features, line, context);
    sum = score_dense(learner, own, OWN_FEATURES, learner->n_words, key, sum);
    return score_dense(learner, context, CONTEXT_FEATURES, learner->n_words + learner->n_own, key,
                       sum);
}

static void add_line(struct learner *learner, const struct line_example *example, size_t line,
                     float gradient)
{
    const struct log_features *features = example->features;
    struct weight_run runs[LINE_OFFSETS];
    uint64_t key = line_key(learner, line);
    size_t n = word_runs(learner, example, line, key, runs);
    for (size_t i = 0; i < n; i++) {
        add_words(learner, &runs[i], gradient);
    }
    uint8_t own[OWN_FEATURES], context[CONTEXT_FEATURES];
    log_features_own(&features->distinct[features->distinct_of_line[line]], own);
    log_features_context(features, line, context);
    add_dense(learner, own, OWN_FEATURES, learner->n_words, key, gradient);
    add_dense(learner, context, CONTEXT_FEATURES, learner->n_words + learner->n_own, key, gradient);
}

static void softmax(float *values, size_t n_values)
{
    float most = -INFINITY, sum = 0;
    for (size_t i = 0; i < n_values; i++) {
        most = fmaxf(most, values[i]);
    }
    for (size_t i = 0; i < n_values; i++) {
        values[i] = expf(values[i] - most);
        sum += values[i];
    }
    for (size_t i = 0; i < n_values; i++) {
        values[i] /= sum;
    }
}

// w ← w − rate · g / √G, G ← G + g²
static void apply_gradients(struct learner *learner)
{
    float rate = learner->options->rate;
    for (size_t i = 0; i < learner->n_touched; i++) {
        size_t block = learner->touched[i];
        learner->is_touched[block] = 0;
        for (size_t weight = block * LINE_LANES; weight < (block + 1) * LINE_LANES; weight++) {
            float gradient = learner->gradients[weight];
            if (gradient != 0) {
                learner->accumulators[weight] += gradient * gradient;
                learner->weights[weight] -= rate * gradient / sqrtf(learner->accumulators[weight]);
                learner->gradients[weight] = 0;
            }
        }
    }
    learner->n_touched = 0;
}

static void learner_step(struct learner *learner, const struct line_example *example)
{
    draw_sample(learner, example);
    learner->key = random_next(&learner->random);
    size_t n_gold = 0;
    for (size_t i = 0; i < learner->n_sample; i++) {
        learner->scores[i] = score_line(learner, example, learner->sample[i]);
        bool gold = is_gold(example, learner->sample[i]);
        n_gold += gold;
        learner->targets[i] = gold ? learner->options->peak * learner->scores[i] : -INFINITY;
    }
    if (n_gold == 0 || n_gold == learner->n_sample) {
        return;
    }
    softmax(learner->scores, learner->n_sample);
    softmax(learner->targets, learner->n_sample);
    for (size_t i = 0; i < learner->n_sample; i++) {
        float gradient = example->weight * (learner->scores[i] - learner->targets[i]);
        if (fabsf(gradient) > 1e-4F) {
            add_line(learner, example, learner->sample[i], gradient);
        }
    }
    apply_gradients(learner);
}

bantam_status line_learner_fit(struct line_weights *weights, const struct line_example *examples,
                               size_t n_examples, const struct line_learner_options *options,
                               bantam_error *error)
{
    *weights = (struct line_weights){0};
    struct learner learner;
    uint32_t *order = memory_allocate_array(n_examples, sizeof *order);
    bool ready = learner_init(&learner, options) && order;
    bantam_status status =
        ready ? line_weights_init(weights, options->bits, error) : error_memory(error);
    for (unsigned epoch = 0; !status && epoch < options->n_epochs; epoch++) {
        for (size_t i = 0; i < n_examples; i++) {
            order[i] = (uint32_t)i;
        }
        random_shuffle(&learner.random, order, n_examples);
        for (size_t i = 0; i < n_examples; i++) {
            learner_step(&learner, &examples[order[i]]);
        }
    }
    if (!status) {
        memcpy(weights->words, learner.weights, learner.n_words * sizeof(float));
        memcpy(weights->own, learner.weights + learner.n_words, sizeof weights->own);
        memcpy(weights->context, learner.weights + learner.n_words + learner.n_own,
               sizeof weights->context);
    }
    memory_free(order);
    learner_release(&learner);
    return status;
}
