// Level by level: histograms of gradients for every node of a level, the best split of each, rows sent down.
#include "train/tree_learner.h"

#include <stdbool.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/random.h"

enum {
    BINS = 256
};

struct bin {
    float gradient, hessian;
};

struct grower {
    const struct tree_learner_options *options;
    const uint8_t *rows; // (n_rows, n_features)
    size_t n_rows, n_features;
    float *gradients, *hessians; // (n_rows)
    uint8_t *nodes;        // (n_rows) the node within the level; UINT8_MAX: left out of this tree
    struct bin *histogram; // (nodes of a level, n_columns, BINS)
    uint32_t *columns;     // (n_features) the first n_columns are this tree's
    size_t n_columns;
    struct random random;
};

static bool grower_init(struct grower *grower)
{
    size_t n_nodes = (size_t)1 << (grower->options->depth - 1);
    grower->n_columns = (size_t)(grower->options->column_share * (float)grower->n_features + 0.5F);
    grower->n_columns = grower->n_columns ? grower->n_columns : 1;
    grower->gradients = memory_allocate_array(grower->n_rows, sizeof(float));
    grower->hessians = memory_allocate_array(grower->n_rows, sizeof(float));
    grower->nodes = memory_allocate_array(grower->n_rows, 1);
    grower->histogram =
        memory_allocate_array(n_nodes * grower->n_columns * BINS, sizeof(struct bin));
    grower->columns = memory_allocate_array(grower->n_features, sizeof(uint32_t));
    for (size_t i = 0; grower->columns && i < grower->n_features; i++) {
        grower->columns[i] = (uint32_t)i;
    }
    return grower->gradients && grower->hessians && grower->nodes && grower->histogram &&
           grower->columns;
}

static void grower_release(struct grower *grower)
{
    memory_free(grower->gradients);
    memory_free(grower->hessians);
    memory_free(grower->nodes);
    memory_free(grower->histogram);
    memory_free(grower->columns);
}

static void fill_histogram(struct grower *grower, size_t n_nodes)
{
    memset(grower->histogram, 0, n_nodes * grower->n_columns * BINS * sizeof(struct bin));
    for (size_t row = 0; row < grower->n_rows; row++) {
        if (grower->nodes[row] == UINT8_MAX) {
            continue;
        }
        const uint8_t *values = grower->rows + row * grower->n_features;
        struct bin *of_node =
            grower->histogram + (size_t)grower->nodes[row] * grower->n_columns * BINS;
        float gradient = grower->gradients[row], hessian = grower->hessians[row];
        for (size_t column = 0; column < grower->n_columns; column++) {
            struct bin *bin = &of_node[column * BINS + values[grower->columns[column]]];
            bin->gradient += gradient;
            bin->hessian += hessian;
        }
    }
}

struct split {
    float gain;
    uint8_t feature, threshold;
};

// The split with the largest G_l²/(H_l+λ) + G_r²/(H_r+λ) − G²/(H+λ); threshold 255 where none gains.
static struct split best_split(const struct grower *grower, size_t node)
{
    const struct tree_learner_options *options = grower->options;
    struct split best = {.gain = 1e-6F, .feature = 0, .threshold = UINT8_MAX};
    for (size_t column = 0; column < grower->n_columns; column++) {
        const struct bin *bins = grower->histogram + (node * grower->n_columns + column) * BINS;
        float total_gradient = 0, total_hessian = 0, gradient = 0, hessian = 0;
        for (size_t bin = 0; bin < BINS; bin++) {
            total_gradient += bins[bin].gradient;
            total_hessian += bins[bin].hessian;
        }
        float whole = total_gradient * total_gradient / (total_hessian + options->l2);
        for (size_t bin = 0; bin + 1 < BINS; bin++) {
            gradient += bins[bin].gradient;
            hessian += bins[bin].hessian;
            float other = total_hessian - hessian;
            if (hessian < options->least_weight || other < options->least_weight) {
                continue;
            }
            float rest = total_gradient - gradient;
            float gain = gradient * gradient / (hessian + options->l2) +
                         rest * rest / (other + options->l2) - whole;
            if (gain > best.gain) {
                best = (struct split){gain, (uint8_t)grower->columns[column], (uint8_t)bin};
            }
        }
    }
    return best;
}

static void grow_tree(struct grower *grower, uint8_t *splits)
{
    for (size_t level = 0; level < grower->options->depth; level++) {
        size_t n_nodes = (size_t)1 << level, first = n_nodes - 1;
        fill_histogram(grower, n_nodes);
        for (size_t node = 0; node < n_nodes; node++) {
            struct split split = best_split(grower, node);
            splits[2 * (first + node)] = split.feature;
            splits[2 * (first + node) + 1] = split.threshold;
        }
        for (size_t row = 0; row < grower->n_rows; row++) {
            uint8_t node = grower->nodes[row];
            if (node != UINT8_MAX) {
                const uint8_t *split = splits + 2 * (first + node);
                uint8_t value = grower->rows[row * grower->n_features + split[0]];
                grower->nodes[row] = (uint8_t)(2 * node + (value > split[1]));
            }
        }
    }
}

static void fill_leaves(const struct grower *grower, float *leaves)
{
    float gradients[1 << TREE_DEPTH_MAXIMUM] = {0}, hessians[1 << TREE_DEPTH_MAXIMUM] = {0};
    for (size_t row = 0; row < grower->n_rows; row++) {
        if (grower->nodes[row] != UINT8_MAX) {
            gradients[grower->nodes[row]] += grower->gradients[row];
            hessians[grower->nodes[row]] += grower->hessians[row];
        }
    }
    for (size_t leaf = 0; leaf < (size_t)1 << grower->options->depth; leaf++) {
        leaves[leaf] =
            -grower->options->rate * gradients[leaf] / (hessians[leaf] + grower->options->l2);
    }
}

static void fit_tree(struct grower *grower, struct tree_model *model, size_t tree, float *scores)
{
    size_t n_splits = ((size_t)1 << model->depth) - 1;
    float *leaves = model->leaves + tree * (n_splits + 1);
    random_shuffle(&grower->random, grower->columns, grower->n_features);
    for (size_t row = 0; row < grower->n_rows; row++) {
        bool kept = random_unit(&grower->random) < (double)grower->options->row_share;
        grower->nodes[row] = kept ? 0 : UINT8_MAX;
    }
    grow_tree(grower, model->splits + tree * n_splits * 2);
    fill_leaves(grower, leaves);
    for (size_t row = 0; row < grower->n_rows; row++) {
        scores[row] +=
            leaves[tree_model_leaf(model, tree, grower->rows + row * grower->n_features)];
    }
}

bantam_status tree_learner_fit(struct tree_model *model, const uint8_t *rows, size_t n_rows,
                               size_t n_features, float *scores, tree_objective objective,
                               void *context, const struct tree_learner_options *options,
                               bantam_error *error)
{
    *model = (struct tree_model){0};
    if (options->depth < 1 || options->depth >= TREE_DEPTH_MAXIMUM || n_features > 255) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "trees have a depth of 1 to 7 and at most 255 features");
    }
    struct grower grower = {.options = options,
                            .rows = rows,
                            .n_rows = n_rows,
                            .n_features = n_features,
                            .random = {options->seed}};
    bantam_status status = grower_init(&grower) ? BANTAM_OK : error_memory(error);
    if (!status) {
        status = tree_model_init(model, options->n_trees, options->depth, n_features, error);
    }
    for (size_t tree = 0; !status && tree < options->n_trees; tree++) {
        objective(context, scores, grower.gradients, grower.hessians, n_rows);
        fit_tree(&grower, model, tree, scores);
    }
    if (!status) {
        status = tree_model_index(model, error);
    }
    if (status) {
        tree_model_release(model);
    }
    grower_release(&grower);
    return status;
}
