// The same reading and the same features as in serving; only the sink differs, which keeps the words.
#include "triage/training_log.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"

static bool reserve(uint32_t **array, size_t *capacity, size_t needed)
{
    if (needed <= *capacity) {
        return true;
    }
    size_t larger = needed * 2;
    uint32_t *grown = memory_resize_array(*array, larger, sizeof **array);
    if (!grown) {
        return false;
    }
    *array = grown;
    *capacity = larger;
    return true;
}

static bool keep_words(void *context, uint32_t distinct, const uint32_t *hashes, size_t n_hashes)
{
    struct training_log *log = context;
    size_t begin = distinct ? log->word_starts[distinct] : 0;
    if (!reserve(&log->word_starts, &log->start_capacity, (size_t)distinct + 2) ||
        !reserve(&log->words, &log->word_capacity, begin + n_hashes)) {
        return false;
    }
    memcpy(log->words + begin, hashes, n_hashes * sizeof *hashes);
    log->word_starts[distinct] = (uint32_t)begin;
    log->word_starts[distinct + 1] = (uint32_t)(begin + n_hashes);
    return true;
}

static void label_span(struct training_log *log, bantam_span span, bool gold)
{
    const struct log_features *features = &log->features;
    for (uint64_t number = span.first; number <= span.last; number++) {
        uint64_t at = number - log->document.first_line_number; // wraps for lines left out
        if (at >= log->document.n_lines) {
            continue;
        }
        bool blank = features->distinct[features->distinct_of_line[at]].n_tokens == 0;
        if (gold) {
            log->labels[at] = blank ? LINE_NEUTRAL : LINE_GOLD;
        } else if (log->labels[at] == LINE_WRONG) {
            log->labels[at] = LINE_NEUTRAL;
        }
    }
}

void plain_text(bantam_buffer *out, const struct document *document)
{
    for (size_t at = 0; at < document->n_lines; at++) {
        const struct line *line = &document->lines[at];
        if (!(line->flags & LINE_OF_WRAPPER)) {
            bantam_buffer_append(out, line->text, line->size);
        }
        bantam_buffer_append(out, "\n", 1);
    }
}

static bantam_status make_plain(struct training_log *log, bantam_error *error)
{
    struct document wrapped;
    bantam_status status = document_init(&wrapped, log->source->bytes, log->source->size, error);
    if (!status) {
        plain_text(&log->plain, &wrapped);
        status = log->plain.failed ? error_memory(error) : BANTAM_OK;
        document_release(&wrapped);
    }
    return status;
}

bantam_status training_log_init(struct training_log *log, const bantam_labelled_log *source,
                                bool plain, int fold, const struct keyword_table *keywords,
                                const struct line_annotator *annotator, bantam_error *error)
{
    *log = (struct training_log){.source = source, .is_plain = plain, .fold = fold};
    bantam_buffer_init(&log->plain, SIZE_MAX / 2);
    bantam_status status = plain ? make_plain(log, error) : BANTAM_OK;
    if (!status) {
        const void *bytes = plain ? log->plain.data : source->bytes;
        status =
            document_init(&log->document, bytes, plain ? log->plain.size : source->size, error);
    }
    if (!status) {
        status = log_features_init(&log->features, &log->document, keywords, annotator, keep_words,
                                   log, error);
    }
    if (!status) {
        log->labels = memory_allocate_array(log->document.n_lines, 1);
        status = log->labels ? BANTAM_OK : error_memory(error);
    }
    if (status) {
        training_log_release(log);
        return status;
    }
    for (size_t i = 0; i < source->n_spans; i++) {
        label_span(log, source->spans[i], true);
    }
    for (size_t i = 0; i < source->n_alternatives; i++) {
        label_span(log, source->alternatives[i], false);
    }
    return BANTAM_OK;
}

void training_log_release(struct training_log *log)
{
    log_features_release(&log->features);
    document_release(&log->document);
    bantam_buffer_release(&log->plain);
    memory_free(log->word_starts);
    memory_free(log->words);
    memory_free(log->labels);
    *log = (struct training_log){0};
}

struct group {
    const char *name;
    size_t n_logs;
    int fold;
};

static struct group *find_group(struct group *groups, size_t n_groups, const char *name)
{
    for (size_t i = 0; i < n_groups; i++) {
        if (strcmp(groups[i].name, name) == 0) {
            return &groups[i];
        }
    }
    return NULL;
}

static void spread(struct group *groups, size_t n_groups, size_t *sizes, int n_folds)
{
    for (size_t placed = 0; placed < n_groups; placed++) {
        struct group *largest = NULL;
        for (size_t i = 0; i < n_groups; i++) {
            if (groups[i].fold < 0 && (!largest || groups[i].n_logs > largest->n_logs)) {
                largest = &groups[i];
            }
        }
        int smallest = 0;
        for (int fold = 1; fold < n_folds; fold++) {
            smallest = sizes[fold] < sizes[smallest] ? fold : smallest;
        }
        largest->fold = smallest;
        sizes[smallest] += largest->n_logs;
    }
}

bantam_status bantam_assign_folds(int *folds, const bantam_labelled_log *logs, size_t n_logs,
                                  int n_folds, bantam_error *error)
{
    if (n_folds < 1) {
        return error_set(error, BANTAM_ERROR_ARGUMENT, "there must be at least one fold");
    }
    struct group *groups = memory_allocate_array(n_logs, sizeof *groups);
    size_t *sizes = memory_allocate_array((size_t)n_folds, sizeof *sizes);
    if (!groups || !sizes) {
        memory_free(groups);
        memory_free(sizes);
        return error_memory(error);
    }
    size_t n_groups = 0;
    for (size_t i = 0; i < n_logs; i++) {
        struct group *group = find_group(groups, n_groups, logs[i].group);
        if (!group) {
            group = &groups[n_groups++];
            *group = (struct group){.name = logs[i].group, .fold = -1};
        }
        group->n_logs++;
    }
    spread(groups, n_groups, sizes, n_folds);
    for (size_t i = 0; i < n_logs; i++) {
        folds[i] = find_group(groups, n_groups, logs[i].group)->fold;
    }
    memory_free(groups);
    memory_free(sizes);
    return BANTAM_OK;
}
