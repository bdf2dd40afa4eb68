// The heaviest n-grams of a label: one pass over the weights with a list of the best so far.
#include <string.h>

#include "bantam/explain.h"
#include "base/error.h"
#include "base/memory.h"
#include "classify/label_weights.h"

enum {
    NAME_MAXIMUM = 1024 // bytes of an n-gram's name; a longer one is cut
};

struct owned_ngrams {
    bantam_telling_ngrams shown;
    struct arena arena;
};

struct candidate {
    double weight;
    uint32_t feature;
};

void bantam_telling_ngrams_free(bantam_telling_ngrams **ngrams)
{
    if (*ngrams) {
        struct owned_ngrams *owned = (struct owned_ngrams *)(void *)*ngrams;
        arena_release(&owned->arena);
        memory_free(owned);
    }
    *ngrams = NULL;
}

// The label's weight against the mean of all labels' weights.
static double weight_of(const bantam_classifier *classifier, const float *weights, uint32_t label)
{
    size_t n_outputs = text_model_n_outputs(classifier->text);
    double sum = 0;
    for (size_t i = 0; n_outputs > 1 && !classifier->multi_label && i < n_outputs; i++) {
        sum += (double)weights[i];
    }
    return label_score(classifier, weights, label) - sum / (double)n_outputs;
}

// Keeps the list sorted, the heaviest first; of equals the earlier feature. Returns its new length.
static size_t insert(struct candidate *list, size_t n, size_t n_wanted, struct candidate new)
{
    if (n == n_wanted && !(new.weight > list[n - 1].weight)) {
        return n;
    }
    size_t at = n < n_wanted ? n : n - 1;
    for (; at > 0 && list[at - 1].weight < new.weight; at--) {
        list[at] = list[at - 1];
    }
    list[at] = new;
    return n < n_wanted ? n + 1 : n;
}

static bool fill(struct owned_ngrams *owned, const bantam_classifier *classifier,
                 const struct candidate *list, size_t n)
{
    bantam_telling_ngram *ngrams = arena_allocate_array(&owned->arena, n, sizeof *ngrams);
    bool complete = ngrams != NULL;
    for (size_t i = 0; complete && i < n; i++) {
        char name[NAME_MAXIMUM];
        size_t size = vectorizer_feature_name(text_model_vectorizer(classifier->text),
                                              list[i].feature, name, sizeof name);
        ngrams[i].ngram = arena_copy(&owned->arena, name, size < sizeof name ? size : sizeof name);
        ngrams[i].weight = list[i].weight;
        complete = ngrams[i].ngram != NULL;
    }
    owned->shown = (bantam_telling_ngrams){.ngrams = ngrams, .n = n};
    return complete;
}

bantam_status bantam_classifier_telling(bantam_telling_ngrams **out,
                                        const bantam_classifier *classifier, uint32_t label,
                                        size_t n, bantam_error *error)
{
    *out = NULL;
    if (label >= classifier->n_labels) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "the model has %zu labels, numbered from 0",
                         classifier->n_labels);
    }
    size_t n_features = bantam_classifier_n_features(classifier), n_found = 0;
    n = n < n_features ? n : n_features;
    struct owned_ngrams *owned = memory_allocate_array(1, sizeof *owned);
    struct candidate *list = memory_allocate_array(n, sizeof *list);
    float *weights = memory_allocate_array(text_model_n_outputs(classifier->text), sizeof *weights);
    bool complete = owned && list && weights;
    for (size_t i = 0; complete && n > 0 && i < n_features; i++) {
        char first;
        if (vectorizer_feature_name(text_model_vectorizer(classifier->text), i, &first, 1) == 0) {
            continue;
        }
        text_model_weights(classifier->text, i, weights);
        double weight = weight_of(classifier, weights, label);
        if (weight > 0) {
            n_found = insert(list, n_found, n,
                             (struct candidate){.weight = weight, .feature = (uint32_t)i});
        }
    }
    complete = complete && fill(owned, classifier, list, n_found);
    memory_free(list);
    memory_free(weights);
    if (!complete) {
        bantam_telling_ngrams *partial = owned ? &owned->shown : NULL;
        bantam_telling_ngrams_free(&partial);
        return error_memory(error);
    }
    *out = &owned->shown;
    return BANTAM_OK;
}
