// Makes every allocation of the library fail once, from the first to the last: each call must then say so, free what it
// had, and leave its out parameter NULL. Leaks and wild reads are for the sanitizers to see.
//
// jansson's own allocations are left alone: its lexer does not look at what strbuffer_append_byte returns, so that it loses
// a byte then and goes on, or stops at an assertion of its own.
// usage: fail_allocations FOLDER-OF-LOGS
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bantam/bantam.h>

#include "base/memory.h"

struct sample {
    bantam_triage *triage;
    const void *bytes;
    size_t size;
};

static void fail(const char *what, uint64_t allocation, const char *how)
{
    fprintf(stderr, "%s: allocation %" PRIu64 ": %s\n", what, allocation, how);
    exit(1);
}

// One call with one failing allocation. True: the call reported success.
typedef bool (*attempt)(struct sample *sample, const char **wrong);

static bool try_new(struct sample *sample, const char **wrong)
{
    (void)sample;
    bantam_triage *triage = (bantam_triage *)&triage;
    bantam_status status = bantam_triage_new(&triage, NULL);
    *wrong = (status == BANTAM_OK) == (triage != NULL) ? NULL : "out parameter";
    bantam_triage_free(&triage);
    return status == BANTAM_OK;
}

static bool try_run(struct sample *sample, const char **wrong)
{
    bantam_diagnosis *diagnosis = (bantam_diagnosis *)&diagnosis;
    bantam_error error = {0};
    bantam_status status =
        bantam_triage_run(&diagnosis, sample->triage, sample->bytes, sample->size, NULL, &error);
    *wrong = (status == BANTAM_OK) == (diagnosis != NULL) ? NULL : "out parameter";
    if (status && status != BANTAM_ERROR_MEMORY) {
        *wrong = "another error than memory";
    }
    bantam_diagnosis_free(&diagnosis);
    return status == BANTAM_OK;
}

static bool try_report(struct sample *sample, const char **wrong)
{
    bantam_diagnosis *diagnosis = (bantam_diagnosis *)sample->bytes;
    bantam_report_options options = bantam_report_options_default();
    bantam_buffer out;
    bantam_buffer_init(&out, (size_t)1 << 26);
    bantam_report_json(&out, diagnosis, &options);
    bantam_report_text(&out, diagnosis, &options);
    bool whole = !out.failed;
    *wrong = NULL;
    bantam_buffer_release(&out);
    return whole;
}

static bool try_load(struct sample *sample, const char **wrong)
{
    bantam_model *model = (bantam_model *)&model;
    bantam_status status = bantam_model_load(&model, sample->bytes, sample->size, NULL);
    *wrong = (status == BANTAM_OK) == (model != NULL) ? NULL : "out parameter";
    bantam_model_free(&model);
    return status == BANTAM_OK;
}

static bantam_status write_model(bantam_buffer *out)
{
    static const float data[4] = {1, 2, 3, 4};
    static const bantam_tensor tensors[] = {{"a", BANTAM_F32, 2, {2, 2}, data, sizeof data}};
    static const bantam_metadata metadata[] = {{"kind", "ci-lines"}, {"name", "a"}};
    return bantam_model_write(out, tensors, 1, metadata, 2, NULL);
}

static bool try_write(struct sample *sample, const char **wrong)
{
    (void)sample;
    bantam_buffer out;
    bantam_buffer_init(&out, 1 << 16);
    bantam_status status = write_model(&out);
    *wrong = !status || out.size == 0 ? NULL : "half a file was written";
    bantam_buffer_release(&out);
    return status == BANTAM_OK;
}

static uint64_t fail_each(const char *what, attempt attempt, struct sample *sample)
{
    for (uint64_t countdown = 0;; countdown++) {
        const char *wrong = NULL;
        memory_fail_after(countdown);
        bool succeeded = attempt(sample, &wrong);
        bool fired = !memory_fail_pending();
        memory_fail_after(UINT64_MAX);
        if (wrong) {
            fail(what, countdown, wrong);
        }
        if (!fired) {
            if (!succeeded) {
                fail(what, countdown, "fails though no allocation did");
            }
            printf("%s: %" PRIu64 " allocations\n", what, countdown);
            return countdown;
        }
        if (succeeded) {
            fail(what, countdown, "was not noticed");
        }
    }
}

static char *read_file(const char *folder, const char *name, size_t *size)
{
    char path[1000];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(1 << 16);
    if (!file || !bytes) {
        fail(path, 0, "not readable");
    }
    *size = fread(bytes, 1, 1 << 16, file);
    fclose(file);
    return bytes;
}

static uint64_t fail_model_files(void)
{
    uint64_t total = fail_each("bantam_model_write", try_write, NULL);
    bantam_buffer file;
    bantam_buffer_init(&file, 1 << 16);
    if (write_model(&file)) {
        fail("bantam_model_write", 0, "fails");
    }
    struct sample sample = {.bytes = file.data, .size = file.size};
    total += fail_each("bantam_model_load", try_load, &sample);
    bantam_buffer_release(&file);
    return total;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        return 2;
    }
    uint64_t total = fail_each("bantam_triage_new", try_new, NULL);
    struct sample sample = {0};
    if (bantam_triage_new(&sample.triage, NULL)) {
        fail("bantam_triage_new", 0, "fails");
    }
    static const char *const logs[] = {"empty", "utf16le", "travis", "github", "gitlab", "shell"};
    for (size_t at = 0; at < sizeof logs / sizeof *logs; at++) {
        char *bytes = read_file(argv[1], logs[at], &sample.size);
        sample.bytes = bytes;
        total += fail_each(logs[at], try_run, &sample);
        bantam_diagnosis *diagnosis;
        if (bantam_triage_run(&diagnosis, sample.triage, bytes, sample.size, NULL, NULL)) {
            fail(logs[at], 0, "fails");
        }
        sample.bytes = diagnosis;
        total += fail_each("reports", try_report, &sample);
        bantam_diagnosis_free(&diagnosis);
        free(bytes);
    }
    bantam_triage_free(&sample.triage);
    total += fail_model_files();
    printf("%" PRIu64 " passed, 0 failed, 0 skipped\n", total);
    return 0;
}
