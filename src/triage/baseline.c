// A sorted array of hashes: 32 bits of each kind of line are enough, one in half a million is taken for another.
#include "triage/baseline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "features/line_words.h"

static const char kind[] = "baseline", tensor_name[] = "lines";

enum {
    LINES_MAXIMUM = 1 << 24
};

struct bantam_baseline {
    uint32_t *hashes; // (n_lines) rising
    size_t n_lines, n_logs;
};

bantam_status bantam_baseline_new(bantam_baseline **out, bantam_error *error)
{
    *out = memory_allocate_array(1, sizeof **out);
    return *out ? BANTAM_OK : error_memory(error);
}

void bantam_baseline_free(bantam_baseline **baseline)
{
    if (*baseline) {
        memory_free((*baseline)->hashes);
        memory_free(*baseline);
        *baseline = NULL;
    }
}

static uint32_t shorten(uint64_t hash)
{
    return (uint32_t)(hash ^ hash >> 32);
}

static int compare(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

bool baseline_knows(const bantam_baseline *baseline, uint64_t hash)
{
    uint32_t key = shorten(hash);
    return baseline->n_lines > 0 &&
           bsearch(&key, baseline->hashes, baseline->n_lines, sizeof key, compare) != NULL;
}

// Sorts `n` more hashes, which stand behind the old ones in `all`, into the profile, each once.
static void take(bantam_baseline *baseline, uint32_t *all, size_t n)
{
    size_t n_kept = 0;
    qsort(all, baseline->n_lines + n, sizeof *all, compare);
    for (size_t i = 0; i < baseline->n_lines + n; i++) {
        if (n_kept == 0 || all[i] != all[n_kept - 1]) {
            all[n_kept++] = all[i];
        }
    }
    memory_free(baseline->hashes);
    baseline->hashes = all;
    baseline->n_lines = n_kept;
}

// The old hashes with room for `n` more behind them; NULL when memory is out or there are too many.
static uint32_t *with_room(const bantam_baseline *baseline, size_t n)
{
    if (n > LINES_MAXIMUM - baseline->n_lines) {
        return NULL;
    }
    uint32_t *all = memory_allocate_array(baseline->n_lines + n + 1, sizeof *all);
    if (all && baseline->n_lines > 0) {
        memcpy(all, baseline->hashes, baseline->n_lines * sizeof *all);
    }
    return all;
}

static bool drop_words(void *context, uint32_t distinct, const uint32_t *hashes, size_t n_hashes)
{
    (void)context, (void)distinct, (void)hashes, (void)n_hashes;
    return true;
}

bantam_status bantam_baseline_add_log(bantam_baseline *baseline, const void *log, size_t size,
                                      bantam_error *error)
{
    struct document document;
    bantam_status status = document_init(&document, log, size, error);
    if (status) {
        return status;
    }
    struct arena arena = ARENA_EMPTY;
    const struct keyword_table *keywords = keyword_table_new(&arena);
    struct line_annotator nothing = {NULL, NULL};
    struct log_features features = {0};
    status = keywords ? log_features_init(&features, &document, keywords, &nothing, drop_words,
                                          NULL, error)
                      : error_memory(error);
    uint32_t *all = status ? NULL : with_room(baseline, features.n_distinct);
    if (!status && !all) {
        status = error_memory(error);
    }
    if (!status) {
        for (size_t i = 0; i < features.n_distinct; i++) {
            all[baseline->n_lines + i] = shorten(features.distinct[i].hash);
        }
        take(baseline, all, features.n_distinct);
        baseline->n_logs++;
    }
    log_features_release(&features);
    arena_release(&arena);
    document_release(&document);
    return status;
}

static bantam_status refuse(bantam_error *error, bantam_status code, const char *reason)
{
    return error_set(error, code, "%s; make it again from the green logs", reason);
}

static bantam_status check_profile(const bantam_model *file, bantam_error *error)
{
    const char *is = bantam_model_metadata(file, "kind");
    const char *features = bantam_model_metadata(file, "features");
    const bantam_tensor *lines = bantam_model_tensor(file, tensor_name);
    if (!is || strcmp(is, kind) != 0) {
        return error_set(error, BANTAM_ERROR_MODEL, "this model file is no baseline");
    }
    // Lines that are masked in another way would all look new.
    if (!features || strcmp(features, LINE_FEATURES_VERSION) != 0) {
        return refuse(error, BANTAM_ERROR_VERSION, "the baseline comes from another version");
    }
    if (!lines || lines->dtype != BANTAM_U32 || lines->n_dimensions != 1 ||
        lines->shape[0] > LINES_MAXIMUM) {
        return refuse(error, BANTAM_ERROR_MODEL, "the baseline's tensor \"lines\" is damaged");
    }
    return BANTAM_OK;
}

bantam_status bantam_baseline_add_profile(bantam_baseline *baseline, const void *bytes, size_t size,
                                          bantam_error *error)
{
    bantam_model *file;
    bantam_status status = bantam_model_load(&file, bytes, size, error);
    if (!status) {
        status = check_profile(file, error);
    }
    if (!status) {
        const bantam_tensor *lines = bantam_model_tensor(file, tensor_name);
        const char *n_logs = bantam_model_metadata(file, "logs");
        size_t n = (size_t)lines->shape[0];
        uint32_t *all = with_room(baseline, n);
        if (!all) {
            status = error_memory(error);
        } else {
            memcpy(all + baseline->n_lines, lines->data, n * sizeof *all);
            take(baseline, all, n);
            baseline->n_logs += n_logs ? (size_t)strtoull(n_logs, NULL, 10) : 0;
        }
    }
    bantam_model_free(&file);
    return status;
}

bantam_status bantam_baseline_write(bantam_buffer *out, const bantam_baseline *baseline,
                                    bantam_error *error)
{
    char n_logs[24];
    snprintf(n_logs, sizeof n_logs, "%zu", baseline->n_logs);
    const bantam_tensor lines = {.name = tensor_name,
                                 .dtype = BANTAM_U32,
                                 .n_dimensions = 1,
                                 .shape = {baseline->n_lines},
                                 .data = baseline->hashes,
                                 .size = baseline->n_lines * sizeof *baseline->hashes};
    const bantam_metadata metadata[] = {
        {"kind", kind}, {"version", "1"}, {"features", LINE_FEATURES_VERSION}, {"logs", n_logs}};
    return bantam_model_write(out, &lines, 1, metadata, sizeof metadata / sizeof *metadata, error);
}

size_t bantam_baseline_n_lines(const bantam_baseline *baseline)
{
    return baseline->n_lines;
}

size_t bantam_baseline_n_logs(const bantam_baseline *baseline)
{
    return baseline->n_logs;
}
