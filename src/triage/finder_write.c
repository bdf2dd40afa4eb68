// Tensors of the parts, the words without the padding lanes that they have in memory.
#include "triage/finder_write.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

static bantam_tensor tree_tensor(const char *name, const struct tree_model *trees, bool splits)
{
    uint64_t n_leaves = (uint64_t)1 << trees->depth;
    bantam_tensor tensor = {.name = name, .dtype = BANTAM_F32, .n_dimensions = 2};
    tensor.shape[0] = trees->n_trees;
    tensor.shape[1] = n_leaves;
    tensor.data = trees->leaves;
    tensor.size = trees->n_trees * (size_t)n_leaves * sizeof(float);
    if (splits) {
        tensor.dtype = BANTAM_U8;
        tensor.n_dimensions = 3;
        tensor.shape[1] = n_leaves - 1;
        tensor.shape[2] = 2;
        tensor.data = trees->splits;
        tensor.size = trees->n_trees * ((size_t)n_leaves - 1) * 2;
    }
    return tensor;
}

static int8_t *pack_words(const struct line_model *model, size_t n_buckets)
{
    int8_t *packed = memory_allocate_array(n_buckets, LINE_OFFSETS);
    for (size_t bucket = 0; packed && bucket < n_buckets; bucket++) {
        memcpy(packed + bucket * LINE_OFFSETS, model->words + bucket * LINE_LANES, LINE_OFFSETS);
    }
    return packed;
}

static bantam_tensor vector_tensor(const char *name, const float *values, size_t n)
{
    return (bantam_tensor){name, BANTAM_F32, 1, {n}, values, n * sizeof *values};
}

bantam_status finder_write(bantam_buffer *out, const struct finder_parts *parts,
                           const bantam_train_options *options, bantam_error *error)
{
    const struct line_model *lines = parts->lines;
    size_t n_buckets = (size_t)1 << lines->bits;
    int8_t *words = pack_words(lines, n_buckets);
    if (!words) {
        return error_memory(error);
    }
    bantam_tensor tensors[] = {
        {"words", BANTAM_I8, 2, {n_buckets, LINE_OFFSETS}, words, n_buckets * LINE_OFFSETS},
        {"word_scale", BANTAM_F32, 2, {1, 1}, &lines->word_scale, sizeof(float)},
        {"own", BANTAM_F32, 2, {OWN_FEATURES, LINE_VALUES}, lines->own, sizeof lines->own},
        {"context",
         BANTAM_F32,
         2,
         {CONTEXT_FEATURES, LINE_VALUES},
         lines->context,
         sizeof lines->context},
        tree_tensor("rank.splits", parts->rank, true),
        tree_tensor("rank.leaves", parts->rank, false),
        tree_tensor("chunk.splits", parts->chunk, true),
        tree_tensor("chunk.leaves", parts->chunk, false),
        vector_tensor("findings", parts->findings, FINDING_FEATURES),
        vector_tensor("gate", parts->gate, GATE_FEATURES),
    };
    char seed[24], n_logs[24];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)options->seed);
    snprintf(n_logs, sizeof n_logs, "%zu", parts->n_logs);
    bantam_metadata metadata[] = {
        {"kind", "ci-lines"},
        {"version", "1"},
        {"features", LINE_MODEL_FEATURES},
        {"parameters", parts->parameters},
        {"seed", seed},
        {"training_logs", n_logs},
        {"data_digest", options->data_digest ? options->data_digest : ""},
        {"licence", "Apache-2.0"},
    };
    bantam_status status = bantam_model_write(out, tensors, sizeof tensors / sizeof *tensors,
                                              metadata, sizeof metadata / sizeof *metadata, error);
    memory_free(words);
    return status;
}
