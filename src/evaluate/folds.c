// Which rows are held out together. Follows scikit-learn's StratifiedKFold and GroupKFold, so that folds can be compared.
#include <stdlib.h>
#include <string.h>

#include "bantam/evaluate.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/random.h"

enum {
    FOLDS_MAXIMUM = 1000000
};

static bantam_status check_folds(int n_folds, size_t n, const char *what, bantam_error *error)
{
    if (n_folds < 2 || n_folds > FOLDS_MAXIMUM) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "there must be 2 to 1,000,000 folds");
    }
    if (n < (size_t)n_folds) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "%zu %s cannot make %d folds", n, what,
                         n_folds);
    }
    return BANTAM_OK;
}

struct stratification {
    uint32_t *order;  // (n_classes) of first occurrence: order[class]
    uint32_t *rows;   // (n_rows) by class in that order, each class's rows in theirs
    size_t *starts;   // (n_classes + 1) of a class's rows, by order
    size_t *quota;    // (n_folds) rows of the class at hand
    size_t n_classes; // that occur
};

// Sorts rows by class; classes come in the order in which they first occur.
static void sort_rows(struct stratification *by, const uint32_t *labels, size_t n_rows,
                      size_t n_classes)
{
    for (size_t c = 0; c < n_classes; c++) {
        by->order[c] = UINT32_MAX;
    }
    for (size_t i = 0; i < n_rows; i++) {
        if (by->order[labels[i]] == UINT32_MAX) {
            by->order[labels[i]] = (uint32_t)by->n_classes++;
        }
        by->starts[by->order[labels[i]] + 1]++;
    }
    for (size_t c = 0; c < by->n_classes; c++) {
        by->starts[c + 1] += by->starts[c];
    }
    for (size_t i = n_rows; i-- > 0;) {
        by->rows[--by->starts[by->order[labels[i]] + 1]] = (uint32_t)i;
    }
    memmove(by->starts, by->starts + 1, by->n_classes * sizeof *by->starts);
    by->starts[by->n_classes] = n_rows;
}

// Fold f gets as many rows of the class as the sorted rows f, f + n_folds, f + 2 n_folds, … hold of it.
static void set_quota(struct stratification *by, size_t class, int n_folds)
{
    size_t first = by->starts[class], end = by->starts[class + 1];
    memset(by->quota, 0, (size_t)n_folds * sizeof *by->quota);
    for (size_t i = first; i < end; i++) {
        by->quota[i % (size_t)n_folds]++;
    }
}

bantam_status bantam_folds_stratified(int *folds, const uint32_t *labels, size_t n_rows,
                                      size_t n_classes, int n_folds, uint64_t seed,
                                      bantam_error *error)
{
    bantam_status status = check_folds(n_folds, n_rows, "rows", error);
    if (status) {
        return status;
    }
    struct stratification by = {
        .order = memory_allocate_array(n_classes, sizeof *by.order),
        .rows = memory_allocate_array(n_rows, sizeof *by.rows),
        .starts = memory_allocate_array(n_classes + 2, sizeof *by.starts),
        .quota = memory_allocate_array((size_t)n_folds, sizeof *by.quota),
    };
    if (by.order && by.rows && by.starts && by.quota) {
        struct random random = {seed};
        sort_rows(&by, labels, n_rows, n_classes);
        for (size_t class = 0; class < by.n_classes; class ++) {
            uint32_t *rows = by.rows + by.starts[class];
            size_t at = 0;
            if (seed) {
                random_shuffle(&random, rows, by.starts[class + 1] - by.starts[class]);
            }
            set_quota(&by, class, n_folds);
            for (int fold = 0; fold < n_folds; fold++) {
                for (size_t i = 0; i < by.quota[fold]; i++) {
                    folds[rows[at++]] = fold;
                }
            }
        }
    } else {
        status = error_memory(error);
    }
    memory_free(by.order);
    memory_free(by.rows);
    memory_free(by.starts);
    memory_free(by.quota);
    return status;
}

struct group_size {
    uint32_t group;
    size_t size;
};

static int compare_sizes(const void *left, const void *right)
{
    const struct group_size *a = left, *b = right;
    if (a->size != b->size) {
        return a->size < b->size ? 1 : -1;
    }
    return (a->group > b->group) - (a->group < b->group);
}

bantam_status bantam_folds_grouped(int *folds, const uint32_t *groups, size_t n_rows,
                                   size_t n_groups, int n_folds, bantam_error *error)
{
    bantam_status status = check_folds(n_folds, n_groups, "groups", error);
    if (status) {
        return status;
    }
    struct group_size *sizes = memory_allocate_array(n_groups, sizeof *sizes);
    int *fold_of = memory_allocate_array(n_groups, sizeof *fold_of);
    size_t *filled = memory_allocate_array((size_t)n_folds, sizeof *filled);
    if (sizes && fold_of && filled) {
        for (size_t g = 0; g < n_groups; g++) {
            sizes[g].group = (uint32_t)g;
        }
        for (size_t i = 0; i < n_rows; i++) {
            sizes[groups[i]].size++;
        }
        qsort(sizes, n_groups, sizeof *sizes, compare_sizes);
        for (size_t g = 0; g < n_groups; g++) {
            int least = 0;
            for (int fold = 1; fold < n_folds; fold++) {
                least = filled[fold] < filled[least] ? fold : least;
            }
            filled[least] += sizes[g].size;
            fold_of[sizes[g].group] = least;
        }
        for (size_t i = 0; i < n_rows; i++) {
            folds[i] = fold_of[groups[i]];
        }
    } else {
        status = error_memory(error);
    }
    memory_free(sizes);
    memory_free(fold_of);
    memory_free(filled);
    return status;
}
