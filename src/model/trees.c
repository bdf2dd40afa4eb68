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
    memory_free(model->questions);
    memory_free(model->asked);
    *model = (struct tree_model){0};
}

bantam_status tree_model_index(struct tree_model *model, bantam_error *error)
{
    size_t n_splits = model->n_trees * (((size_t)1 << model->depth) - 1), n = 0;
    size_t n_pairs = model->n_features * (UINT8_MAX + 1);
    uint16_t *number = memory_allocate_array(n_pairs, sizeof *number); // 1 for the first; 0: new
    model->asked = memory_allocate_array(n_splits, sizeof *model->asked);
    model->questions = memory_allocate_array(n_splits < n_pairs ? n_splits : n_pairs, 2);
    bool allocated = number && model->asked && model->questions;
    for (size_t i = 0; allocated && i < n_splits; i++) {
        const uint8_t *split = model->splits + 2 * i;
        uint16_t *known = &number[(size_t)split[0] << 8 | split[1]];
        if (*known == 0) {
            memcpy(model->questions + 2 * n, split, 2);
            *known = (uint16_t)++n;
        }
        model->asked[i] = (uint16_t)(*known - 1);
    }
    model->n_questions = n;
    memory_free(number);
    return allocated ? BANTAM_OK : error_memory(error);
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
        status = tree_model_index(model, error);
        if (status) {
            tree_model_release(model);
        }
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
typedef float quarter_lanes __attribute__((vector_size(16))); // of four rows

enum {
    WORTH_IT = 6, // rows from which on it is quicker to score them together
    QUESTIONS_TOGETHER =
        4096, // of a model whose rows are scored together: their answers take 64 KB
    QUARTERS = TREE_ROWS / 4,
};

// What all trees ask, each question once: all ones for each row that a split sends right.
static void answer(const struct tree_model *model, row_lanes *answers, const uint8_t *rows,
                   size_t n)
{
    uint8_t columns[UINT8_MAX + 1][TREE_ROWS]; // (n_features, TREE_ROWS)
    for (size_t i = 0; i < TREE_ROWS; i++) {   // rows past the last: like it, and not used
        const uint8_t *row = rows + (i < n ? i : n - 1) * model->n_features;
        for (size_t feature = 0; feature < model->n_features; feature++) {
            columns[feature][i] = row[feature];
        }
    }
    for (size_t question = 0; question < model->n_questions; question++) {
        const uint8_t *asked = model->questions + 2 * question;
        row_lanes column;
        memcpy(&column, columns[asked[0]], sizeof column);
        word_lanes threshold = (word_lanes){0} + asked[1] * 0x01010101U; // in each byte
        answers[question] = (row_lanes)(column > (row_lanes)threshold);
    }
}

// The leaf of each row: all splits are asked, level by level, which waits for nothing, while a row alone waits at each split it
// comes to.
static row_lanes leaves_of_rows(const uint16_t *asked, size_t n_leaves, const row_lanes *answers)
{
    row_lanes
        arrived[1 << TREE_DEPTH_MAXIMUM]; // (n_leaves - 1) all ones where a row comes to the node
    row_lanes leaf = {0}, right_here = {0};
    arrived[0] = ~leaf;
    size_t node = 0, bit = n_leaves / 2;
    for (; bit > 1; bit /= 2, right_here = (row_lanes){0}) {
        for (size_t end = 2 * node + 1; node < end; node++) {
            row_lanes right = answers[asked[node]] & arrived[node];
            right_here |= right;
            arrived[2 * node + 1] = right ^ arrived[node];
            arrived[2 * node + 2] = right;
        }
        leaf |= right_here & (uint8_t)bit;
    }
    for (; bit > 0 && node < n_leaves - 1; node++) { // the last level leads to leaves
        right_here |= answers[asked[node]] & arrived[node];
    }
    return leaf | (right_here & 1);
}

// The leaves that four rows reach, a byte each. By hand: compilers gather them through memory.
static quarter_lanes values_of(const float *leaves, uint32_t reached)
{
    return (quarter_lanes){leaves[reached & 0xFF], leaves[reached >> 8 & 0xFF],
                           leaves[reached >> 16 & 0xFF], leaves[reached >> 24]};
}

static void score_together(const struct tree_model *model, const uint8_t *rows, size_t n,
                           float *scores)
{
    size_t n_leaves = (size_t)1 << model->depth;
    row_lanes answers[QUESTIONS_TOGETHER];
    quarter_lanes sums[QUARTERS] = {{0}};
    answer(model, answers, rows, n);
    for (size_t tree = 0; tree < model->n_trees; tree++) {
        row_lanes lanes = leaves_of_rows(model->asked + tree * (n_leaves - 1), n_leaves, answers);
        uint32_t reached[QUARTERS];
        memcpy(reached, &lanes, sizeof reached);
        for (size_t i = 0; i < QUARTERS; i++) {
            sums[i] += values_of(model->leaves + tree * n_leaves, reached[i]);
        }
    }
    memcpy(scores, sums, n * sizeof *scores);
}

void tree_model_score_rows(const struct tree_model *model, const uint8_t *rows, size_t n,
                           float *scores)
{
    for (size_t from = 0; from < n; from += TREE_ROWS) {
        size_t left = n - from, n_here = left < TREE_ROWS ? left : TREE_ROWS;
        const uint8_t *row = rows + from * model->n_features;
        if (n_here >= WORTH_IT && model->n_questions <= QUESTIONS_TOGETHER) {
            score_together(model, row, n_here, scores + from);
            continue;
        }
        for (size_t i = 0; i < n_here; i++) {
            scores[from + i] = tree_model_score(model, row + i * model->n_features);
        }
    }
}
