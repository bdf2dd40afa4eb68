// Gathers the rows of a dataset and refuses what has no answer.
#include "classify/training_rows.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "bantam/evaluate.h"
#include "base/error.h"
#include "base/memory.h"
#include "text/utf8.h"

void training_rows_release(struct training_rows *rows)
{
    memory_free(rows->texts);
    memory_free(rows->label_list);
    memory_free(rows->label_starts);
    memory_free(rows->weights);
    memory_free(rows->groups);
    memory_free(rows->names);
    *rows = (struct training_rows){0};
}

static bantam_status check_labels(const bantam_dataset *dataset, size_t n_labels_least,
                                  bantam_error *error)
{
    size_t n_rows = bantam_dataset_n_rows(dataset), n_labels = bantam_dataset_n_labels(dataset);
    if (n_rows == 0) {
        return error_set(error, BANTAM_ERROR_INPUT, "the data have no rows to train on");
    }
    if (n_labels == 0) {
        return error_set(error, BANTAM_ERROR_INPUT, "none of the %zu rows has a label", n_rows);
    }
    if (n_labels < n_labels_least) {
        return error_set(
            error, BANTAM_ERROR_INPUT,
            "all %zu rows have the label \"%.60s\"; a classifier needs rows of at least "
            "two labels",
            n_rows, bantam_dataset_label(dataset, 0));
    }
    for (size_t i = 0; i < n_labels; i++) {
        const char *label = bantam_dataset_label(dataset, i); // goes into the model file's JSON
        if (!utf8_is_valid(label, strlen(label))) {
            return error_set(error, BANTAM_ERROR_INPUT,
                             "a label is not UTF-8 (in the order of bytes number %zu); convert the "
                             "data, for example with iconv",
                             i + 1);
        }
    }
    return BANTAM_OK;
}

static void digest_bytes(XXH3_state_t *state, const void *bytes, uint64_t size)
{
    XXH3_128bits_update(state, &size, sizeof size); // so that no two rows run together
    XXH3_128bits_update(state, bytes, (size_t)size);
}

// False when memory is out.
static bool find_digest(struct training_rows *rows)
{
    XXH3_state_t *state = XXH3_createState();
    if (!state) {
        return false;
    }
    XXH3_128bits_reset(state);
    for (size_t i = 0; i < rows->labels.n_classes; i++) {
        digest_bytes(state, rows->names[i], strlen(rows->names[i]));
    }
    for (size_t i = 0; i < rows->n_rows; i++) {
        size_t n_labels = rows->label_starts[i + 1] - rows->label_starts[i];
        digest_bytes(state, rows->texts[i].text, rows->texts[i].size);
        digest_bytes(state, rows->label_list + rows->label_starts[i],
                     n_labels * sizeof *rows->label_list);
        digest_bytes(state, &rows->weights[i], sizeof rows->weights[i]);
    }
    XXH128_hash_t digest = XXH3_128bits_digest(state);
    XXH3_freeState(state);
    snprintf(rows->digest, sizeof rows->digest, "%016llx%016llx", (unsigned long long)digest.high64,
             (unsigned long long)digest.low64);
    return true;
}

static void gather(struct training_rows *rows, const bantam_dataset *dataset)
{
    for (size_t i = 0; i < rows->n_rows; i++) {
        const bantam_row *row = bantam_dataset_row(dataset, i);
        rows->texts[i] = (struct text_piece){row->text, row->text_size};
        rows->weights[i] = row->weight;
        rows->groups[i] = row->group;
        for (size_t j = 0; j < row->n_labels; j++) {
            rows->label_list[rows->label_starts[i] + j] = row->labels[j];
        }
        rows->label_starts[i + 1] = rows->label_starts[i] + row->n_labels;
    }
    for (size_t i = 0; i < rows->labels.n_classes; i++) {
        rows->names[i] = bantam_dataset_label(dataset, i);
    }
}

bantam_status training_rows_init(struct training_rows *rows, const bantam_dataset *dataset,
                                 size_t n_labels_least, bantam_error *error)
{
    *rows = (struct training_rows){0};
    bantam_status status = check_labels(dataset, n_labels_least, error);
    if (status) {
        return status;
    }
    size_t n = bantam_dataset_n_rows(dataset), n_labels = bantam_dataset_n_labels(dataset);
    size_t n_given = 0;
    for (size_t i = 0; i < n; i++) {
        n_given += bantam_dataset_row(dataset, i)->n_labels;
    }
    rows->n_rows = n;
    rows->texts = memory_allocate_array(n, sizeof *rows->texts);
    rows->label_list = memory_allocate_array(n_given, sizeof *rows->label_list);
    rows->label_starts = memory_allocate_array(n + 1, sizeof *rows->label_starts);
    rows->weights = memory_allocate_array(n, sizeof *rows->weights);
    rows->groups = memory_allocate_array(n, sizeof *rows->groups);
    rows->n_groups = bantam_dataset_n_groups(dataset);
    rows->names = memory_allocate_array(n_labels, sizeof *rows->names);
    if (!rows->texts || !rows->label_list || !rows->label_starts || !rows->weights ||
        !rows->groups || !rows->names) {
        training_rows_release(rows);
        return error_memory(error);
    }
    rows->labels = (struct logistic_labels){
        .n_classes = n_labels,
        .labels = rows->label_list,
        .starts = bantam_dataset_is_multi_label(dataset) ? rows->label_starts : NULL};
    gather(rows, dataset);
    if (!find_digest(rows)) {
        training_rows_release(rows);
        return error_memory(error);
    }
    return BANTAM_OK;
}

bantam_status training_rows_fold(int *folds, int *n_folds, const struct training_rows *rows,
                                 uint64_t seed, bantam_error *error)
{
    if (rows->n_groups > 1) {
        *n_folds = rows->n_groups < (size_t)*n_folds ? (int)rows->n_groups : *n_folds;
        return bantam_folds_grouped(folds, rows->groups, rows->n_rows, rows->n_groups, *n_folds,
                                    error);
    }
    uint32_t *first = memory_allocate_array(rows->n_rows, sizeof *first);
    if (!first) {
        return error_memory(error);
    }
    for (size_t i = 0; i < rows->n_rows; i++) {
        size_t start = rows->label_starts[i];
        first[i] = rows->label_starts[i + 1] > start ? rows->label_list[start] : 0;
    }
    bantam_status status = bantam_folds_stratified(folds, first, rows->n_rows,
                                                   rows->labels.n_classes, *n_folds, seed, error);
    memory_free(first);
    return status;
}
