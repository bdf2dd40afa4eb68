// A list of what is to be read first, then all of it in parallel.
#include "triage/finder_logs.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"

struct reading {
    struct finder_logs *all;
    const struct keyword_table *keywords;
    const struct line_annotator *annotator;
};

// The log's source and kind stand in its place already.
static bantam_status read_piece(void *context, size_t i, bantam_error *error)
{
    const struct reading *reading = context;
    struct training_log *log = &reading->all->logs[i];
    return training_log_init(log, log->source, log->is_plain, log->fold, reading->keywords,
                             reading->annotator, error);
}

// Appends the sources that failed, or those that passed; first themselves, then their plain variants.
static void list_logs(struct finder_logs *all, const int *folds, bool passed)
{
    for (int plain = 0; plain < 2; plain++) {
        for (size_t i = 0; i < all->n_sources; i++) {
            const bantam_labelled_log *source = &all->sources[i];
            if ((source->n_spans == 0) == passed && !(plain && source->constructed)) {
                all->logs[all->n_failed + all->n_passed] =
                    (struct training_log){.source = source, .is_plain = plain, .fold = folds[i]};
                *(passed ? &all->n_passed : &all->n_failed) += 1;
            }
        }
        all->n_given = !passed && !plain ? all->n_failed : all->n_given;
    }
}

bantam_status finder_logs_read(struct finder_logs *all, const bantam_labelled_log *logs,
                               size_t n_logs, bool passed, int n_folds,
                               const struct keyword_table *keywords,
                               const struct line_annotator *annotator,
                               const bantam_train_options *options, bantam_error *error)
{
    *all = (struct finder_logs){0};
    int *folds = memory_allocate_array(n_logs, sizeof *folds);
    all->sources = memory_allocate_array(n_logs, sizeof *all->sources);
    all->logs = memory_allocate_array(2 * n_logs, sizeof *all->logs);
    bantam_status status = folds && all->sources && all->logs ? BANTAM_OK : error_memory(error);
    for (size_t i = 0; !status && i < n_logs; i++) {
        if (logs[i].n_spans > 0 || (passed && logs[i].green)) {
            all->sources[all->n_sources++] = logs[i];
        }
    }
    if (!status) {
        status = bantam_assign_folds(folds, all->sources, all->n_sources, n_folds, error);
    }
    if (!status) {
        list_logs(all, folds, false);
        list_logs(all, folds, true);
    }
    memory_free(folds);
    if (!status && all->n_given < 2) {
        status = error_set(error, BANTAM_ERROR_ARGUMENT,
                           "the line finder needs at least two logs with spans; %zu given",
                           all->n_given);
    }
    size_t n = all->n_failed + all->n_passed;
    if (!status && options->progress &&
        !options->progress(options->progress_context, "reading logs", 0, n)) {
        status = error_set(error, BANTAM_ERROR_CANCELLED, "training was cancelled");
    }
    struct reading reading = {.all = all, .keywords = keywords, .annotator = annotator};
    return status ? status : parallel_try(n, options->n_threads, read_piece, &reading, error);
}

void finder_logs_release(struct finder_logs *all)
{
    for (size_t i = 0; all->logs && i < all->n_failed + all->n_passed; i++) {
        training_log_release(&all->logs[i]);
    }
    memory_free(all->logs);
    memory_free(all->sources);
    *all = (struct finder_logs){0};
}
