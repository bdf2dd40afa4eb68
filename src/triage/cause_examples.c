// Two kinds of examples: findings of real logs, and each message of the table as a log of one line, with its own evidence
// left out, so that the words of rare causes are learned where no log shows them.
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "triage/cause_training.h"

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
    const struct message *message = messages_get(training->messages, number);
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

bantam_status cause_examples_gather(struct cause_training *training, bantam_error *error)
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
        if (messages_get(training->messages, i)->n_means > 0) {
            status = add_message(training, i, error);
        }
    }
    return status;
}
