// Labels of datasets and of classifiers are numbered apart: everything meets by name, in one sorted table of classes.
#include "bantam/scored_dataset.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/string_table.h"

struct bantam_scored_dataset {
    const bantam_dataset *dataset; // borrowed
    struct string_table classes;
    uint32_t *labels;       // of the rows, as classes: (n_rows), or (label_starts[n_rows])
    size_t *label_starts;   // (n_rows + 1); NULL for single-label data
    float *weights;         // (n_rows)
    uint32_t *groups;       // (n_rows); NULL where there is but one
    bantam_text *texts;     // (n_rows)
    bantam_predictions *of; // (n_classifiers)
    size_t *n_unknown;      // (n_classifiers)
    size_t n_classifiers;
};

void bantam_scored_dataset_free(bantam_scored_dataset **scored)
{
    if (!*scored) {
        return;
    }
    bantam_scored_dataset *own = *scored;
    for (size_t i = 0; own->of && i < own->n_classifiers; i++) {
        memory_free((float *)(uintptr_t)own->of[i].probabilities);
    }
    string_table_release(&own->classes);
    memory_free(own->labels);
    memory_free(own->label_starts);
    memory_free(own->weights);
    memory_free(own->groups);
    memory_free(own->texts);
    memory_free(own->of);
    memory_free(own->n_unknown);
    memory_free(own);
    *scored = NULL;
}

const bantam_predictions *bantam_scored_dataset_predictions(const bantam_scored_dataset *scored,
                                                            size_t i)
{
    return &scored->of[i];
}

size_t bantam_scored_dataset_n_unknown(const bantam_scored_dataset *scored, size_t i)
{
    return scored->n_unknown[i];
}

static bool add_class(bantam_scored_dataset *scored, const char *name)
{
    return string_table_add(&scored->classes, name, strlen(name)) != STRING_TABLE_NONE;
}

// All names of the dataset and the classifiers, sorted.
static bool set_classes(bantam_scored_dataset *scored, const bantam_classifier *const *classifiers,
                        size_t n_classifiers)
{
    bool whole = true;
    for (size_t i = 0; whole && i < bantam_dataset_n_labels(scored->dataset); i++) {
        whole = add_class(scored, bantam_dataset_label(scored->dataset, i));
    }
    for (size_t c = 0; c < n_classifiers; c++) {
        for (size_t i = 0; whole && i < bantam_classifier_n_labels(classifiers[c]); i++) {
            whole = add_class(scored, bantam_classifier_label(classifiers[c], i));
        }
    }
    uint32_t *numbers = memory_allocate_array(scored->classes.n_strings, sizeof *numbers);
    whole = whole && numbers && string_table_sort(&scored->classes, numbers);
    memory_free(numbers);
    return whole;
}

static uint32_t class_of(const bantam_scored_dataset *scored, const char *name)
{
    return string_table_find(&scored->classes, name, strlen(name));
}

// Labels, weights, groups and texts of the rows, as arrays.
static bool set_rows(bantam_scored_dataset *scored)
{
    const bantam_dataset *dataset = scored->dataset;
    size_t n_rows = bantam_dataset_n_rows(dataset), n = 0;
    bool several = bantam_dataset_is_multi_label(dataset);
    for (size_t i = 0; i < n_rows; i++) {
        n += bantam_dataset_row(dataset, i)->n_labels;
    }
    scored->labels = memory_allocate_array(n, sizeof *scored->labels);
    scored->label_starts =
        several ? memory_allocate_array(n_rows + 1, sizeof *scored->label_starts) : NULL;
    scored->weights = memory_allocate_array(n_rows, sizeof *scored->weights);
    scored->texts = memory_allocate_array(n_rows, sizeof *scored->texts);
    bool grouped = bantam_dataset_n_groups(dataset) > 1;
    scored->groups = grouped ? memory_allocate_array(n_rows, sizeof *scored->groups) : NULL;
    if (!scored->labels || (several && !scored->label_starts) || !scored->weights ||
        !scored->texts || (grouped && !scored->groups)) {
        return false;
    }
    n = 0;
    for (size_t i = 0; i < n_rows; i++) {
        const bantam_row *row = bantam_dataset_row(dataset, i);
        for (size_t j = 0; j < row->n_labels; j++) {
            scored->labels[n++] = class_of(scored, bantam_dataset_label(dataset, row->labels[j]));
        }
        if (several) {
            scored->label_starts[i + 1] = n;
        }
        scored->weights[i] = row->weight;
        scored->texts[i] = (bantam_text){row->text, row->text_size};
        if (grouped) {
            scored->groups[i] = row->group;
        }
    }
    return true;
}

static bantam_status check_rows(const bantam_dataset *dataset, bantam_error *error)
{
    size_t n_rows = bantam_dataset_n_rows(dataset);
    if (n_rows == 0) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "the data have no rows");
    }
    for (size_t i = 0; !bantam_dataset_is_multi_label(dataset) && i < n_rows; i++) {
        if (bantam_dataset_row(dataset, i)->n_labels != 1) {
            return error_set(error, BANTAM_ERROR_ARGUMENT, "row %zu of the data has no label",
                             i + 1);
        }
    }
    return BANTAM_OK;
}

// All but the probabilities of the classifiers, which are 0.
static bantam_status scored_dataset_begin(bantam_scored_dataset **out,
                                          const bantam_dataset *dataset,
                                          const bantam_classifier *const *classifiers,
                                          size_t n_classifiers, size_t n_predictions,
                                          bantam_error *error)
{
    *out = NULL;
    bantam_status status = check_rows(dataset, error);
    bantam_scored_dataset *scored = status ? NULL : memory_allocate_array(1, sizeof *scored);
    if (!scored) {
        return status ? status : error_memory(error);
    }
    *out = scored;
    scored->dataset = dataset;
    scored->n_classifiers = n_predictions;
    scored->of = memory_allocate_array(n_predictions, sizeof *scored->of);
    scored->n_unknown = memory_allocate_array(n_predictions, sizeof *scored->n_unknown);
    bool whole = scored->of && scored->n_unknown &&
                 set_classes(scored, classifiers, n_classifiers) && set_rows(scored);
    size_t n_rows = bantam_dataset_n_rows(dataset), n_classes = scored->classes.n_strings,
           n_values = 0;
    whole = whole && !__builtin_mul_overflow(n_rows, n_classes, &n_values);
    for (size_t i = 0; whole && i < n_predictions; i++) {
        scored->of[i] = (bantam_predictions){
            .n_rows = n_rows,
            .n_classes = n_classes,
            .names = scored->classes.strings,
            .probabilities = memory_allocate_array(n_values, sizeof(float)),
            .labels = scored->labels,
            .label_starts = scored->label_starts,
            .weights = scored->weights,
            .groups = scored->groups,
            .texts = scored->texts,
        };
        whole = scored->of[i].probabilities != NULL;
    }
    if (!whole) {
        bantam_scored_dataset_free(out);
        return error_memory(error);
    }
    return BANTAM_OK;
}

static bantam_status run_predictors(const bantam_classifier *classifier, const bantam_text *texts,
                                    size_t n_texts, float *probabilities, int n_threads,
                                    bantam_error *error)
{
    size_t n = n_threads < 1 ? 1 : (size_t)n_threads, n_made = 0;
    bantam_predictor **predictors = memory_allocate_array(n, sizeof *predictors);
    bantam_status status = predictors ? BANTAM_OK : error_memory(error);
    while (!status && n_made < n) {
        status = bantam_predictor_new(&predictors[n_made], classifier, error);
        n_made += status == BANTAM_OK;
    }
    if (!status) {
        status = bantam_predictors_run(predictors, n, texts, n_texts, probabilities, error);
    }
    for (size_t i = 0; i < n_made; i++) {
        bantam_predictor_free(&predictors[i]);
    }
    memory_free(predictors);
    return status;
}

// Lets a classifier speak of rows (n_rows), and puts what it says where predictions `i` has these rows.
static bantam_status score_rows(bantam_scored_dataset *scored, size_t i,
                                const bantam_classifier *classifier, const uint32_t *rows,
                                size_t n_rows, int n_threads, bantam_error *error)
{
    size_t n_labels = bantam_classifier_n_labels(classifier), n_values;
    size_t n_classes = scored->classes.n_strings;
    bool fits = !__builtin_mul_overflow(n_rows, n_labels, &n_values);
    bantam_text *texts = memory_allocate_array(n_rows, sizeof *texts);
    float *said = fits ? memory_allocate_array(n_values, sizeof *said) : NULL;
    uint32_t *classes = memory_allocate_array(n_labels, sizeof *classes);
    bantam_status status = texts && said && classes ? BANTAM_OK : error_memory(error);
    for (size_t row = 0; !status && row < n_rows; row++) {
        texts[row] = scored->texts[rows[row]];
    }
    if (!status) {
        status = run_predictors(classifier, texts, n_rows, said, n_threads, error);
    }
    for (size_t c = 0; !status && c < n_labels; c++) {
        classes[c] = class_of(scored, bantam_classifier_label(classifier, c));
    }
    float *probabilities = (float *)(uintptr_t)scored->of[i].probabilities; // ours
    for (size_t row = 0; !status && row < n_rows; row++) {
        for (size_t c = 0; c < n_labels; c++) {
            probabilities[rows[row] * n_classes + classes[c]] = said[row * n_labels + c];
        }
    }
    memory_free(texts);
    memory_free(said);
    memory_free(classes);
    return status;
}

static bool knows(const bantam_classifier *classifier, const char *name)
{
    size_t low = 0, high = bantam_classifier_n_labels(classifier);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, bantam_classifier_label(classifier, middle));
        if (order == 0) {
            return true;
        }
        *(order < 0 ? &high : &low) = order < 0 ? middle : middle + 1;
    }
    return false;
}

static size_t count_unknown(const bantam_scored_dataset *scored,
                            const bantam_classifier *classifier)
{
    size_t n = 0;
    for (size_t i = 0; i < bantam_dataset_n_rows(scored->dataset); i++) {
        const bantam_row *row = bantam_dataset_row(scored->dataset, i);
        bool known = true;
        for (size_t j = 0; known && j < row->n_labels; j++) {
            known = knows(classifier, bantam_dataset_label(scored->dataset, row->labels[j]));
        }
        n += !known;
    }
    return n;
}

static bantam_status score_all(bantam_scored_dataset *scored,
                               const bantam_classifier *const *classifiers, size_t n_classifiers,
                               int n_threads, bantam_error *error)
{
    size_t n_rows = bantam_dataset_n_rows(scored->dataset);
    uint32_t *rows = memory_allocate_array(n_rows, sizeof *rows);
    bantam_status status = rows ? BANTAM_OK : error_memory(error);
    for (uint32_t row = 0; !status && row < n_rows; row++) {
        rows[row] = row;
    }
    for (size_t i = 0; !status && i < n_classifiers; i++) {
        status = score_rows(scored, i, classifiers[i], rows, n_rows, n_threads, error);
        scored->n_unknown[i] = count_unknown(scored, classifiers[i]);
    }
    memory_free(rows);
    return status;
}

bantam_status bantam_scored_dataset_new(bantam_scored_dataset **out, const bantam_dataset *dataset,
                                        const bantam_classifier *const *classifiers,
                                        size_t n_classifiers, int n_threads, bantam_error *error)
{
    *out = NULL;
    bool several = bantam_dataset_is_multi_label(dataset);
    for (size_t i = 0; i < n_classifiers; i++) {
        if (bantam_classifier_is_multi_label(classifiers[i]) != several) {
            return error_set(error, BANTAM_ERROR_ARGUMENT,
                             several ? "the data have several labels a row, the model gives one"
                                     : "the model gives several labels a row; give the label "
                                       "separator of the data, too");
        }
    }
    if (n_classifiers == 0) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "there is no model to evaluate");
    }
    bantam_status status =
        scored_dataset_begin(out, dataset, classifiers, n_classifiers, n_classifiers, error);
    if (!status) {
        status = score_all(*out, classifiers, n_classifiers, n_threads, error);
    }
    if (status) {
        bantam_scored_dataset_free(out);
    }
    return status;
}

static bantam_status add_row(bantam_dataset *part, const bantam_dataset *dataset,
                             const bantam_row *row, bantam_error *error)
{
    bantam_text *labels = memory_allocate_array(row->n_labels, sizeof *labels);
    if (!labels) {
        return error_memory(error);
    }
    for (size_t i = 0; i < row->n_labels; i++) {
        const char *name = bantam_dataset_label(dataset, row->labels[i]);
        labels[i] = (bantam_text){name, strlen(name)};
    }
    const char *group = bantam_dataset_group(dataset, row->group);
    const bantam_record record = {.text = {row->text, row->text_size},
                                  .labels = labels,
                                  .n_labels = row->n_labels,
                                  .weight = row->weight,
                                  .group = {group, strlen(group)},
                                  .line = row->line};
    bantam_status status = bantam_dataset_add(part, &record, error);
    memory_free(labels);
    return status;
}

// The rows that are not in the fold, finished.
static bantam_status other_folds(bantam_dataset **out, const bantam_dataset *dataset,
                                 const int *folds, int fold, bantam_error *error)
{
    bantam_dataset_options options = bantam_dataset_options_default();
    options.label_separator = bantam_dataset_is_multi_label(dataset) ? "," : NULL;
    bantam_status status = bantam_dataset_new(out, &options, error);
    for (size_t i = 0; !status && i < bantam_dataset_n_rows(dataset); i++) {
        if (folds[i] != fold) {
            status = add_row(*out, dataset, bantam_dataset_row(dataset, i), error);
        }
    }
    if (!status) {
        status = bantam_dataset_finish(*out, error);
    }
    if (status) {
        bantam_dataset_free(out);
    }
    return status;
}

static bantam_status score_fold(bantam_scored_dataset *scored, const int *folds, int fold,
                                const bantam_classifier_options *options, uint32_t *rows,
                                bantam_error *error)
{
    bantam_dataset *part = NULL;
    bantam_classifier *classifier = NULL;
    size_t n_rows = 0;
    for (uint32_t row = 0; row < bantam_dataset_n_rows(scored->dataset); row++) {
        if (folds[row] == fold) {
            rows[n_rows++] = row;
        }
    }
    bantam_status status = other_folds(&part, scored->dataset, folds, fold, error);
    if (!status) {
        status = bantam_classifier_train(&classifier, part, options, NULL, error);
    }
    if (!status) {
        status = score_rows(scored, 0, classifier, rows, n_rows, options->n_threads, error);
    }
    bantam_classifier_free(&classifier);
    bantam_dataset_free(&part);
    return status;
}

bantam_status bantam_scored_dataset_cross_validate(bantam_scored_dataset **out,
                                                   const bantam_dataset *dataset, const int *folds,
                                                   int n_folds,
                                                   const bantam_classifier_options *options,
                                                   bantam_error *error)
{
    *out = NULL;
    for (size_t i = 0; i < bantam_dataset_n_rows(dataset); i++) {
        if (folds[i] < 0 || folds[i] >= n_folds) {
            n_folds = 0;
            break;
        }
    }
    if (n_folds < 2) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "cross-validation needs two folds or more, and each row in one of them");
    }
    bantam_status status = scored_dataset_begin(out, dataset, NULL, 0, 1, error);
    uint32_t *rows =
        status ? NULL : memory_allocate_array(bantam_dataset_n_rows(dataset), sizeof *rows);
    if (!status && !rows) {
        status = error_memory(error);
    }
    for (int fold = 0; !status && fold < n_folds; fold++) {
        status = score_fold(*out, folds, fold, options, rows, error);
    }
    memory_free(rows);
    if (status) {
        bantam_scored_dataset_free(out);
    }
    return status;
}
