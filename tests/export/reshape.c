// Writes a classifier again with other weights: reshape MODEL OUT f32|int8|int4 SHARE names|hashes. Of the weights only the SHARE
// of largest size stays.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classify/classifier.h"

static int by_size(const void *left, const void *right)
{
    float a = *(const float *)left, b = *(const float *)right;
    return a < b ? -1 : a > b;
}

// Sets all but the share of weights (n) with the largest sizes to 0.
static void prune(float *weights, size_t n, double share)
{
    float *sizes = malloc(n * sizeof *sizes);
    if (!sizes) {
        exit(1);
    }
    for (size_t i = 0; i < n; i++) {
        sizes[i] = fabsf(weights[i]);
    }
    qsort(sizes, n, sizeof *sizes, by_size);
    float least = share < 1 ? sizes[(size_t)((double)n * (1 - share))] : 0;
    for (size_t i = 0; i < n; i++) {
        weights[i] = fabsf(weights[i]) >= least ? weights[i] : 0;
    }
    free(sizes);
}

static void reshape(bantam_classifier *classifier, enum weight_format format, double share,
                    bool with_names)
{
    struct text_model *model = NULL;
    size_t n = vectorizer_n_features(text_model_vectorizer(classifier->text));
    size_t n_outputs = text_model_n_outputs(classifier->text);
    float *weights = malloc(n * n_outputs * sizeof *weights);
    bool *keep = malloc(n * sizeof *keep);
    bantam_error error;
    if (!weights || !keep) {
        exit(1);
    }
    memset(keep, true, n * sizeof *keep);
    for (size_t f = 0; f < n; f++) {
        text_model_weights(classifier->text, f, weights + f * n_outputs);
    }
    prune(weights, n * n_outputs, share);
    if (text_model_select(&model, classifier->text, keep, with_names, weights, format, &error)) {
        fprintf(stderr, "%s\n", error.message);
        exit(1);
    }
    text_model_free(&classifier->text);
    classifier->text = model;
    free(weights);
    free(keep);
}

int main(int n_arguments, char **arguments)
{
    static char bytes[64 << 20];
    bantam_classifier *classifier = NULL;
    bantam_error error;
    bantam_buffer out;
    FILE *in = n_arguments == 6 ? fopen(arguments[1], "rb") : NULL;
    if (!in ||
        bantam_classifier_load(&classifier, bytes, fread(bytes, 1, sizeof bytes, in), &error)) {
        return 1;
    }
    fclose(in);
    static const char *const formats[] = {"f32", "int8", "int4"};
    enum weight_format format = WEIGHTS_F32;
    while (strcmp(formats[format], arguments[3]) != 0) {
        format++;
    }
    reshape(classifier, format, atof(arguments[4]), strcmp(arguments[5], "names") == 0);
    // Means are in the old order of features, which is another without names.
    free(classifier->means);
    classifier->means = NULL;
    bantam_buffer_init(&out, sizeof bytes);
    FILE *to = fopen(arguments[2], "wb");
    if (!to || bantam_classifier_save(classifier, &out, &error) ||
        fwrite(out.data, 1, out.size, to) != out.size || fclose(to)) {
        return 1;
    }
    bantam_buffer_release(&out);
    bantam_classifier_free(&classifier);
    return 0;
}
