// Trains the line finder: bags of linear weights, then trees on what the bags say of logs they have not seen, then the order of
// findings on what both say of such logs.
//
// Stacking (Wolpert 1992) and bagging (Breiman 1996) share the same fits: the mean of all bags is what ships.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bantam/train.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "train/parameters.h"
#include "train/tree_learner.h"
#include "triage/finding_train.h"
#include "triage/gate_train.h"
#include "triage/shipped_tables.h"
#include "triage/tools.h"
#include "triage/training_log.h"
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
    P(constructed, 0, 0, 10, "weight of constructed logs; at 0 they teach the gate alone"),
    P(columns, 0.4, 0.01, 1, "share of the features that a tree may use"),
    P(rows, 0.7, 0.01, 1, "share of the rows that a tree is grown on"),
    P(findings_l2, 50, 0, 1e6, "penalty on the weights that order findings"),
    P(gate_l2, 0.01, 0, 1e6, "penalty on the distance of the gate's weights from their prior"),
    P(gate_alarms, 0.01, 0, 1, "share of the green logs that the gate may call failed"),
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
    const struct keyword_table *keywords;
    struct messages messages;
    struct tools *tools;
    struct line_tables tables;
    struct line_annotator annotator;
    const bantam_labelled_log *sources; // (n_sources) those with spans, then the green ones
    size_t n_sources, n_green;
    struct training_log *
        logs; // (n_logs, then 2 · n_green) sources with spans, their plain variants; green logs, theirs
    size_t n_logs;
    float **linear; // (n_logs + 2 · n_green) scores by weights that have not seen the log
    struct line_weights *weights; // (bags · N_PEAKS)
    struct line_model *bags;      // (bags)
    struct tree_model rank, chunk;
    struct unseen_log *unseen; // (n_logs)
    float findings[FINDING_FEATURES];
    float gate[GATE_FEATURES];
    bantam_status *statuses; // of parallel pieces
    bantam_error *errors;
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

// Runs the pieces in parallel and returns the first failure.
static bantam_status run_pieces(struct training *training, const char *what, size_t n_pieces,
                                void (*piece)(void *, size_t), bantam_error *error)
{
    if (!report(training, what, 0, n_pieces)) {
        return error_set(error, BANTAM_ERROR_CANCELLED, "training was cancelled");
    }
    training->statuses = memory_allocate_array(n_pieces, sizeof *training->statuses);
    training->errors = memory_allocate_array(n_pieces, sizeof *training->errors);
    bantam_status status = BANTAM_OK;
    if (!training->statuses || !training->errors) {
        status = error_memory(error);
    } else {
        parallel_for(n_pieces, training->options->n_threads, piece, training);
        for (size_t i = 0; !status && i < n_pieces; i++) {
            status = training->statuses[i];
            if (status && error) {
                *error = training->errors[i];
            }
        }
    }
    memory_free(training->statuses);
    memory_free(training->errors);
    return status;
}

// The source of a log, and whether the log is its plain variant.
static const bantam_labelled_log *source_of(const struct training *training, size_t i, bool *plain)
{
    if (i < training->n_logs) {
        *plain = i >= training->n_sources;
        return &training->sources[i % training->n_sources];
    }
    size_t green = i - training->n_logs;
    *plain = green >= training->n_green;
    return &training->sources[training->n_sources + green % training->n_green];
}

static void read_piece(void *context, size_t i)
{
    struct training *training = context;
    bool plain;
    const bantam_labelled_log *source = source_of(training, i, &plain);
    training->statuses[i] = training_log_init(&training->logs[i], source, plain, training->keywords,
                                              &training->annotator, &training->errors[i]);
}

// Reads the logs with spans and the green ones, and gives them folds.
static bantam_status read_logs(struct training *training, const bantam_labelled_log *logs,
                               size_t n_logs, bantam_error *error)
{
    struct arena *arena = &training->arena;
    bantam_labelled_log *sources = arena_allocate_array(arena, n_logs, sizeof *sources);
    int *folds = arena_allocate_array(arena, n_logs, sizeof *folds);
    training->keywords = keyword_table_new(arena);
    bantam_status status = shipped_messages(&training->messages, error);
    if (!status) {
        status =
            tools_new(&training->tools, error); // the table alone: weights may be what comes next
    }
    if (status) {
        return status;
    }
    training->tables.messages = &training->messages;
    training->tables.tools = tools_table(training->tools);
    training->annotator = line_knowledge(&training->tables);
    training->logs = arena_allocate_array(arena, 2 * n_logs, sizeof *training->logs);
    training->linear = arena_allocate_array(arena, 2 * n_logs, sizeof *training->linear);
    if (!sources || !folds || !training->keywords || !training->logs || !training->linear) {
        return error_memory(error);
    }
    for (size_t i = 0; i < n_logs; i++) {
        if (logs[i].n_spans > 0) {
            sources[training->n_sources++] = logs[i];
        }
    }
    for (size_t i = 0; i < n_logs; i++) {
        if (logs[i].green) {
            sources[training->n_sources + training->n_green++] = logs[i];
        }
    }
    training->sources = sources;
    if (training->n_sources < 2) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "the line finder needs at least two logs with spans; %zu given",
                         training->n_sources);
    }
    training->n_logs = 2 * training->n_sources;
    size_t n_all = training->n_sources + training->n_green;
    status = bantam_assign_folds(folds, sources, n_all, (int)n_bags(training), error);
    if (!status) {
        status = run_pieces(training, "reading logs", 2 * n_all, read_piece, error);
    }
    for (size_t i = 0; i < 2 * n_all; i++) {
        bool plain;
        training->logs[i].fold = folds[source_of(training, i, &plain) - sources];
    }
    return status;
}

static float constructed_weight(const struct training *training, size_t i)
{
    bool constructed = training->logs[i].source->constructed;
    return constructed ? (float)training->parameters.constructed : 1;
}

static void fit_piece(void *context, size_t i)
{
    struct training *training = context;
    const struct finder_parameters *parameters = &training->parameters;
    int bag = (int)(i / N_PEAKS);
    struct line_example *examples = memory_allocate_array(training->n_logs, sizeof *examples);
    if (!examples) {
        training->statuses[i] = error_memory(&training->errors[i]);
        return;
    }
    size_t n_examples = 0;
    for (size_t at = 0; at < training->n_logs; at++) {
        const struct training_log *log = &training->logs[at];
        float weight = log->is_plain ? (float)parameters->plain_weight : 1;
        weight *= constructed_weight(training, at);
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
    training->statuses[i] = line_learner_fit(&training->weights[i], examples, n_examples, &options,
                                             &training->errors[i]);
    memory_free(examples);
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
static void score_piece(void *context, size_t i)
{
    struct training *training = context;
    const struct training_log *log = &training->logs[i];
    const struct line_model *model = &training->bags[log->fold];
    const struct log_features *features = &log->features;
    struct line_sums *sums = memory_allocate_array(features->n_distinct, sizeof *sums);
    training->linear[i] = memory_allocate_array(log->document.n_lines, sizeof(float));
    if (sums && training->linear[i]) {
        for (size_t distinct = 0; distinct < features->n_distinct; distinct++) {
            size_t from = log->word_starts[distinct], to = log->word_starts[distinct + 1];
            line_model_sum(model, log->words + from, to - from, &sums[distinct]);
            sums[distinct].own = line_model_own(model, &features->distinct[distinct]);
        }
        line_model_score(model, features, sums, training->linear[i]);
    } else {
        training->statuses[i] = error_memory(&training->errors[i]);
    }
    memory_free(sums);
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
        status = run_pieces(training, "scoring unseen logs",
                            training->n_logs + 2 * training->n_green, score_piece, error);
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
    for (size_t i = 0; !status && i < training->n_logs; i++) {
        const struct training_log *log = &training->logs[i];
        if (!in_half(log, half) ||
            (log->source->constructed && !(training->parameters.constructed > 0))) {
            continue;
        }
        struct line_scores of_log;
        status = line_scores_init(&of_log, &log->features, training->linear[i], error);
        size_t margin = (size_t)training->parameters.chunk_margin;
        if (!status &&
            (!tree_rows_add_candidates(rank, log, &of_log, training->linear[i], candidates) ||
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

// The words without the padding lanes.
static int8_t *pack_words(struct arena *arena, const struct line_model *model)
{
    size_t n_buckets = (size_t)1 << model->bits;
    int8_t *packed = arena_allocate(arena, n_buckets * LINE_OFFSETS);
    for (size_t bucket = 0; packed && bucket < n_buckets; bucket++) {
        memcpy(packed + bucket * LINE_OFFSETS, model->words + bucket * LINE_LANES, LINE_OFFSETS);
    }
    return packed;
}

static bantam_status write_model(bantam_buffer *out, struct training *training,
                                 const struct line_model *lines, bantam_error *error)
{
    int8_t *words = pack_words(&training->arena, lines);
    if (!words) {
        return error_memory(error);
    }
    size_t n_buckets = (size_t)1 << lines->bits;
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
        tree_tensor("rank.splits", &training->rank, true),
        tree_tensor("rank.leaves", &training->rank, false),
        tree_tensor("chunk.splits", &training->chunk, true),
        tree_tensor("chunk.leaves", &training->chunk, false),
        {"findings",
         BANTAM_F32,
         1,
         {FINDING_FEATURES},
         training->findings,
         sizeof training->findings},
        {"gate", BANTAM_F32, 1, {GATE_FEATURES}, training->gate, sizeof training->gate},
    };
    bantam_buffer parameters;
    bantam_buffer_init(&parameters, 1 << 16);
    parameters_write(&parameters, &training->parameters, finder_parameter_table, N_PARAMETERS);
    bantam_buffer_append(&parameters, "", 1);
    char seed[24], n_logs[24];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)training->options->seed);
    snprintf(n_logs, sizeof n_logs, "%zu", training->n_logs / 2);
    bantam_metadata metadata[] = {
        {"kind", "ci-lines"},
        {"version", "1"},
        {"features", LINE_FEATURES_VERSION},
        {"parameters", parameters.data ? parameters.data : "{}"},
        {"seed", seed},
        {"training_logs", n_logs},
        {"data_digest", training->options->data_digest ? training->options->data_digest : ""},
        {"licence", "Apache-2.0"},
    };
    bantam_status status = bantam_model_write(out, tensors, sizeof tensors / sizeof *tensors,
                                              metadata, sizeof metadata / sizeof *metadata, error);
    bantam_buffer_release(&parameters);
    return status;
}

static void training_release(struct training *training)
{
    for (size_t i = 0; training->logs && i < training->n_logs + 2 * training->n_green; i++) {
        training_log_release(&training->logs[i]);
        memory_free(training->linear[i]);
    }
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
    const struct training_log *log = &training->logs[i];
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
    const struct training_log *log = &training->logs[i];
    size_t alike = 0;
    for (size_t k = 0; k < training->n_sources + training->n_green; k++) {
        alike += training->sources[k].green == log->source->green &&
                 strcmp(training->sources[k].group, log->source->group) == 0;
    }
    return (log->is_plain ? (float)training->parameters.plain_weight : 1) / sqrtf((float)alike);
}

static bantam_status fit_gate(struct training *training, bantam_error *error)
{
    size_t n = training->n_logs + 2 * training->n_green;
    struct gate_example *examples = memory_allocate_array(n, sizeof *examples);
    if (!examples) {
        return error_memory(error);
    }
    for (size_t i = 0; i < n; i++) {
        examples[i].failed = i < training->n_logs;
        examples[i].weight = weigh_log(training, i);
        gate_features(examples[i].values, &training->logs[i].features, training->linear[i]);
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
        arena_allocate_array(&training->arena, training->n_logs, sizeof *training->unseen);
    bantam_status status = training->unseen ? BANTAM_OK : error_memory(error);
    for (int half = 0; !status && half < 2; half++) {
        struct tree_model rank = {0}, chunk = {0};
        status = fit_trees(training, half, &rank, &chunk, error);
        for (size_t i = 0; !status && i < training->n_logs; i++) {
            if (!in_half(&training->logs[i], half)) {
                training->unseen[i].half = 1 - half;
                training->unseen[i].weight =
                    weigh_log(training, i) * constructed_weight(training, i);
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
        status = finding_weights_fit(weights[half], training->unseen, training->n_logs, half,
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

bantam_status finder_train(bantam_buffer *model, struct unseen_finding *unseen,
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
        status = finding_weights_fit(training.findings, training.unseen, training.n_logs, 2,
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
