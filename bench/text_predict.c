// How fast one thread answers, and what it answers: a text classifier on tables of labelled texts, all in memory.
//
// usage: bench-text MODEL ROUNDS PROBABILITIES DATA...
//
// Each round asks a new predictor, which has remembered nothing, once for every text: first rounds for labels, then as many for all
// probabilities. Prints "texts N", "texts_per_second X" (labels) and "probabilities_per_second X" (the best round each, by CPU time),
// "accuracy X", "calibration_error X"; writes the probabilities (texts, labels) as 32-bit floats to the file
// PROBABILITIES, and the labels' names to PROBABILITIES.classes, unless it is "-".
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bantam/bantam.h>

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "bench-text: %s: %s\n", what, why);
    exit(1);
}

static ptrdiff_t read_file(void *context, char *buffer, size_t capacity)
{
    size_t got = fread(buffer, 1, capacity, context);
    return got == 0 && ferror(context) ? -1 : (ptrdiff_t)got;
}

static bantam_dataset *read_data(char **paths, int n_paths)
{
    bantam_dataset *dataset;
    bantam_error error;
    if (bantam_dataset_new(&dataset, NULL, &error)) {
        fail("data", error.message);
    }
    for (int i = 0; i < n_paths; i++) {
        FILE *file = fopen(paths[i], "rb");
        if (!file || bantam_dataset_read(dataset, paths[i], read_file, file, &error)) {
            fail(paths[i], file ? error.message : "not readable");
        }
        fclose(file);
    }
    if (bantam_dataset_finish(dataset, &error)) {
        fail("data", error.message);
    }
    return dataset;
}

static bantam_classifier *open_model(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t maximum = (size_t)1 << 32, size = 0, capacity = 1 << 20;
    char *bytes = malloc(capacity);
    bantam_classifier *classifier = NULL;
    bantam_error error;
    while (file && bytes && !feof(file) && size < maximum) {
        size += fread(bytes + size, 1, capacity - size, file);
        if (size == capacity) {
            capacity *= 2;
            bytes = realloc(bytes, capacity);
        }
    }
    if (!file || !bytes || bantam_classifier_load(&classifier, bytes, size, &error)) {
        fail(path, file && bytes ? error.message : "not readable");
    }
    fclose(file);
    free(bytes);
    return classifier;
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static bantam_text *list_texts(const bantam_dataset *dataset)
{
    size_t n_rows = bantam_dataset_n_rows(dataset);
    bantam_text *texts = calloc(n_rows + 1, sizeof *texts);
    for (size_t i = 0; texts && i < n_rows; i++) {
        const bantam_row *row = bantam_dataset_row(dataset, i);
        texts[i] = (bantam_text){row->text, row->text_size};
    }
    return texts;
}

// Seconds of asking a new predictor for all labels, or, unless `probabilities` is NULL, for all probabilities.
static double predict_all(uint32_t *labels, float *probabilities,
                          const bantam_classifier *classifier, const bantam_text *texts,
                          size_t n_texts)
{
    bantam_predictor *predictor;
    bantam_error error;
    double start = cpu_seconds();
    if (bantam_predictor_new(&predictor, classifier, &error)) {
        fail("predictor", error.message);
    }
    if (probabilities ? bantam_predictors_run(&predictor, 1, texts, n_texts, probabilities, &error)
                      : bantam_predictors_label(&predictor, 1, texts, n_texts, labels, &error)) {
        fail("text", error.message);
    }
    double seconds = cpu_seconds() - start;
    bantam_predictor_free(&predictor);
    return seconds;
}

// Texts a second of the best round.
static double best_speed(long rounds, uint32_t *labels, float *probabilities,
                         const bantam_classifier *classifier, const bantam_text *texts,
                         size_t n_texts)
{
    double best = 0;
    for (; rounds > 0; rounds--) {
        double seconds = predict_all(labels, probabilities, classifier, texts, n_texts);
        best = (double)n_texts / seconds > best ? (double)n_texts / seconds : best;
    }
    return best;
}

static void write_probabilities(const char *path, const float *probabilities, size_t n_rows,
                                const bantam_classifier *classifier)
{
    char names[4096];
    snprintf(names, sizeof names, "%s.classes", path);
    FILE *values = fopen(path, "wb"), *classes = fopen(names, "wb");
    size_t n_labels = bantam_classifier_n_labels(classifier);
    if (!values || !classes ||
        fwrite(probabilities, sizeof *probabilities * n_labels, n_rows, values) != n_rows) {
        fail(path, "not writable");
    }
    for (size_t i = 0; i < n_labels; i++) {
        fprintf(classes, "%s\n", bantam_classifier_label(classifier, i));
    }
    fclose(values);
    fclose(classes);
}

static void judge(const bantam_dataset *dataset, const bantam_classifier *classifier)
{
    bantam_scored_dataset *scored;
    bantam_evaluation *evaluation = NULL;
    bantam_evaluate_options options = bantam_evaluate_options_default();
    bantam_error error;
    options.n_resamples = 0;
    const bantam_classifier *classifiers[] = {classifier};
    if (bantam_scored_dataset_new(&scored, dataset, classifiers, 1, 1, &error) ||
        bantam_evaluate(&evaluation, bantam_scored_dataset_predictions(scored, 0), &options,
                        &error)) {
        fail("evaluation", error.message);
    }
    printf("accuracy %.6f\ncalibration_error %.6f\n", evaluation->accuracy.value,
           evaluation->calibration_error.value);
    bantam_evaluation_free(&evaluation);
    bantam_scored_dataset_free(&scored);
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: bench-text MODEL ROUNDS PROBABILITIES DATA...\n");
        return 2;
    }
    bantam_classifier *classifier = open_model(argv[1]);
    bantam_dataset *dataset = read_data(argv + 4, argc - 4);
    size_t n_rows = bantam_dataset_n_rows(dataset);
    float *probabilities =
        calloc(n_rows * bantam_classifier_n_labels(classifier) + 1, sizeof *probabilities);
    uint32_t *labels = calloc(n_rows + 1, sizeof *labels);
    bantam_text *texts = list_texts(dataset);
    if (!probabilities || !labels || !texts) {
        fail("probabilities", "out of memory");
    }
    long rounds = strtol(argv[2], NULL, 10);
    printf("texts %zu\ntexts_per_second %.0f\n", n_rows,
           best_speed(rounds, labels, NULL, classifier, texts, n_rows));
    printf("probabilities_per_second %.0f\n",
           best_speed(rounds, NULL, probabilities, classifier, texts, n_rows));
    judge(dataset, classifier);
    if (strcmp(argv[3], "-") != 0) {
        write_probabilities(argv[3], probabilities, n_rows, classifier);
    }
    free(texts);
    free(labels);
    free(probabilities);
    bantam_dataset_free(&dataset);
    bantam_classifier_free(&classifier);
    return 0;
}
