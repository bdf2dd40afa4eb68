// Training texts copied end to end.
#include "classify/kept_texts.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"

void kept_texts_release(struct kept_texts *kept)
{
    memory_free(kept->bytes);
    memory_free(kept->starts);
    memory_free(kept->labels);
    memory_free(kept->label_starts);
    *kept = (struct kept_texts){.n = 0};
}

bantam_status kept_texts_init(struct kept_texts *kept, const struct training_rows *rows,
                              bantam_error *error)
{
    *kept = (struct kept_texts){.n = 0};
    size_t n = rows->n_rows, n_bytes = 0, n_labels = rows->label_starts[n];
    for (size_t i = 0; i < n; i++) {
        n_bytes += rows->texts[i].size;
    }
    if (n_bytes > KEPT_BYTES_MAXIMUM) {
        return error_set(
            error, BANTAM_ERROR_ARGUMENT,
            "keep-texts: the texts have %zu bytes, more than the %d that a model keeps", n_bytes,
            KEPT_BYTES_MAXIMUM);
    }
    kept->bytes = memory_allocate(n_bytes);
    kept->starts = memory_allocate_array(n + 1, sizeof *kept->starts);
    kept->labels = memory_allocate_array(n_labels, sizeof *kept->labels);
    kept->label_starts = memory_allocate_array(n + 1, sizeof *kept->label_starts);
    if (!kept->bytes || !kept->starts || !kept->labels || !kept->label_starts) {
        kept_texts_release(kept);
        return error_memory(error);
    }
    kept->n = n;
    for (size_t i = 0; i < n; i++) {
        memcpy(kept->bytes + kept->starts[i], rows->texts[i].text, rows->texts[i].size);
        kept->starts[i + 1] = kept->starts[i] + (uint32_t)rows->texts[i].size;
        kept->label_starts[i + 1] = (uint32_t)rows->label_starts[i + 1];
    }
    memcpy(kept->labels, rows->label_list, n_labels * sizeof *kept->labels);
    return BANTAM_OK;
}
