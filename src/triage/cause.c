// Serving: predict, abstain, fill the slots, explain.
#include "triage/cause.h"

#include <string.h>

#include "base/error.h"
#include "triage/cause_explain.h"

static bantam_status check_file(const bantam_model *file, bantam_error *error)
{
    const char *version = bantam_model_metadata(file, "features");
    if (!version || strcmp(version, CAUSE_FEATURES_VERSION) != 0) {
        return error_set(error, BANTAM_ERROR_VERSION,
                         "the cause model was made for features version %s, this program has "
                         "version " CAUSE_FEATURES_VERSION "; train it again",
                         version ? version : "(none)");
    }
    return BANTAM_OK;
}

bantam_status cause_load(struct cause_classifier *classifier, const bantam_model *file,
                         const struct cause_extractor *extractor, bantam_error *error)
{
    *classifier =
        (struct cause_classifier){.messages = extractor->messages, .extractor = *extractor};
    bantam_status status = check_file(file, error);
    if (!status) {
        status = softmax_model_load(&classifier->model, file, CAUSES, CAUSE_TIED, error);
    }
    if (status) {
        cause_release(classifier);
    }
    return status;
}

void cause_release(struct cause_classifier *classifier)
{
    softmax_model_release(&classifier->model);
    *classifier = (struct cause_classifier){0};
}

static void sort_causes(struct cause_answer *answer)
{
    for (int i = 0; i < CAUSES; i++) {
        int at = i;
        for (; at > 0 && answer->probabilities[i] > answer->probabilities[answer->order[at - 1]];
             at--) {
            answer->order[at] = answer->order[at - 1];
        }
        answer->order[at] = (enum cause)i;
    }
}

// The message that speaks loudest for the cause decides where it has an opinion; else the cause does.
static enum transient find_transient(const struct cause_classifier *classifier,
                                     const struct cause_features *features, enum cause cause)
{
    float most = 0;
    enum transient found = TRANSIENT_UNSAID;
    for (size_t i = 0; i < features->n_hits; i++) {
        const struct message_hit *hit = &features->hits[i];
        const struct message *message = messages_get(classifier->messages, hit->message);
        for (size_t k = 0; k < message->n_means && hit->zone <= TIED_NEAR; k++) {
            float weight = message_weight(message, k) * hit->closeness;
            if (message->means[k].cause == cause && message->transient != TRANSIENT_UNSAID &&
                weight > most) {
                most = weight;
                found = (enum transient)message->transient;
            }
        }
    }
    return found == TRANSIENT_UNSAID ? cause_transient(cause) : found;
}

// Each slot from the closest message that fills it: on the anchor, in the finding, near it.
static bantam_status fill_slots(struct cause_answer *answer,
                                const struct cause_classifier *classifier,
                                const struct cause_features *features,
                                const struct document *document, struct arena *arena,
                                bantam_error *error)
{
    for (size_t i = 0; i < features->n_hits; i++) {
        const struct message_hit *hit = &features->hits[i];
        const struct line *line = &document->lines[hit->line];
        for (int slot = 0; slot < MESSAGE_SLOTS && hit->zone <= TIED_NEAR; slot++) {
            const char *taken;
            size_t size;
            if (!answer->slots[slot] &&
                messages_slot(classifier->messages, hit->message, (enum message_slot)slot,
                              line->text, line->size, &taken, &size)) {
                answer->slots[slot] = arena_copy(arena, taken, size);
                if (!answer->slots[slot]) {
                    return error_memory(error);
                }
            }
        }
    }
    return BANTAM_OK;
}

static bantam_status predict(float *probabilities, const struct cause_classifier *classifier,
                             const struct cause_input *input, struct cause_features *features,
                             struct arena *scratch, bantam_error *error)
{
    bantam_status status =
        cause_features_init(features, &classifier->extractor, input, NULL, scratch, error);
    if (!status) {
        const struct softmax_input vector = {&features->tied[0][0], features->words,
                                             features->n_words, input->score};
        softmax_model_predict(&classifier->model, &vector, probabilities);
    }
    return status;
}

// Lays over the shipped model's probabilities what the person taught.
static bantam_status apply_learned(struct cause_answer *answer,
                                   const struct cause_classifier *classifier,
                                   const struct cause_features *features, bantam_error *error)
{
    struct learned_answer learned;
    bantam_status status =
        learned_apply(&learned, classifier->learned, features, answer->probabilities, error);
    if (!status) {
        memcpy(answer->probabilities, learned.probabilities, sizeof answer->probabilities);
        answer->own_fix = learned.fix;
        answer->n_alike = learned.n_alike;
        answer->learned_weight = learned.weight;
        if (learned.best >= CAUSES) {
            answer->own = classifier->learned->names[learned.best];
            answer->own_probability = learned.probabilities[learned.best];
        }
    }
    return status;
}

bantam_status cause_run(struct cause_answer *answer, const struct cause_classifier *classifier,
                        const struct cause_input *input, double threshold, struct arena *arena,
                        bantam_error *error)
{
    *answer = (struct cause_answer){.cause = CAUSE_UNKNOWN};
    struct arena scratch = ARENA_EMPTY;
    struct cause_features *features = arena_allocate(&scratch, sizeof *features);
    bantam_status status =
        features ? predict(answer->probabilities, classifier, input, features, &scratch, error)
                 : error_memory(error);
    if (!status && classifier->learned) {
        status = apply_learned(answer, classifier, features, error);
    }
    if (!status) {
        sort_causes(answer);
        float least = threshold < 0 ? classifier->model.threshold : (float)threshold;
        enum cause likeliest = answer->order[0];
        bool named = !answer->own && answer->probabilities[likeliest] >= least;
        answer->own = answer->own_probability >= least ? answer->own : NULL;
        answer->cause = named ? likeliest : CAUSE_UNKNOWN;
        answer->transient = find_transient(classifier, features, likeliest);
        status = fill_slots(answer, classifier, features, input->document, arena, error);
    }
    if (!status) {
        status = cause_explain(answer, classifier, input, features, arena, error);
    }
    arena_release(&scratch);
    return status;
}
