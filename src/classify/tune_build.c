// The tuned model: new weights and labels, and of the base the vectorizer, calibration, means and kept texts.
#include "classify/tune.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"

// The base's vectorizer once more, by way of its model file.
static bantam_status copy_vectorizer(struct vectorizer **out, const bantam_classifier *base,
                                     bantam_error *error)
{
    struct vectorizer_file content;
    bantam_model *file = NULL;
    bantam_buffer bytes;
    *out = NULL;
    bantam_status status = vectorizer_write(&content, text_model_vectorizer(base->text), error);
    if (status) {
        return status;
    }
    bantam_buffer_init(&bytes, CLASSIFIER_FILE_MAXIMUM);
    bantam_metadata metadata = {"vectorizer", content.metadata};
    status = bantam_model_write(&bytes, content.tensors, content.n_tensors, &metadata, 1, error);
    vectorizer_file_release(&content);
    if (!status) {
        status = bantam_model_load(&file, bytes.data, bytes.size, error);
    }
    if (!status) {
        status = vectorizer_load(out, file, error);
    }
    bantam_model_free(&file);
    bantam_buffer_release(&bytes);
    return status;
}

static bantam_status copy_means(bantam_classifier *classifier, const bantam_classifier *base,
                                bantam_error *error)
{
    size_t n = bantam_classifier_n_features(base);
    if (!base->means) {
        return BANTAM_OK;
    }
    classifier->means = memory_allocate_array(n, sizeof *classifier->means);
    if (!classifier->means) {
        return error_memory(error);
    }
    memcpy(classifier->means, base->means, n * sizeof *classifier->means);
    return BANTAM_OK;
}

// The base's texts and the tuning rows.
static bantam_status copy_kept(bantam_classifier *classifier, const struct tune_task *task,
                               bantam_error *error)
{
    const struct kept_texts *kept = &task->base->kept;
    if (kept->n == 0) {
        return BANTAM_OK;
    }
    struct training_rows all = {
        .n_rows = task->n_rows, .label_list = task->label_list, .label_starts = task->label_starts};
    all.texts = memory_allocate_array(task->n_rows, sizeof *all.texts);
    if (!all.texts) {
        return error_memory(error);
    }
    memcpy(all.texts, task->own.texts, task->own.n_rows * sizeof *all.texts);
    for (size_t i = 0; i < kept->n; i++) {
        all.texts[task->own.n_rows + i] = (struct text_piece){
            kept->bytes + kept->starts[i], kept->starts[i + 1] - kept->starts[i]};
    }
    bantam_status status = kept_texts_init(&classifier->kept, &all, error);
    memory_free(all.texts);
    return status;
}

static bantam_status record(bantam_classifier *classifier, const struct tune_task *task,
                            const bantam_tune_report *report, bantam_error *error)
{
    struct arena *arena = &classifier->arena;
    bantam_buffer text;
    bantam_buffer_init(&text, 1 << 20);
    bantam_buffer_append_format(&text, "{\"base\":");
    bantam_buffer_append_string(&text, task->base->measured);
    bantam_buffer_append_format(
        &text, ",\"tuning_rows\":%zu,\"own_before\":%.6f,\"own_after\":%.6f,\"known_rows\":%zu",
        report->n_rows, report->own_before, report->own_after, report->n_known);
    bantam_buffer_append_format(&text, ",\"known_before\":%.6f,\"known_after\":%.6f}",
                                report->known_before, report->known_after);
    classifier->measured = arena_copy(arena, text.data, text.size);
    classifier->record_options = arena_copy_string(arena, task->base->record_options);
    classifier->data_digest =
        arena_format(arena, "%s+%s", task->base->data_digest, task->own.digest);
    bool complete = !text.failed && classifier->measured && classifier->record_options &&
                    classifier->data_digest;
    bantam_buffer_release(&text);
    return complete ? BANTAM_OK : error_memory(error);
}

bantam_status tune_build(bantam_classifier *classifier, const struct tune_task *task,
                         const bantam_tune_report *report, bantam_error *error)
{
    struct vectorizer *vectorizer = NULL;
    classifier->options = task->base->options;
    classifier->multi_label = task->base->multi_label;
    bantam_status status =
        classifier_set_labels(classifier, task->labels.names, task->labels.n_labels, error);
    if (!status) {
        status = copy_vectorizer(&vectorizer, task->base, error);
    }
    if (!status) {
        status =
            text_model_new_take(&classifier->text, &vectorizer, task->weights, task->intercepts,
                                task->n_outputs, text_model_format(task->base->text), error);
    }
    if (!status) {
        status = calibration_copy(&classifier->calibration, &task->base->calibration,
                                  task->n_outputs, error);
    }
    if (!status) {
        status = copy_means(classifier, task->base, error);
    }
    if (!status) {
        status = copy_kept(classifier, task, error);
    }
    vectorizer_free(&vectorizer);
    return status ? status : record(classifier, task, report, error);
}
