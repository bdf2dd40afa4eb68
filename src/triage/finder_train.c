// Trains the line finder: bags of linear weights, then trees on what the bags say of logs they have not seen, then the order of
// findings on what both say of such logs.
//
// Stacking (Wolpert 1992) and bagging (Breiman 1996) share the same fits: the mean of all bags is what ships.
#include <math.h>
#include <string.h>

#include "bantam/train.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "train/parameters.h"
#include "train/tree_learner.h"
#include "triage/finder_logs.h"
#include "triage/finder_write.h"
#include "triage/finding_train.h"
#include "triage/gate_train.h"
#include "triage/shipped_tables.h"
#include "triage/tools.h"
#include "triage/tree_rows.h"

struct finder_parameters {
    double bags, bits, epochs, rate, accumulator, word_dropout, dense_dropout, plain_weight;
    double gold, last, random, marked;
    double rank_trees, rank_depth, rank_rate, rank_l2, rank_weight, rank_peak;
    double chunk_trees, chunk_depth, chunk_rate, chunk_l2, chunk_weight, chunk_margin;
    double constructed, columns, rows, findings_l2, gate_l2, gate_alarms;
};

#define P(name, value, least, most, help)                                                          \
    {                                                                                              \
#name, offsetof(struct finder_parameters, name), value, least, most, help                  \
    }
static const struct parameter finder_parameter_table[] = {
    P(bags, 6, 2, 64, "parts of the groups, each left out by two of the averaged weight sets"),
    P(bits, 14, 8, 22, "2^bits buckets of words, five weights each"),
    P(epochs, 4, 1, 100, "passes over the logs"),
    P(rate, 0.06, 1e-4, 10, "AdaGrad's learning rate"),
    P(accumulator, 1, 1e-9, 1e6, "AdaGrad's starting value"),
    P(word_dropout, 0.5, 0, 0.95, "share of a line's words left out in a step"),
    P(dense_dropout, 0.2, 0, 0.95, "share of a line's dense features left out in a step"),
    P(plain_weight, 0.7, 0, 10, "weight of each log's plain variant; 0 leaves them out"),
    P(gold, 40, 1, 500, "most gold lines of a log in a step"),
    P(last, 150, 0, 1000, "most of the log's last lines in a step"),
    P(random, 250, 0, 1000, "most random lines in a step"),
    P(marked, 150, 0, 1000, "most random lines with error words or in red in a step"),
    P(rank_trees, 80, 1, 2000, "trees that re-rank"),
    P(rank_depth, 4, 1, 7, "their depth"),
    P(rank_rate, 0.1, 1e-3, 1, "their shrinkage"),
    P(rank_l2, 2, 0, 1e6, "penalty on their leaves"),
    P(rank_weight, 1, 0, 1e6, "least sum of hessians in their leaves"),
    P(rank_peak, 0.8, 0, 2, "0: all gold lines alike shall rank high; 1: any of them"),
    P(chunk_trees, 80, 1, 2000, "trees that grow chunks"),
    P(chunk_depth, 5, 1, 7, "their depth"),
    P(chunk_rate, 0.1, 1e-3, 1, "their shrinkage"),
    P(chunk_l2, 5, 0, 1e6, "penalty on their leaves"),
    P(chunk_weight, 5, 0, 1e6, "least sum of hessians in their leaves"),
    P(chunk_margin, 40, 1, 160, "lines beyond a gold chunk that its trees see"),
    P(constructed, 0.12, 0, 10, "weight of constructed logs, which do not teach where chunks end"),
    P(columns, 0.4, 0.01, 1, "share of the features that a tree may use"),
    P(rows, 0.7, 0.01, 1, "share of the rows that a tree is grown on"),
    P(findings_l2, 50, 0, 1e6, "penalty on the weights that order findings"),
    P(gate_l2, 0.01, 0, 1e6, "penalty on the distance of the gate's weights from their prior"),
    P(gate_alarms, 0, 0, 1,
      "share of the green logs that the gate may call failed; 0: it keeps its prior"),
};
#undef P

enum {
    N_PARAMETERS = sizeof finder_parameter_table / sizeof *finder_parameter_table,
    N_PEAKS = 2, // weight sets of a bag: one for any gold line, one for all of them
};

struct training {
    const bantam_train_options *options;
    struct finder_parameters parameters;
    struct arena arena;
    struct messages messages;
    struct tools *tools;
    struct line_tables tables;
    struct finder_logs all;
    float **linear; // (n_failed + n_passed) scores by weights that have not seen the log
    struct line_weights *weights; // (bags · N_PEAKS)
    struct line_model *bags;      // (bags)
    struct tree_model rank, chunk;
    struct unseen_log *unseen; // (n_failed)
    float findings[FINDING_FEATURES];
    float gate[GATE_FEATURES];
};

static size_t n_bags(const struct training *training)
{
    return (size_t)training->parameters.bags;
}

static bool report(const struct training *training, const char *what, size_t done, size_t total)
{
    const bantam_train_options *options = training->options;
    return !options->progress || options->progress(options->progress_context, what, done, total);
}

static bantam_status run_pieces(struct training *training, const char *what, size_t n_pieces,
                                bantam_status (*piece)(void *, size_t, bantam_error *),
                                bantam_error *error)
{
    if (!report(training, what, 0, n_pieces)) {
        return error_set(error, BANTAM_ERROR_CANCELLED, "training was cancelled");
    }
    return parallel_try(n_pieces, training->options->n_threads, piece, training, error);
}

static bantam_status read_logs(struct training *training, const bantam_labelled_log *logs,
                               size_t n_logs, bantam_error *error)
{
    const struct keyword_table *keywords = keyword_table_new(&training->arena);
    bantam_status status =
        keywords ? shipped_messages(&training->messages, error) : error_memory(error);
    if (!status) {
        status =
            tools_new(&training->tools, error); // the table alone: weights may be what comes next
    }
    if (status) {
        return status;
    }
    training->tables.messages = &training->messages;
    training->tables.tools = tools_table(training->tools);
    struct line_annotator annotator = line_knowledge(&training->tables);
    bool passed = training->parameters.gate_alarms > 0;
    status = finder_logs_read(&training->all, logs, n_logs, passed, (int)n_bags(training), keywords,
                              &annotator, training->options, error);
    if (status) {
        return status;
    }
    size_t n = training->all.n_failed + training->all.n_passed;
    training->linear = arena_allocate_array(&training->arena, n, sizeof *training->linear);
    return training->linear ? BANTAM_OK : error_memory(error);
}

// Of a log among those of other origin.
static float origin_weight(const struct training *training, const struct training_log *log)
{
    bool constructed = log->source->constructed;
    return constructed ? (float)training->parameters.constructed : 1;
}

static bantam_status fit_piece(void *context, size_t i, bantam_error *error)
{
    struct training *training = context;
    const struct finder_parameters *parameters = &training->parameters;
    int bag = (int)(i / N_PEAKS);
    struct line_example *examples = memory_allocate_array(training->all.n_failed, sizeof *examples);
    if (!examples) {
        return error_memory(error);
    }
    size_t n_examples = 0;
    for (size_t at = 0; at < training->all.n_failed; at++) {
        const struct training_log *log = &training->all.logs[at];
        float weight = log->is_plain ? (float)parameters->plain_weight : 1;
        weight *= origin_weight(training, log);
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

// The mean of weight sets [from, to) as a file would hold it.
static bantam_status mean_model(struct line_model *model, const struct training *training,
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
    struct training *training = context;
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

static bantam_status fit_linear(struct training *training, bantam_error *error)
{
    size_t n_sets = n_bags(training) * N_PEAKS;
    training->weights = arena_allocate_array(&training->arena, n_sets, sizeof *training->weights);
    training->bags =
        arena_allocate_array(&training->arena, n_bags(training), sizeof *training->bags);
    if (!training->weights || !training->bags) {
        return error_memory(error);
    }
    bantam_status status = run_pieces(training, "fitting linear weights", n_sets, fit_piece, error);
    for (size_t bag = 0; !status && bag < n_bags(training); bag++) {
        status =
            mean_model(&training->bags[bag], training, bag * N_PEAKS, (bag + 1) * N_PEAKS, error);
    }
    if (!status) {
        size_t n = training->all.n_failed + training->all.n_passed;
        status = run_pieces(training, "scoring unseen logs", n, score_piece, error);
    }
    return status;
}

// Whether a log belongs to the half of the folds that `half` names; half 2 is both.
static bool in_half(const struct training_log *log, int half)
{
    return half == 2 || log->fold % 2 == half;
}

static bantam_status gather_rows(const struct training *training, int half, struct tree_rows *rank,
                                 struct tree_rows *chunk, bantam_error *error)
{
    struct listed_line *candidates = memory_allocate_array(CANDIDATES_MAXIMUM, sizeof *candidates);
    bantam_status status = candidates ? BANTAM_OK : error_memory(error);
    for (size_t i = 0; !status && i < training->all.n_failed; i++) {
        const struct training_log *log = &training->all.logs[i];
        float weight = origin_weight(training, log);
        if (!in_half(log, half) || !(weight > 0)) {
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

static bantam_status fit_trees(const struct training *training, int half,
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
    if (!status && !report(training, "fitting trees", 0, 2)) {
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

static bantam_status write_model(bantam_buffer *out, const struct training *training,
                                 const struct line_model *lines, bantam_error *error)
{
    bantam_buffer parameters;
    bantam_buffer_init(&parameters, 1 << 16);
    parameters_write(&parameters, &training->parameters, finder_parameter_table, N_PARAMETERS);
    bantam_buffer_append(&parameters, "", 1);
    struct finder_parts parts = {.lines = lines,
                                 .rank = &training->rank,
                                 .chunk = &training->chunk,
                                 .findings = training->findings,
                                 .gate = training->gate,
                                 .parameters = parameters.data ? parameters.data : "{}",
                                 .n_logs = training->all.n_given};
    bantam_status status = finder_write(out, &parts, training->options, error);
    bantam_buffer_release(&parameters);
    return status;
}

static void training_release(struct training *training)
{
    size_t n = training->all.n_failed + training->all.n_passed;
    for (size_t i = 0; training->linear && i < n; i++) {
        memory_free(training->linear[i]);
    }
    finder_logs_release(&training->all);
    for (size_t i = 0; training->weights && i < n_bags(training) * N_PEAKS; i++) {
        line_weights_release(&training->weights[i]);
    }
    for (size_t i = 0; training->bags && i < n_bags(training); i++) {
        line_model_release(&training->bags[i]);
    }
    tree_model_release(&training->rank);
    tree_model_release(&training->chunk);
    messages_release(&training->messages);
    tools_free(&training->tools);
    arena_release(&training->arena);
}

// What weights and trees that have not seen a log find in it.
static bantam_status find_one(struct unseen_log *unseen, const struct training *training, size_t i,
                              const struct tree_model *rank, const struct tree_model *chunk,
                              bantam_error *error)
{
    const struct training_log *log = &training->all.logs[i];
    struct finder_result result = {.features = log->features, // borrowed
                                   .linear = training->linear[i]};
    struct finder_options options = {.n_lines = UNSEEN_LINES + 1, .max_findings = FINDINGS_ORDERED};
    struct line_scores of_log;
    bantam_status status = line_scores_init(&of_log, &result.features, result.linear, error);
    if (!status && !finder_decide(&result, rank, chunk, &of_log, &options)) {
        status = error_memory(error);
    }
    if (!status) {
        unseen_log_take(unseen, &result, log->labels, &training->tables);
    }
    line_scores_release(&of_log);
    arena_release(&result.arena);
    return status;
}

// A group's logs weigh its number's square root together, plain variants less.
static float weigh_log(const struct training *training, size_t i)
{
    const struct training_log *log = &training->all.logs[i];
    size_t alike = 0;
    for (size_t k = 0; k < training->all.n_sources; k++) {
        const bantam_labelled_log *other = &training->all.sources[k];
        alike +=
            other->green == log->source->green && strcmp(other->group, log->source->group) == 0;
    }
    return (log->is_plain ? (float)training->parameters.plain_weight : 1) / sqrtf((float)alike);
}

static bantam_status fit_gate(struct training *training, bantam_error *error)
{
    if (training->all.n_passed == 0) {
        gate_prior(training->gate);
        return BANTAM_OK;
    }
    size_t n = training->all.n_failed + training->all.n_passed;
    struct gate_example *examples = memory_allocate_array(n, sizeof *examples);
    if (!examples) {
        return error_memory(error);
    }
    for (size_t i = 0; i < n; i++) {
        examples[i].failed = i < training->all.n_failed;
        examples[i].weight = weigh_log(training, i);
        gate_features(examples[i].values, &training->all.logs[i].features, training->linear[i]);
    }
    bantam_status status = gate_fit(training->gate, examples, n, training->parameters.gate_l2,
                                    training->parameters.gate_alarms, error);
    memory_free(examples);
    return status;
}

// Trees fitted on one half of the folds find the lines of the other half.
static bantam_status find_unseen(struct training *training, bantam_error *error)
{
    training->unseen =
        arena_allocate_array(&training->arena, training->all.n_failed, sizeof *training->unseen);
    bantam_status status = training->unseen ? BANTAM_OK : error_memory(error);
    for (int half = 0; !status && half < 2; half++) {
        struct tree_model rank = {0}, chunk = {0};
        status = fit_trees(training, half, &rank, &chunk, error);
        for (size_t i = 0; !status && i < training->all.n_failed; i++) {
            if (!in_half(&training->all.logs[i], half)) {
                training->unseen[i].half = 1 - half;
                training->unseen[i].weight =
                    weigh_log(training, i) * origin_weight(training, &training->all.logs[i]);
                status = find_one(&training->unseen[i], training, i, &rank, &chunk, error);
            }
        }
        tree_model_release(&rank);
        tree_model_release(&chunk);
    }
    return status;
}

// The finding of each log that weights choose which were fitted on the other half.
static bantam_status choose_unseen(struct unseen_finding *chosen, const bantam_labelled_log *logs,
                                   size_t n_logs, const struct training *training,
                                   bantam_error *error)
{
    float weights[2][FINDING_FEATURES];
    bantam_status status = BANTAM_OK;
    for (int half = 0; !status && half < 2; half++) {
        status = finding_weights_fit(weights[half], training->unseen, training->all.n_failed, half,
                                     training->parameters.findings_l2, error);
    }
    for (size_t i = 0, source = 0; !status && i < n_logs; i++) {
        if (logs[i].n_spans > 0) {
            const struct unseen_log *unseen = &training->unseen[source++];
            unseen_finding_choose(&chosen[i], unseen, weights[1 - unseen->half]);
        }
    }
    return status;
}

bantam_train_options bantam_train_options_default(void)
{
    return (bantam_train_options){.seed = 1, .n_threads = 1};
}

// Either the model is asked for or what unseen logs hold; the other is NULL.
static bantam_status finder_train(bantam_buffer *model, struct unseen_finding *unseen,
                                  const bantam_labelled_log *logs, size_t n_logs,
                                  const bantam_train_options *options, bantam_error *error)
{
    struct training training = {.options = options};
    struct line_model lines = {0};
    bantam_status status = parameters_read(&training.parameters, finder_parameter_table,
                                           N_PARAMETERS, options->parameters, error);
    if (!status) {
        status = read_logs(&training, logs, n_logs, error);
    }
    if (!status) {
        status = fit_linear(&training, error);
    }
    if (!status) {
        status = find_unseen(&training, error);
    }
    if (!status && unseen) {
        status = choose_unseen(unseen, logs, n_logs, &training, error);
    }
    if (!status && model) {
        status = finding_weights_fit(training.findings, training.unseen, training.all.n_failed, 2,
                                     training.parameters.findings_l2, error);
    }
    if (!status && model) {
        status = fit_gate(&training, error);
    }
    if (!status && model) {
        status = fit_trees(&training, 2, &training.rank, &training.chunk, error);
    }
    if (!status && model) {
        status = mean_model(&lines, &training, 0, n_bags(&training) * N_PEAKS, error);
    }
    if (!status && model) {
        status = write_model(model, &training, &lines, error);
    }
    line_model_release(&lines);
    training_release(&training);
    return status;
}

bantam_status bantam_train_lines(bantam_buffer *model, const bantam_labelled_log *logs,
                                 size_t n_logs, const bantam_train_options *options,
                                 bantam_error *error)
{
    return finder_train(model, NULL, logs, n_logs, options, error);
}

bantam_status finder_find_unseen(struct unseen_finding *unseen, const bantam_labelled_log *logs,
                                 size_t n_logs, const bantam_train_options *options,
                                 bantam_error *error)
{
    bantam_train_options quick = *options;
    quick.parameters = "{\"bags\":4,\"epochs\":3}";
    return finder_train(NULL, unseen, logs, n_logs, &quick, error);
}
