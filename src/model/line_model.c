// Scoring with the weights as the file has them: int8 words, summed as integers.
#include "model/line_model.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"

typedef int8_t lanes_i8 __attribute__((vector_size(LINE_LANES)));
typedef int16_t lanes_i16 __attribute__((vector_size(2 * LINE_LANES)));
typedef float quarter_lanes
    __attribute__((vector_size(16))); // of four lines: what every processor has a register for

enum {
    LANE_FLUSH = 256, // so many int8 fit a sum of int16
    BLOCK = 8,        // lines that are scored together
};

static const bantam_tensor *tensor_of(const bantam_model *file, const char *name,
                                      bantam_dtype dtype, uint64_t rows, uint64_t columns)
{
    const bantam_tensor *tensor = bantam_model_tensor(file, name);
    bool fits = tensor && tensor->dtype == dtype && tensor->n_dimensions == 2 &&
                (rows == 0 || tensor->shape[0] == rows) && tensor->shape[1] == columns;
    return fits ? tensor : NULL;
}

// A whole vector to each bucket: its weights and, in the lanes behind them, which nobody reads, what follows in the file.
static void widen(int8_t *to, const int8_t *from, size_t n_buckets)
{
    for (size_t bucket = 0; bucket + 1 < n_buckets; bucket++) {
        memcpy(to + bucket * LINE_LANES, from + bucket * LINE_OFFSETS, LINE_LANES);
    }
    size_t last = n_buckets - 1;
    memcpy(to + last * LINE_LANES, from + last * LINE_OFFSETS, LINE_OFFSETS);
}

bantam_status line_model_load(struct line_model *model, const bantam_model *file,
                              bantam_error *error)
{
    *model = (struct line_model){0};
    const char *version = bantam_model_metadata(file, "features");
    if (!version || strcmp(version, LINE_MODEL_FEATURES) != 0) {
        return error_set(error, BANTAM_ERROR_VERSION,
                         "the line model was made for features version %s, this program has "
                         "version " LINE_MODEL_FEATURES "; train it again",
                         version ? version : "(none)");
    }
    const bantam_tensor *words = tensor_of(file, "words", BANTAM_I8, 0, LINE_OFFSETS);
    const bantam_tensor *scale = tensor_of(file, "word_scale", BANTAM_F32, 1, 1);
    const bantam_tensor *own = tensor_of(file, "own", BANTAM_F32, OWN_FEATURES, LINE_VALUES);
    const bantam_tensor *context =
        tensor_of(file, "context", BANTAM_F32, CONTEXT_FEATURES, LINE_VALUES);
    if (!words || !scale || !own || !context || words->shape[0] < 2 || words->shape[0] > 1U << 24 ||
        (words->shape[0] & (words->shape[0] - 1))) {
        return error_set(error, BANTAM_ERROR_MODEL,
                         "the line model lacks a tensor, or one has the wrong shape");
    }
    size_t n_buckets = (size_t)words->shape[0];
    model->bits = (unsigned)__builtin_ctzll(n_buckets);
    model->words = memory_allocate_array(n_buckets, LINE_LANES);
    if (!model->words) {
        return error_memory(error);
    }
    widen(model->words, words->data, n_buckets);
    memcpy(&model->word_scale, scale->data, sizeof model->word_scale);
    memcpy(model->own, own->data, sizeof model->own);
    memcpy(model->context, context->data, sizeof model->context);
    return BANTAM_OK;
}

void line_model_release(struct line_model *model)
{
    memory_free(model->words);
    *model = (struct line_model){0};
}

void line_model_sum(const struct line_model *model, const uint32_t *hashes, size_t n_hashes,
                    struct line_sums *sums)
{
    int32_t total[LINE_LANES] = {0};
    for (size_t from = 0; from < n_hashes; from += LANE_FLUSH) {
        size_t to = n_hashes - from > LANE_FLUSH ? from + LANE_FLUSH : n_hashes;
        lanes_i16 sum = {0};
        for (size_t i = from; i < to; i++) {
            lanes_i8 weights;
            memcpy(&weights, model->words + (size_t)(hashes[i] >> (32 - model->bits)) * LINE_LANES,
                   sizeof weights);
            sum += __builtin_convertvector(weights, lanes_i16);
        }
        for (size_t lane = 0; lane < LINE_LANES; lane++) {
            total[lane] += sum[lane];
        }
    }
    for (size_t offset = 0; offset < LINE_OFFSETS; offset++) {
        sums->of_offset[offset] = model->word_scale * (float)total[offset];
    }
}

float line_model_own(const struct line_model *model, const struct distinct_line *distinct)
{
    uint8_t values[OWN_FEATURES];
    log_features_own(distinct, values);
    float sum = 0;
    for (size_t feature = 0; feature < OWN_FEATURES; feature++) {
        sum += model->own[feature][values[feature]];
    }
    return sum;
}

static inline quarter_lanes weights_of(const float *weights, uint8_t (*values)[CONTEXT_FEATURES],
                                       size_t feature)
{
    return (quarter_lanes){weights[values[0][feature]], weights[values[1][feature]],
                           weights[values[2][feature]], weights[values[3][feature]]};
}

// Adds the weights of the features' values, one feature after the other. By hand: compilers gather eight weights through memory.
static void add_context(const struct line_model *model, uint8_t values[BLOCK][CONTEXT_FEATURES],
                        float block[BLOCK])
{
    quarter_lanes first, second;
    memcpy(&first, block, sizeof first);
    memcpy(&second, block + BLOCK / 2, sizeof second);
    for (size_t feature = 0; feature < CONTEXT_FEATURES; feature++) {
        first += weights_of(model->context[feature], values, feature);
        second += weights_of(model->context[feature], values + BLOCK / 2, feature);
    }
    memcpy(block, &first, sizeof first);
    memcpy(block + BLOCK / 2, &second, sizeof second);
}

// Scores of the lines from `from` to `to`, at most BLOCK of them. Each score is a sum in a fixed order, in which every addition waits
// for the one before; those of a block do not wait for each other.
static void score_block(const struct line_model *model, const struct log_features *features,
                        const struct line_sums *sums, size_t from, size_t to, float *scores)
{
    size_t n_lines = features->document->n_lines, n = to - from;
    const uint32_t *distinct = features->distinct_of_line;
    uint8_t values[BLOCK][CONTEXT_FEATURES];
    float block[BLOCK] = {0};
    for (size_t i = 0; i < n; i++) {
        log_features_context(features, from + i, values[i]);
        block[i] = sums[distinct[from + i]].own;
    }
    for (size_t i = n; i < BLOCK; i++) {
        memset(values[i], 0, sizeof values[i]); // lines past the end: not used
    }
    add_context(model, values, block);
    for (size_t i = 0; i < n; i++) {
        for (size_t offset = 0; offset < LINE_OFFSETS; offset++) {
            size_t neighbour = from + i + offset - LINE_REACH; // wraps below zero to above n_lines
            if (neighbour < n_lines) {
                block[i] += sums[distinct[neighbour]].of_offset[offset];
            }
        }
        scores[from + i] = block[i];
    }
}

void line_model_score(const struct line_model *model, const struct log_features *features,
                      const struct line_sums *sums, float *scores)
{
    size_t n_lines = features->document->n_lines;
    for (size_t from = 0; from < n_lines; from += BLOCK) {
        size_t to = n_lines - from > BLOCK ? from + BLOCK : n_lines;
        score_block(model, features, sums, from, to, scores);
    }
}
