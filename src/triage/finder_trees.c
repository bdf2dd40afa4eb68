// The trees that re-rank candidates and those that grow chunks, on rows of logs as weights see them that do not know them.
#include "base/error.h"
#include "base/memory.h"
#include "train/tree_learner.h"
#include "triage/finder.h"
#include "triage/finder_training.h"
#include "triage/tree_rows.h"

bool finder_in_half(const struct training_log *log, int half)
{
    return half == 2 || log->fold % 2 == half;
}

static bantam_status gather_rows(const struct finder_training *training, int half,
                                 struct tree_rows *rank, struct tree_rows *chunk,
                                 bantam_error *error)
{
    struct listed_line *candidates = memory_allocate_array(CANDIDATES_MAXIMUM, sizeof *candidates);
    bantam_status status = candidates ? BANTAM_OK : error_memory(error);
    for (size_t i = 0; !status && i < training->all.n_failed; i++) {
        const struct training_log *log = &training->all.logs[i];
        float weight = finder_origin_weight(training, log);
        if (!finder_in_half(log, half) || !(weight > 0)) {
            continue;
        }
        struct line_scores of_log;
        status = line_scores_init(&of_log, &log->features, training->linear[i], error);
        size_t margin = (size_t)training->parameters.chunk_margin;
        if (!status &&
            (!tree_rows_add_candidates(rank, log, &of_log, training->linear[i], weight,
                                       candidates) ||
             (!log->source->constructed && !tree_rows_add_walks(chunk, log, &of_log, margin)))) {
            status = error_memory(error);
        }
        line_scores_release(&of_log);
    }
    memory_free(candidates);
    return status;
}

bantam_status finder_fit_trees(const struct finder_training *training, int half,
                               struct tree_model *rank_trees, struct tree_model *chunk_trees,
                               bantam_error *error)
{
    const struct finder_parameters *parameters = &training->parameters;
    struct tree_rows rank = {.n_features = RANK_FEATURES, .peak = (float)parameters->rank_peak};
    struct tree_rows chunk = {.n_features = CHUNK_FEATURES};
    struct tree_learner_options options = {
        .n_trees = (size_t)parameters->rank_trees,
        .depth = (size_t)parameters->rank_depth,
        .rate = (float)parameters->rank_rate,
        .l2 = (float)parameters->rank_l2,
        .least_weight = (float)parameters->rank_weight,
        .column_share = (float)parameters->columns,
        .row_share = (float)parameters->rows,
        .seed = training->options->seed,
    };
    bantam_status status = gather_rows(training, half, &rank, &chunk, error);
    if (!status && !finder_report(training, "fitting trees", 0, 2)) {
        status = error_set(error, BANTAM_ERROR_CANCELLED, "training was cancelled");
    }
    if (!status) {
        status = tree_learner_fit(rank_trees, rank.values, rank.n_rows, RANK_FEATURES, rank.scores,
                                  tree_rows_rank, &rank, &options, error);
    }
    options.n_trees = (size_t)parameters->chunk_trees;
    options.depth = (size_t)parameters->chunk_depth;
    options.rate = (float)parameters->chunk_rate;
    options.l2 = (float)parameters->chunk_l2;
    options.least_weight = (float)parameters->chunk_weight;
    if (!status) {
        status = tree_learner_fit(chunk_trees, chunk.values, chunk.n_rows, CHUNK_FEATURES,
                                  chunk.scores, tree_rows_chunk, &chunk, &options, error);
    }
    tree_rows_release(&rank);
    tree_rows_release(&chunk);
    return status;
}
