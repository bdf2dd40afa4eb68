// The rows that trials use: all of them, or a seeded sample of many.
#include "classify/search.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/random.h"

enum {
    SAMPLE_MAXIMUM = 20000 // rows
};

bantam_status search_take_sample(struct search *search, bantam_error *error)
{
    const struct training_rows *all = &search->all;
    struct training_rows *sample = &search->sample;
    size_t n = all->n_rows < SAMPLE_MAXIMUM ? all->n_rows : SAMPLE_MAXIMUM;
    uint32_t *order = memory_allocate_array(all->n_rows, sizeof *order);
    bool *chosen = memory_allocate_array(all->n_rows, sizeof *chosen);
    *sample = (struct training_rows){.n_groups = all->n_groups};
    sample->texts = memory_allocate_array(n, sizeof *sample->texts);
    sample->label_list =
        memory_allocate_array(all->label_starts[all->n_rows], sizeof *sample->label_list);
    sample->label_starts = memory_allocate_array(n + 1, sizeof *sample->label_starts);
    sample->weights = memory_allocate_array(n, sizeof *sample->weights);
    sample->groups = memory_allocate_array(n, sizeof *sample->groups);
    search->folds = memory_allocate_array(n, sizeof *search->folds);
    bool complete = order && chosen && sample->texts && sample->label_list &&
                    sample->label_starts && sample->weights && sample->groups && search->folds;
    struct random random = {search->options->training.seed};
    for (size_t i = 0; complete && i < all->n_rows; i++) {
        order[i] = (uint32_t)i;
    }
    if (complete) {
        random_shuffle(&random, order, all->n_rows);
    }
    for (size_t i = 0; complete && i < n; i++) {
        chosen[order[i]] = true;
    }
    for (size_t i = 0; complete && i < all->n_rows; i++) {
        if (!chosen[i]) {
            continue;
        }
        size_t to = sample->n_rows++, start = all->label_starts[i];
        size_t n_labels = all->label_starts[i + 1] - start;
        sample->texts[to] = all->texts[i];
        sample->weights[to] = all->weights[i];
        sample->groups[to] = all->groups[i];
        memcpy(sample->label_list + sample->label_starts[to], all->label_list + start,
               n_labels * sizeof *sample->label_list);
        sample->label_starts[to + 1] = sample->label_starts[to] + n_labels;
    }
    memory_free(order);
    memory_free(chosen);
    sample->labels = all->labels;
    sample->labels.labels = sample->label_list;
    sample->labels.starts = all->labels.starts ? sample->label_starts : NULL;
    return complete ? BANTAM_OK : error_memory(error);
}
