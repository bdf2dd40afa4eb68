// The file is mapped, and dropped once the classifier has what it needs.
#include "classifier_file.h"

#include <string.h>

#include "mapping.h"
#include "message.h"

#define MODEL_MAXIMUM ((uint64_t)8 << 30)

bantam_classifier *classifier_open(const char *path, size_t *size)
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
    if (bantam_classifier_load(&classifier, bytes.bytes, bytes.size, &error)) {
        message("%s: %s", path, error.message);
    }
    if (size) {
        *size = bytes.size;
    }
    mapping_release(&bytes);
    return classifier;
}
