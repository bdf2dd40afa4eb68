// How far the weights are to be believed, from what they say of groups that they have not seen: of the finder's lines, where there are
// any, as these are what will be met.
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "triage/cause_training.h"

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

bantam_status cause_calibrate(struct softmax_model *model, struct cause_training *training,
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
