// Trains a text classifier on four lines and asks it about two others: the smallest whole use of libbantam's classifiers.
//
//     cc classify_lines.c $(pkg-config --cflags --libs bantam) -o classify_lines
#include <stdio.h>
#include <string.h>

#include <bantam/bantam.h>

static const struct {
    const char *text, *label;
} rows[] = {
    {"Build succeeded", "0"},
    {"Error: Missing dependency", "1"},
    {"Deployment failed", "1"},
    {"Test passed", "0"},
};

static const char *const new_lines[] = {"Error: Invalid configuration", "Build complete"};

static bantam_status fill(bantam_dataset *dataset, bantam_error *error)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bantam_text label = {rows[i].label, strlen(rows[i].label)};
        bantam_record record = {.text = {rows[i].text, strlen(rows[i].text)},
                                .labels = &label,
                                .n_labels = 1,
                                .weight = 1};
        bantam_status status = bantam_dataset_add(dataset, &record, error);
        if (status) {
            return status;
        }
    }
    return bantam_dataset_finish(dataset, error);
}

static bantam_status train(bantam_classifier **classifier, bantam_error *error)
{
    bantam_dataset *dataset;
    bantam_status status = bantam_dataset_new(&dataset, NULL, error);
    if (status) {
        return status;
    }
    status = fill(dataset, error);
    if (!status) {
        // scikit-learn's defaults; its probabilities are as they come out of the fit, and so are these.
        bantam_classifier_options options = bantam_classifier_options_default();
        options.calibration = BANTAM_CALIBRATE_NONE;
        status = bantam_classifier_train(classifier, dataset, &options, NULL, error);
    }
    bantam_dataset_free(&dataset);
    return status;
}

static bantam_status predict(const bantam_classifier *classifier, bantam_error *error)
{
    bantam_predictor *predictor; // one for each thread; a classifier serves any number of them
    bantam_status status = bantam_predictor_new(&predictor, classifier, error);
    for (size_t i = 0; !status && i < sizeof new_lines / sizeof *new_lines; i++) {
        float probabilities[2];
        status = bantam_predictor_run(predictor, new_lines[i], strlen(new_lines[i]), probabilities,
                                      error);
        if (!status) {
            int label = probabilities[1] > probabilities[0];
            printf("%s  %.4f  %s\n", bantam_classifier_label(classifier, (size_t)label),
                   (double)probabilities[label], new_lines[i]);
        }
    }
    bantam_predictor_free(&predictor);
    return status;
}

int main(void)
{
    bantam_error error;
    bantam_classifier *classifier = NULL;
    bantam_status status = train(&classifier, &error);
    if (!status) {
        status = predict(classifier, &error);
    }
    bantam_classifier_free(&classifier);
    if (status) {
        fprintf(stderr, "%s\n", error.message);
    }
    return status ? 1 : 0;
}
