// Contributions of n-grams, put together from the scorer's occurrences, the weights and the training means.
#include "bantam/explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "classify/label_weights.h"
#include "classify/nearest.h"

struct bantam_explainer {
    const bantam_classifier *classifier;
    struct text_scorer *scorer;
    struct vectorizer_workspace *workspace; // of the nearest texts' query
    struct nearest nearest;
    double *mean_scores; // (n_outputs) intercept + w · E[x]
    float *outputs;      // (n_outputs) scores of the text
    float *weights;      // (n_outputs) of one feature
};

// The explanation and what it owns.
struct owned_explanation {
    bantam_explanation shown;
    struct arena arena;
};

enum {
    NEIGHBOURS_MAXIMUM = 1000,
    NAME_MAXIMUM = 1024 // bytes of an n-gram's name; a longer one is cut
};

bantam_explain_options bantam_explain_options_default(void)
{
    return (bantam_explain_options){.n_neighbours = 3};
}

void bantam_explainer_free(bantam_explainer **explainer)
{
    bantam_explainer *old = *explainer;
    if (old) {
        text_scorer_free(&old->scorer);
        vectorizer_workspace_free(&old->workspace);
        nearest_release(&old->nearest);
        memory_free(old->mean_scores);
        memory_free(old->outputs);
        memory_free(old->weights);
        memory_free(old);
    }
    *explainer = NULL;
}

static void find_mean_scores(bantam_explainer *explainer)
{
    const bantam_classifier *classifier = explainer->classifier;
    size_t n_outputs = text_model_n_outputs(classifier->text);
    const float *intercepts = text_model_intercepts(classifier->text);
    for (size_t output = 0; output < n_outputs; output++) {
        explainer->mean_scores[output] = (double)intercepts[output];
    }
    for (size_t i = 0; i < bantam_classifier_n_features(classifier); i++) {
        text_model_weights(classifier->text, i, explainer->weights);
        for (size_t output = 0; output < n_outputs; output++) {
            explainer->mean_scores[output] +=
                (double)explainer->weights[output] * (double)classifier->means[i];
        }
    }
}

bantam_status bantam_explainer_new(bantam_explainer **out, const bantam_classifier *classifier,
                                   bantam_error *error)
{
    *out = NULL;
    if (!classifier->means) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "the model was made small and keeps no averages to explain from; explain "
                         "by the model that it was made from, or shrink that anew so that names "
                         "are kept (bantam shrink --keep-names)");
    }
    size_t n_outputs = text_model_n_outputs(classifier->text);
    bantam_explainer *explainer = memory_allocate_array(1, sizeof *explainer);
    if (!explainer) {
        return error_memory(error);
    }
    explainer->classifier = classifier;
    explainer->mean_scores = memory_allocate_array(n_outputs, sizeof *explainer->mean_scores);
    explainer->outputs = memory_allocate_array(n_outputs, sizeof *explainer->outputs);
    explainer->weights = memory_allocate_array(n_outputs, sizeof *explainer->weights);
    bantam_status status = explainer->mean_scores && explainer->outputs && explainer->weights
                               ? text_scorer_new(&explainer->scorer, classifier->text, error)
                               : error_memory(error);
    if (!status) {
        status = vectorizer_workspace_new(&explainer->workspace,
                                          text_model_vectorizer(classifier->text), error);
    }
    if (!status) {
        status = nearest_init(&explainer->nearest, classifier, error);
    }
    if (status) {
        bantam_explainer_free(&explainer);
        return status;
    }
    find_mean_scores(explainer);
    *out = explainer;
    return BANTAM_OK;
}

void bantam_explanation_free(bantam_explanation **explanation)
{
    if (*explanation) {
        struct owned_explanation *owned = (struct owned_explanation *)(void *)*explanation;
        arena_release(&owned->arena);
        memory_free(owned);
    }
    *explanation = NULL;
}

// The weight of a feature for what is explained: the label's, or the difference to the other label's.
static double weight_of(bantam_explainer *explainer, const bantam_explanation *shown,
                        uint32_t feature)
{
    text_model_weights(explainer->classifier->text, feature, explainer->weights);
    double weight = label_score(explainer->classifier, explainer->weights, shown->label);
    return shown->has_against
               ? weight - label_score(explainer->classifier, explainer->weights, shown->against)
               : weight;
}

static double mean_score_of(const bantam_explainer *explainer, uint32_t label)
{
    const bantam_classifier *classifier = explainer->classifier;
    if (text_model_n_outputs(classifier->text) > 1 || classifier->multi_label) {
        return explainer->mean_scores[label];
    }
    return label == 1 ? explainer->mean_scores[0] : -explainer->mean_scores[0];
}

static int by_feature(const void *left, const void *right)
{
    const struct text_contribution *a = left, *b = right;
    if (a->feature != b->feature) {
        return a->feature < b->feature ? -1 : 1;
    }
    return (a->start > b->start) - (a->start < b->start);
}

static int by_size(const void *left, const void *right)
{
    const bantam_contribution *a = left, *b = right;
    double x = fabs(a->value), y = fabs(b->value);
    if (x != y) {
        return x < y ? 1 : -1;
    }
    return (a->places->start > b->places->start) - (a->places->start < b->places->start);
}

// Names the n-gram: by the vocabulary, or by its first place in the text.
static bool name_ngram(struct owned_explanation *owned, bantam_contribution *contribution,
                       const bantam_explainer *explainer, uint32_t feature, const char *text)
{
    char name[NAME_MAXIMUM];
    size_t size = vectorizer_feature_name(text_model_vectorizer(explainer->classifier->text),
                                          feature, name, sizeof name);
    const char *from = name;
    if (size == 0) {
        from = text + contribution->places->start;
        size = contribution->places->end - contribution->places->start;
    }
    size = size < NAME_MAXIMUM ? size : NAME_MAXIMUM;
    contribution->ngram = arena_copy(&owned->arena, from, size);
    contribution->ngram_size = size;
    return contribution->ngram != NULL;
}

// One contribution from the occurrences [from, to) of a feature. False when memory is out.
static bool add_contribution(struct owned_explanation *owned, bantam_contribution *contribution,
                             bantam_explainer *explainer, const struct text_contribution *entries,
                             size_t n, const char *text)
{
    bantam_place *places = arena_allocate_array(&owned->arena, n, sizeof *places);
    if (!places) {
        return false;
    }
    double value = 0;
    for (size_t i = 0; i < n; i++) {
        places[i] = (bantam_place){entries[i].start, entries[i].end};
        value += (double)entries[i].value;
    }
    uint32_t feature = entries[0].feature;
    double mean = (double)explainer->classifier->means[feature];
    double weight = weight_of(explainer, &owned->shown, feature);
    contribution->places = places;
    contribution->n_places = n;
    contribution->value = weight * (value - mean);
    return name_ngram(owned, contribution, explainer, feature, text);
}

static bantam_status explain_ngrams(struct owned_explanation *owned, bantam_explainer *explainer,
                                    const char *text, size_t text_size, bantam_error *error)
{
    bantam_explanation *shown = &owned->shown;
    struct text_contributions found;
    bantam_status status = text_scorer_explain(&found, explainer->scorer, text, text_size, error);
    if (status) {
        return status;
    }
    bantam_contribution *list = arena_allocate_array(&owned->arena, found.n, sizeof *list);
    bool complete = list != NULL;
    if (found.n > 0) {
        qsort(found.entries, found.n, sizeof *found.entries, by_feature);
    }
    double sum = 0;
    size_t n = 0;
    for (size_t from = 0, to; complete && from < found.n; from = to) {
        for (to = from; to < found.n && found.entries[to].feature == found.entries[from].feature;
             to++) {
        }
        complete =
            add_contribution(owned, &list[n], explainer, found.entries + from, to - from, text);
        sum += complete ? list[n++].value : 0;
    }
    text_contributions_release(&found);
    if (!complete) {
        return error_memory(error);
    }
    if (n > 0) {
        qsort(list, n, sizeof *list, by_size);
    }
    shown->contributions = list;
    shown->n_contributions = n;
    shown->absent = shown->score - shown->base - sum;
    return BANTAM_OK;
}

static bantam_status find_neighbours(struct owned_explanation *owned, bantam_explainer *explainer,
                                     const char *text, size_t text_size, size_t n_wanted,
                                     bantam_error *error)
{
    const struct kept_texts *kept = &explainer->classifier->kept;
    if (kept->n == 0 || n_wanted == 0) {
        return BANTAM_OK;
    }
    struct sparse_row row;
    bantam_status status = vectorizer_row(&row, explainer->workspace, text, text_size, error);
    if (status) {
        return status;
    }
    size_t n = nearest_find(&explainer->nearest, &row);
    n = n < n_wanted ? n : n_wanted;
    bantam_neighbour *neighbours = arena_allocate_array(&owned->arena, n, sizeof *neighbours);
    if (!neighbours) {
        return error_memory(error);
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t found = explainer->nearest.found[i].row;
        neighbours[i] = (bantam_neighbour){
            .text = {kept->bytes + kept->starts[found],
                     kept->starts[found + 1] - kept->starts[found]},
            .labels = kept->labels + kept->label_starts[found],
            .n_labels = kept->label_starts[found + 1] - kept->label_starts[found],
            .similarity = (double)explainer->nearest.found[i].similarity};
    }
    owned->shown.neighbours = neighbours;
    owned->shown.n_neighbours = n;
    return BANTAM_OK;
}

// Scores the text, chooses the label and fills in what the contributions are measured from.
static bantam_status explain_score(struct owned_explanation *owned, bantam_explainer *explainer,
                                   const char *text, size_t text_size,
                                   const bantam_explain_options *options, bantam_error *error)
{
    const bantam_classifier *classifier = explainer->classifier;
    bantam_explanation *shown = &owned->shown;
    float *probabilities =
        arena_allocate_array(&owned->arena, classifier->n_labels, sizeof *probabilities);
    if (!probabilities) {
        return error_memory(error);
    }
    bantam_status status =
        text_scorer_score(explainer->scorer, text, text_size, explainer->outputs, error);
    if (status) {
        return status;
    }
    calibration_apply(&classifier->calibration, explainer->outputs, probabilities);
    uint32_t best = 0;
    for (uint32_t i = 1; i < classifier->n_labels; i++) {
        best = probabilities[i] > probabilities[best] ? i : best;
    }
    shown->probabilities = probabilities;
    shown->label = options->label_given ? options->label : best;
    shown->has_against = options->against_given;
    shown->against = options->against;
    shown->score = label_score(classifier, explainer->outputs, shown->label);
    shown->base = mean_score_of(explainer, shown->label);
    if (shown->has_against) {
        shown->score -= label_score(classifier, explainer->outputs, shown->against);
        shown->base -= mean_score_of(explainer, shown->against);
    }
    return BANTAM_OK;
}

bantam_status bantam_explain(bantam_explanation **out, bantam_explainer *explainer,
                             const char *text, size_t text_size,
                             const bantam_explain_options *options, bantam_error *error)
{
    *out = NULL;
    const bantam_explain_options defaults = bantam_explain_options_default();
    options = options ? options : &defaults;
    size_t n_labels = explainer->classifier->n_labels;
    if ((options->label_given && options->label >= n_labels) ||
        (options->against_given && options->against >= n_labels)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "the model has %zu labels, numbered from 0",
                         n_labels);
    }
    if (options->n_neighbours > NEIGHBOURS_MAXIMUM) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "neighbours: takes a number from 0 to %d",
                         NEIGHBOURS_MAXIMUM);
    }
    struct owned_explanation *owned = memory_allocate_array(1, sizeof *owned);
    if (!owned) {
        return error_memory(error);
    }
    bantam_explanation *shown = &owned->shown;
    bantam_status status = explain_score(owned, explainer, text, text_size, options, error);
    if (!status) {
        status = explain_ngrams(owned, explainer, text, text_size, error);
    }
    if (!status) {
        status = find_neighbours(owned, explainer, text, text_size, options->n_neighbours, error);
    }
    if (status) {
        bantam_explanation_free(&shown);
        return status;
    }
    *out = shown;
    return BANTAM_OK;
}
