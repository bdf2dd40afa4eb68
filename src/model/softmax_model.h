// A multinomial linear model of hashed words and of evidence that is tied across classes.
//
// logit_c = bias_c + Σ_f tied_f · x[f][c] + Σ_w W[w][c] · v_w ;  p = trust · softmax(logit / temperature) + (1 − trust) / n_classes,
// trust = (1 − doubt) · reliability^reliance
//
// The doubt is the chance that the input tells nothing of the class, however sure it looks: lines that are beside the point.
//
// A tied feature is one number for each class ("how much the messages speak for c") with one weight for all of them, so
// that a class with few training examples, or none, is reached by what is known of it.
#ifndef BANTAM_MODEL_SOFTMAX_MODEL_H
#define BANTAM_MODEL_SOFTMAX_MODEL_H

#include "bantam/model.h"

struct hashed_word {
    uint32_t hash; // the bucket is its upper bits
    float value;
};

struct softmax_input {
    const float *tied;               // (n_tied, n_classes)
    const struct hashed_word *words; // (n_words)
    size_t n_words;
    float reliability; // how sure it is that the input is to the point, in [0, 1]
};

struct softmax_model {
    size_t n_classes, n_tied;
    unsigned bits;     // 2^bits buckets
    float *tied;       // (n_tied)
    float *bias;       // (n_classes)
    float *scale;      // (n_classes): weight = scale[c] · words[…][c]
    int8_t *words;     // (2^bits, n_classes)
    float temperature; // of the probabilities, > 0
    float threshold;   // below it no class is named
    float doubt;       // share of the probability that all classes have alike, in [0, 1)
    float reliance;    // how much more that is where the input is not reliable, at least 0
};

// Reads tensors "tied", "bias", "scale", "calibration" F32 (temperature, threshold, doubt, reliance) and "words" I8. Errors:
// BANTAM_ERROR_MODEL, BANTAM_ERROR_MEMORY; *model is then empty.
BANTAM_MUST_CHECK bantam_status softmax_model_load(struct softmax_model *model,
                                                   const bantam_model *file, size_t n_classes,
                                                   size_t n_tied, bantam_error *error);
void softmax_model_release(struct softmax_model *model);

// The weight of a word for a class.
float softmax_model_word(const struct softmax_model *model, uint32_t hash, size_t class);

// Writes the n_classes probabilities.
void softmax_model_predict(const struct softmax_model *model, const struct softmax_input *input,
                           float *probabilities);

// Logits become probabilities, in place; n is at least 1.
void softmax_of_logits(double *values, size_t n);

// The class of the highest value, of equals the first.
size_t softmax_likeliest(const float *values, size_t n_classes);

// How far the model trusts an input of that reliability.
float softmax_model_trust(const struct softmax_model *model, float reliability);

// From logits to probabilities, in place.
void softmax_normalise(float *logits, size_t n_classes, float temperature, float trust);

#endif
