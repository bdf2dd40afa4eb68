// The file is mapped, and dropped once the classifier has what it needs.
#include "classifier_file.h"

#include <stdio.h>
#include <string.h>

#include "mapping.h"
#include "message.h"
#include "write_file.h"

#define MODEL_MAXIMUM ((uint64_t)8 << 30)

enum {
    WRITTEN_MAXIMUM = 2147483647 // bytes of a file
};

// Whether the bytes are a model that is no text classifier; it is opened then.
static bool open_other(bantam_model **other, const struct mapping *bytes)
{
    if (!other || bantam_model_load(other, bytes->bytes, bytes->size, NULL)) {
        return false;
    }
    const char *kind = bantam_model_metadata(*other, "kind");
    bool is_other = kind && strcmp(kind, BANTAM_CLASSIFIER_KIND) != 0;
    if (!is_other) {
        bantam_model_free(other);
    }
    return is_other;
}

bantam_classifier *classifier_open_any(const char *path, bantam_model **other, size_t *size)
{
    struct mapping bytes = {0};
    struct problem problem = {""};
    if (!mapping_open(&bytes, path, MODEL_MAXIMUM, &problem)) {
        bool empty = strcmp(problem.text, EMPTY_LOG) == 0;
        message("%s: %s", path, empty ? "is empty; copy it again or train it again" : problem.text);
        return NULL;
    }
    bantam_classifier *classifier = NULL;
    bantam_error error;
    if (bantam_classifier_load(&classifier, bytes.bytes, bytes.size, &error) &&
        !open_other(other, &bytes)) {
        message("%s: %s", path, error.message);
    }
    if (size) {
        *size = bytes.size;
    }
    mapping_release(&bytes);
    return classifier;
}

bantam_classifier *classifier_open(const char *path, size_t *size)
{
    return classifier_open_any(path, NULL, size);
}

bool classifier_write(const bantam_classifier *classifier, const char *path, size_t *size)
{
    bantam_error error;
    bantam_buffer file;
    bantam_buffer_init(&file, WRITTEN_MAXIMUM);
    bool saved = bantam_classifier_save(classifier, &file, &error) == BANTAM_OK;
    if (!saved) {
        message("%s", error.message);
    }
    *size = file.size;
    bool written = saved && write_file(path, file.data, file.size);
    bantam_buffer_release(&file);
    return written;
}

char *classifier_name_beside(const char *model, const char *word)
{
    const char *slash = strrchr(model, '/'), *name = slash ? slash + 1 : model;
    const char *dot = strrchr(name, '.');
    int stem = (int)(dot && dot != name ? dot - model : (ptrdiff_t)strlen(model));
    char *beside = NULL;
    return asprintf(&beside, "%.*s.%s%s", stem, model, word, model + stem) < 0 ? NULL : beside;
}
