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

static bool open_bytes(struct mapping *bytes, const char *path)
{
    struct problem problem = {""};
    if (!mapping_open(bytes, path, MODEL_MAXIMUM, &problem)) {
        bool empty = strcmp(problem.text, EMPTY_LOG) == 0;
        message("%s: %s", path, empty ? "is empty; copy it again or train it again" : problem.text);
        return false;
    }
    return true;
}

bantam_classifier *classifier_open(const char *path, size_t *size)
{
    struct mapping bytes = {0};
    if (!open_bytes(&bytes, path)) {
        return NULL;
    }
    bantam_classifier *classifier = NULL;
    bantam_error error;
    if (bantam_classifier_load(&classifier, bytes.bytes, bytes.size, &error)) {
        message("%s: %s", path, error.message);
    }
    if (size) {
        *size = bytes.size;
    }
    mapping_release(&bytes);
    return classifier;
}

bantam_model *model_open(const char *path, size_t *size)
{
    struct mapping bytes = {0};
    if (!open_bytes(&bytes, path)) {
        return NULL;
    }
    bantam_model *model = NULL;
    bantam_error error;
    if (bantam_model_load(&model, bytes.bytes, bytes.size, &error)) {
        message("%s: %s", path, error.message);
    }
    *size = bytes.size;
    mapping_release(&bytes);
    return model;
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
