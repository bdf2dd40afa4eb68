// Rows grow by doubling; a log that cannot teach (no gold candidate, or nothing else) leaves none behind.
#include "triage/tree_rows.h"

#include <math.h>

#include "base/memory.h"

static bool rows_reserve(struct tree_rows *rows, size_t more)
{
    if (rows->n_rows + more <= rows->capacity) {
        return true;
    }
    size_t capacity = (rows->n_rows + more) * 2;
    void *values = memory_resize_array(rows->values, capacity, rows->n_features);
    rows->values = values ? values : rows->values;
    void *scores = memory_resize_array(rows->scores, capacity, sizeof(float));
    rows->scores = scores ? scores : rows->scores;
    void *targets = memory_resize_array(rows->targets, capacity, sizeof(float));
    rows->targets = targets ? targets : rows->targets;
    void *weights = memory_resize_array(rows->weights, capacity, sizeof(float));
    rows->weights = weights ? weights : rows->weights;
    if (!values || !scores || !targets || !weights) {
        return false;
    }
    rows->capacity = capacity;
    return true;
}

void tree_rows_release(struct tree_rows *rows)
{
    memory_free(rows->values);
    memory_free(rows->scores);
    memory_free(rows->targets);
    memory_free(rows->weights);
    memory_free(rows->group_ends);
}

static bool rows_end_group(struct tree_rows *rows)
{
    if (rows->n_groups == rows->group_capacity) {
        size_t capacity = rows->group_capacity ? rows->group_capacity * 2 : 1024;
        void *ends = memory_resize_array(rows->group_ends, capacity, sizeof(size_t));
        if (!ends) {
            return false;
        }
        rows->group_ends = ends;
        rows->group_capacity = capacity;
    }
    rows->group_ends[rows->n_groups++] = rows->n_rows;
    return true;
}

// The candidates of one log are a group: softmax over them against the gold ones.
bool tree_rows_add_candidates(struct tree_rows *rows, const struct training_log *log,
                              const struct line_scores *of_log, const float *linear, float weight,
                              struct listed_line *candidates)
{
    size_t n = finder_candidates(candidates, &log->features, linear), n_gold = 0;
    size_t begin = rows->n_rows;
    if (!rows_reserve(rows, n)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t line = candidates[i].line;
        if (log->labels[line] == LINE_NEUTRAL) {
            continue;
        }
        size_t row = rows->n_rows++;
        rank_row(of_log, line, i, rows->values + row * rows->n_features);
        rows->scores[row] = linear[line];
        rows->targets[row] = log->labels[line] == LINE_GOLD;
        rows->weights[row] = weight;
        n_gold += log->labels[line] == LINE_GOLD;
    }
    if (n_gold == 0 || n_gold == rows->n_rows - begin) {
        rows->n_rows = begin;
        return true;
    }
    return rows_end_group(rows);
}

void tree_rows_rank(void *context, const float *scores, float *gradients, float *hessians,
                    size_t n_rows)
{
    const struct tree_rows *rows = context;
    (void)n_rows;
    size_t begin = 0;
    for (size_t group = 0; group < rows->n_groups; group++) {
        size_t end = rows->group_ends[group];
        float most = -INFINITY, all = 0, gold = 0;
        for (size_t row = begin; row < end; row++) {
            most = fmaxf(most, scores[row]);
        }
        for (size_t row = begin; row < end; row++) {
            all += expf(scores[row] - most);
            gold += rows->targets[row] * expf(rows->peak * (scores[row] - most));
        }
        for (size_t row = begin; row < end; row++) {
            float p = expf(scores[row] - most) / all;
            float q = rows->targets[row] * expf(rows->peak * (scores[row] - most)) / gold;
            gradients[row] = rows->weights[row] * (p - q);
            hessians[row] = rows->weights[row] * fmaxf(p * (1 - p), 1e-4F);
        }
        begin = end;
    }
}

void tree_rows_chunk(void *context, const float *scores, float *gradients, float *hessians,
                     size_t n_rows)
{
    const struct tree_rows *rows = context;
    for (size_t row = 0; row < n_rows; row++) {
        float p = 1 / (1 + expf(-scores[row]));
        gradients[row] = rows->weights[row] * (p - rows->targets[row]);
        hessians[row] = rows->weights[row] * fmaxf(p * (1 - p), 1e-4F);
    }
}

// One walk from the anchor: rows until the gold chunk is left by `margin` lines.
static bool add_walk(struct tree_rows *rows, const struct training_log *log,
                     const struct line_scores *of_log, size_t anchor, int step, size_t margin)
{
    struct chunk_walk walk = chunk_walk_start(of_log, anchor, step);
    size_t outside = 0;
    bool within = true;
    for (int64_t at = (int64_t)anchor + step;
         at >= 0 && (size_t)at < log->document.n_lines && walk.n_lines < CHUNK_REACH; at += step) {
        if (chunk_border(&log->features, (size_t)at) || outside == margin) {
            break;
        }
        if (!rows_reserve(rows, 1)) {
            return false;
        }
        chunk_row(of_log, &walk, (size_t)at, rows->values + rows->n_rows * rows->n_features);
        uint8_t label = log->labels[at];
        within = within && label != LINE_WRONG;
        if (log->features.distinct[log->features.distinct_of_line[at]].n_tokens == 0) {
            continue;
        }
        outside += !within;
        rows->scores[rows->n_rows] = 0;
        rows->targets[rows->n_rows] = within;
        rows->weights[rows->n_rows++] = log->is_plain ? 0.5F : 1;
    }
    return true;
}

enum {
    ANCHORS = 3
}; // gold lines of a log that chunks are grown from, those with the highest scores

bool tree_rows_add_walks(struct tree_rows *rows, const struct training_log *log,
                         const struct line_scores *of_log, size_t margin)
{
    size_t anchors[ANCHORS], n_anchors = 0;
    for (size_t at = 0; at < log->document.n_lines; at++) {
        if (log->labels[at] != LINE_GOLD) {
            continue;
        }
        size_t slot = n_anchors;
        for (; slot > 0 && of_log->scores[at] > of_log->scores[anchors[slot - 1]]; slot--) {
            if (slot < ANCHORS) {
                anchors[slot] = anchors[slot - 1];
            }
        }
        if (slot < ANCHORS) {
            anchors[slot] = at;
            n_anchors += n_anchors < ANCHORS;
        }
    }
    for (size_t i = 0; i < n_anchors; i++) {
        if (!add_walk(rows, log, of_log, anchors[i], -1, margin) ||
            !add_walk(rows, log, of_log, anchors[i], 1, margin)) {
            return false;
        }
    }
    return true;
}
