// Bags of linear weights: each is fitted on all but its part of the groups, and scores the logs of that part.
#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "triage/finder_training.h"

static bantam_status run_pieces(struct finder_training *training, const char *what, size_t n_pieces,
                                bantam_status (*piece)(void *, size_t, bantam_error *),
                                bantam_error *error)
{
    if (!finder_report(training, what, 0, n_pieces)) {
        return error_set(error, BANTAM_ERROR_CANCELLED, "training was cancelled");
    }
    return parallel_try(n_pieces, training->options->n_threads, piece, training, error);
}

static bantam_status fit_piece(void *context, size_t i, bantam_error *error)
{
    struct finder_training *training = context;
    const struct finder_parameters *parameters = &training->parameters;
    int bag = (int)(i / finder_sets_of_bag(training));
    struct line_example *examples = memory_allocate_array(training->all.n_failed, sizeof *examples);
    if (!examples) {
        return error_memory(error);
    }
    size_t n_examples = 0;
    for (size_t at = 0; at < training->all.n_failed; at++) {
        const struct training_log *log = &training->all.logs[at];
        float weight = log->is_plain ? (float)parameters->plain_weight : 1;
        weight *= finder_origin_weight(training, log);
        if (log->fold != bag && weight > 0) {
            examples[n_examples++] = (struct line_example){.features = &log->features,
                                                           .word_starts = log->word_starts,
                                                           .words = log->words,
                                                           .labels = log->labels,
                                                           .weight = weight};
        }
    }
    struct line_learner_options options = {
        .bits = (unsigned)parameters->bits,
        .n_epochs = (unsigned)parameters->epochs,
        .rate = (float)parameters->rate,
        .accumulator = (float)parameters->accumulator,
        .word_dropout = (float)parameters->word_dropout,
        .dense_dropout = (float)parameters->dense_dropout,
        .peak = i % N_PEAKS ? 1.0F : 0.0F,
        .n_gold = (unsigned)parameters->gold,
        .n_last = (unsigned)parameters->last,
        .n_random = (unsigned)parameters->random,
        .n_marked = (unsigned)parameters->marked,
        .seed = training->options->seed * 1000003 + i,
    };
    bantam_status status =
        line_learner_fit(&training->weights[i], examples, n_examples, &options, error);
    memory_free(examples);
    return status;
}

bantam_status finder_mean_weights(struct line_model *model, const struct finder_training *training,
                                  size_t from, size_t to, bantam_error *error)
{
    struct line_weights mean;
    bantam_status status = line_weights_init(&mean, (unsigned)training->parameters.bits, error);
    for (size_t i = from; !status && i < to; i++) {
        line_weights_add(&mean, &training->weights[i], 1 / (float)(to - from));
    }
    if (!status) {
        status = line_weights_quantize(model, &mean, error);
    }
    line_weights_release(&mean);
    return status;
}

// Scores a log by the bag that has not seen its group.
static bantam_status score_piece(void *context, size_t i, bantam_error *error)
{
    struct finder_training *training = context;
    const struct training_log *log = &training->all.logs[i];
    const struct line_model *model = &training->bags[log->fold];
    const struct log_features *features = &log->features;
    struct line_sums *sums = memory_allocate_array(features->n_distinct, sizeof *sums);
    training->linear[i] = memory_allocate_array(log->document.n_lines, sizeof(float));
    bool ready = sums && training->linear[i];
    if (ready) {
        for (size_t distinct = 0; distinct < features->n_distinct; distinct++) {
            size_t from = log->word_starts[distinct], to = log->word_starts[distinct + 1];
            line_model_sum(model, log->words + from, to - from, &sums[distinct]);
            sums[distinct].own = line_model_own(model, &features->distinct[distinct]);
        }
        line_model_score(model, features, sums, training->linear[i]);
    }
    memory_free(sums);
    return ready ? BANTAM_OK : error_memory(error);
}

bantam_status finder_fit_linear(struct finder_training *training, bantam_error *error)
{
    size_t of_bag = finder_sets_of_bag(training), n_sets = finder_bags(training) * of_bag;
    training->weights = arena_allocate_array(&training->arena, n_sets, sizeof *training->weights);
    training->bags =
        arena_allocate_array(&training->arena, finder_bags(training), sizeof *training->bags);
    if (!training->weights || !training->bags) {
        return error_memory(error);
    }
    bantam_status status = run_pieces(training, "fitting linear weights", n_sets, fit_piece, error);
    for (size_t bag = 0; !status && bag < finder_bags(training); bag++) {
        status = finder_mean_weights(&training->bags[bag], training, bag * of_bag,
                                     (bag + 1) * of_bag, error);
    }
    if (!status) {
        size_t n = training->all.n_failed + training->all.n_passed;
        status = run_pieces(training, "scoring unseen logs", n, score_piece, error);
    }
    return status;
}
