// All rows in memory: texts and label lists in one arena, names in tables.
#include "bantam/dataset.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/string_table.h"

struct bantam_dataset {
    bantam_dataset_options options; // its strings are in the arena
    struct arena arena;
    bantam_row *rows; // (n_rows)
    size_t n_rows, capacity;
    struct string_table labels, groups;
    const char *note; // of the first source
    bool finished;
};

static bantam_status copy_options(bantam_dataset *dataset, const bantam_dataset_options *options,
                                  bantam_error *error)
{
    bantam_dataset_options *own = &dataset->options;
    *own = options ? *options : bantam_dataset_options_default();
    const char **strings[] = {&own->text_column, &own->label_column, &own->weight_column,
                              &own->group_column, &own->label_separator};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        if (*strings[i] && !(*strings[i] = arena_copy_string(&dataset->arena, *strings[i]))) {
            return error_memory(error);
        }
    }
    return BANTAM_OK;
}

bantam_status bantam_dataset_new(bantam_dataset **out, const bantam_dataset_options *options,
                                 bantam_error *error)
{
    *out = NULL;
    bantam_dataset *dataset = memory_allocate_array(1, sizeof *dataset);
    if (!dataset) {
        return error_memory(error);
    }
    bantam_status status = copy_options(dataset, options, error);
    if (status) {
        bantam_dataset_free(&dataset);
        return status;
    }
    *out = dataset;
    return BANTAM_OK;
}

void bantam_dataset_free(bantam_dataset **dataset)
{
    if (*dataset) {
        string_table_release(&(*dataset)->labels);
        string_table_release(&(*dataset)->groups);
        arena_release(&(*dataset)->arena);
        memory_free((*dataset)->rows);
        memory_free(*dataset);
        *dataset = NULL;
    }
}

static bool reserve_row(bantam_dataset *dataset)
{
    if (dataset->n_rows < dataset->capacity) {
        return true;
    }
    size_t capacity = dataset->capacity ? dataset->capacity * 2 : 1024;
    bantam_row *rows = memory_resize_array(dataset->rows, capacity, sizeof *rows);
    if (!rows) {
        return false;
    }
    dataset->rows = rows;
    dataset->capacity = capacity;
    return true;
}

static int compare_numbers(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

// The record's labels as numbers, rising and distinct, in the arena; NULL when memory is out.
static const uint32_t *number_labels(bantam_dataset *dataset, const bantam_record *record,
                                     size_t *n_labels)
{
    uint32_t *labels = arena_allocate(&dataset->arena, record->n_labels * sizeof *labels);
    if (!labels) {
        return NULL;
    }
    for (size_t i = 0; i < record->n_labels; i++) {
        labels[i] =
            string_table_add(&dataset->labels, record->labels[i].bytes, record->labels[i].size);
        if (labels[i] == STRING_TABLE_NONE) {
            return NULL;
        }
    }
    qsort(labels, record->n_labels, sizeof *labels, compare_numbers);
    *n_labels = 0;
    for (size_t i = 0; i < record->n_labels; i++) {
        if (i == 0 || labels[i] != labels[i - 1]) {
            labels[(*n_labels)++] = labels[i];
        }
    }
    return labels;
}

bantam_status bantam_dataset_add(bantam_dataset *dataset, const bantam_record *record,
                                 bantam_error *error)
{
    if (dataset->finished || !(record->weight >= 0) || dataset->n_rows >= UINT32_MAX) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         dataset->finished ? "no row can be added to a finished dataset"
                                           : "a row weighs 0 or more, and there are fewer than "
                                             "2^32 of them");
    }
    for (size_t i = 0; i < record->n_labels; i++) {
        if (record->labels[i].size &&
            memchr(record->labels[i].bytes, '\0', record->labels[i].size)) {
            return error_set(error, BANTAM_ERROR_ARGUMENT, "a label holds a NUL byte");
        }
    }
    bantam_row row = {
        .text_size = record->text.size, .weight = record->weight, .line = record->line};
    row.text = arena_copy(&dataset->arena, record->text.bytes, record->text.size);
    row.labels = row.text ? number_labels(dataset, record, &row.n_labels) : NULL;
    row.group = string_table_add(&dataset->groups, record->group.bytes, record->group.size);
    if (!row.labels || row.group == STRING_TABLE_NONE || !reserve_row(dataset)) {
        return error_memory(error);
    }
    dataset->rows[dataset->n_rows++] = row;
    return BANTAM_OK;
}

bantam_status bantam_dataset_read(bantam_dataset *dataset, const char *source, bantam_read read,
                                  void *context, bantam_error *error)
{
    bantam_row_reader *reader;
    const bantam_record *record = NULL;
    bantam_status status =
        bantam_row_reader_new(&reader, &dataset->options, source, read, context, error);
    if (status) {
        return status;
    }
    if (!dataset->note) {
        dataset->note = arena_copy_string(&dataset->arena, bantam_row_reader_note(reader));
        status = dataset->note ? BANTAM_OK : error_memory(error);
    }
    while (!status && !(status = bantam_row_reader_next(reader, &record, error)) && record) {
        status = bantam_dataset_add(dataset, record, error);
    }
    bantam_row_reader_free(&reader);
    return status;
}

bantam_status bantam_dataset_finish(bantam_dataset *dataset, bantam_error *error)
{
    uint32_t *labels = memory_allocate_array(dataset->labels.n_strings, sizeof *labels);
    uint32_t *groups = memory_allocate_array(dataset->groups.n_strings, sizeof *groups);
    bool sorted = labels && groups && string_table_sort(&dataset->labels, labels);
    for (size_t i = 0; sorted && i < dataset->n_rows; i++) {
        uint32_t *numbers = (uint32_t *)(uintptr_t)dataset->rows[i].labels; // ours, in the arena
        for (size_t j = 0; j < dataset->rows[i].n_labels; j++) {
            numbers[j] = labels[numbers[j]];
        }
        qsort(numbers, dataset->rows[i].n_labels, sizeof *numbers, compare_numbers);
    }
    bool both = sorted && string_table_sort(&dataset->groups, groups);
    for (size_t i = 0; both && i < dataset->n_rows; i++) {
        dataset->rows[i].group = groups[dataset->rows[i].group];
    }
    memory_free(labels);
    memory_free(groups);
    dataset->finished = both;
    return both ? BANTAM_OK : error_memory(error);
}

size_t bantam_dataset_n_rows(const bantam_dataset *dataset)
{
    return dataset->n_rows;
}

const bantam_row *bantam_dataset_row(const bantam_dataset *dataset, size_t i)
{
    return &dataset->rows[i];
}

size_t bantam_dataset_n_labels(const bantam_dataset *dataset)
{
    return dataset->labels.n_strings;
}

const char *bantam_dataset_label(const bantam_dataset *dataset, size_t i)
{
    return dataset->labels.strings[i];
}

size_t bantam_dataset_n_groups(const bantam_dataset *dataset)
{
    return dataset->groups.n_strings;
}

const char *bantam_dataset_group(const bantam_dataset *dataset, size_t i)
{
    return dataset->groups.strings[i];
}

bool bantam_dataset_is_multi_label(const bantam_dataset *dataset)
{
    return dataset->options.label_separator != NULL;
}

const char *bantam_dataset_note(const bantam_dataset *dataset)
{
    return dataset->note ? dataset->note : "";
}
