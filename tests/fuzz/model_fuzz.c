// Any bytes may be given as a model file: opened and put to use, or refused; never a wild read.
#include "fuzz_target.h"

#include <stdlib.h>
#include <string.h>

#include <bantam/bantam.h>

static const char log_text[] = "$ make\nmain.c:3:1: error: expected ';'\nmake: *** [all] Error 1\n";

// Every byte of every tensor is read, so that a sanitizer sees a wrong size.
static void read_tensor(const bantam_model *model, const char *name)
{
    const bantam_tensor *tensor = bantam_model_tensor(model, name);
    unsigned sum = 0;
    for (size_t at = 0; tensor && at < tensor->size; at++) {
        sum += ((const unsigned char *)tensor->data)[at];
    }
    if (sum == 1) {
        (void)bantam_model_digest(model);
    }
}

// The bytes as a lesson, learned from alone.
static void learn(const uint8_t *data, size_t size)
{
    const bantam_lesson lesson = {data, size};
    bantam_buffer layer;
    bantam_buffer_init(&layer, (size_t)1 << 24);
    bantam_error error = {0};
    if (bantam_learn(&layer, &lesson, 1, &error) == BANTAM_OK && layer.size == 0) {
        abort(); // learned, and nothing to show
    }
    bantam_buffer_release(&layer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bantam_error error = {0};
    bantam_model *model;
    if (bantam_model_load(&model, data, size, &error)) {
        if (error.code == BANTAM_OK || !memchr(error.message, '\0', sizeof error.message)) {
            abort(); // refused without a reason
        }
        return 0;
    }
    read_tensor(model, "weights");
    read_tensor(model, "a");
    bantam_model_free(&model);
    learn(data, size);
    bantam_triage *triage;
    if (bantam_triage_new(&triage, &error)) {
        return 0;
    }
    bantam_diagnosis *diagnosis;
    if (bantam_triage_use(triage, data, size, &error) == BANTAM_OK &&
        bantam_triage_run(&diagnosis, triage, log_text, sizeof log_text - 1, NULL, &error) ==
            BANTAM_OK) {
        bantam_diagnosis_free(&diagnosis);
    }
    bantam_triage_free(&triage);
    return 0;
}
