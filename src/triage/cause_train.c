// Two kinds of examples: findings of real logs, and each message of the table as a log of one line, with its own evidence
// left out, so that the words of rare causes are learned where no log shows them.
#include "triage/cause_train.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "train/parameters.h"
#include "train/softmax_learner.h"
#include "triage/message_origins.h"

struct cause_parameters {
    double bits, l2_words, l2_bias, l2_tied, iterations;
    double message_weight, constructed, alternative, repeats, folds, precision, threshold;
};

#define P(name, value, least, most, help)                                                          \
    {                                                                                              \
#name, offsetof(struct cause_parameters, name), value, least, most, help                   \
    }
static const struct parameter cause_parameter_table[] = {
    P(bits, 12, 6, 20, "2^bits buckets of words, a weight for each cause"),
    P(l2_words, 4, 0, 1e6, "penalty on the weights of words"),
    P(l2_bias, 4, 0, 1e6,
      "penalty on the causes' own weights: high, because causes are rarer here than elsewhere"),
    P(l2_tied, 2, 0, 1e6, "penalty on the distance of the tied weights from their priors"),
    P(iterations, 80, 1, 10000, "most steps of L-BFGS"),
    P(message_weight, 0.3, 0, 100, "weight of each message of the table as an example"),
    P(constructed, 1, 0, 10, "weight of findings of constructed logs"),
    P(alternative, 0.15, 0, 0.5, "share of the target that a finding's alternative cause gets"),
    P(repeats, 0.5, 0, 1,
      "weight of n findings of one cause in a group: n to the power of 1 − this"),
    P(folds, 8, 2, 64, "folds of groups for the calibration"),
    P(precision, 0.88, 0, 1, "share of the named causes that shall be right on unseen groups"),
    P(threshold, -1, -1, 1, "least probability of a named cause; below 0: as precision asks"),
};
#undef P

enum {
    N_PARAMETERS = sizeof cause_parameter_table / sizeof *cause_parameter_table,
};

// What the tied weights are before any log is seen: messages count, the closer the more.
static const float tied_prior[CAUSE_TIED] = {
    [TIED_ANCHOR] = 2,      [TIED_FINDING] = 2, [TIED_NEAR] = 0.7F, [TIED_OTHER] = 0.7F,
    [TIED_TAIL] = 0.3F,     [TIED_SHARE] = 2,   [TIED_EXIT] = 1,    [TIED_TOOL] = 1.5F,
    [TIED_TOOL_LOG] = 0.7F, [TIED_TYPED] = 1.2F};

struct cause_training {
    const bantam_train_options *options;
    struct cause_parameters parameters;
    const struct cause_example *sources; // (n_sources)
    size_t n_sources;
    const struct messages *messages;
    struct cause_extractor extractor;
    struct message_origins origins;
    struct arena arena;
    struct softmax_example *examples; // (n_examples) the sources, then the messages
    size_t n_examples;
    size_t *
        groups; // (n_examples) number of each source's group; of a message the only one that holds it, or SIZE_MAX
    size_t n_groups;
    bool any_predicted;
    // The finder's findings of logs that nobody made, and of constructed ones; those whose cause was right unseen.
    size_t n_met[2], n_right[2];
    float *held_out; // (n_sources, CAUSES) probabilities by weights that have not seen the group
    size_t done;
};

static bool report(const struct cause_training *training, const char *what, size_t done,
                   size_t total)
{
    const bantam_train_options *options = training->options;
    return !options->progress || options->progress(options->progress_context, what, done, total);
}

static bantam_status number_groups(struct cause_training *training, size_t n_examples,
                                   bantam_error *error)
{
    training->groups =
        arena_allocate_array(&training->arena, n_examples + 1, sizeof *training->groups);
    if (!training->groups) {
        return error_memory(error);
    }
    for (size_t i = 0; i < training->n_sources; i++) {
        size_t k = 0;
        while (k < i && strcmp(training->sources[k].group, training->sources[i].group) != 0) {
            k++;
        }
        training->groups[i] = k < i ? training->groups[k] : training->n_groups++;
    }
    if (training->n_groups < 2) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "the cause model needs findings of at least two groups; %zu given",
                         training->n_groups);
    }
    return BANTAM_OK;
}

// What the learner needs of the features, in the training's arena. `holder`: the source that holds them, whose messages are noted; or
// NULL.
static bantam_status extract(struct softmax_input *kept, struct cause_training *training,
                             const struct cause_input *input, const bool *ignored,
                             const struct cause_example *holder, bantam_error *error)
{
    struct arena scratch = ARENA_EMPTY;
    struct cause_features *features = arena_allocate(&scratch, sizeof *features);
    bantam_status status = features ? cause_features_init(features, &training->extractor, input,
                                                          ignored, &scratch, error)
                                    : error_memory(error);
    if (!status) {
        size_t tied_size = sizeof features->tied, n_words = features->n_words;
        float *tied = arena_allocate(&training->arena, tied_size);
        struct hashed_word *words = arena_allocate(&training->arena, (n_words + 1) * sizeof *words);
        if (tied && words) {
            memcpy(tied, features->tied, tied_size);
            memcpy(words, features->words, n_words * sizeof *words);
            *kept = (struct softmax_input){tied, words, n_words, input->score};
        } else {
            status = error_memory(error);
        }
        if (holder) {
            message_origins_note(&training->origins, features,
                                 training->groups[holder - training->sources], holder->constructed);
        }
    }
    arena_release(&scratch);
    return status;
}

static bantam_status add_example(struct cause_training *training, const struct softmax_input *input,
                                 const float *target, float weight, bantam_error *error)
{
    float *kept = arena_allocate(&training->arena, CAUSES * sizeof *kept);
    if (!kept) {
        return error_memory(error);
    }
    memcpy(kept, target, CAUSES * sizeof *kept);
    training->examples[training->n_examples++] = (struct softmax_example){*input, kept, weight};
    return BANTAM_OK;
}

static bantam_status add_source(struct cause_training *training, size_t number, bantam_error *error)
{
    const struct cause_example *source = &training->sources[number];
    float target[CAUSES] = {0};
    bool two = source->alternative < CAUSES && source->alternative != source->cause;
    float other = two ? (float)training->parameters.alternative : 0;
    target[source->cause] = 1 - other;
    if (two) {
        target[source->alternative] = other;
    }
    double alike = 0;
    for (size_t k = 0; k < training->n_sources; k++) {
        alike += training->groups[k] == training->groups[number] &&
                 training->sources[k].cause == source->cause &&
                 training->sources[k].predicted == source->predicted;
    }
    float weight = source->weight * (float)pow(alike, -training->parameters.repeats) *
                   (source->constructed ? (float)training->parameters.constructed : 1);
    struct softmax_input input;
    bantam_status status = extract(&input, training, &source->input, NULL, source, error);
    return status ? status : add_example(training, &input, target, weight, error);
}

// The finder's findings in constructed logs, once more as if nobody had written a message for them.
static bantam_status forget_messages(struct cause_training *training, bantam_error *error)
{
    bantam_status status = BANTAM_OK;
    for (size_t i = 0; !status && i < training->n_sources; i++) {
        const struct cause_example *source = &training->sources[i];
        if (source->constructed && source->predicted) {
            const bool *own = message_origins_of(&training->origins, training->groups[i]);
            status =
                extract(&training->examples[i].input, training, &source->input, own, NULL, error);
        }
    }
    return status;
}

static bantam_status add_message(struct cause_training *training, size_t number,
                                 bantam_error *error)
{
    const struct message *message = &training->messages->messages[number];
    float target[CAUSES] = {0}, sum = 0, most = 0;
    for (size_t k = 0; k < message->n_means; k++) {
        sum += message_weight(message, k);
        most = fmaxf(most, message_weight(message, k));
    }
    for (size_t k = 0; k < message->n_means; k++) {
        target[message->means[k].cause] = message_weight(message, k) / sum;
    }
    bantam_buffer line; // the document borrows it
    bantam_buffer_init(&line, PHRASE_MAXIMUM * 2);
    phrase_set_describe(training->messages->phrases, number, &line);
    struct document document;
    bantam_status status =
        line.failed ? error_memory(error) : document_init(&document, line.data, line.size, error);
    if (status) {
        bantam_buffer_release(&line);
        return status;
    }
    if (document.n_lines > 0) {
        struct cause_input input = {.document = &document};
        float weight = (float)training->parameters.message_weight * most / MESSAGE_WEIGHT;
        struct softmax_input kept;
        status = extract(&kept, training, &input, message_origins_only(&training->origins, number),
                         NULL, error);
        training->groups[training->n_examples] = message_origins_group(&training->origins, number);
        status = status ? status : add_example(training, &kept, target, weight, error);
    }
    document_release(&document);
    bantam_buffer_release(&line);
    return status;
}

static bantam_status gather(struct cause_training *training, bantam_error *error)
{
    size_t most = training->n_sources + training->messages->n_messages + 1;
    training->examples = arena_allocate_array(&training->arena, most, sizeof *training->examples);
    training->extractor.messages = training->messages;
    training->extractor.keywords = keyword_table_new(&training->arena);
    training->extractor.concepts = concept_table_new(&training->arena);
    if (!training->examples || !training->extractor.keywords || !training->extractor.concepts) {
        return error_memory(error);
    }
    bantam_status status = number_groups(training, most, error);
    status = status ? status
                    : message_origins_init(&training->origins, training->messages->n_messages,
                                           &training->arena, error);
    for (size_t i = 0; !status && i < training->n_sources; i++) {
        training->any_predicted = training->any_predicted || training->sources[i].predicted;
        status = add_source(training, i, error);
    }
    status = status ? status : forget_messages(training, error);
    for (size_t i = 0; !status && i < training->messages->n_messages; i++) {
        if (training->messages->messages[i].n_means > 0) {
            status = add_message(training, i, error);
        }
    }
    return status;
}

// Fits without the groups of the fold and the messages that they alone hold; `fold` as large as the number of folds leaves none out.
static bantam_status fit(struct softmax_model *model, const struct cause_training *training,
                         size_t fold, bantam_error *error)
{
    struct softmax_example *seen = memory_allocate_array(training->n_examples + 1, sizeof *seen);
    if (!seen) {
        return error_memory(error);
    }
    const struct cause_parameters *parameters = &training->parameters;
    size_t n = 0, folds = (size_t)parameters->folds;
    for (size_t i = 0; i < training->n_examples; i++) {
        if (training->groups[i] == SIZE_MAX || training->groups[i] % folds != fold) {
            seen[n++] = training->examples[i];
        }
    }
    struct softmax_learner_options options = {
        .n_classes = CAUSES,
        .n_tied = CAUSE_TIED,
        .bits = (unsigned)parameters->bits,
        .l2_words = parameters->l2_words,
        .l2_bias = parameters->l2_bias,
        .l2_tied = parameters->l2_tied,
        .tied_prior = tied_prior,
        .n_iterations = (size_t)parameters->iterations,
    };
    bantam_status status = softmax_learner_fit(model, seen, n, &options, error);
    memory_free(seen);
    return status;
}

static bantam_status predict_fold(void *context, size_t fold, bantam_error *error)
{
    struct cause_training *training = context;
    struct softmax_model model;
    size_t folds = (size_t)training->parameters.folds;
    bantam_status status = fit(&model, training, fold, error);
    if (status) {
        return status;
    }
    for (size_t i = 0; i < training->n_sources; i++) {
        if (training->groups[i] % folds == fold) {
            softmax_model_predict(&model, &training->examples[i].input,
                                  training->held_out + i * CAUSES);
        }
    }
    softmax_model_release(&model);
    return BANTAM_OK;
}

static bantam_status predict_held_out(struct cause_training *training, bantam_error *error)
{
    size_t folds = (size_t)training->parameters.folds;
    training->held_out = arena_allocate_array(&training->arena, training->n_sources * CAUSES,
                                              sizeof *training->held_out);
    if (!training->held_out) {
        return error_memory(error);
    }
    if (!report(training, "causes of unseen groups", 0, folds)) {
        return error_set(error, BANTAM_ERROR_CANCELLED, "training was cancelled");
    }
    return parallel_try(folds, training->options->n_threads, predict_fold, training, error);
}

struct guess {
    float probability;
    bool right;
    float weight;
};

// The lowest threshold from which on the named causes are right often enough.
static float choose_threshold(struct guess *guesses, size_t n, float precision)
{
    for (size_t i = 1; i < n; i++) { // by insertion: a few thousand
        struct guess guess = guesses[i];
        size_t at = i;
        for (; at > 0 && guesses[at - 1].probability < guess.probability; at--) {
            guesses[at] = guesses[at - 1];
        }
        guesses[at] = guess;
    }
    float right = 0, named = 0, threshold = 0.9F;
    for (size_t i = 0; i < n; i++) {
        named += guesses[i].weight;
        right += guesses[i].right ? guesses[i].weight : 0;
        if (i >= n / 10 && right >= precision * named) {
            threshold = guesses[i].probability;
        }
    }
    return threshold;
}

// What will be met: lines that the finder finds. Where there are none, a person's spans.
static bool is_met(const struct cause_training *training, size_t number)
{
    return training->sources[number].predicted || !training->any_predicted;
}

// Logs that nobody made and constructed ones, which together say as much; counts how many causes of each are right unseen.
static void sum_met(float *sums, struct cause_training *training)
{
    for (size_t i = 0; i < training->n_sources; i++) {
        const struct cause_example *source = &training->sources[i];
        if (is_met(training, i)) {
            size_t best = softmax_likeliest(training->held_out + i * CAUSES, CAUSES);
            sums[source->constructed] += training->examples[i].weight;
            training->n_met[source->constructed]++;
            training->n_right[source->constructed] += best == source->cause;
        }
    }
}

static bantam_status calibrate(struct softmax_model *model, struct cause_training *training,
                               bantam_error *error)
{
    size_t n = 0, n_sources = training->n_sources;
    float sums[2] = {0};
    float *probabilities =
        arena_allocate_array(&training->arena, n_sources * CAUSES, sizeof *probabilities);
    size_t *classes = arena_allocate_array(&training->arena, n_sources, sizeof *classes);
    float *weights = arena_allocate_array(&training->arena, n_sources, sizeof *weights);
    float *scores = arena_allocate_array(&training->arena, n_sources, sizeof *scores);
    struct guess *guesses = arena_allocate_array(&training->arena, n_sources, sizeof *guesses);
    if (!probabilities || !classes || !weights || !scores || !guesses) {
        return error_memory(error);
    }
    sum_met(sums, training);
    for (size_t i = 0; i < n_sources; i++) {
        if (is_met(training, i)) {
            memcpy(probabilities + n * CAUSES, training->held_out + i * CAUSES,
                   CAUSES * sizeof *probabilities);
            scores[n] = training->sources[i].input.score;
            classes[n] = training->sources[i].cause;
            weights[n++] = training->examples[i].weight / sums[training->sources[i].constructed];
        }
    }
    softmax_calibrate(model, probabilities, scores, classes, weights, n);
    for (size_t i = 0; i < n; i++) {
        float *row = probabilities + i * CAUSES;
        size_t best = softmax_likeliest(row, CAUSES);
        for (size_t c = 0; c < CAUSES; c++) {
            row[c] = logf(fmaxf(row[c], 1e-20F));
        }
        softmax_normalise(row, CAUSES, model->temperature, softmax_model_trust(model, scores[i]));
        guesses[i] = (struct guess){row[best], best == classes[i], weights[i]};
    }
    model->threshold = training->parameters.threshold >= 0
                           ? (float)training->parameters.threshold
                           : choose_threshold(guesses, n, (float)training->parameters.precision);
    return BANTAM_OK;
}

static double share(size_t part, size_t all)
{
    return all > 0 ? (double)part / (double)all : 0;
}

static bantam_status write_model(bantam_buffer *out, const struct cause_training *training,
                                 const struct softmax_model *model, bantam_error *error)
{
    size_t n_buckets = (size_t)1 << model->bits;
    float calibration[] = {model->temperature, model->threshold, model->doubt, model->reliance};
    bantam_tensor tensors[] = {
        {"tied", BANTAM_F32, 1, {CAUSE_TIED}, model->tied, CAUSE_TIED * sizeof(float)},
        {"bias", BANTAM_F32, 1, {CAUSES}, model->bias, CAUSES * sizeof(float)},
        {"scale", BANTAM_F32, 1, {CAUSES}, model->scale, CAUSES * sizeof(float)},
        {"calibration", BANTAM_F32, 1, {4}, calibration, sizeof calibration},
        {"words", BANTAM_I8, 2, {n_buckets, CAUSES}, model->words, n_buckets * CAUSES},
    };
    bantam_buffer parameters, labels, measured;
    bantam_buffer_init(&parameters, 1 << 16);
    bantam_buffer_init(&labels, 1 << 12);
    bantam_buffer_init(&measured, 1 << 12);
    parameters_write(&parameters, &training->parameters, cause_parameter_table, N_PARAMETERS);
    bantam_buffer_append(&parameters, "", 1);
    for (int c = 0; c < CAUSES; c++) {
        bantam_buffer_append_format(&labels, "%s\"%s\"", c ? "," : "[", cause_name((enum cause)c));
    }
    bantam_buffer_append(&labels, "]", 2);
    bantam_buffer_append_format(&measured,
                                "{\"logs\":%zu,\"right_cause\":%.3f,\"constructed_logs\":%zu,"
                                "\"right_cause_of_constructed\":%.3f,\"folds\":%d}",
                                training->n_met[0], share(training->n_right[0], training->n_met[0]),
                                training->n_met[1], share(training->n_right[1], training->n_met[1]),
                                (int)training->parameters.folds);
    bantam_buffer_append(&measured, "", 1);
    char n_findings[24], n_messages[24];
    snprintf(n_findings, sizeof n_findings, "%zu", training->n_sources);
    snprintf(n_messages, sizeof n_messages, "%zu", training->messages->n_messages);
    const char *digest = training->options->data_digest;
    bantam_metadata metadata[] = {
        {"kind", "ci-cause"},
        {"version", "1"},
        {"features", CAUSE_FEATURES_VERSION},
        {"labels", labels.data ? labels.data : "[]"},
        {"parameters", parameters.data ? parameters.data : "{}"},
        {"measured", measured.data ? measured.data : "{}"},
        {"training_findings", n_findings},
        {"training_messages", n_messages},
        {"data_digest", digest ? digest : ""},
        {"licence", "Apache-2.0"},
    };
    bantam_status status = bantam_model_write(out, tensors, sizeof tensors / sizeof *tensors,
                                              metadata, sizeof metadata / sizeof *metadata, error);
    bantam_buffer_release(&parameters);
    bantam_buffer_release(&labels);
    bantam_buffer_release(&measured);
    return status;
}

bantam_status cause_train(bantam_buffer *model, const struct cause_example *examples,
                          size_t n_examples, const struct messages *messages,
                          const bantam_train_options *options, bantam_error *error)
{
    struct cause_training training = {
        .options = options, .sources = examples, .n_sources = n_examples, .messages = messages};
    struct softmax_model fitted = {0};
    bantam_status status = parameters_read(&training.parameters, cause_parameter_table,
                                           N_PARAMETERS, options->parameters, error);
    status = status ? status : gather(&training, error);
    status = status ? status : predict_held_out(&training, error);
    status = status ? status : fit(&fitted, &training, (size_t)training.parameters.folds, error);
    status = status ? status : calibrate(&fitted, &training, error);
    status = status ? status : write_model(model, &training, &fitted, error);
    softmax_model_release(&fitted);
    arena_release(&training.arena);
    return status;
}
