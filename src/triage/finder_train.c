// Trains the line finder: bags of linear weights, then trees on what the bags say of logs they have not seen, then the order of
// findings on what both say of such logs.
//
// Stacking (Wolpert 1992) and bagging (Breiman 1996) share the same fits: the mean of all bags is what ships.
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "train/parameters.h"
#include "triage/finder.h"
#include "triage/finder_training.h"
#include "triage/finder_write.h"
#include "triage/gate_train.h"
#include "triage/shipped_tables.h"

#define P(name, value, least, most, help)                                                          \
    {                                                                                              \
#name, offsetof(struct finder_parameters, name), value, least, most, help                  \
    }
static const struct parameter finder_parameter_table[] = {
    P(bags, 6, 2, 64, "parts of the groups, each left out by some of the averaged weight sets"),
    P(repeats, 1, 1, 16, "times that each of them is left out, with other random numbers"),
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
    P(findings_constructed, 1, 0, 10, "weight of constructed logs for the order of findings"),
    P(findings_l2, 50, 0, 1e6, "penalty on the weights that order findings"),
    P(gate_l2, 0.01, 0, 1e6, "penalty on the distance of the gate's weights from their prior"),
    P(gate_alarms, 0, 0, 1,
      "share of the green logs that the gate may call failed; 0: it keeps its prior"),
};
#undef P

enum {
    N_PARAMETERS = sizeof finder_parameter_table / sizeof *finder_parameter_table,
};

size_t finder_bags(const struct finder_training *training)
{
    return (size_t)training->parameters.bags;
}

size_t finder_sets_of_bag(const struct finder_training *training)
{
    return (size_t)training->parameters.repeats * N_PEAKS;
}

bool finder_report(const struct finder_training *training, const char *what, size_t done,
                   size_t total)
{
    const bantam_train_options *options = training->options;
    return !options->progress || options->progress(options->progress_context, what, done, total);
}

float finder_origin_weight(const struct finder_training *training, const struct training_log *log)
{
    bool constructed = log->source->constructed;
    return constructed ? (float)training->parameters.constructed : 1;
}

static bantam_status read_logs(struct finder_training *training, const bantam_labelled_log *logs,
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
    status = finder_logs_read(&training->all, logs, n_logs, passed, (int)finder_bags(training),
                              keywords, &annotator, training->options, error);
    if (status) {
        return status;
    }
    size_t n = training->all.n_failed + training->all.n_passed;
    training->linear = arena_allocate_array(&training->arena, n, sizeof *training->linear);
    return training->linear ? BANTAM_OK : error_memory(error);
}

static bantam_status write_model(bantam_buffer *out, const struct finder_training *training,
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

static void training_release(struct finder_training *training)
{
    size_t n = training->all.n_failed + training->all.n_passed;
    for (size_t i = 0; training->linear && i < n; i++) {
        memory_free(training->linear[i]);
    }
    finder_logs_release(&training->all);
    for (size_t i = 0;
         training->weights && i < finder_bags(training) * finder_sets_of_bag(training); i++) {
        line_weights_release(&training->weights[i]);
    }
    for (size_t i = 0; training->bags && i < finder_bags(training); i++) {
        line_model_release(&training->bags[i]);
    }
    tree_model_release(&training->rank);
    tree_model_release(&training->chunk);
    messages_release(&training->messages);
    tools_free(&training->tools);
    arena_release(&training->arena);
}

// What weights and trees that have not seen a log find in it.
static bantam_status find_one(struct unseen_log *unseen, const struct finder_training *training,
                              size_t i, const struct tree_model *rank,
                              const struct tree_model *chunk, bantam_error *error)
{
    const struct training_log *log = &training->all.logs[i];
    struct finder_result result = {.features = log->features, // borrowed
                                   .linear = training->linear[i]};
    struct finder_options options = {.n_lines = UNSEEN_LINES, .max_findings = FINDINGS_ORDERED};
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
static float weigh_log(const struct finder_training *training, size_t i)
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

static bantam_status fit_gate(struct finder_training *training, bantam_error *error)
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
static bantam_status find_unseen(struct finder_training *training, bantam_error *error)
{
    training->unseen =
        arena_allocate_array(&training->arena, training->all.n_failed, sizeof *training->unseen);
    bantam_status status = training->unseen ? BANTAM_OK : error_memory(error);
    for (int half = 0; !status && half < 2; half++) {
        struct tree_model rank = {0}, chunk = {0};
        status = finder_fit_trees(training, half, &rank, &chunk, error);
        for (size_t i = 0; !status && i < training->all.n_failed; i++) {
            if (!finder_in_half(&training->all.logs[i], half)) {
                training->unseen[i].half = 1 - half;
                training->unseen[i].weight =
                    weigh_log(training, i) * (training->all.logs[i].source->constructed
                                                  ? (float)training->parameters.findings_constructed
                                                  : 1);
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
                                   size_t n_logs, const struct finder_training *training,
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
            struct unseen_log *unseen = &training->unseen[source++];
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
    struct finder_training training = {.options = options};
    struct line_model lines = {0};
    bantam_status status = parameters_read(&training.parameters, finder_parameter_table,
                                           N_PARAMETERS, options->parameters, error);
    if (!status) {
        status = read_logs(&training, logs, n_logs, error);
    }
    if (!status) {
        status = finder_fit_linear(&training, error);
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
        status = finder_fit_trees(&training, 2, &training.rank, &training.chunk, error);
    }
    if (!status && model) {
        status = finder_mean_weights(&lines, &training, 0,
                                     finder_bags(&training) * finder_sets_of_bag(&training), error);
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
