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

enum {
    LESSONS = 3
};

struct sample {
    bantam_triage *triage;
    const void *bytes;
    size_t size;
    bantam_test_reports *reports;
    bantam_lesson lessons[LESSONS];
    bantam_buffer layer; // learned from them
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

static const char report[] =
    "<testsuite name='s'><testcase name='test_discount' classname='tests.TestCart' time='0.1'>"
    "<failure message='assert 1 == 2'>tests/test_cart.py:12: AssertionError</failure></testcase>"
    "<testcase name='test_that_the_log_lacks'><error/></testcase></testsuite>";

static bool try_read_reports(struct sample *sample, const char **wrong)
{
    (void)sample;
    bantam_test_reports *reports = NULL;
    bantam_status status = bantam_test_reports_new(&reports, NULL);
    *wrong = (status == BANTAM_OK) == (reports != NULL) ? NULL : "out parameter";
    if (!status) {
        status = bantam_test_reports_add(reports, "r.xml", report, sizeof report - 1, NULL);
    }
    bantam_test_reports_free(&reports);
    return status == BANTAM_OK;
}

static bool try_join(struct sample *sample, const char **wrong)
{
    static const char log[] = "FAILED tests/test_cart.py::TestCart::test_discount - assert 1 == 2\n"
                              "tests/test_cart.py:12: AssertionError\n";
    bantam_diagnosis *diagnosis = (bantam_diagnosis *)&diagnosis;
    bantam_triage_options options = bantam_triage_options_default();
    options.known_failed = true;
    options.reports = sample->reports;
    bantam_status status =
        bantam_triage_run(&diagnosis, sample->triage, log, sizeof log - 1, &options, NULL);
    *wrong = (status == BANTAM_OK) == (diagnosis != NULL) ? NULL : "out parameter";
    if (diagnosis && (!diagnosis->tests || diagnosis->findings[0].n_tests != 1 ||
                      diagnosis->tests->n_others != 1)) {
        *wrong = "a test is lost";
    }
    bantam_diagnosis_free(&diagnosis);
    return status == BANTAM_OK;
}

static bool try_lesson(struct sample *sample, const char **wrong)
{
    const bantam_correction correction = {.cause = "own-cause", .fix = "ask the owner"};
    bantam_buffer out;
    bantam_buffer_init(&out, (size_t)1 << 24);
    bantam_status status =
        bantam_lesson_make(&out, sample->triage, sample->bytes, sample->size, &correction, NULL);
    *wrong = !status || status == BANTAM_ERROR_MEMORY ? NULL : "another error than memory";
    if (status && out.size > 0) {
        *wrong = "half a lesson was written";
    }
    bantam_buffer_release(&out);
    return status == BANTAM_OK;
}

static bool try_learn(struct sample *sample, const char **wrong)
{
    bantam_buffer out;
    bantam_buffer_init(&out, (size_t)1 << 26);
    bantam_status status = bantam_learn(&out, sample->lessons, LESSONS, NULL);
    *wrong = !status || status == BANTAM_ERROR_MEMORY ? NULL : "another error than memory";
    if (status && out.size > 0) {
        *wrong = "half a layer was written";
    }
    bantam_buffer_release(&out);
    return status == BANTAM_OK;
}

static bool try_check(struct sample *sample, const char **wrong)
{
    bantam_learned_figures figures;
    bantam_status status = bantam_learn_check(&figures, sample->lessons, LESSONS, NULL);
    *wrong = !status || status == BANTAM_ERROR_MEMORY ? NULL : "another error than memory";
    return status == BANTAM_OK;
}

// The layer of a triage of its own, as a user's.
static bool try_use(struct sample *sample, const char **wrong)
{
    bantam_status status =
        bantam_triage_use(sample->triage, sample->layer.data, sample->layer.size, NULL);
    *wrong = !status || status == BANTAM_ERROR_MEMORY ? NULL : "another error than memory";
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

static uint64_t fail_reports_of_tests(const struct sample *given)
{
    struct sample sample = *given;
    uint64_t total = fail_each("bantam_test_reports_add", try_read_reports, NULL);
    if (bantam_test_reports_new(&sample.reports, NULL) ||
        bantam_test_reports_add(sample.reports, "r.xml", report, sizeof report - 1, NULL)) {
        fail("bantam_test_reports_add", 0, "fails");
    }
    total += fail_each("bantam_triage_run with reports", try_join, &sample);
    bantam_test_reports_free(&sample.reports);
    return total;
}

// Lessons of one log under two causes, their layer, and that layer in use.
static uint64_t fail_learning(const struct sample *given, const char *folder)
{
    struct sample sample = *given;
    char *log = read_file(folder, "travis", &sample.size);
    sample.bytes = log;
    uint64_t total = fail_each("bantam_lesson_make", try_lesson, &sample);
    bantam_buffer lessons[LESSONS];
    for (size_t i = 0; i < LESSONS; i++) {
        const bantam_correction correction = {.cause = i == 0 ? "network" : "own-cause"};
        bantam_buffer_init(&lessons[i], (size_t)1 << 24);
        if (bantam_lesson_make(&lessons[i], sample.triage, log, sample.size, &correction, NULL)) {
            fail("bantam_lesson_make", 0, "fails");
        }
        sample.lessons[i] = (bantam_lesson){lessons[i].data, lessons[i].size};
    }
    total += fail_each("bantam_learn", try_learn, &sample);
    total += fail_each("bantam_learn_check", try_check, &sample);
    bantam_buffer_init(&sample.layer, (size_t)1 << 26);
    if (bantam_learn(&sample.layer, sample.lessons, LESSONS, NULL) ||
        bantam_triage_new(&sample.triage, NULL)) {
        fail("bantam_learn", 0, "fails");
    }
    total += fail_each("bantam_triage_use of a layer", try_use, &sample);
    total += fail_each("bantam_triage_run with a layer", try_run, &sample);
    bantam_triage_free(&sample.triage);
    bantam_buffer_release(&sample.layer);
    for (size_t i = 0; i < LESSONS; i++) {
        bantam_buffer_release(&lessons[i]);
    }
    free(log);
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
    total += fail_reports_of_tests(&sample);
    total += fail_learning(&sample, argv[1]);
    bantam_triage_free(&sample.triage);
    total += fail_model_files();
    printf("%" PRIu64 " passed, 0 failed, 0 skipped\n", total);
    return 0;
}
