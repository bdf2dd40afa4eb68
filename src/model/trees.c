// Walking complete trees: no pointers, depth steps a tree.
#include "model/trees.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

bantam_status tree_model_init(struct tree_model *model, size_t n_trees, size_t depth,
                              size_t n_features, bantam_error *error)
{
    *model = (struct tree_model){.n_trees = n_trees, .depth = depth, .n_features = n_features};
    size_t n_splits = ((size_t)1 << depth) - 1;
    model->splits = memory_allocate_array(n_trees, n_splits * 2);
    model->leaves = memory_allocate_array(n_trees, (n_splits + 1) * sizeof(float));
    if (!model->splits || !model->leaves) {
        tree_model_release(model);
        return error_memory(error);
    }
    return BANTAM_OK;
}

void tree_model_release(struct tree_model *model)
{
    memory_free(model->splits);
    memory_free(model->leaves);
    *model = (struct tree_model){0};
}

static bantam_status bad_trees(const char *name, bantam_error *error)
{
    return error_set(error, BANTAM_ERROR_MODEL,
                     "the trees \"%s\" are missing from the model or have the wrong shape", name);
}

bantam_status tree_model_load(struct tree_model *model, const bantam_model *file, const char *name,
                              size_t n_features, bantam_error *error)
{
    *model = (struct tree_model){0};
    char key[64];
    snprintf(key, sizeof key, "%s.splits", name);
    const bantam_tensor *splits = bantam_model_tensor(file, key);
    snprintf(key, sizeof key, "%s.leaves", name);
    const bantam_tensor *leaves = bantam_model_tensor(file, key);
    if (!splits || !leaves || splits->dtype != BANTAM_U8 || leaves->dtype != BANTAM_F32 ||
        splits->n_dimensions != 3 || leaves->n_dimensions != 2 || splits->shape[2] != 2 ||
        splits->shape[0] != leaves->shape[0] || splits->shape[0] > 100000) {
        return bad_trees(name, error);
    }
    size_t depth = 0;
    while (depth < TREE_DEPTH_MAXIMUM && leaves->shape[1] >> depth > 1) {
        depth++;
    }
    if (leaves->shape[1] != (uint64_t)1 << depth || splits->shape[1] + 1 != leaves->shape[1]) {
        return bad_trees(name, error);
    }
    for (size_t at = 0; at < splits->size; at += 2) {
        if (((const uint8_t *)splits->data)[at] >= n_features) {
            return bad_trees(name, error);
        }
    }
    bantam_status status =
        tree_model_init(model, (size_t)splits->shape[0], depth, n_features, error);
    if (!status) {
        memcpy(model->splits, splits->data, splits->size);
        memcpy(model->leaves, leaves->data, leaves->size);
    }
    return status;
}

size_t tree_model_leaf(const struct tree_model *model, size_t tree, const uint8_t *row)
{
    size_t n_splits = ((size_t)1 << model->depth) - 1;
    const uint8_t *splits = model->splits + tree * n_splits * 2;
    size_t node = 0;
    for (size_t level = 0; level < model->depth; level++) {
        node = 2 * node + 1 + (row[splits[2 * node]] > splits[2 * node + 1]);
    }
    return node - n_splits;
}

float tree_model_score(const struct tree_model *model, const uint8_t *row)
{
    float sum = 0;
    for (size_t tree = 0; tree < model->n_trees; tree++) {
        sum += model->leaves[(tree << model->depth) + tree_model_leaf(model, tree, row)];
    }
    return sum;
}

typedef uint8_t row_lanes __attribute__((vector_size(TREE_ROWS))); // one a row
typedef uint32_t word_lanes __attribute__((vector_size(TREE_ROWS)));

// All ones for each row that came to the node and goes on to its left.
static row_lanes goes_left(const uint8_t *split, uint8_t (*columns)[TREE_ROWS], row_lanes arrived)
{
    row_lanes column;
    memcpy(&column, columns[split[0]], sizeof column);
    word_lanes threshold = (word_lanes){0} + split[1] * 0x01010101U; // in each byte
    return (row_lanes)(column <= (row_lanes)threshold) & arrived;
}

// The leaf of each row: all splits are asked, level by level, which waits for nothing, while a row alone waits at each split it
// comes to. `columns` is (n_features, TREE_ROWS).
static row_lanes leaves_of_rows(const uint8_t *splits, size_t n_leaves,
                                uint8_t (*columns)[TREE_ROWS])
{
    row_lanes
        arrived[1 << TREE_DEPTH_MAXIMUM]; // (n_leaves - 1) all ones where a row comes to the node
    row_lanes leaf = {0}, right_here = {0};
    arrived[0] = ~leaf;
    size_t node = 0, bit = n_leaves / 2;
    for (; bit > 1; bit /= 2, right_here = (row_lanes){0}) {
        for (size_t end = 2 * node + 1; node < end; node++) {
            row_lanes left = goes_left(splits + 2 * node, columns, arrived[node]);
            row_lanes right = left ^ arrived[node];
            right_here |= right;
            arrived[2 * node + 1] = left;
            arrived[2 * node + 2] = right;
        }
        leaf |= right_here & (uint8_t)bit;
    }
    for (; bit > 0 && node < n_leaves - 1; node++) { // the last level leads to leaves
        right_here |= goes_left(splits + 2 * node, columns, arrived[node]) ^ arrived[node];
    }
    return leaf | (right_here & 1);
}

enum {
    WORD_BYTES = 8,
};

static void score_columns(const struct tree_model *model, uint8_t (*columns)[TREE_ROWS],
                          float sums[TREE_ROWS])
{
    size_t n_leaves = (size_t)1 << model->depth;
    memset(sums, 0, TREE_ROWS * sizeof *sums);
    for (size_t tree = 0; tree < model->n_trees; tree++) {
        row_lanes lanes =
            leaves_of_rows(model->splits + tree * (n_leaves - 1) * 2, n_leaves, columns);
        const float *leaves = model->leaves + tree * n_leaves;
        uint64_t leaf
            [TREE_ROWS /
             WORD_BYTES]; // by shifts: compilers store the lanes once more for each byte that is read
        memcpy(leaf, &lanes, sizeof leaf);
        for (size_t i = 0; i < TREE_ROWS; i++) {
            sums[i] += leaves[leaf[i / WORD_BYTES] >> i % WORD_BYTES * 8 & 0xFF];
        }
    }
}

void tree_model_score_rows(const struct tree_model *model, const uint8_t *rows, size_t n,
                           float *scores)
{
    enum {
        WORTH_IT = 6
    };
    uint8_t columns[UINT8_MAX + 1][TREE_ROWS];
    for (size_t from = 0; from < n; from += TREE_ROWS) {
        size_t left = n - from, n_here = left < TREE_ROWS ? left : TREE_ROWS;
        const uint8_t *row = rows + from * model->n_features;
        if (n_here < WORTH_IT) {
            for (size_t i = 0; i < n_here; i++) {
                scores[from + i] = tree_model_score(model, row + i * model->n_features);
            }
            return;
        }
        for (size_t feature = 0; feature < model->n_features && feature <= UINT8_MAX; feature++) {
            for (size_t i = 0; i < TREE_ROWS; i++) { // rows past the last: like it, and not used
                size_t at = i < n_here ? i : n_here - 1;
                columns[feature][i] = row[at * model->n_features + feature];
            }
        }
        float sums[TREE_ROWS];
        score_columns(model, columns, sums);
        memcpy(scores + from, sums, n_here * sizeof *sums);
    }
}
